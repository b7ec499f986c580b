//! Known English words with how common they are, as a table that is read in place.
//!
//! The file, in little endian: `VOCABULARY_MAGIC`; the SHA-256 of everything after it; the slots, a power of two of
//! `u32`. A slot is zero if it is empty; otherwise its lowest four bits are a [`Commonness`] and the others are those
//! of the word's hash, so that one word in a hundred million that are not in the table is taken for one that is. A
//! word is in the first free slot from the one that its hash names.

use crate::little_endian::u32_at;
use crate::runs::LENGTHS;
use crate::word_hash::{hash_at, hash_of};
use std::ops::Range;
use std::sync::LazyLock;

/// The magic bytes of a table; the last one is the version.
pub const VOCABULARY_MAGIC: [u8; 8] = *b"pmvo\0\0\0\x01";

const HASH_BYTES: usize = 32;
static EMBEDDED: &[u8] = include_bytes!("../data/en.vocabulary");
static VOCABULARY: LazyLock<Vocabulary<'static>> =
    LazyLock::new(|| Vocabulary::parse(EMBEDDED).expect("the table in the binary is one"));

/// The bits of a slot for the commonness of its word.
const COMMONNESS_BITS: u32 = 4;

/// Known English words.
#[derive(Debug, Clone, Copy)]
pub struct Vocabulary<'m> {
    slots: &'m [u8],
}

/// How common a word is: three times the decimal logarithm of the number of documents that have it, of some ten
/// thousand; zero for a word that only dictionaries have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Commonness(pub u8);

impl Commonness {
    /// The steps from one number to the tenfold.
    pub const TENFOLD: u8 = 3;

    /// That of a word in this number of documents.
    pub fn of_documents(documents: u32) -> Self {
        let steps = f64::from(documents.max(1)).log10() * f64::from(Self::TENFOLD);
        Self((steps as u8).min((1 << COMMONNESS_BITS) - 1))
    }
}

impl<'m> Vocabulary<'m> {
    /// The table in the binary.
    pub fn embedded() -> &'static Vocabulary<'static> {
        &VOCABULARY
    }

    /// Reads a table from these bytes; `None` if they are not a valid one. The checksum is not verified.
    pub fn parse(bytes: &'m [u8]) -> Option<Self> {
        let slots = bytes.strip_prefix(&VOCABULARY_MAGIC)?.get(HASH_BYTES..)?;
        let is_table = slots.len().is_power_of_two() && slots.len() >= 8;
        (is_table && slots.chunks_exact(4).any(|slot| slot == [0; 4])).then_some(Self { slots })
    }

    /// How common a word in lower case is; `None` if it is unknown.
    pub fn commonness(&self, word: &[u8]) -> Option<Commonness> {
        if LENGTHS.contains(&word.len()) { self.find(hash_of(word)) } else { None }
    }

    /// The same for the word at this range of a text, in any letter case.
    #[inline]
    pub(crate) fn commonness_at(&self, bytes: &[u8], word: &Range<usize>) -> Option<Commonness> {
        if LENGTHS.contains(&word.len()) { self.find(hash_at(bytes, word)) } else { None }
    }

    #[inline]
    fn find(&self, hash: u64) -> Option<Commonness> {
        let (mut slot, wanted) = place(hash, self.slots.len() / 4);
        loop {
            let kept = u32_at(self.slots, slot);
            if kept >> COMMONNESS_BITS == wanted {
                return Some(Commonness(kept as u8 & ((1 << COMMONNESS_BITS) - 1)));
            }
            if kept == 0 {
                return None;
            }
            slot = (slot + 1) & (self.slots.len() / 4 - 1);
        }
    }
}

/// The first slot for a hash, and what the slot keeps of it, which is never zero.
#[inline]
fn place(hash: u64, slots: usize) -> (usize, u32) {
    let mixed = hash.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    ((mixed >> 40) as usize & (slots - 1), (mixed as u32 >> COMMONNESS_BITS).max(1))
}

/// Packs these words, in lower case, into the slots of a table.
///
/// # Errors
/// A word is too long or too short.
pub fn pack_vocabulary<'w>(words: impl Iterator<Item = (&'w str, Commonness)>) -> Result<Vec<u8>, String> {
    let words: Vec<(&str, Commonness)> = words.collect();
    let mut slots = vec![0_u32; (words.len() * 4 / 3).next_power_of_two().max(2)];
    for (word, commonness) in words {
        if !LENGTHS.contains(&word.len()) {
            return Err(format!("`{word}` cannot be in the table"));
        }
        let (mut slot, kept) = place(hash_of(word.as_bytes()), slots.len());
        while slots[slot] != 0 && slots[slot] >> COMMONNESS_BITS != kept {
            slot = (slot + 1) & (slots.len() - 1);
        }
        slots[slot] = kept << COMMONNESS_BITS | u32::from(commonness.0);
    }
    Ok(slots.into_iter().flat_map(u32::to_le_bytes).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packs_and_finds_words() {
        let words = [("pier", Commonness(0)), ("the", Commonness(12)), ("harbour", Commonness(4))];
        let body = pack_vocabulary(words.into_iter()).unwrap();
        let bytes = [&VOCABULARY_MAGIC[..], &[0; HASH_BYTES], &body].concat();
        let table = Vocabulary::parse(&bytes).unwrap();
        for (word, commonness) in words {
            assert_eq!(table.commonness(word.as_bytes()), Some(commonness), "{word}");
        }
        assert_eq!(table.commonness_at(b"A PIER there", &(2..6)), Some(Commonness(0)));
        assert!(table.commonness(b"piers").is_none() && table.commonness(b"x").is_none());
        assert!(pack_vocabulary([("a", Commonness(1))].into_iter()).is_err());
        for length in 0..bytes.len() {
            assert!(Vocabulary::parse(&bytes[..length]).is_none());
        }
    }

    #[test]
    fn the_embedded_table_is_whole() {
        use sha2::{Digest, Sha256};
        assert_eq!(Sha256::digest(&EMBEDDED[40..]).as_slice(), &EMBEDDED[8..40]);
        let words = Vocabulary::embedded();
        let commonness = |word: &str| words.commonness(word.as_bytes());
        assert!(commonness("the") > commonness("harbour") && commonness("harbour") > commonness("recieve"));
        assert_eq!(commonness("recieve"), None);
    }

    #[test]
    fn commonness_grows_by_three_steps_for_a_tenfold_number() {
        let of = |documents| Commonness::of_documents(documents).0;
        assert_eq!([0, 1, 9, 10, 100, 10_000, u32::MAX].map(of), [0, 0, 2, 3, 6, 12, 15]);
    }
}
