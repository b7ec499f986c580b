//! Searches text for listed words in scripts other than Latin, in one pass.
//!
//! A listed word of Chinese counts only where word boundaries allow it: 究竞 is 究竟 misspelt, but not in 研究竞品.

use crate::certainty::Certainty;
use crate::lexicon::CharIndex;
use crate::model::Model;
use crate::runs::{Runs, WIDTH, code, is_first};
use crate::segment::segment;
use daachorse::{CharwiseDoubleArrayAhoCorasick, CharwiseDoubleArrayAhoCorasickBuilder, MatchKind};
use std::collections::BTreeMap;
use std::iter;
use std::ops::Range;

/// Listed words, each with what to write instead, ready for searching.
pub(crate) struct ListedWords {
    /// Detects where such a word may begin.
    filter: Filter,
    /// Finds the words; the value is an index into `entries`.
    automaton: CharwiseDoubleArrayAhoCorasick<u32>,
    entries: Vec<Listed>,
}

/// What a list says about a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Listed {
    /// It is right, even if a part of it is not.
    Allowed,
    /// It is wrong, where word boundaries allow it.
    Wrong(String),
    /// It is wrong everywhere: a site says so.
    AlwaysWrong(String),
}

impl ListedWords {
    pub(crate) fn new(words: BTreeMap<&str, Listed>) -> Result<Self, String> {
        let filter = Filter::of(words.keys().copied());
        let automaton = CharwiseDoubleArrayAhoCorasickBuilder::new()
            .match_kind(MatchKind::LeftmostLongest)
            .build_with_values(words.keys().zip(0..))
            .map_err(|error| format!("the words cannot be searched: {error}"))?;
        Ok(Self { filter, automaton, entries: words.into_values().collect() })
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Calls `found` for each wrong word with its correction.
    pub(crate) fn find<'s>(
        &'s self,
        runs: &Runs<'_>,
        mut found: impl FnMut(Range<usize>, &'s str, Certainty),
    ) {
        let mut japanese = Japanese::of(runs.text);
        let mut found = |range: Range<usize>, right: &'s str, certainty| {
            if certainty == Certainty::Own || !japanese.is_at(&range) {
                found(range, right, certainty);
            }
        };
        if self.filter.has_other {
            return self.find_in(runs.text, &mut found);
        }
        // Words within runs: a hit in a run holds for all occurrences of the run.
        let mut hits = Vec::new();
        let mut next = 0;
        for (at, two) in runs.codes.windows(2).enumerate() {
            let third = || runs.codes.get(at + 2).copied().unwrap_or_default();
            if self.filter.may_begin(two[0], two[1])
                && at >= next
                && self.filter.may_go_on([two[0], two[1], third()])
            {
                let index = runs.run_at(at);
                let run = runs.different[index];
                let mut hit = |range, right, certainty| hits.push((index as u32, range, right, certainty));
                self.find_in(&runs.text[run.range()], &mut hit);
                next = run.codes.1 as usize;
            }
        }
        if hits.is_empty() {
            return;
        }
        let repeats = runs.repeats();
        for (index, range, right, certainty) in hits {
            let range: Range<usize> = range;
            let first = runs.different[index as usize].start;
            for start in iter::once(first).chain(repeats.of(index)).map(|start| start as usize) {
                found(start + range.start..start + range.end, right, certainty);
            }
        }
    }

    fn find_in<'s>(&'s self, text: &str, found: &mut impl FnMut(Range<usize>, &'s str, Certainty)) {
        for hit in self.automaton.leftmost_find_iter(text) {
            let range = hit.start()..hit.end();
            match &self.entries[hit.value() as usize] {
                Listed::Allowed => {}
                Listed::AlwaysWrong(right) => found(range, right, Certainty::Own),
                Listed::Wrong(right) => {
                    if let Some(certainty) = certainty(text, &range, right) {
                        found(range, right, certainty);
                    }
                }
            }
        }
    }
}

/// The rows of a list, without comments: the wrong word, the right word, longer words in which the wrong one is
/// correct, a sentence with the mistake, and one without it.
pub(crate) fn rows(list: &str) -> impl Iterator<Item = [&str; 5]> {
    let lines = list.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| {
        let mut columns = line.split('\t');
        std::array::from_fn(|_| columns.next().unwrap_or_default())
    })
}

/// The words of a list of such rows.
pub(crate) fn listed(list: &str) -> BTreeMap<&str, Listed> {
    let mut words = BTreeMap::new();
    for [wrong, right, exceptions, ..] in rows(list) {
        words.insert(wrong, Listed::Wrong(right.to_owned()));
        let exceptions = exceptions.split(',').filter(|exception| !exception.is_empty());
        words.extend(exceptions.map(|exception| (exception, Listed::Allowed)));
    }
    words
}

/// Number of characters before and after a word that are segmented with it.
const CONTEXT: usize = 6;
/// By how much the right word must lower the cost of the text around it, if no other word reaches over the ends of the
/// wrong one, and if one does.
const LEAST_GAIN: i32 = 0;
const LEAST_GAIN_ACROSS: i32 = 32;
/// If it lowers the cost by this much, it is surely meant.
const SURE_GAIN: i32 = 60;
/// The cost of a character that is rarely a word by itself.
const RARE_ALONE: u8 = 118;
/// A wrong word of at least this many characters that ends where words do is one by itself.
const LONG: usize = 4;

/// How sure it is that the characters at this range are one word, misspelt, and not the end of one right word and the
/// beginning of another: with the right word, the text around it is a likelier sequence of words.
fn certainty(text: &str, range: &Range<usize>, right: &str) -> Option<Certainty> {
    let model = Model::embedded();
    let bytes = text.as_bytes();
    let index = |at: usize| {
        let is_character = bytes.get(at).is_some_and(|byte| is_first(*byte));
        is_character.then(|| model.index_of_code(code(&bytes[at..])))?
    };
    let indexes = |text: &str| text.chars().map(|c| model.index(c)).collect::<Option<Vec<CharIndex>>>();
    let (Some(wrong), Some(right)) = (indexes(&text[range.clone()]), indexes(right)) else {
        return Some(Certainty::Sure);
    };
    let before = (1..=CONTEXT).map_while(|steps| index(range.start.checked_sub(steps * WIDTH)?));
    let mut before: Vec<CharIndex> = before.collect();
    before.reverse();
    let after: Vec<CharIndex> = (0..CONTEXT).map_while(|step| index(range.end + step * WIDTH)).collect();
    let written = segment(&[&before[..], &wrong, &after].concat(), model);
    let meant = segment(&[&before[..], &right, &after].concat(), model);
    let (first, last) = (before.len(), before.len() + wrong.len() - 1);
    let is_crossed = written.word_at(first).start < first || written.word_at(last).end > last + 1;
    let gain = written.cost as i32 - meant.cost as i32;
    let is_long = wrong.len() >= LONG && !is_crossed;
    // 因该 may be 因 and 该, each of which is a word anywhere.
    let cost =
        |character: &CharIndex| model.lexicon.cost(&[*character]).is_none_or(|cost| cost >= RARE_ALONE);
    let has_rare = wrong.iter().any(cost);
    let least = if is_crossed { LEAST_GAIN_ACROSS } else { LEAST_GAIN };
    if is_long || (gain >= SURE_GAIN && has_rare && !is_crossed) {
        Some(Certainty::Sure)
    } else {
        (gain >= least).then_some(Certainty::Doubtful)
    }
}

/// Tells Japanese from Chinese by its syllables.
struct Japanese<'t> {
    text: &'t str,
    /// Whether the text as a whole is Japanese, once that is asked.
    whole: Option<bool>,
}

impl<'t> Japanese<'t> {
    fn of(text: &'t str) -> Self {
        Self { text, whole: None }
    }

    /// Whether a word belongs to Japanese text: the text is Japanese, or the stretch of letters around the word has a
    /// syllable of Japanese.
    fn is_at(&mut self, word: &Range<usize>) -> bool {
        /// Number of characters before and after the word.
        const NEAR: usize = 24;
        let text = self.text;
        let before = text[..word.start].chars().rev().take(NEAR).take_while(|c| c.is_alphabetic());
        let after = text[word.end..].chars().take(NEAR).take_while(|c| c.is_alphabetic());
        before.chain(after).any(is_kana) || *self.whole.get_or_insert_with(|| is_japanese(text))
    }
}

/// Whether a text has a syllable of Japanese for every two Chinese characters, as far as first bytes tell.
fn is_japanese(text: &str) -> bool {
    /// Number of bytes whose matches fit a byte, which compilers count many at a time.
    const FEW: usize = 128;
    let bytes = text.as_bytes();
    let count = |is_match: fn(u8) -> bool| -> usize {
        let few = |part: &[u8]| part.iter().map(|byte| u8::from(is_match(*byte))).sum::<u8>();
        bytes.chunks(FEW).map(|part| usize::from(few(part))).sum()
    };
    // The first bytes of U+3000 to U+3FFF; hardly any of them are punctuation if there are many.
    let kana = count(|byte| byte == 0xE3);
    let han = count(is_first);
    2 * kana > han && text.chars().filter(|c| is_kana(*c)).count() * 3 > han
}

fn is_kana(c: char) -> bool {
    ('\u{3041}'..='\u{30FA}').contains(&c)
}

/// The first characters of all words, to skip most of a text quickly.
struct Filter {
    /// The first character of each word, itself and not its hash.
    firsts: Box<Bits>,
    /// The first two characters of each word.
    twos: Box<Bits>,
    /// The first three characters of each word, or two and a zero.
    threes: Box<Bits>,
    /// Whether a word has characters that do not occur in runs, so that the filter cannot be used.
    has_other: bool,
}

/// A set of hashes that may have false positives.
type Bits = [u64; 1 << 10];

impl Filter {
    fn of<'w>(words: impl Iterator<Item = &'w str>) -> Self {
        let bits = || Box::new([0; 1 << 10]);
        let mut filter = Self { firsts: bits(), twos: bits(), threes: bits(), has_other: false };
        for word in words {
            if word.len() < 2 * WIDTH || !word.bytes().step_by(WIDTH).all(is_first) {
                filter.has_other = true;
                continue;
            }
            let mut codes = word.as_bytes().chunks_exact(WIDTH).map(code);
            let [first, second, third] = std::array::from_fn(|_| codes.next().unwrap_or_default());
            filter.firsts[usize::from(first >> 6)] |= 1 << (first & 63);
            let (slot, bit) = slot_and_bit(hash_of_two(first, second));
            filter.twos[slot] |= 1 << bit;
            let (slot, bit) = slot_and_bit(hash_of_three(first, second, third));
            filter.threes[slot] |= 1 << bit;
        }
        filter
    }

    /// Whether a word may begin with these two code points.
    #[inline]
    fn may_begin(&self, first: u16, second: u16) -> bool {
        self.firsts[usize::from(first >> 6)] >> (first & 63) & 1 != 0
            && has(&self.twos, hash_of_two(first, second))
    }

    /// Whether a word may begin with these three code points, or consist of the first two.
    fn may_go_on(&self, [first, second, third]: [u16; 3]) -> bool {
        has(&self.threes, hash_of_three(first, second, third))
            || has(&self.threes, hash_of_three(first, second, 0))
    }
}

#[inline]
fn hash_of_two(first: u16, second: u16) -> u32 {
    (u32::from(first) << 16 | u32::from(second)).wrapping_mul(0x9E37_79B1)
}

fn hash_of_three(first: u16, second: u16, third: u16) -> u32 {
    (hash_of_two(first, second) ^ u32::from(third)).wrapping_mul(0x85EB_CA6B)
}

#[inline]
fn has(bits: &Bits, hash: u32) -> bool {
    let (slot, bit) = slot_and_bit(hash);
    bits[slot] >> bit & 1 != 0
}

#[inline]
fn slot_and_bit(hash: u32) -> (usize, u32) {
    ((hash >> 22) as usize, hash >> 16 & 63)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found<'t>(rows: &[(&str, &str)], text: &'t str) -> Vec<&'t str> {
        let wrong = |right: &str| Listed::Wrong(right.to_owned());
        let words = rows.iter().map(|(word, right)| (*word, wrong(right))).collect();
        let mut list = Vec::new();
        ListedWords::new(words).unwrap().find(&Runs::of(text), |range, _, _| list.push(&text[range]));
        list
    }

    #[test]
    fn a_word_counts_where_word_boundaries_allow_it() {
        let rows = [("究竞", "究竟"), ("偶而", "偶尔"), ("决对", "绝对"), ("自已", "自己"), ("分岐", "分歧")];
        for right in ["他们研究竞品。", "他有配偶而她没有。", "我们坚决对外开放。", "文章来自已故的作家。"]
        {
            assert_eq!(found(&rows, right), [""; 0], "{right}");
        }
        for wrong in ["究竞是谁？", "他偶而来。", "这决对不行。", "你要靠自已的手。", "大家有分岐。"]
        {
            assert_eq!(found(&rows, wrong).len(), 1, "{wrong}");
        }
    }

    #[test]
    fn japanese_text_is_not_chinese() {
        let rows = [("分岐", "分歧")];
        for japanese in ["条件分岐を使う", "分岐\n\nここから始めます。", "処理の分岐"]
        {
            assert_eq!(found(&rows, japanese), [""; 0], "{japanese}");
        }
        assert_eq!(found(&rows, "两人有分岐，歌名是《さくら》，唱了很久。").len(), 1);
    }
}
