//! The gaps of many phrases as a small bit set, to rule out quickly that another phrase shares a gap with them.

use super::grams::{GRAM, Phrase};
use crate::runs::clear;

/// One bit for each character of a phrase.
pub(super) const ALL: u64 = (1 << GRAM) - 1;

/// The gaps of some phrases; lookups may have false positives.
#[derive(Default)]
pub(super) struct Gaps {
    /// Indexed by the hash of the first two characters, a bit for each character after them.
    after: Vec<u64>,
    /// Indexed by the hash of the last two characters, a bit for each character before them.
    before: Vec<u64>,
    /// Number of bits by which a hash is shifted to get an index.
    shift: u32,
}

impl Gaps {
    /// Replaces the contents by the gaps of these phrases.
    pub(super) fn fill(&mut self, phrases: impl ExactSizeIterator<Item = Phrase>) {
        self.clear(phrases.len());
        phrases.for_each(|phrase| self.add(phrase));
    }

    /// Removes everything, and makes room for the gaps of `count` phrases.
    pub(super) fn clear(&mut self, count: usize) {
        [&mut self.after, &mut self.before].into_iter().for_each(|words| clear(words, count * 2));
        self.shift = 32 - self.before.len().trailing_zeros();
    }

    /// Adds the gaps of a phrase.
    #[inline]
    pub(super) fn add(&mut self, phrase: Phrase) {
        let [before, after] = self.slots_of(phrase);
        let [a, b, c, d] = bits(phrase);
        self.before[before] |= 1 << a | 1 << b;
        self.after[after] |= 1 << c | 1 << d;
    }

    /// Whether one of the phrase's gaps is in the set.
    #[inline]
    pub(super) fn is_filled_by(&self, phrase: Phrase) -> bool {
        let [before, after] = self.slots_of(phrase);
        let (before, after) = (self.before[before], self.after[after]);
        let [a, b, c, d] = bits(phrase);
        let has = |word: u64, bit: u64| word >> bit & 1 != 0;
        has(before, b) || has(before, a) || has(after, d) || has(after, c)
    }

    /// A bit for each character of the phrase whose gap is in the set.
    #[inline]
    pub(super) fn filled_by(&self, phrase: Phrase) -> u64 {
        let [before, after] = self.slots_of(phrase);
        let (before, after) = (self.before[before], self.after[after]);
        let [a, b, c, d] = bits(phrase);
        before >> b & 1 | (before >> a & 1) << 1 | (after >> d & 1) << 2 | (after >> c & 1) << 3
    }

    #[inline]
    fn slots_of(&self, phrase: Phrase) -> [usize; 2] {
        [(phrase >> 32) as u32, phrase as u32]
            .map(|two| (two.wrapping_mul(0x9E37_79B1) >> self.shift) as usize)
    }
}

/// A bit number for each character of a phrase; outer characters are shifted so that they differ from inner
/// ones.
#[inline]
fn bits(phrase: Phrase) -> [u64; GRAM] {
    const APART: u64 = 29;
    [phrase + APART, phrase >> 16, phrase >> 32, (phrase >> 48) + APART].map(|code| code & 63)
}
