//! Passes over bytes, eight at a time.

/// The first bit of each of eight bytes.
pub(crate) const TOPS: u64 = 0x8080_8080_8080_8080;

/// Where the next byte is of which `wanted`, asked of eight bytes, sets the first bit. Behind the text are
/// zeros.
#[inline]
pub(crate) fn next(bytes: &[u8], mut at: usize, wanted: impl Fn(u64) -> u64) -> Option<usize> {
    while let Some(chunk) = bytes.get(at..)?.first_chunk() {
        let found = wanted(u64::from_le_bytes(*chunk));
        if found != 0 {
            return Some(at + found.trailing_zeros() as usize / 8);
        }
        at += chunk.len();
    }
    let mut last = [0; 8];
    last[..bytes.len() - at].copy_from_slice(&bytes[at..]);
    let place = at + wanted(u64::from_le_bytes(last)).trailing_zeros() as usize / 8;
    (place < bytes.len()).then_some(place)
}

/// Where the next byte is that is not ASCII.
#[inline]
pub(crate) fn next_above_ascii(bytes: &[u8], at: usize) -> Option<usize> {
    next(bytes, at, |bytes| bytes & TOPS)
}
