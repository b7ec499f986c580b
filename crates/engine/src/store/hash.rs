//! Hashes of files.

use sha2::{Digest, Sha256};

/// The SHA-256 of bytes in lower-case hexadecimal digits, as `sha256sum` prints it.
pub fn hash(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let hash = Sha256::digest(bytes);
    let digits =
        hash.iter().flat_map(|byte| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
    digits.map(char::from).collect()
}
