//! Finds four characters that stand once in a text and differ in one of them from four that stand more
//! often.
//!
//! Each four characters are taken with each of them left out in turn. A small set of what is left of those
//! that stand once tells for nearly all others that there is nothing, and the other way around; the rest is
//! put in order and compared.

use crate::model::{Confusion, Model};
use crate::runs::{Run, Runs, WIDTH, is_first};
use std::collections::BTreeMap;
use std::ops::Range;

/// The characters of a phrase.
const GRAM: usize = 4;
/// Its bytes.
const BYTES: usize = GRAM * WIDTH;
/// A place that is filled in more ways than this is open: 第*二十.
const MOST_FILLINGS: usize = 3;

/// Four characters that stand once, and four that stand more often and differ in one character.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Pair {
    /// The first byte of the ones that stand once.
    odd: usize,
    /// Which of the four differs.
    at: usize,
    /// The first byte of the others, where they stand first.
    usual: usize,
    /// What the two have in common.
    gap: Phrase,
    /// The code point of the character that stands there more often.
    pub(crate) right: u16,
    /// How the odd character may have come about.
    pub(crate) confusion: Confusion,
}

impl Pair {
    /// The bytes of the phrase that stands once.
    pub(crate) fn odd(self) -> Range<usize> {
        self.odd..self.odd + BYTES
    }

    /// The bytes of the one that stands more often, where it stands first.
    pub(crate) fn usual(self) -> Range<usize> {
        self.usual..self.usual + BYTES
    }

    /// The first byte of the character that differs in what stands once.
    pub(crate) fn odd_character(self) -> usize {
        self.odd + self.at * WIDTH
    }
}

/// What stands once in a text beside what stands more often, where the one character is taken for the other;
/// in order.
pub(crate) fn pairs(runs: &Runs<'_>, model: &Model<'_>) -> Vec<Pair> {
    let [once, frequent] = phrases(runs);
    // The larger part is asked for what the smaller one has, and then the other way around.
    let is_swapped = once.len() > frequent.len();
    let (smaller, larger) = if is_swapped { (&frequent, &once) } else { (&once, &frequent) };
    let larger = filled_in(larger, &Set::of_gaps(smaller));
    let smaller = filled_in(smaller, &Set::of(&larger));
    let smaller = confusable(smaller, &larger, model);
    let larger = confusable(larger, &smaller, model);
    let (mut odd, mut usual) = if is_swapped { (larger, smaller) } else { (smaller, larger) };
    odd.sort_unstable_by_key(|one| one.gap);
    usual.sort_unstable_by_key(|one| one.gap);
    let mut pairs = Vec::new();
    for odd in odd.chunk_by(|a, b| a.gap == b.gap) {
        let gap = odd[0].gap;
        let usual = &usual[usual.partition_point(|one| one.gap < gap)..];
        let usual = &usual[..usual.partition_point(|one| one.gap == gap)];
        if odd.len() > MOST_FILLINGS || usual.len() > MOST_FILLINGS {
            continue;
        }
        for (odd, usual) in odd.iter().flat_map(|odd| usual.iter().map(move |usual| (odd, usual))) {
            if let Some(confusion) = model.confusion_of_codes(odd.character, usual.character) {
                let byte = |one: &Filled| runs.byte_of(one.start as usize);
                pairs.push(Pair {
                    odd: byte(odd),
                    at: open(gap),
                    usual: byte(usual),
                    gap,
                    right: usual.character,
                    confusion,
                });
            }
        }
    }
    pairs.sort_unstable();
    pairs
}

/// The code points of four characters in a row, the first one in the lowest bits; one that is left out is
/// zero.
type Phrase = u64;

/// A phrase of a text.
#[derive(Debug, Clone, Copy)]
struct Placed {
    phrase: Phrase,
    /// Where its code points stand first.
    start: u32,
    /// Whether it stands more often.
    again: bool,
}

/// A phrase as a gap and what fills it.
#[derive(Debug, Clone, Copy, Default)]
struct Filled {
    /// The phrase without the character.
    gap: Phrase,
    character: u16,
    /// Where the phrase's code points stand first.
    start: u32,
}

/// A phrase is looked for in so many slots; text that needs more was made for it.
const MOST_PROBES: usize = 64;

/// The different phrases of a text: those that stand once, and those that stand more often.
fn phrases(runs: &Runs<'_>) -> [Vec<Placed>; 2] {
    let long =
        |again: bool| runs.different.iter().filter(move |run| run.again == again && run.length() >= GRAM);
    let count = |again: bool| long(again).map(|run| run.length() - GRAM + 1).sum::<usize>();
    let mut phrases = Table::for_about(count(true) + count(false));
    long(true).for_each(|run| phrases.add(run, &runs.codes));
    let rest = phrases.list.len();
    long(false).for_each(|run| phrases.add(run, &runs.codes));
    let mut frequent = phrases.list;
    let (more, once) = frequent.split_off(rest).into_iter().partition(|one| one.again);
    frequent.extend::<Vec<Placed>>(more);
    [once, frequent]
}

struct Table {
    /// Zero, or the place of a phrase in the list plus one.
    slots: Vec<u32>,
    /// So many of a hash's bits are too many to say which slot it is.
    shift: u32,
    list: Vec<Placed>,
}

impl Table {
    fn for_about(count: usize) -> Self {
        let slots = vec![0; (count * 4).next_power_of_two().max(2)];
        Self { shift: 64 - slots.len().trailing_zeros(), slots, list: Vec::with_capacity(count) }
    }

    fn add(&mut self, run: &Run, codes: &[u16]) {
        let mask = self.slots.len() - 1;
        each_phrase(run, codes, |start, phrase| {
            let first = (hash(phrase) >> self.shift) as usize;
            for slot in first..first + MOST_PROBES {
                let Some(place) = self.slots[slot & mask].checked_sub(1) else {
                    self.list.push(Placed { phrase, start, again: run.again });
                    self.slots[slot & mask] = self.list.len() as u32;
                    break;
                };
                let earlier = &mut self.list[place as usize];
                if earlier.phrase == phrase {
                    earlier.again = true;
                    earlier.start = earlier.start.min(start);
                    break;
                }
            }
        });
    }
}

/// Calls `found` with each phrase of a run of four characters or more, and where its code points stand.
#[inline]
fn each_phrase(run: &Run, codes: &[u16], mut found: impl FnMut(u32, Phrase)) {
    let (first, rest) = codes[run.codes.0 as usize..run.codes.1 as usize].split_at(GRAM - 1);
    let with = |phrase: Phrase, code: &u16| phrase >> 16 | Phrase::from(*code) << 48;
    let mut phrase = first.iter().fold(0, with);
    for (start, code) in (run.codes.0..).zip(rest) {
        phrase = with(phrase, code);
        found(start, phrase);
    }
}

/// The phrases that fill one of these gaps.
fn filled_in(phrases: &[Placed], gaps: &Set) -> Vec<Filled> {
    // Which do is hard to guess, so that each place is written, and the next one over it where it is none.
    let mut places = vec![0; phrases.len() * GRAM + 1];
    let mut length = 0;
    for (place, one) in (0_u32..).zip(phrases) {
        for at in 0..GRAM {
            places[length] = place * GRAM as u32 + at as u32;
            length += usize::from(gaps.has(with_gap(one.phrase, at)));
        }
    }
    let filled = places[..length].iter().map(|place| {
        let (one, at) = (phrases[*place as usize / GRAM], *place as usize % GRAM);
        Filled {
            gap: with_gap(one.phrase, at),
            character: (one.phrase >> (16 * at)) as u16,
            start: one.start,
        }
    });
    filled.collect()
}

/// Those whose character may be confused with one of the others in the same gap.
fn confusable(mut some: Vec<Filled>, others: &[Filled], model: &Model<'_>) -> Vec<Filled> {
    let mut letters = vec![0_u32; (others.len() * 4).next_power_of_two().max(2)];
    let shift = 64 - letters.len().trailing_zeros();
    let slot = |gap| (hash(gap) >> shift) as usize;
    others.iter().for_each(|one| letters[slot(one.gap)] |= model.letters(one.character));
    some.retain(|one| letters[slot(one.gap)] & model.confused_letters(one.character) != 0);
    some
}

/// Which character of a phrase is left out.
fn open(gap: Phrase) -> usize {
    (0..GRAM).find(|at| gap >> (16 * at) & 0xFFFF == 0).unwrap_or(0)
}

/// The phrase with one of its characters left out.
#[inline]
fn with_gap(phrase: Phrase, at: usize) -> Phrase {
    phrase & !(0xFFFF << (16 * at))
}

/// A number whose first bits say where a phrase is in a list.
#[inline]
fn hash(phrase: Phrase) -> u64 {
    phrase.wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// A set of phrases that is sometimes wrong about what is not in it.
struct Set {
    words: Vec<u64>,
    /// So many of a hash's bits are too many to say which word it is.
    shift: u32,
}

impl Set {
    /// Each phrase with each of its characters left out in turn.
    fn of_gaps(phrases: &[Placed]) -> Self {
        let mut set = Self::for_about(phrases.len() * GRAM);
        for one in phrases {
            (0..GRAM).for_each(|at| set.add(with_gap(one.phrase, at)));
        }
        set
    }

    fn of(filled: &[Filled]) -> Self {
        let mut set = Self::for_about(filled.len());
        filled.iter().for_each(|one| set.add(one.gap));
        set
    }

    /// One that is wrong about one phrase of fifty, with so many in it.
    fn for_about(count: usize) -> Self {
        let words = count.next_power_of_two().max(2);
        Self { words: vec![0; words], shift: 64 - words.trailing_zeros() }
    }

    #[inline]
    fn add(&mut self, phrase: Phrase) {
        let hash = hash(phrase);
        self.words[(hash >> self.shift) as usize] |= 1 << (hash >> 16 & 63);
    }

    #[inline]
    fn has(&self, phrase: Phrase) -> bool {
        let hash = hash(phrase);
        self.words[(hash >> self.shift) as usize] >> (hash >> 16 & 63) & 1 != 0
    }
}

/// What fills the gaps of some pairs, and where.
pub(crate) struct Fillings(BTreeMap<Phrase, BTreeMap<u16, Vec<usize>>>);

impl Fillings {
    /// Those of these pairs in the text that they are of.
    pub(crate) fn of<'p>(pairs: impl Iterator<Item = &'p Pair>, runs: &Runs<'_>) -> Self {
        let mut fillings: BTreeMap<Phrase, BTreeMap<u16, Vec<usize>>> =
            pairs.map(|pair| (pair.gap, BTreeMap::new())).collect();
        let mut gaps = Set::for_about(fillings.len());
        fillings.keys().for_each(|gap| gaps.add(*gap));
        let repeats = runs.repeats();
        for (place, run) in (0..).zip(&runs.different).filter(|(_, run)| run.length() >= GRAM) {
            each_phrase(run, &runs.codes, |start, phrase| {
                for at in 0..GRAM {
                    let gap = with_gap(phrase, at);
                    if gaps.has(gap)
                        && let Some(fillings) = fillings.get_mut(&gap)
                    {
                        let places = fillings.entry((phrase >> (16 * at)) as u16).or_default();
                        let before = (start - run.codes.0) as usize * WIDTH;
                        places.extend(repeats.of(place).chain([run.start]).map(|run| run as usize + before));
                    }
                }
            });
        }
        fillings.values_mut().flat_map(BTreeMap::values_mut).for_each(|places| places.sort_unstable());
        Self(fillings)
    }

    /// Whether a pair's gap is filled in a few ways only, both by what stands once and by what stands more often.
    pub(crate) fn is_closed(&self, pair: &Pair) -> bool {
        let ways = self.0[&pair.gap].values();
        let once = ways.clone().filter(|places| places.len() == 1).count();
        once <= MOST_FILLINGS && ways.len() - once <= MOST_FILLINGS
    }

    /// The first bytes of what stands more often, in order.
    pub(crate) fn usual(&self, pair: &Pair) -> &[usize] {
        &self.0[&pair.gap][&pair.right]
    }
}

/// The Chinese characters around one that begins at this byte, so many before and after it at most.
pub(crate) fn around(text: &str, at: usize, most: usize) -> Range<usize> {
    let bytes = text.as_bytes();
    let is_character = |start: usize| bytes.get(start).is_some_and(|byte| is_first(*byte));
    let (mut start, mut end) = (at, at + WIDTH);
    for _ in 0..most {
        start -= if start >= WIDTH && is_character(start - WIDTH) { WIDTH } else { 0 };
        end += if is_character(end) { WIDTH } else { 0 };
    }
    start..end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(&str, &str, usize)> {
        pairs(&Runs::of(text), Model::embedded())
            .iter()
            .map(|pair| (&text[pair.odd()], &text[pair.usual()], pair.at))
            .collect()
    }

    #[test]
    fn finds_what_stands_once_beside_what_stands_twice() {
        let text = "学校开工建设。项目开工建设，公园开个建设";
        assert_eq!(found(text), [("开个建设", "开工建设", 1)]);
        assert_eq!(found("学校开工建设。公园开个建设"), []);
        assert_eq!(found("开工建设。开工建设，开个建设。开个建设"), []);
        assert_eq!(found(""), []);
    }

    #[test]
    fn tells_open_places() {
        let is_closed = |text: &str| {
            let runs = Runs::of(text);
            let pairs = pairs(&runs, Model::embedded());
            let fillings = Fillings::of(pairs.iter(), &runs);
            pairs.iter().map(|pair| fillings.is_closed(pair)).collect::<Vec<_>>()
        };
        assert_eq!(is_closed("开工建设。开工建设，开个建设。开甲建设。开乙建设。"), [true]);
        assert_eq!(is_closed("开工建设。开工建设，开个建设。开甲建设。开乙建设。开丙建设。"), [false]);
    }

    #[test]
    fn finds_all_places() {
        let text = "学校开工建设。项目开工建设，公园开个建设开工建设。学校开工建设。";
        let runs = Runs::of(text);
        let pairs: Vec<Pair> = pairs(&runs, Model::embedded())
            .into_iter()
            .filter(|pair| &text[pair.usual()] == "开工建设")
            .collect();
        let fillings = Fillings::of(pairs.iter(), &runs);
        let places: Vec<usize> = text.match_indices("开工建设").map(|(at, _)| at).collect();
        assert_eq!((pairs.len(), fillings.usual(&pairs[0])), (1, &places[..]));
    }

    #[test]
    fn reads_what_stands_around() {
        let text = "工，x建设项目yy";
        let at = text.find('项').unwrap();
        assert_eq!(&text[around(text, at, 1)], "设项目");
        assert_eq!(&text[around(text, at, 9)], "建设项目");
        assert_eq!(around("项", 0, 9), 0..3);
    }
}
