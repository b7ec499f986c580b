//! Finds four characters that stand once in a text and differ in one of them from four that stand more
//! often.
//!
//! Each four characters are taken with each of them left out in turn. A small set of what is left of some
//! phrases tells of nearly all others that they have nothing in common with them, so that few are put in
//! order and compared.

use crate::model::{Confusion, Model, Place};
use crate::runs::{Run, Runs, WIDTH, clear, is_first};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Range;

/// The characters of a phrase.
pub(super) const GRAM: usize = 4;
/// Its bytes.
const BYTES: usize = GRAM * WIDTH;
/// A place that is filled in more ways than this is open: 第*二十.
pub(super) const MOST_FILLINGS: usize = 3;

/// Four characters that stand once, and four that stand more often and differ in one character.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Pair {
    /// The first byte of the ones that stand once.
    odd: usize,
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
        self.odd + open(self.gap) * WIDTH
    }
}

/// What stands once in a text beside what stands more often, where the one character is taken for the other.
pub(crate) fn pairs(runs: &Runs<'_>, model: &Model<'_>) -> Vec<Pair> {
    SEARCH.with_borrow_mut(|search| {
        let pairs = search.pairs(runs, model);
        if runs.codes.len() > MOST_KEPT {
            *search = Search::default();
        }
        pairs
    })
}

thread_local! {
    static SEARCH: RefCell<Search> = RefCell::default();
}

/// After a text of more characters a search's memory is given back.
const MOST_KEPT: usize = 1 << 16;

/// A search and its memory, which is kept for the next one: to ask for it anew takes a tenth of the time.
#[derive(Default)]
struct Search {
    gaps: Gaps,
    /// What may stand once, and what stands more often.
    once: Vec<Placed>,
    again: Vec<Placed>,
    /// The same for each of the gaps that the others have too.
    odd: Vec<Filled>,
    usual: Vec<Filled>,
    letters: Vec<u32>,
}

impl Search {
    fn pairs(&mut self, runs: &Runs<'_>, model: &Model<'_>) -> Vec<Pair> {
        self.read(runs);
        let Self { gaps, once, again, odd, usual, letters } = self;
        gaps.fill(again.iter().map(|one| one.phrase));
        // A phrase that has all the gaps of what stands more often is one of that.
        fill(odd, once, |phrase| Some(gaps.filled_by(phrase)).filter(|open| *open != ALL).unwrap_or(0));
        gaps.fill(odd.iter().map(Filled::phrase));
        fill(usual, again, |phrase| gaps.filled_by(phrase));
        keep_confusable(odd, usual, model, letters);
        keep_confusable(usual, odd, model, letters);
        odd.sort_unstable_by_key(|one| one.gap);
        usual.sort_unstable_by_key(|one| (one.gap, one.character));
        usual.dedup_by_key(|one| (one.gap, one.character));
        let mut pairs = Vec::new();
        for odd in odd.chunk_by(|a, b| a.gap == b.gap) {
            let usual = &usual[usual.partition_point(|one| one.gap < odd[0].gap)..];
            let usual = &usual[..usual.partition_point(|one| one.gap == odd[0].gap)];
            if odd.len() <= MOST_FILLINGS && usual.len() <= MOST_FILLINGS {
                let all = odd.iter().flat_map(|odd| usual.iter().map(move |usual| (odd, usual)));
                pairs.extend(all.filter_map(|(odd, usual)| pair(odd, usual, runs, model)));
            }
        }
        pairs
    }

    /// Reads the phrases of a text. Of the runs that stand again, most phrases that have no gap in common
    /// with what stands once are left out.
    fn read(&mut self, runs: &Runs<'_>) {
        let Self { gaps, once, again, .. } = self;
        gaps.clear(runs.codes.len());
        once.clear();
        again.clear();
        let long = runs.different.iter().filter(|run| run.length() >= GRAM);
        for run in long.clone().filter(|run| !run.again) {
            each_phrase(run, &runs.codes, |start, phrase| {
                let list = if gaps.filled_by(phrase) == ALL { &mut *again } else { &mut *once };
                list.push(Placed { phrase, start });
                gaps.add(phrase);
            });
        }
        for run in long.filter(|run| run.again) {
            each_phrase(run, &runs.codes, |start, phrase| {
                if gaps.is_filled_by(phrase) {
                    again.push(Placed { phrase, start });
                }
            });
        }
    }
}

/// The pair of these two, if the one character may have come to stand for the other.
fn pair(odd: &Filled, usual: &Filled, runs: &Runs<'_>, model: &Model<'_>) -> Option<Pair> {
    let (gap, right) = (usual.gap, usual.character);
    let confusion = model.confusion_of_codes(odd.character, right)?;
    if confusion == Confusion::SameInitial {
        // Every tenth pair of characters is: the usual one must be a part of a word.
        let code = |at: usize| (usual.phrase() >> (16 * at)) as u16;
        let places = [0, 1, 2, 3].map(|at| model.place_of_code(code(at)));
        let places = places.into_iter().collect::<Option<Vec<Place>>>()?;
        if !model.lexicon.has_word_over(&places, open(gap)) {
            return None;
        }
    }
    let [odd, usual] = [odd, usual].map(|one| runs.byte_of(one.start as usize));
    Some(Pair { odd, usual, gap, right, confusion })
}

/// The code points of four characters in a row, the first one in the lowest bits; one that is left out is
/// zero.
pub(super) type Phrase = u64;

/// A phrase of a text.
#[derive(Debug, Clone, Copy)]
struct Placed {
    phrase: Phrase,
    /// Where its code points stand.
    start: u32,
}

/// A phrase as a gap and what fills it.
#[derive(Debug, Clone, Copy, Default)]
struct Filled {
    /// The phrase without the character.
    gap: Phrase,
    character: u16,
    /// Where the phrase's code points stand.
    start: u32,
}

impl Filled {
    fn phrase(&self) -> Phrase {
        self.gap | Phrase::from(self.character) << (16 * open(self.gap))
    }
}

/// Calls `found` with each phrase of a run of four characters or more, and where its code points stand.
#[inline]
pub(super) fn each_phrase(run: &Run, codes: &[u16], mut found: impl FnMut(u32, Phrase)) {
    let (first, rest) = codes[run.codes.0 as usize..run.codes.1 as usize].split_at(GRAM - 1);
    let with = |phrase: Phrase, code: &u16| phrase >> 16 | Phrase::from(*code) << 48;
    let mut phrase = first.iter().fold(0, with);
    for (start, code) in (run.codes.0..).zip(rest) {
        phrase = with(phrase, code);
        found(start, phrase);
    }
}

/// Puts phrases into a list, once for each gap that they fill.
fn fill(filled: &mut Vec<Filled>, phrases: &[Placed], filled_by: impl Fn(Phrase) -> u64) {
    filled.clear();
    for one in phrases {
        let mut open = filled_by(one.phrase);
        while open != 0 {
            let at = open.trailing_zeros() as usize;
            open &= open - 1;
            let (gap, character) = (with_gap(one.phrase, at), (one.phrase >> (16 * at)) as u16);
            filled.push(Filled { gap, character, start: one.start });
        }
    }
}

/// Keeps those whose character may be confused with one of the others in the same gap.
fn keep_confusable(some: &mut Vec<Filled>, others: &[Filled], model: &Model<'_>, letters: &mut Vec<u32>) {
    clear(letters, others.len() * 4);
    let shift = 64 - letters.len().trailing_zeros();
    let slot = |gap| (hash(gap) >> shift) as usize;
    others.iter().for_each(|one| letters[slot(one.gap)] |= model.letters(one.character));
    some.retain(|one| {
        let letters = letters[slot(one.gap)];
        letters != 0 && letters & model.confused_letters(one.character) != 0
    });
}

/// Which character of a phrase is left out.
fn open(gap: Phrase) -> usize {
    (0..GRAM).find(|at| gap >> (16 * at) & 0xFFFF == 0).unwrap_or(0)
}

/// The phrase with one of its characters left out.
#[inline]
pub(super) fn with_gap(phrase: Phrase, at: usize) -> Phrase {
    phrase & !(0xFFFF << (16 * at))
}

/// A number whose first bits say where a phrase is in a list.
#[inline]
pub(super) fn hash(phrase: Phrase) -> u64 {
    phrase.wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// The bits of all characters of a phrase.
const ALL: u64 = (1 << GRAM) - 1;

/// The gaps of some phrases; it is sometimes wrong about what is not there.
#[derive(Default)]
struct Gaps {
    /// By the hash of the first two characters, a bit for each that stands behind them.
    behind: Vec<u64>,
    /// By the hash of the last two characters, a bit for each that stands before them.
    before: Vec<u64>,
    /// So many of a hash's bits are too many to say which word it is.
    shift: u32,
}

impl Gaps {
    /// Takes in those of these phrases, and forgets all others.
    fn fill(&mut self, phrases: impl ExactSizeIterator<Item = Phrase>) {
        self.clear(phrases.len());
        phrases.for_each(|phrase| self.add(phrase));
    }

    /// Forgets all, and makes room for those of so many phrases.
    fn clear(&mut self, count: usize) {
        [&mut self.behind, &mut self.before].into_iter().for_each(|words| clear(words, count * 2));
        self.shift = 32 - self.before.len().trailing_zeros();
    }

    /// Takes in the gaps of a phrase.
    #[inline]
    fn add(&mut self, phrase: Phrase) {
        let [before, behind] = self.places(phrase);
        let [a, b, c, d] = bits(phrase);
        self.before[before] |= 1 << a | 1 << b;
        self.behind[behind] |= 1 << c | 1 << d;
    }

    /// Whether one of the gaps is there.
    #[inline]
    fn is_filled_by(&self, phrase: Phrase) -> bool {
        let [before, behind] = self.places(phrase);
        let (before, behind) = (self.before[before], self.behind[behind]);
        let [a, b, c, d] = bits(phrase);
        let has = |word: u64, bit: u64| word >> bit & 1 != 0;
        has(before, b) || has(before, a) || has(behind, d) || has(behind, c)
    }

    /// A bit for each character that stands in one of the gaps.
    #[inline]
    fn filled_by(&self, phrase: Phrase) -> u64 {
        let [before, behind] = self.places(phrase);
        let (before, behind) = (self.before[before], self.behind[behind]);
        let [a, b, c, d] = bits(phrase);
        before >> b & 1 | (before >> a & 1) << 1 | (behind >> d & 1) << 2 | (behind >> c & 1) << 3
    }

    #[inline]
    fn places(&self, phrase: Phrase) -> [usize; 2] {
        [(phrase >> 32) as u32, phrase as u32]
            .map(|two| (two.wrapping_mul(0x9E37_79B1) >> self.shift) as usize)
    }
}

/// A bit's place for each character of a phrase; those that are next to the other two have other ones than
/// those that are not.
#[inline]
fn bits(phrase: Phrase) -> [u64; GRAM] {
    const APART: u64 = 29;
    [phrase + APART, phrase >> 16, phrase >> 32, (phrase >> 48) + APART].map(|code| code & 63)
}

/// What fills the gaps of some pairs, and where.
pub(crate) struct Fillings(BTreeMap<Phrase, BTreeMap<u16, Vec<usize>>>);

impl Fillings {
    /// Those of these pairs in the text that they are of.
    pub(crate) fn of<'p>(pairs: impl Iterator<Item = &'p Pair>, runs: &Runs<'_>) -> Self {
        let mut fillings: BTreeMap<Phrase, BTreeMap<u16, Vec<usize>>> =
            pairs.map(|pair| (pair.gap, BTreeMap::new())).collect();
        // Two bits for each gap, so that most of the text is passed over.
        let bits = |gap: Phrase| 1_u64 << (hash(gap) >> 58) | 1 << (hash(gap) >> 52 & 63);
        let gaps = fillings.keys().fold(0, |gaps, gap| gaps | bits(*gap));
        let repeats = runs.repeats();
        for (place, run) in (0..).zip(&runs.different).filter(|(_, run)| run.length() >= GRAM) {
            each_phrase(run, &runs.codes, |start, phrase| {
                for at in 0..GRAM {
                    let gap = with_gap(phrase, at);
                    if bits(gap) & !gaps == 0
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

    /// Whether the usual phrase does stand more often, and the pair's gap is filled in a few ways only, both
    /// by what stands once and by what stands more often.
    pub(crate) fn are_few(&self, pair: &Pair) -> bool {
        let ways = self.0[&pair.gap].values();
        let once = ways.clone().filter(|places| places.len() == 1).count();
        self.usual(pair).len() > 1 && once <= MOST_FILLINGS && ways.len() - once <= MOST_FILLINGS
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
            .map(|pair| (&text[pair.odd()], &text[pair.usual()], open(pair.gap)))
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
        let are_few = |text: &str| {
            let runs = Runs::of(text);
            let pairs = pairs(&runs, Model::embedded());
            let fillings = Fillings::of(pairs.iter(), &runs);
            pairs.iter().map(|pair| fillings.are_few(pair)).collect::<Vec<_>>()
        };
        assert_eq!(are_few("开工建设。开工建设，开个建设。开甲建设。开乙建设。"), [true]);
        assert_eq!(are_few("开工建设。开工建设，开个建设。开甲建设。开乙建设。开丙建设。"), [false]);
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
