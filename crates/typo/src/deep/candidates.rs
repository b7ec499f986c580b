//! The words that sound or look like a part of a text.

use super::lattice::Piece;
use super::ngrams::{Ngrams, Word};
use crate::confusion::Confusion;
use crate::lexicon::CharIndex;
use crate::model::Model;
use crate::sound::Syllable;
use std::ops::Range;

/// The lengths of words that are looked for.
pub(super) const LENGTHS: std::ops::RangeInclusive<usize> = 2..=4;
/// Of a character's readings so many count, the most usual ones.
const READINGS: usize = 2;

/// The length of fixed phrases, of which any one character may be wrong.
pub(super) const FIXED: usize = 4;

/// Words by their sounds, those that are nearly the same together, and fixed phrases without one of their
/// characters.
#[derive(Debug)]
pub(super) struct Sounds {
    by_sound: Index,
    by_gap: Index,
}

/// Words by a hash of something that they have in common.
#[derive(Debug)]
struct Index {
    /// Hashes and words, ascending.
    words: Vec<(u32, Word)>,
    /// Where the hashes that begin with some bits start in `words`.
    starts: Vec<u32>,
}

/// So many of a hash's bits lead to where it is.
const BITS: u32 = 16;

/// A word that may be meant.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate {
    pub(super) word: Word,
    /// The least likely way in which one of its characters came to be another; `None` if two of them have
    /// nothing in common.
    pub(super) confusion: Option<Confusion>,
    /// How many characters differ.
    pub(super) changes: usize,
}

impl Sounds {
    pub(super) fn of(ngrams: &Ngrams, model: &Model<'_>) -> Self {
        let mut by_sound: Vec<(u32, Word)> = Vec::with_capacity(ngrams.counts().words * 2);
        let mut by_gap: Vec<(u32, Word)> = Vec::new();
        for word in 0..ngrams.counts().words as Word {
            let places: Option<Vec<CharIndex>> =
                ngrams.codes(word).map(|code| model.place_of_code(code)).collect();
            let Some(places) = places.filter(|places| LENGTHS.contains(&places.len())) else { continue };
            each_sound(&places, model, |hash| by_sound.push((hash, word)));
            if places.len() == FIXED {
                each_gap(&places, |hash| by_gap.push((hash, word)));
            }
        }
        Self { by_sound: Index::of(by_sound), by_gap: Index::of(by_gap) }
    }

    /// The words that may be meant by a part of a piece.
    pub(super) fn candidates(
        &self,
        piece: &Piece,
        range: &Range<usize>,
        ngrams: &Ngrams,
        model: &Model<'_>,
    ) -> Vec<Candidate> {
        let places: Option<Vec<CharIndex>> = piece.places[range.clone()].iter().copied().collect();
        let Some(places) = places else { return Vec::new() };
        let mut words: Vec<Word> = Vec::new();
        each_sound(&places, model, |hash| words.extend(self.by_sound.words(hash)));
        if places.len() == FIXED {
            each_gap(&places, |hash| words.extend(self.by_gap.words(hash)));
        }
        let mut codes = piece.codes[range.clone()].to_vec();
        for at in 0..codes.len() {
            let own = codes[at];
            for alike in model.alike(places[at]) {
                codes[at] = model.character(alike) as u16;
                words.extend(ngrams.word(&codes));
            }
            codes[at] = own;
        }
        words.sort_unstable();
        words.dedup();
        let codes = &piece.codes[range.clone()];
        words.into_iter().filter_map(|word| candidate(codes, &places, word, ngrams, model)).collect()
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

    /// The words of a hash.
    fn words(&self, hash: u32) -> impl Iterator<Item = Word> {
        let bits = (hash >> (32 - BITS)) as usize;
        let near = &self.words[self.starts[bits] as usize..self.starts[bits + 1] as usize];
        near.iter().filter(move |(other, _)| *other == hash).map(|(_, word)| *word)
    }
}

/// How a word differs from characters, if it may be taken for them.
fn candidate(
    codes: &[u16],
    places: &[CharIndex],
    word: Word,
    ngrams: &Ngrams,
    model: &Model<'_>,
) -> Option<Candidate> {
    let (mut confusion, mut changes) = (Some(Confusion::SameSound), 0);
    for ((own, own_code), code) in places.iter().zip(codes).zip(ngrams.codes(word)) {
        if *own_code != code {
            let other = model.place_of_code(code)?;
            confusion = confusion.and_then(|worst| Some(worst.max(model.confusion(*own, other)?)));
            changes += 1;
        }
    }
    let is_usual = match confusion {
        Some(Confusion::SameSound) => changes > 0,
        Some(Confusion::NearSound | Confusion::Shape) => changes == 1,
        Some(Confusion::SameInitial) | None => changes == 1 && places.len() == FIXED,
    };
    is_usual.then_some(Candidate { word, confusion, changes })
}

/// Calls `found` with the hash of the characters with each of them left out.
fn each_gap(places: &[CharIndex], mut found: impl FnMut(u32)) {
    for gap in 0..places.len() {
        let mix = |hash: u64, at: usize| {
            let own = if at == gap { u64::from(CharIndex::MAX) } else { u64::from(places[at]) };
            (hash ^ own).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29)
        };
        found((0..places.len()).fold(0x5EED, mix) as u32);
    }
}

/// Calls `found` with the hash of each way to read the characters, near sounds being one.
fn each_sound(places: &[CharIndex], model: &Model<'_>, mut found: impl FnMut(u32)) {
    const START: u64 = 0x5EED;
    let mut hashes = vec![START];
    for place in places {
        let readings: Vec<[u8; 2]> = model.readings(*place).take(READINGS).map(Syllable::folded).collect();
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
