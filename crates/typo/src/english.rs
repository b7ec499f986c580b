//! Misspelled English words, as a table that is read in place, and the words of a text.
//!
//! The file, in little endian: `MAGIC`; the SHA-256 of everything after it; two `u32`: the size of the filter
//! in bytes and the number of buckets, both powers of two; the filter, in which each hash in the table sets
//! three bits of a group of eight bytes; the end of each bucket as an offset in the entries (`u32`); the
//! entries. An entry is the length of a wrong word, the word in lower case, the number of right words, and for
//! each of those the length of the prefix and of the suffix that it shares with the wrong word, and the length
//! and bytes of what is between them. Lengths and counts are single bytes.

use crate::little_endian::u32_at;
use crate::runs::{LENGTHS, Runs};
use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

/// The magic bytes of a table; the last one is the version.
pub const ENGLISH_MAGIC: [u8; 8] = *b"pmen\0\0\0\x02";

/// ORed with an uppercase letter, it gives the lowercase letter.
const SMALL: u8 = 0x20;

const HASH_BYTES: usize = 32;
static EMBEDDED: &[u8] = include_bytes!("../data/en.words");
static ENGLISH: LazyLock<English<'static>> =
    LazyLock::new(|| English::parse(EMBEDDED).expect("the table in the binary is one"));

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

    /// The corrections of a wrong word in lower case; empty if the word is not known to be wrong.
    pub fn right(&self, word: &[u8]) -> Vec<String> {
        if !LENGTHS.contains(&word.len()) {
            return Vec::new();
        }
        let hash = word_hash(padded(word));
        if !self.may_have(hash) { Vec::new() } else { self.find(word, hash).unwrap_or_default() }
    }

    #[inline]
    fn may_have(&self, hash: u64) -> bool {
        let (part, bits) = filter_bits(hash, self.filter.len());
        let kept = self.filter[part..].first_chunk().map_or(0, |kept| u64::from_le_bytes(*kept));
        bits & !kept == 0
    }

    fn find(&self, word: &[u8], hash: u64) -> Option<Vec<String>> {
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
    pub(crate) fn search(&self, runs: &Runs<'_>, mut found: impl FnMut(Range<usize>, Vec<String>)) {
        let (text, bytes) = (runs.text, runs.text.as_bytes());
        for range in words(runs) {
            let lower = match bytes[range.start..].first_chunk() {
                Some(chunk) => lower(chunk, range.len()),
                None => padded(&bytes[range.clone()]),
            };
            let hash = word_hash(lower);
            if self.may_have(hash)
                && let Some(rights) = self.find(text[range.clone()].to_ascii_lowercase().as_bytes(), hash)
            {
                found(range, rights);
            }
        }
    }
}

/// The runs of ASCII letters whose length is within the limits for a lookup.
pub(crate) fn words(runs: &Runs<'_>) -> impl Iterator<Item = Range<usize>> {
    runs.words.iter().map(|(start, end)| start..end).filter(|word| word.len() <= *LENGTHS.end())
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

fn take_rights(rest: &mut &[u8], wrong: &[u8]) -> Option<Vec<String>> {
    let count = take_byte(rest)?;
    let mut take = || {
        let (lead, tail) = (take_byte(rest)?, take_byte(rest)?);
        let between = take_text(rest)?;
        let end = wrong.len().checked_sub(tail)?;
        let bytes = [wrong.get(..lead)?, between, wrong.get(end..)?].concat();
        String::from_utf8(bytes).ok()
    };
    (0..count).map(|_| take()).collect()
}

fn pass_rights(rest: &mut &[u8]) -> Option<()> {
    for _ in 0..take_byte(rest)? {
        *rest = rest.get(2..)?;
        take_text(rest)?;
    }
    Some(())
}

/// Packs these words into the bytes of a table.
///
/// # Errors
/// A word is too long or too short, or has no or too many corrections.
pub fn pack_english<'w>(words: impl Iterator<Item = (&'w str, Vec<&'w str>)>) -> Result<Vec<u8>, String> {
    const FILTER: usize = 1 << 17;
    const BUCKETS: usize = 1 << 15;
    let mut filter = vec![0_u8; FILTER];
    let mut buckets: Vec<Vec<u8>> = vec![Vec::new(); BUCKETS];
    for (wrong, rights) in words {
        if !LENGTHS.contains(&wrong.len()) || rights.is_empty() {
            return Err(format!("`{wrong}` cannot be in the table"));
        }
        let hash = word_hash(padded(wrong.as_bytes()));
        let (part, bits) = filter_bits(hash, FILTER);
        filter[part..].iter_mut().zip(bits.to_le_bytes()).for_each(|(kept, bits)| *kept |= bits);
        let entry = &mut buckets[bucket(hash, BUCKETS)];
        entry.push(wrong.len() as u8);
        entry.extend(wrong.as_bytes());
        entry.push(u8::try_from(rights.len()).map_err(|_| format!("`{wrong}` has too many corrections"))?);
        for right in rights {
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

/// Short words in capitals are names: UDID is not a typo for UUID.
pub(crate) fn is_acronym(word: &[u8]) -> bool {
    word.len() < 6 && word.iter().all(u8::is_ascii_uppercase)
}

/// The right word in the letter case of the wrong one; `None` for a `camelCase` name.
pub(crate) fn in_case_of<'r>(word: &[u8], right: &'r str) -> Option<Cow<'r, str>> {
    let capitals = word.iter().filter(|byte| byte.is_ascii_uppercase()).count();
    if capitals == 0 {
        return Some(Cow::Borrowed(right));
    }
    if capitals == word.len() {
        return Some(Cow::Owned(right.to_uppercase()));
    }
    if capitals > 1 || !word[0].is_ascii_uppercase() {
        return None;
    }
    let mut letters = right.chars();
    let first = letters.next()?;
    Some(Cow::Owned(first.to_uppercase().chain(letters).collect()))
}

/// Whether a word is a word of the text, and not part of a name, a URL or a foreign word.
pub(crate) fn stands_alone(text: &str, word: &Range<usize>) -> bool {
    is_word_of_text(text, word, false)
}

/// As [`stands_alone`], also before `'s`: the name of something that owns.
pub(crate) fn stands_alone_or_owns(text: &str, word: &Range<usize>) -> bool {
    is_word_of_text(text, word, true)
}

fn is_word_of_text(text: &str, word: &Range<usize>, may_own: bool) -> bool {
    let joins = |c: char| c.is_ascii_digit() || "_/\\@#$&=+~".contains(c) || is_foreign_letter(c);
    let is_joined = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let mut before = text[..word.start].chars().rev();
    let stands_before = match before.next() {
        Some('.') => false,
        Some('\'' | '’') => !is_joined(before.next()),
        other => !other.is_some_and(joins),
    };
    // `recieve.js`, `recieve:x` and `recieve()` are names, `recieve.` ends a sentence.
    let mut after = text[word.end..].chars();
    let stands_after = match after.next() {
        Some('(') => false,
        Some('\'' | '’') => match after.next() {
            Some('s') if may_own => !is_joined(after.next()),
            other => !is_joined(other),
        },
        Some('.' | ':') => !is_joined(after.next()),
        other => !other.is_some_and(joins),
    };
    stands_before && stands_after && !is_in_name(text, word)
}

/// Whether most words of the line are separated by no-break spaces, as in code listings that some editors turn
/// into paragraphs.
pub(crate) fn is_in_listing(text: &str, word: &Range<usize>) -> bool {
    // Lines of code are short; the limit keeps texts without line endings linear.
    const MOST: usize = 1 << 9;
    let before = &text[text.floor_char_boundary(word.start.saturating_sub(MOST))..word.start];
    let after = &text[word.end..text.ceil_char_boundary((word.end + MOST).min(text.len()))];
    let start = word.start - before.len() + before.rfind('\n').map_or(0, |line_end| line_end + 1);
    let end = word.end + after.find('\n').unwrap_or(after.len());
    let is_gap = |c: char| c == ' ' || c == '\u{A0}';
    // The gaps between the words.
    let gaps = text[start..end].trim_matches(is_gap).split(|c| !is_gap(c)).filter(|gap| !gap.is_empty());
    let (wide, all) =
        gaps.fold((0, 0), |(wide, all), gap| (wide + usize::from(gap.contains('\u{A0}')), all + 1));
    wide >= 2 && 2 * wide > all
}

/// Whether the word is part of `:a-name:`, `#a-name` or `a-longer-name`.
fn is_in_name(text: &str, word: &Range<usize>) -> bool {
    let joins = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'-';
    let bytes = text.as_bytes();
    // Names are short; the limit keeps texts without spaces linear.
    let start =
        word.start - bytes[..word.start].iter().rev().take(128).take_while(|byte| joins(byte)).count();
    let end = word.end + bytes[word.end..].iter().take(128).take_while(|byte| joins(byte)).count();
    let (before, after) = (text[..start].chars().next_back(), text[end..].chars().next());
    let hyphens = bytes[start..end].iter().filter(|byte| **byte == b'-').count();
    before == Some('#') || (before == Some(':') && after == Some(':')) || hyphens >= 3
}

/// Whether a letter makes the word one of another language: `é` does, `中` does not.
fn is_foreign_letter(c: char) -> bool {
    c.is_alphabetic() && !c.is_ascii() && (c as u32) < 0x2E80
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packs_and_finds_words() {
        let words = [("recieve", vec!["receive"]), ("teh", vec!["the"]), ("abov", vec!["above", "about"])];
        assert!(pack_english(words.clone().into_iter()).is_err(), "teh is too short");
        let body = pack_english(words.into_iter().filter(|(wrong, _)| wrong.len() > 3)).unwrap();
        let bytes = [&ENGLISH_MAGIC[..], &[0; HASH_BYTES], &body].concat();
        let table = English::parse(&bytes).unwrap();
        assert_eq!(table.right(b"recieve"), ["receive"]);
        assert_eq!(table.right(b"abov"), ["above", "about"]);
        assert!(table.right(b"receive").is_empty() && table.right(b"x").is_empty());
        for length in 0..bytes.len().min(600) {
            assert!(English::parse(&bytes[..length]).is_none());
        }
    }

    #[test]
    fn the_embedded_table_is_whole() {
        use sha2::{Digest, Sha256};
        assert_eq!(Sha256::digest(&EMBEDDED[40..]).as_slice(), &EMBEDDED[8..40]);
        assert_eq!(English::embedded().right(b"recieve"), ["receive"]);
    }
}
