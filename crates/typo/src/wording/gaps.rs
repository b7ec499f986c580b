//! The gaps of many phrases as a small set of bits, which tells of nearly all other phrases that they have nothing in
//! common with them.

use super::grams::{GRAM, Phrase};
use crate::runs::clear;

/// The bits of all characters of a phrase.
pub(super) const ALL: u64 = (1 << GRAM) - 1;

/// The gaps of some phrases; it is sometimes wrong about what is not there.
#[derive(Default)]
pub(super) struct Gaps {
    /// By the hash of the first two characters, a bit for each that stands behind them.
    behind: Vec<u64>,
    /// By the hash of the last two characters, a bit for each that stands before them.
    before: Vec<u64>,
    /// So many of a hash's bits are too many to say which word it is.
    shift: u32,
}

impl Gaps {
    /// Takes in those of these phrases, and forgets all others.
    pub(super) fn fill(&mut self, phrases: impl ExactSizeIterator<Item = Phrase>) {
        self.clear(phrases.len());
        phrases.for_each(|phrase| self.add(phrase));
    }

    /// Forgets all, and makes room for those of so many phrases.
    pub(super) fn clear(&mut self, count: usize) {
        [&mut self.behind, &mut self.before].into_iter().for_each(|words| clear(words, count * 2));
        self.shift = 32 - self.before.len().trailing_zeros();
    }

    /// Takes in the gaps of a phrase.
    #[inline]
    pub(super) fn add(&mut self, phrase: Phrase) {
        let [before, behind] = self.places(phrase);
        let [a, b, c, d] = bits(phrase);
        self.before[before] |= 1 << a | 1 << b;
        self.behind[behind] |= 1 << c | 1 << d;
    }

    /// Whether one of the gaps is there.
    #[inline]
    pub(super) fn is_filled_by(&self, phrase: Phrase) -> bool {
        let [before, behind] = self.places(phrase);
        let (before, behind) = (self.before[before], self.behind[behind]);
        let [a, b, c, d] = bits(phrase);
        let has = |word: u64, bit: u64| word >> bit & 1 != 0;
        has(before, b) || has(before, a) || has(behind, d) || has(behind, c)
    }

    /// A bit for each character that stands in one of the gaps.
    #[inline]
    pub(super) fn filled_by(&self, phrase: Phrase) -> u64 {
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
