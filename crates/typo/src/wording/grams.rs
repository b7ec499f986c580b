//! Four characters in a row of a text, as one number: what a phrase is here.
//!
//! # A phrase's way to a finding
//!
//! Somebody wrote 个 for 工 in the last sentence of `学校开工建设，公园开工建设。车站开个建设。`
//!
//! **Runs.** Between punctuation there are three runs of Chinese characters: 学校开工建设, 公园开工建设, 车站开个建设
//! ([`Runs`](crate::Runs)). A run that stands again and again is read once.
//!
//! **Phrases.** Each run gives every four characters in a row ([`each_phrase`]), six characters three of them:
//!
//! | run | its phrases |
//! |---|---|
//! | 学校开工建设 | 学校开工, 校开工建, 开工建设 |
//! | 公园开工建设 | 公园开工, 园开工建, 开工建设 |
//! | 车站开个建设 | 车站开个, 站开个建, 开个建设 |
//!
//! A phrase is a number of 64 bits, its first character in the lowest 16: 开工建设, which is U+5F00 U+5DE5 U+5EFA
//! U+8BBE, is `0x8BBE_5EFA_5DE5_5F00`. To compare two of them is one instruction, and to sort them is quick.
//!
//! **Gaps.** A phrase with one of its characters left out ([`with_gap`]) is a gap, and that character fills it. The
//! bits of what is left out are zero:
//!
//! | gap | as a number | filled by |
//! |---|---|---|
//! | ＿工建设 | `0x8BBE_5EFA_5DE5_0000` | 开 |
//! | 开＿建设 | `0x8BBE_5EFA_0000_5F00` | 工, and in the third run 个 |
//! | 开工＿设 | `0x8BBE_0000_5DE5_5F00` | 建 |
//! | 开工建＿ | `0x0000_5EFA_5DE5_5F00` | 设 |
//!
//! Phrases that differ in one character have just one gap in common. So a text of ten thousand characters is not
//! compared phrase by phrase with itself: its gaps are put in order, and those that are the same stand side by side
//! ([`pairs`](mod@super::pairs)). Most phrases have no gap in common with any other, which a set of bits tells before
//! anything is put in order ([`gaps`](super::gaps)).
//!
//! **Counts.** 开工建设 stands twice and 开个建设 once. They share the gap 开＿建设, and 个 may have come to stand for
//! 工: in pinyin both begin with g. That many characters do, so 工 must also be a part of a word, which it is, 开工.
//! Then all that fills the gap is counted ([`fillings`](super::fillings)): one filling once, one twice. Where
//! there are many, as in 第＿二十, the place is open, and nothing is odd about another one.
//!
//! **The finding.** Last the words are asked ([`wording`](super)): 开工 and 建设 are two words, and 个 stands in 开个建设
//! left over between 开 and 建设, so that the usual phrase reads better.
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

/// The characters of a phrase.
pub(super) const GRAM: usize = 4;
/// Its bytes.
pub(super) const BYTES: usize = GRAM * WIDTH;

/// The code points of four characters in a row, the first one in the lowest bits; one that is left out is
/// zero.
pub(super) type Phrase = u64;

/// Calls `found` with each phrase of a run of four characters or more, and where its code points stand.
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

/// The character that stands in a phrase at a place from 0.
#[inline]
pub(super) fn character(phrase: Phrase, at: usize) -> u16 {
    (phrase >> (16 * at)) as u16
}

/// Which character of a phrase is left out.
pub(super) fn open(gap: Phrase) -> usize {
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
