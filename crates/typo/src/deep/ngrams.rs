//! Words and the likelihoods of bigrams and trigrams, read in place.
//!
//! The file, in little endian: `DEEP_MAGIC`; the SHA-256 of everything after it; five `u32`: the numbers of
//! words, of their characters, of pairs, of triples, and of pairs with triples; then for each word the end of
//! its characters (`u32`); the characters (`u16`); for each word its cost and its back-off (`u8` each); the
//! index of the first pair of each word (`u32`, with an additional one at the end); the pairs (`u32` each,
//! ascending: 17 bits for the second word, 8 for the cost, 7 for the back-off); for each 32 pairs, a bit set of
//! those that have triples (`u32`) and the number of pairs before them that do (`u32`); the index of the first
//! triple of each of those (`u32`, with an additional one at the end); the triples (`u32` each, ascending: 17
//! bits for the third word, 8 for the cost, 7 unused).
//!
//! Costs are negative natural logarithms of probabilities, back-offs those of weights.

use crate::little_endian::{u16_at, u32_at};
use std::ops::Range;

/// The magic bytes of a model; the last one is the version.
pub const DEEP_MAGIC: [u8; 8] = *b"pmdp\0\0\0\x01";

const HASH_BYTES: usize = 32;
/// Quantization steps of costs and of the two kinds of back-off per unit of the logarithm.
const COST_STEPS: f32 = 12.0;
const BACKOFF_STEPS: f32 = 32.0;
const PAIR_BACKOFF_STEPS: f32 = 16.0;
/// The smallest back-off.
const LEAST_BACKOFF: f32 = -2.0;
/// Maximum number of words that can be in pairs.
const PAIRED: usize = 1 << 17;
/// Maximum number of slots to probe for a word in the hash table.
const MOST_STEPS: usize = 1 << 10;
/// Maximum length of words that are looked up, in characters.
const LONGEST: usize = 8;

/// The bytes of a model, in memory or mapped from a file.
pub type ModelBytes = Box<dyn AsRef<[u8]> + Send + Sync>;

/// The number of a word.
pub(super) type Word = u32;

/// A model's words, pairs and triples.
pub struct Ngrams {
    bytes: ModelBytes,
    counts: DeepCounts,
    parts: FileLayout,
    /// A hash table of words, with the lower bits of each hash; `Word::MAX` marks a free slot.
    by_text: Vec<(u32, Word)>,
}

impl std::fmt::Debug for Ngrams {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Ngrams({:?})", self.counts)
    }
}

/// The numbers of words, pairs and triples.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeepCounts {
    /// Words.
    pub words: usize,
    /// Sequences of two words.
    pub pairs: usize,
    /// Sequences of three words.
    pub triples: usize,
}

/// The byte ranges of the parts of the file.
#[derive(Debug)]
struct FileLayout {
    word_ends: Range<usize>,
    characters: Range<usize>,
    costs: Range<usize>,
    backoffs: Range<usize>,
    pair_starts: Range<usize>,
    pairs: Range<usize>,
    with_triples: Range<usize>,
    triple_starts: Range<usize>,
    triples: Range<usize>,
}

/// The result of looking up a word after another one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct WordStep {
    pub(super) cost: f32,
    /// The index of the pair, if the model has it.
    pub(super) pair: Option<u32>,
}

impl Ngrams {
    /// Reads a model from these bytes; `None` if they are not a valid one.
    pub fn new(bytes: ModelBytes) -> Option<Self> {
        let all = (*bytes).as_ref();
        let mut at = DEEP_MAGIC.len() + HASH_BYTES;
        if !all.starts_with(&DEEP_MAGIC) || all.len() < at + 20 {
            return None;
        }
        let [words, characters, pairs, triples, with] =
            std::array::from_fn(|index| u32_at(&all[at..], index) as usize);
        at += 20;
        let mut take = |length: usize| {
            let start = at;
            at = at.checked_add(length)?;
            (at <= all.len()).then_some(start..at)
        };
        let parts = FileLayout {
            word_ends: take(words * 4)?,
            characters: take(characters * 2)?,
            costs: take(words)?,
            backoffs: take(words)?,
            pair_starts: take((words + 1) * 4)?,
            pairs: take(pairs * 4)?,
            with_triples: take(pairs.div_ceil(32) * 8)?,
            triple_starts: take((with + 1) * 4)?,
            triples: take(triples * 4)?,
        };
        let counts = DeepCounts { words, pairs, triples };
        let mut ngrams = Self { bytes, counts, parts, by_text: Vec::new() };
        (at == ngrams.all().len()).then(|| {
            ngrams.by_text = ngrams.index()?;
            Some(ngrams)
        })?
    }

    /// The numbers of words, pairs and triples.
    pub fn counts(&self) -> DeepCounts {
        self.counts
    }

    fn all(&self) -> &[u8] {
        (*self.bytes).as_ref()
    }

    fn part(&self, part: &Range<usize>) -> &[u8] {
        &self.all()[part.clone()]
    }

    /// The characters of a word, two bytes each.
    fn text(&self, word: Word) -> &[u8] {
        let ends = self.part(&self.parts.word_ends);
        let start = word.checked_sub(1).map_or(0, |before| u32_at(ends, before as usize)) as usize;
        let end = u32_at(ends, word as usize) as usize;
        self.part(&self.parts.characters).get(start * 2..end * 2).unwrap_or_default()
    }

    /// The code points of a word.
    pub(super) fn codes(&self, word: Word) -> impl Iterator<Item = u16> {
        let text = self.text(word);
        (0..text.len() / 2).map(|index| u16_at(text, index))
    }

    /// `None` if more words have neighboring hashes than could happen by chance.
    fn index(&self) -> Option<Vec<(u32, Word)>> {
        let mut table = vec![(0, Word::MAX); (self.counts.words * 2).next_power_of_two()];
        for word in 0..self.counts.words as Word {
            let hash = self.codes(word).fold(0, longer);
            let first = (hash >> 40) as usize;
            let slots = (first..first + MOST_STEPS).map(|slot| slot & (table.len() - 1));
            let free = slots.into_iter().find(|slot| table[*slot].1 == Word::MAX)?;
            table[free] = (hash as u32, word);
        }
        Some(table)
    }

    /// The word with these characters.
    pub(super) fn word(&self, codes: &[u16]) -> Option<Word> {
        self.word_of(codes, codes.iter().copied().fold(0, longer))
    }

    /// The words at the start of `codes`, each with its length.
    pub(super) fn words_at(&self, codes: &[u16]) -> impl Iterator<Item = (usize, Word)> {
        let hashes = codes.iter().take(LONGEST).scan(0, |hash, code| {
            *hash = longer(*hash, *code);
            Some(*hash)
        });
        hashes.zip(1..).filter_map(|(hash, length)| Some((length, self.word_of(&codes[..length], hash)?)))
    }

    fn word_of(&self, codes: &[u16], hash: u64) -> Option<Word> {
        let first = (hash >> 40) as usize;
        for slot in first..first + MOST_STEPS {
            let (rest, word) = self.by_text[slot & (self.by_text.len() - 1)];
            if word == Word::MAX {
                return None;
            }
            if rest == hash as u32 && self.codes(word).eq(codes.iter().copied()) {
                return Some(word);
            }
        }
        None
    }

    /// The cost of a word without a known word before it.
    pub(super) fn cost(&self, word: Word) -> f32 {
        f32::from(self.part(&self.parts.costs)[word as usize]) / COST_STEPS
    }

    fn backoff(&self, word: Word) -> f32 {
        f32::from(self.part(&self.parts.backoffs)[word as usize]) / BACKOFF_STEPS + LEAST_BACKOFF
    }

    /// The cost of the second word after the first.
    pub(super) fn step(&self, first: Word, second: Word) -> WordStep {
        let starts = self.part(&self.parts.pair_starts);
        let (start, end) = (u32_at(starts, first as usize), u32_at(starts, first as usize + 1));
        let pairs = self.part(&self.parts.pairs);
        match find(pairs, start, end, second) {
            Some(pair) => WordStep { cost: packed_cost(u32_at(pairs, pair as usize)), pair: Some(pair) },
            None => WordStep { cost: self.backoff(first) + self.cost(second), pair: None },
        }
    }

    /// The cost of the third word after a pair; `None` if the model does not have the triple.
    pub(super) fn after_pair(&self, pair: u32, third: Word) -> Option<f32> {
        let bits = self.part(&self.parts.with_triples);
        let (block, bit) = (pair as usize / 32, pair % 32);
        let (set, before) = (u32_at(bits, block * 2), u32_at(bits, block * 2 + 1));
        if set & (1 << bit) == 0 {
            return None;
        }
        let rank = before + (set & ((1 << bit) - 1)).count_ones();
        let starts = self.part(&self.parts.triple_starts);
        let (start, end) = (u32_at(starts, rank as usize), u32_at(starts, rank as usize + 1));
        let triples = self.part(&self.parts.triples);
        find(triples, start, end, third).map(|index| packed_cost(u32_at(triples, index as usize)))
    }

    /// The back-off that is added if the model does not have a triple with this pair.
    pub(super) fn pair_backoff(&self, pair: u32) -> f32 {
        let packed = u32_at(self.part(&self.parts.pairs), pair as usize);
        (packed & 0x7F) as f32 / PAIR_BACKOFF_STEPS + LEAST_BACKOFF
    }
}

/// The hash of a sequence, extended by one character.
fn longer(hash: u64, code: u16) -> u64 {
    (hash ^ u64::from(code)).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

fn packed_cost(packed: u32) -> f32 {
    (packed >> 7 & 0xFF) as f32 / COST_STEPS
}

fn find(list: &[u8], start: u32, end: u32, wanted: Word) -> Option<u32> {
    let (mut low, mut high) = (start, end.min((list.len() / 4) as u32));
    while low < high {
        let middle = (low + high) / 2;
        match (u32_at(list, middle as usize) >> 15).cmp(&wanted) {
            std::cmp::Ordering::Less => low = middle + 1,
            std::cmp::Ordering::Equal => return Some(middle),
            std::cmp::Ordering::Greater => high = middle,
        }
    }
    None
}

/// A word to be packed into a model, with its pairs.
#[derive(Debug, Default)]
pub struct PackedWord {
    /// Its text.
    pub text: String,
    /// The negative natural logarithm of its probability.
    pub cost: f32,
    /// The negative natural logarithm of its back-off weight.
    pub backoff: f32,
    /// The words that follow it, ascending.
    pub pairs: Vec<PackedPair>,
}

/// A word that follows another one.
#[derive(Debug, Default)]
pub struct PackedPair {
    /// The second word.
    pub word: u32,
    /// As for a word.
    pub cost: f32,
    /// As for a word.
    pub backoff: f32,
    /// The words that follow the pair, ascending, with their costs.
    pub triples: Vec<(u32, f32)>,
}

/// Packs words into the bytes of a model after the checksum.
///
/// # Errors
/// A word beyond the number that pairs can refer to has pairs, or a character does not fit in two bytes.
pub fn pack_deep(words: &[PackedWord]) -> Result<Vec<u8>, String> {
    if words.iter().skip(PAIRED).any(|word| !word.pairs.is_empty()) {
        return Err(format!("more than {PAIRED} words have pairs"));
    }
    let cost = |cost: f32| (cost * COST_STEPS).round().clamp(0.0, 255.0) as u32;
    let backoff = |weight: f32, steps: f32, most: f32| {
        ((weight - LEAST_BACKOFF) * steps).round().clamp(0.0, most) as u32
    };
    let (mut word_ends, mut characters) = (Vec::new(), Vec::new());
    let (mut pair_starts, mut pairs) = (Vec::new(), Vec::new());
    let (mut triple_starts, mut triples, mut with) = (Vec::new(), Vec::new(), Vec::new());
    for word in words {
        for unit in word.text.chars() {
            characters.push(u16::try_from(u32::from(unit)).map_err(|_| format!("{unit} is too far out"))?);
        }
        word_ends.push(characters.len() as u32);
        pair_starts.push(pairs.len() as u32);
        for pair in &word.pairs {
            pairs.push(
                pair.word << 15 | cost(pair.cost) << 7 | backoff(pair.backoff, PAIR_BACKOFF_STEPS, 127.0),
            );
            with.push(!pair.triples.is_empty());
            if !pair.triples.is_empty() {
                triple_starts.push(triples.len() as u32);
            }
            triples.extend(pair.triples.iter().map(|(word, third)| word << 15 | cost(*third) << 7));
        }
    }
    pair_starts.push(pairs.len() as u32);
    triple_starts.push(triples.len() as u32);
    let mut before = 0;
    let with_triples = with.chunks(32).flat_map(|block| {
        let set = block.iter().zip(0..).fold(0_u32, |set, (has, bit)| set | u32::from(*has) << bit);
        let both = [set, before];
        before += set.count_ones();
        both
    });
    let with_triples: Vec<u32> = with_triples.collect();
    let counts = [words.len(), characters.len(), pairs.len(), triples.len(), triple_starts.len() - 1];
    let counts: Vec<u32> = counts.map(|count| count as u32).to_vec();
    let wide = |list: &[u32]| list.iter().flat_map(|item| item.to_le_bytes()).collect::<Vec<u8>>();
    let costs = words.iter().map(|word| cost(word.cost) as u8).collect();
    let backoffs = words.iter().map(|word| backoff(word.backoff, BACKOFF_STEPS, 255.0) as u8).collect();
    let characters = characters.iter().flat_map(|unit| unit.to_le_bytes()).collect();
    let parts = [
        wide(&counts),
        wide(&word_ends),
        characters,
        costs,
        backoffs,
        wide(&pair_starts),
        wide(&pairs),
        wide(&with_triples),
        wide(&triple_starts),
        wide(&triples),
    ];
    Ok(parts.concat())
}
