//! The words that sound or look like a part of a text.

use super::lattice::Piece;
use super::ngrams::{Ngrams, Word};
use crate::confusion::Confusion;
use crate::lexicon::CharIndex;
use crate::model::Model;
use crate::sound::Syllable;
use std::ops::Range;

/// The lengths of the words to consider, in characters.
pub(super) const LENGTHS: std::ops::RangeInclusive<usize> = 2..=4;
/// Number of readings of a character that count, the most common ones.
const READINGS: usize = 2;

/// The length of fixed phrases, in which any single character may be wrong.
pub(super) const FIXED: usize = 4;

/// Words indexed by their sound, with similar sounds merged, and fixed phrases indexed with one character left
/// out.
#[derive(Debug)]
pub(super) struct Sounds {
    by_sound: Index,
    by_gap: Index,
}

/// Words indexed by a hash of something that they have in common.
#[derive(Debug)]
struct Index {
    /// Pairs of hash and word, sorted.
    words: Vec<(u32, Word)>,
    /// For each prefix of hashes, the index of its first entry in `words`.
    starts: Vec<u32>,
}

/// Number of bits in a hash's prefix.
const BITS: u32 = 16;

/// A word that may be the intended one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate {
    pub(super) word: Word,
    /// The least likely confusion among its changed characters; `None` if one of the pairs has nothing in
    /// common.
    pub(super) confusion: Option<Confusion>,
    /// Number of characters that differ.
    pub(super) changes: usize,
}

impl Sounds {
    pub(super) fn of(ngrams: &Ngrams, model: &Model<'_>) -> Self {
        let mut by_sound: Vec<(u32, Word)> = Vec::with_capacity(ngrams.counts().words * 2);
        let mut by_gap: Vec<(u32, Word)> = Vec::new();
        for word in 0..ngrams.counts().words as Word {
            let indexes: Option<Vec<CharIndex>> =
                ngrams.codes(word).map(|code| model.index_of_code(code)).collect();
            let Some(indexes) = indexes.filter(|indexes| LENGTHS.contains(&indexes.len())) else { continue };
            each_sound(&indexes, model, |hash| by_sound.push((hash, word)));
            if indexes.len() == FIXED {
                each_gap(&indexes, |hash| by_gap.push((hash, word)));
            }
        }
        Self { by_sound: Index::of(by_sound), by_gap: Index::of(by_gap) }
    }

    /// The words that may be intended in a range of a piece.
    pub(super) fn candidates(
        &self,
        piece: &Piece,
        range: &Range<usize>,
        ngrams: &Ngrams,
        model: &Model<'_>,
    ) -> Vec<Candidate> {
        let indexes: Option<Vec<CharIndex>> = piece.indexes[range.clone()].iter().copied().collect();
        let Some(indexes) = indexes else { return Vec::new() };
        let mut words: Vec<Word> = Vec::new();
        each_sound(&indexes, model, |hash| words.extend(self.by_sound.words(hash)));
        if indexes.len() == FIXED {
            each_gap(&indexes, |hash| words.extend(self.by_gap.words(hash)));
        }
        let mut codes = piece.codes[range.clone()].to_vec();
        for at in 0..codes.len() {
            let own = codes[at];
            for alike in model.alike(indexes[at]) {
                codes[at] = model.character(alike) as u16;
                words.extend(ngrams.word(&codes));
            }
            codes[at] = own;
        }
        words.sort_unstable();
        words.dedup();
        let codes = &piece.codes[range.clone()];
        words.into_iter().filter_map(|word| candidate(codes, &indexes, word, ngrams, model)).collect()
    }
}

impl Index {
    fn of(mut words: Vec<(u32, Word)>) -> Self {
        words.sort_unstable();
        words.dedup();
        let start = |bits: u32| words.partition_point(|(hash, _)| hash >> (32 - BITS) < bits) as u32;
        let starts = (0..=1 << BITS).map(start).collect();
        Self { words, starts }
    }

    /// The words with a hash.
    fn words(&self, hash: u32) -> impl Iterator<Item = Word> {
        let bits = (hash >> (32 - BITS)) as usize;
        let near = &self.words[self.starts[bits] as usize..self.starts[bits + 1] as usize];
        near.iter().filter(move |(other, _)| *other == hash).map(|(_, word)| *word)
    }
}

/// How a word differs from the given characters, if it may be confused with them.
fn candidate(
    codes: &[u16],
    indexes: &[CharIndex],
    word: Word,
    ngrams: &Ngrams,
    model: &Model<'_>,
) -> Option<Candidate> {
    let (mut confusion, mut changes) = (Some(Confusion::SameSound), 0);
    for ((own, own_code), code) in indexes.iter().zip(codes).zip(ngrams.codes(word)) {
        if *own_code != code {
            let other = model.index_of_code(code)?;
            confusion = confusion.and_then(|worst| Some(worst.max(model.confusion(*own, other)?)));
            changes += 1;
        }
    }
    let is_usual = match confusion {
        Some(Confusion::SameSound) => changes > 0,
        Some(Confusion::NearSound | Confusion::Shape) => changes == 1,
        Some(Confusion::SameInitial) | None => changes == 1 && indexes.len() == FIXED,
    };
    is_usual.then_some(Candidate { word, confusion, changes })
}

/// Calls `found` with one hash for each character left out.
fn each_gap(indexes: &[CharIndex], mut found: impl FnMut(u32)) {
    for gap in 0..indexes.len() {
        let mix = |hash: u64, at: usize| {
            let own = if at == gap { u64::from(CharIndex::MAX) } else { u64::from(indexes[at]) };
            (hash ^ own).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29)
        };
        found((0..indexes.len()).fold(0x5EED, mix) as u32);
    }
}

/// Calls `found` with the hash of each combination of readings, with similar sounds merged.
fn each_sound(indexes: &[CharIndex], model: &Model<'_>, mut found: impl FnMut(u32)) {
    const START: u64 = 0x5EED;
    let mut hashes = vec![START];
    for index in indexes {
        let readings: Vec<[u8; 2]> = model.readings(*index).take(READINGS).map(Syllable::folded).collect();
        let longer = hashes.iter().flat_map(|hash| {
            readings.iter().map(move |[initial, rest]| {
                (hash ^ u64::from(*initial) << 8 ^ u64::from(*rest)).wrapping_mul(0x9E37_79B9_7F4A_7C15)
            })
        });
        hashes = longer.collect();
        hashes.sort_unstable();
        hashes.dedup();
    }
    hashes.into_iter().for_each(|hash| found((hash >> 32) as u32));
}
