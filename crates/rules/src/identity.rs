//! What identifies a finding when the rest of its post has changed: what it is about, and the words around it.

use sha2::{Digest, Sha256};
use std::fmt::Write;

/// What a finding is about. It stays the same when something else in its post changes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Identity {
    /// The kind of thing that it is about.
    pub about: SubjectKind,
    /// The path of a field, the address of an image or a link, or the text.
    pub subject: String,
    /// The nearest words before it; empty for a field.
    pub before: String,
    /// The nearest words after it; empty for a field.
    pub after: String,
    /// The number of findings of its rule before it that are about the same.
    pub nth: u32,
}

/// The kind of thing that a finding is about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum SubjectKind {
    #[default]
    /// The post as a whole, or a field of its front matter.
    Post,
    /// An image or a link, whose address identifies it.
    Address,
    /// A text, which the words around it identify.
    Text,
}

impl Identity {
    /// The fingerprint of a finding of this rule: a hash, as 32 hexadecimal digits, of the rule, of what it is about, and
    /// of the number of such findings before it. The words around it do not count, so that it stays when lines move.
    pub(crate) fn fingerprint(&self, rule: &str) -> String {
        /// Length of a fingerprint in bytes.
        const BYTES: usize = 16;
        let mut hash = Sha256::new();
        for part in [rule, &self.subject] {
            hash.update(part);
            hash.update("\0");
        }
        hash.update(self.nth.to_le_bytes());
        hexadecimal(&hash.finalize()[..BYTES])
    }
}

/// Bytes in hexadecimal digits.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut digits, byte| {
        let _ = write!(digits, "{byte:02x}");
        digits
    })
}
