//! Misspelled English words, as a table that is read in place.
//!
//! The file, in little endian: `MAGIC`; the SHA-256 of everything after it; two `u32`: the size of the filter
//! in bytes and the number of buckets, both powers of two; the filter, in which each hash in the table sets
//! three bits of a group of eight bytes; the end of each bucket as an offset in the entries (`u32`); the
//! entries. An entry is the length of a wrong word, the word in lower case, the number of right words, to which
//! `DOUBTFUL` is added if another word may be meant and `NAMES` if they are names and
//! `UNUSUAL` if hardly anyone makes the mistake, and for each of those the length of the prefix and of the suffix that it shares with the wrong word, and the length
//! and bytes of what is between them. Lengths and counts are single bytes.

use crate::latin::words;
use crate::little_endian::u32_at;
use crate::runs::{LENGTHS, Runs};
use crate::word_hash::{hash_at, hash_of};
use std::ops::Range;
use std::sync::LazyLock;

/// The magic bytes of a table; the last one is the version.
pub const ENGLISH_MAGIC: [u8; 8] = *b"pmen\0\0\0\x03";

/// Added to the number of right words if another word may be meant.
const DOUBTFUL: u8 = 0x80;
/// Added to the number of right words if they are names.
const NAMES: u8 = 0x40;
/// Added to the number of right words if hardly anyone makes the mistake.
const UNUSUAL: u8 = 0x20;
const FLAGS: u8 = DOUBTFUL | NAMES | UNUSUAL;

const HASH_BYTES: usize = 32;
static EMBEDDED: &[u8] = include_bytes!("../data/en.words");
static ENGLISH: LazyLock<English<'static>> =
    LazyLock::new(|| English::parse(EMBEDDED).expect("the table in the binary is one"));

/// The right words of a wrong one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RightWords {
    /// They, in lower case, the most likely first; never empty.
    pub words: Vec<String>,
    /// Whether another word may be meant, or the wrong one be a name.
    pub is_doubtful: bool,
    /// Whether they are names, which have a capital letter within sentences: "february".
    pub are_names: bool,
    /// Whether hardly anyone makes the mistake, so that it is a term where it is there again.
    pub is_unusual: bool,
}

/// Wrong words and their corrections.
#[derive(Debug, Clone, Copy)]
pub struct English<'m> {
    filter: &'m [u8],
    ends: &'m [u8],
    entries: &'m [u8],
}

impl<'m> English<'m> {
    /// The table in the binary.
    pub fn embedded() -> &'static English<'static> {
        &ENGLISH
    }

    /// Reads a table from these bytes; `None` if they are not a valid one. The checksum is not verified.
    pub fn parse(bytes: &'m [u8]) -> Option<Self> {
        let rest = bytes.strip_prefix(&ENGLISH_MAGIC)?.get(HASH_BYTES..)?;
        let (counts, rest) = rest.split_at_checked(8)?;
        let (filter, rest) = rest.split_at_checked(u32_at(counts, 0) as usize)?;
        let (ends, entries) = rest.split_at_checked((u32_at(counts, 1) as usize).checked_mul(4)?)?;
        let is_table = |length: usize| length.is_power_of_two();
        (is_table(filter.len()) && filter.len() >= 8 && is_table(ends.len())).then_some(Self {
            filter,
            ends,
            entries,
        })
    }

    /// The corrections of a wrong word in lower case; `None` if the word is not known to be wrong.
    pub fn right(&self, word: &[u8]) -> Option<RightWords> {
        if !LENGTHS.contains(&word.len()) {
            return None;
        }
        let hash = hash_of(word);
        if self.may_have(hash) { self.find(word, hash) } else { None }
    }

    #[inline]
    fn may_have(&self, hash: u64) -> bool {
        let (part, bits) = filter_bits(hash, self.filter.len());
        let kept = self.filter[part..].first_chunk().map_or(0, |kept| u64::from_le_bytes(*kept));
        bits & !kept == 0
    }

    fn find(&self, word: &[u8], hash: u64) -> Option<RightWords> {
        let bucket = bucket(hash, self.ends.len() / 4);
        let start = bucket.checked_sub(1).map_or(0, |before| u32_at(self.ends, before) as usize);
        let mut rest = self.entries.get(start..u32_at(self.ends, bucket) as usize)?;
        while !rest.is_empty() {
            let wrong = take_text(&mut rest)?;
            if wrong == word {
                return take_rights(&mut rest, wrong);
            }
            pass_rights(&mut rest)?;
        }
        None
    }

    /// Calls `found` for each word of the text that is known to be wrong, with its corrections in lower case.
    pub(crate) fn search(&self, runs: &Runs<'_>, mut found: impl FnMut(Range<usize>, RightWords)) {
        let (text, bytes) = (runs.text, runs.text.as_bytes());
        for range in words(runs) {
            let hash = hash_at(bytes, &range);
            if self.may_have(hash)
                && let Some(right) = self.find(text[range.clone()].to_ascii_lowercase().as_bytes(), hash)
            {
                found(range, right);
            }
        }
    }
}

/// The offset of a hash's eight bytes in the filter, and its bits in them.
#[inline]
fn filter_bits(hash: u64, bytes: usize) -> (usize, u64) {
    let bit = |shift: u32| 1 << (hash >> shift & 63);
    ((hash as usize & (bytes / 8 - 1)) * 8, bit(14) | bit(20) | bit(26))
}

fn bucket(hash: u64, buckets: usize) -> usize {
    (hash >> 32) as usize & (buckets - 1)
}

fn take_byte(rest: &mut &[u8]) -> Option<usize> {
    let (first, after) = rest.split_first()?;
    *rest = after;
    Some(*first as usize)
}

fn take_text<'m>(rest: &mut &'m [u8]) -> Option<&'m [u8]> {
    let length = take_byte(rest)?;
    let (text, after) = rest.split_at_checked(length)?;
    *rest = after;
    Some(text)
}

fn take_rights(rest: &mut &[u8], wrong: &[u8]) -> Option<RightWords> {
    let count = take_byte(rest)? as u8;
    let mut take = || {
        let (lead, tail) = (take_byte(rest)?, take_byte(rest)?);
        let between = take_text(rest)?;
        let end = wrong.len().checked_sub(tail)?;
        let bytes = [wrong.get(..lead)?, between, wrong.get(end..)?].concat();
        String::from_utf8(bytes).ok()
    };
    let words = (0..count & !FLAGS).map(|_| take()).collect::<Option<_>>()?;
    let has = |flag: u8| count & flag != 0;
    Some(RightWords { words, is_doubtful: has(DOUBTFUL), are_names: has(NAMES), is_unusual: has(UNUSUAL) })
}

fn pass_rights(rest: &mut &[u8]) -> Option<()> {
    for _ in 0..take_byte(rest)? as u8 & !FLAGS {
        *rest = rest.get(2..)?;
        take_text(rest)?;
    }
    Some(())
}

/// Packs these words into the bytes of a table.
///
/// # Errors
/// A word is too long or too short, or has no or too many corrections.
pub fn pack_english<'w>(words: impl Iterator<Item = (&'w str, &'w RightWords)>) -> Result<Vec<u8>, String> {
    const FILTER: usize = 1 << 17;
    const BUCKETS: usize = 1 << 15;
    let mut filter = vec![0_u8; FILTER];
    let mut buckets: Vec<Vec<u8>> = vec![Vec::new(); BUCKETS];
    for (wrong, right) in words {
        if !LENGTHS.contains(&wrong.len()) || right.words.is_empty() {
            return Err(format!("`{wrong}` cannot be in the table"));
        }
        let hash = hash_of(wrong.as_bytes());
        let (part, bits) = filter_bits(hash, FILTER);
        filter[part..].iter_mut().zip(bits.to_le_bytes()).for_each(|(kept, bits)| *kept |= bits);
        let entry = &mut buckets[bucket(hash, BUCKETS)];
        entry.push(wrong.len() as u8);
        entry.extend(wrong.as_bytes());
        let count = u8::try_from(right.words.len()).ok().filter(|count| *count < UNUSUAL);
        let count = count.ok_or_else(|| format!("`{wrong}` has too many corrections"))?;
        let flags = [(right.is_doubtful, DOUBTFUL), (right.are_names, NAMES), (right.is_unusual, UNUSUAL)];
        entry.push(flags.iter().filter(|(is_set, _)| *is_set).fold(count, |count, (_, flag)| count | flag));
        for right in &right.words {
            let same = |pairs: &mut dyn Iterator<Item = (u8, u8)>| pairs.take_while(|(a, b)| a == b).count();
            let lead = same(&mut wrong.bytes().zip(right.bytes()));
            let rest = &right[lead..];
            let tail = same(&mut wrong[lead..].bytes().rev().zip(rest.bytes().rev()));
            let between = &rest[..rest.len() - tail];
            entry.extend([lead, tail, between.len()].map(|count| count as u8));
            entry.extend(between.as_bytes());
        }
    }
    let mut end = 0;
    let ends = buckets.iter().flat_map(|bucket| {
        end += bucket.len() as u32;
        end.to_le_bytes()
    });
    let ends: Vec<u8> = ends.collect();
    let counts = [FILTER as u32, BUCKETS as u32].map(u32::to_le_bytes).concat();
    Ok([counts, filter, ends, buckets.concat()].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packs_and_finds_words() {
        let right = |words: &[&str], is_doubtful| RightWords {
            words: words.iter().map(|word| (*word).to_owned()).collect(),
            is_doubtful,
            are_names: words == ["february"],
            is_unusual: words == ["a lot"],
        };
        let words = [
            ("recieve", right(&["receive"], false)),
            ("abov", right(&["above", "about"], true)),
            ("alot", right(&["a lot"], false)),
            ("febuary", right(&["february"], false)),
        ];
        let pairs = || words.iter().map(|(wrong, right)| (*wrong, right));
        assert!(pack_english(pairs().chain([("ab", &words[0].1)])).is_err(), "too short");
        let body = pack_english(pairs()).unwrap();
        let bytes = [&ENGLISH_MAGIC[..], &[0; HASH_BYTES], &body].concat();
        let table = English::parse(&bytes).unwrap();
        for (wrong, right) in &words {
            assert_eq!(table.right(wrong.as_bytes()).as_ref(), Some(right));
        }
        assert!(table.right(b"receive").is_none() && table.right(b"x").is_none());
        for length in 0..bytes.len().min(600) {
            assert!(English::parse(&bytes[..length]).is_none());
        }
    }

    #[test]
    fn the_embedded_table_is_whole() {
        use sha2::{Digest, Sha256};
        assert_eq!(Sha256::digest(&EMBEDDED[40..]).as_slice(), &EMBEDDED[8..40]);
        assert_eq!(English::embedded().right(b"recieve").unwrap().words, ["receive"]);
    }
}
