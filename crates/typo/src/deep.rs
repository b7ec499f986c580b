//! Finds characters that are likely wrong with a language model of word bigrams and trigrams. For each part of
//! a text the model determines whether another word that sounds or looks like it is more likely there.

mod candidates;
mod clues;
mod habits;
mod judge;
mod knowledge;
mod lattice;
mod ngrams;
mod proposals;

pub use judge::{LEAST_ODDS, Unlikely};
pub use ngrams::{DEEP_MAGIC, DeepCounts, ModelBytes, PackedPair, PackedWord, pack_deep};

use knowledge::Knowledge;
use ngrams::Ngrams;
use std::ops::Range;

/// A language model of word n-grams, ready for use.
#[derive(Debug)]
pub struct Deep {
    knowledge: Knowledge,
}

impl Deep {
    /// Reads a model from these bytes; `None` if they are not a valid one.
    pub fn new(bytes: ModelBytes) -> Option<Self> {
        Some(Self { knowledge: Knowledge::of(Ngrams::new(bytes)?) })
    }

    /// The numbers of words, bigrams and trigrams in the model.
    pub fn counts(&self) -> DeepCounts {
        self.knowledge.ngrams.counts()
    }

    /// The likely mistakes in a text that have at least these odds, in text order.
    pub fn unlikely(&self, text: &str, least_odds: f32) -> Vec<Unlikely> {
        judge::unlikely(&self.knowledge, text, least_odds)
    }

    /// Calls `found` with each candidate of a text: its byte range, its right word, and the names and values of
    /// the features from which its odds are computed. For tuning the weights.
    pub fn each_candidate(
        &self,
        text: &str,
        mut found: impl FnMut(Range<usize>, &str, &[(&'static str, f32)]),
    ) {
        judge::each_proposal(&self.knowledge, text, |range, proposal, evidence| {
            found(range, &proposal.right(), &evidence.clues().collect::<Vec<_>>());
        });
    }
}
