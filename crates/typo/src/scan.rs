//! Finds stretches of characters of one kind, 64 bytes at a time and without a branch for each.

use std::ops::RangeInclusive;
use wide::u8x16;

/// The bytes that are looked at together: one for each bit of a word.
const BLOCK: usize = 64;

/// Puts the first byte of each stretch of characters of one kind and the one behind it into `edges`, in turn.
/// All characters of that kind have `WIDTH` bytes, and begin with one that `firsts` holds after it is joined
/// with `joined`; no other byte does, nor does zero. What stands behind the first four gigabytes is left out.
pub(crate) fn stretches<const WIDTH: u32>(
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
    let mut carried = 0;
    edges.clear();
    // A block of zeros at the end closes the last stretch.
    for (number, block) in (0..).zip(blocks.iter().chain([&last, &[0; BLOCK]])) {
        let parts = block.as_chunks().0.iter().enumerate();
        let firsts = parts.fold(0, |firsts, (part, bytes)| firsts | is_first(bytes) << (16 * part));
        // Characters that another one follows, or that follow another one, cancel each other out.
        let mut found = firsts ^ (firsts << WIDTH | carried);
        carried = firsts >> (64 - WIDTH);
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
                let mut edges = Vec::new();
                super::stretches::<1>(&text, 0x20, b'a'..=b'z', &mut edges);
                let stretches: Vec<&str> =
                    edges.chunks(2).map(|edge| &text[edge[0] as usize..edge[1] as usize]).collect();
                let expected: Vec<&str> = text.split('{').filter(|part| !part.is_empty()).collect();
                assert_eq!(stretches, expected);
            }
        }
    }
}
