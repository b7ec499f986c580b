//! Finds stretches of characters of one kind, 64 bytes at a time and without a branch for each byte.

use std::ops::RangeInclusive;

/// Number of bytes that are processed together: one for each bit of a `u64`.
const BLOCK: usize = 64;

/// After a text with more bytes than this, its buffers are freed.
pub(crate) const MOST_KEPT: usize = 1 << 20;

/// Stretches of at least `LEAST` characters of one kind, all of which are `WIDTH` bytes long.
#[derive(Debug)]
pub(crate) struct Stretches<const WIDTH: u32, const LEAST: u32> {
    /// ORed with this, the first bytes of the characters are within a range, and all other bytes and zero are
    /// not.
    joined: u8,
    least: u8,
    most: u8,
    /// The first bytes in the previous block, and the bits carried over from its stretches.
    before: u64,
    carried: u64,
    /// In alternation: the offset of the `LEAST`-th character of a stretch, and the offset of its end.
    edges: Vec<u32>,
}

impl<const WIDTH: u32, const LEAST: u32> Stretches<WIDTH, LEAST> {
    /// An empty list of stretches of characters with these first bytes.
    pub(crate) fn of(joined: u8, firsts: RangeInclusive<u8>) -> Self {
        let (least, most) = (*firsts.start(), firsts.end() - firsts.start());
        Self { joined, least, most, before: 0, carried: 0, edges: Vec::new() }
    }

    /// The start and end offset of each stretch.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (usize, usize)> {
        let pairs = self.edges.as_chunks().0.iter();
        pairs.map(|[start, end]| ((start - (LEAST - 1) * WIDTH) as usize, *end as usize))
    }

    /// Removes all stretches, but keeps the allocated memory.
    pub(crate) fn clear(&mut self) {
        (self.before, self.carried) = (0, 0);
        self.edges.clear();
    }

    #[inline]
    fn add(&mut self, start: u32, block: &[u8; BLOCK]) {
        // A loop without a branch, which compilers turn into instructions for many bytes.
        let flags = block.map(|byte| u8::from((byte | self.joined).wrapping_sub(self.least) <= self.most));
        let firsts = bits_of(&flags);
        // Bits of characters with enough characters before them; the previous block is in the lower half.
        let both = u128::from(firsts) << 64 | u128::from(self.before);
        let long = ((0..LEAST).fold(u128::MAX, |long, before| long & both << (before * WIDTH)) >> 64) as u64;
        // Adjacent characters cancel each other out, which leaves the edges.
        let mut found = long ^ (long << WIDTH | self.carried);
        (self.before, self.carried) = (firsts, long >> (64 - WIDTH));
        while found != 0 {
            self.edges.push(start + found.trailing_zeros());
            found &= found - 1;
        }
    }
}

/// One bit for each byte, all of which are 0 or 1.
#[inline]
fn bits_of(flags: &[u8; BLOCK]) -> u64 {
    // Moves the lowest bits of eight bytes side by side into the highest byte.
    const GATHER: u64 = 0x0102_0408_1020_4080;
    let eights = flags.as_chunks().0.iter().enumerate();
    eights.fold(0, |bits, (part, eight)| {
        bits | (u64::from_le_bytes(*eight).wrapping_mul(GATHER) >> 56) << (8 * part)
    })
}

/// Finds the stretches of two kinds in one pass. Text after the first four gigabytes is ignored.
pub(crate) fn find<const A: u32, const B: u32, const C: u32, const D: u32>(
    text: &str,
    first: &mut Stretches<A, B>,
    second: &mut Stretches<C, D>,
) {
    let text = &text[..text.floor_char_boundary(u32::MAX as usize - 2 * BLOCK)];
    let (blocks, rest) = text.as_bytes().as_chunks::<BLOCK>();
    let mut last = [0; BLOCK];
    last[..rest.len()].copy_from_slice(rest);
    first.clear();
    second.clear();
    // A block of zeros at the end closes the last stretch.
    for (start, block) in (0..).step_by(BLOCK).zip(blocks.iter().chain([&last, &[0; BLOCK]])) {
        first.add(start, block);
        second.add(start, block);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_each_stretch() {
        for length in [0, 1, 7, 8, 63, 64, 65, 127, 128, 129, 200] {
            for every in [1, 2, 3, 5, 64, 70] {
                let is_gap = |at: usize| every > 1 && at.is_multiple_of(every);
                let text: String = (0..length).map(|at| if is_gap(at) { '{' } else { 'Z' }).collect();
                let mut all = Stretches::<1, 1>::of(0x20, b'a'..=b'z');
                let mut long = Stretches::<1, 3>::of(0x20, b'a'..=b'z');
                find(&text, &mut all, &mut long);
                let expected: Vec<&str> = text.split('{').filter(|part| !part.is_empty()).collect();
                let found: Vec<&str> = all.iter().map(|(start, end)| &text[start..end]).collect();
                assert_eq!(found, expected);
                let expected: Vec<&str> = text.split('{').filter(|part| part.len() >= 3).collect();
                let found: Vec<&str> = long.iter().map(|(start, end)| &text[start..end]).collect();
                assert_eq!(found, expected);
            }
        }
    }
}
