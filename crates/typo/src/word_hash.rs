//! Hashes of words in Latin letters, the same in any letter case.

use std::ops::Range;

/// ORed with an uppercase letter, it gives the lowercase letter.
const SMALL: u8 = 0x20;

/// The hash of the word at this range of the text, which must be within the limits for a lookup.
#[inline]
pub(crate) fn hash_at(bytes: &[u8], word: &Range<usize>) -> u64 {
    word_hash(match bytes[word.start..].first_chunk() {
        Some(chunk) => lower(chunk, word.len()),
        None => padded(&bytes[word.clone()]),
    })
}

/// The hash of a word, in lower case, which must be within the limits for a lookup.
pub(crate) fn hash_of(word: &[u8]) -> u64 {
    word_hash(padded(word))
}

/// The word in lower case, padded with zeros. It must consist of letters and must not exceed the maximum
/// length.
#[inline]
fn padded(word: &[u8]) -> Padded {
    let mut padded = [0; 24];
    padded[..word.len()].copy_from_slice(word);
    lower(&padded, word.len())
}

/// The same for the word of this length at the start of `bytes`.
#[inline]
fn lower(bytes: &[u8; 24], length: usize) -> Padded {
    let part = |number: usize| {
        if length <= number * 8 {
            return 0;
        }
        let eight = std::array::from_fn(|index| bytes[number * 8 + index]);
        let kept = (length - number * 8).min(8) * 8;
        let mask = if kept == 64 { u64::MAX } else { (1 << kept) - 1 };
        (u64::from_le_bytes(eight) | u64::from_le_bytes([SMALL; 8])) & mask
    };
    [part(0), part(1), part(2)]
}

/// A word in lower case, padded with zeros.
type Padded = [u64; 3];

/// The hash of a word.
#[inline]
fn word_hash([first, second, third]: Padded) -> u64 {
    let hash = first.wrapping_mul(0x9E37_79B9_7F4A_7C15)
        ^ second.wrapping_mul(0xC2B2_AE3D_27D4_EB4F).rotate_left(21)
        ^ third.wrapping_mul(0x1656_67B1_9E37_79F9).rotate_left(42);
    hash ^ hash >> 29
}
