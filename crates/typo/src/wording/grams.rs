//! Four consecutive characters of a text as one number, called a phrase here.
//!
//! # From a phrase to a finding
//!
//! Suppose that 个 was written for 工 in the last sentence of `学校开工建设，公园开工建设。车站开个建设。`
//!
//! **Runs.** Between punctuation there are three runs of Chinese characters: 学校开工建设, 公园开工建设, 车站开个建设
//! ([`Runs`](crate::Runs)). A run that occurs several times is read once.
//!
//! **Phrases.** Each four consecutive characters of a run are a phrase ([`each_phrase`]), so six characters
//! have three:
//!
//! | run | its phrases |
//! |---|---|
//! | 学校开工建设 | 学校开工, 校开工建, 开工建设 |
//! | 公园开工建设 | 公园开工, 园开工建, 开工建设 |
//! | 车站开个建设 | 车站开个, 站开个建, 开个建设 |
//!
//! A phrase is a 64-bit number with the first character in the lowest 16 bits: 开工建设, which is U+5F00 U+5DE5
//! U+5EFA U+8BBE, is `0x8BBE_5EFA_5DE5_5F00`. Comparing two of them takes one instruction, and sorting them is
//! fast.
//!
//! **Gaps.** A phrase with one of its characters left out ([`with_gap`]) is a gap, and that character fills it.
//! The bits of the missing character are zero:
//!
//! | gap | as a number | filled by |
//! |---|---|---|
//! | ＿工建设 | `0x8BBE_5EFA_5DE5_0000` | 开 |
//! | 开＿建设 | `0x8BBE_5EFA_0000_5F00` | 工, and in the third run 个 |
//! | 开工＿设 | `0x8BBE_0000_5DE5_5F00` | 建 |
//! | 开工建＿ | `0x0000_5EFA_5DE5_5F00` | 设 |
//!
//! Phrases that differ in one character share exactly one gap. So a text of ten thousand characters is not
//! compared phrase by phrase with itself: its gaps are sorted, so that equal ones are adjacent
//! ([`pairs`](mod@super::pairs)). Most phrases share no gap with any other phrase, which a bit set detects
//! before anything is sorted ([`gaps`](super::gaps)).
//!
//! **Counts.** 开工建设 occurs twice and 开个建设 once. They share the gap 开＿建设, and 个 may be a mistake for 工: in
//! Pinyin both begin with g. Many characters do, so 工 must also be part of a word, which it is: 开工. Then all
//! fillings of the gap are counted ([`fillings`](super::fillings)): one occurs once, one twice. If there are
//! many fillings, as in 第＿二十, the position is variable, and no filling is odd.
//!
//! **The finding.** Finally the word segmentation decides ([`wording`](super)): 开工 and 建设 are two words, and in
//! 开个建设 the 个 is left over between 开 and 建设, so the usual phrase is more likely.
//!
//! ```
//! use postmend_typo::{Model, Runs, inconsistencies};
//!
//! let text = "学校开工建设，公园开工建设。车站开个建设。";
//! let found = inconsistencies(&Runs::of(text), Model::embedded(), |_| false);
//! let [one] = found.as_slice() else { panic!("{found:?}") };
//! assert_eq!((&text[one.range.clone()], one.usual.as_str(), one.times), ("开个建设", "开工建设", 2));
//! assert_eq!(&text[one.odd.clone()], "个");
//! ```

use crate::runs::{ChineseRun, WIDTH};

/// Number of characters in a phrase.
pub(super) const GRAM: usize = 4;
/// Number of bytes in a phrase.
pub(super) const BYTES: usize = GRAM * WIDTH;

/// The code points of four consecutive characters, the first one in the lowest bits; a missing one is zero.
pub(super) type Phrase = u64;

/// Calls `found` with each phrase of a run of at least four characters, and the index of its first code point.
#[inline]
pub(super) fn each_phrase(run: &ChineseRun, codes: &[u16], mut found: impl FnMut(u32, Phrase)) {
    let (first, rest) = codes[run.codes.0 as usize..run.codes.1 as usize].split_at(GRAM - 1);
    let with = |phrase: Phrase, code: &u16| phrase >> 16 | Phrase::from(*code) << 48;
    let mut phrase = first.iter().fold(0, with);
    for (start, code) in (run.codes.0..).zip(rest) {
        phrase = with(phrase, code);
        found(start, phrase);
    }
}

/// The character at an index of a phrase, from 0.
#[inline]
pub(super) fn character(phrase: Phrase, at: usize) -> u16 {
    (phrase >> (16 * at)) as u16
}

/// The index of the character that is left out.
pub(super) fn open(gap: Phrase) -> usize {
    (0..GRAM).find(|at| gap >> (16 * at) & 0xFFFF == 0).unwrap_or(0)
}

/// The phrase with one of its characters left out.
#[inline]
pub(super) fn with_gap(phrase: Phrase, at: usize) -> Phrase {
    phrase & !(0xFFFF << (16 * at))
}

/// A hash of a phrase; its upper bits serve as an index into tables.
#[inline]
pub(super) fn hash(phrase: Phrase) -> u64 {
    phrase.wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runs::Runs;

    #[test]
    fn a_phrase_is_a_number_with_its_first_character_lowest() {
        let runs = Runs::of("开工建设的");
        let mut found = Vec::new();
        each_phrase(&runs.different[0], &runs.codes, |start, phrase| found.push((start, phrase)));
        assert_eq!(found, [(0, 0x8BBE_5EFA_5DE5_5F00), (1, 0x7684_8BBE_5EFA_5DE5)]);
        assert_eq!(character(found[0].1, 1), '工' as u16);
        let gap = with_gap(found[0].1, 1);
        assert_eq!((gap, open(gap)), (0x8BBE_5EFA_0000_5F00, 1));
    }
}
