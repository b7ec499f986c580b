//! Finds stretches of characters of one kind, 64 bytes at a time and without a branch for each.

use std::cell::RefCell;
use std::ops::RangeInclusive;
use wide::u8x16;

/// The bytes that are looked at together: one for each bit of a word.
const BLOCK: usize = 64;

/// After a text of more bytes the memory that it took is given back.
pub(crate) const MOST_KEPT: usize = 1 << 20;

thread_local! {
    /// The edges of the last text, kept for their memory.
    static EDGES: RefCell<Vec<u32>> = RefCell::default();
}

/// Calls `found` with the first byte of each stretch of so many characters of one kind or more, and the byte
/// behind it. All characters of that kind have `WIDTH` bytes, and begin with one that `firsts` holds after it
/// is joined with `joined`; no other byte does, nor does zero. What stands behind the first four gigabytes is
/// left out.
pub(crate) fn stretches<const WIDTH: u32, const LEAST: u32>(
    text: &str,
    joined: u8,
    firsts: RangeInclusive<u8>,
    mut found: impl FnMut(usize, usize),
) {
    // To find them all before looking at one is faster: the two loops guess better.
    let mut edges = EDGES.take();
    find_edges::<WIDTH, LEAST>(text, joined, firsts, &mut edges);
    for [start, end] in edges.as_chunks().0 {
        found((*start - (LEAST - 1) * WIDTH) as usize, *end as usize);
    }
    if text.len() <= MOST_KEPT {
        EDGES.set(edges);
    }
}

/// Puts where the last of the least characters of each stretch begins and where the stretch ends into `edges`,
/// in turn.
fn find_edges<const WIDTH: u32, const LEAST: u32>(
    text: &str,
    joined: u8,
    firsts: RangeInclusive<u8>,
    edges: &mut Vec<u32>,
) {
    let (joined, least) = (u8x16::splat(joined), u8x16::splat(*firsts.start()));
    let most = u8x16::splat(firsts.end() - firsts.start());
    let is_first = |bytes: &[u8; 16]| {
        let above = (u8x16::new(*bytes) | joined) - least;
        u64::from(above.min(most).simd_eq(above).to_bitmask())
    };
    let text = &text[..text.floor_char_boundary(u32::MAX as usize - 2 * BLOCK)];
    let (blocks, rest) = text.as_bytes().as_chunks::<BLOCK>();
    let mut last = [0; BLOCK];
    last[..rest.len()].copy_from_slice(rest);
    let (mut firsts_before, mut carried) = (0, 0);
    edges.clear();
    // A block of zeros at the end closes the last stretch.
    for (number, block) in (0..).zip(blocks.iter().chain([&last, &[0; BLOCK]])) {
        let parts = block.as_chunks().0.iter().enumerate();
        let firsts = parts.fold(0, |firsts, (part, bytes)| firsts | is_first(bytes) << (16 * part));
        // What has enough characters before it. The block before stands below.
        let both = u128::from(firsts) << 64 | u128::from(firsts_before);
        firsts_before = firsts;
        let long = ((0..LEAST).fold(u128::MAX, |long, before| long & both << (before * WIDTH)) >> 64) as u64;
        // Characters that another one follows, or that follow another one, cancel each other out.
        let mut found = long ^ (long << WIDTH | carried);
        carried = long >> (64 - WIDTH);
        while found != 0 {
            edges.push(number * BLOCK as u32 + found.trailing_zeros());
            found &= found - 1;
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn finds_each_stretch() {
        for length in [0, 1, 7, 8, 63, 64, 65, 127, 128, 129, 200] {
            for every in [1, 2, 3, 5, 64, 70] {
                let is_gap = |at: usize| every > 1 && at.is_multiple_of(every);
                let text: String = (0..length).map(|at| if is_gap(at) { '{' } else { 'Z' }).collect();
                let mut stretches = Vec::new();
                super::stretches::<1, 1>(&text, 0x20, b'a'..=b'z', |start, end| {
                    stretches.push(&text[start..end]);
                });
                let expected: Vec<&str> = text.split('{').filter(|part| !part.is_empty()).collect();
                assert_eq!(stretches, expected);
            }
        }
    }
}
