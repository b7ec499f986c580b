//! Finds characters that are likely wrong, by how words follow each other: a model of two and three
//! words in a row, of which each part of a text is asked whether other words that sound or look
//! like it would stand there with more right.

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

/// A model of words in a row, ready to be asked.
#[derive(Debug)]
pub struct Deep {
    knowledge: Knowledge,
}

impl Deep {
    /// A model in these bytes; `None` if they are none.
    pub fn new(bytes: ModelBytes) -> Option<Self> {
        Some(Self { knowledge: Knowledge::of(Ngrams::new(bytes)?) })
    }

    /// How much the model knows.
    pub fn counts(&self) -> DeepCounts {
        self.knowledge.ngrams.counts()
    }

    /// What is likely wrong in a text with at least these odds, in order.
    pub fn unlikely(&self, text: &str, least_odds: f32) -> Vec<Unlikely> {
        judge::unlikely(&self.knowledge, text, least_odds)
    }

    /// Calls `found` with what is known of each candidate of a text: its bytes, its right word, and the
    /// clues that its odds are made of, by name. For those who set the weights.
    pub fn each_candidate(
        &self,
        text: &str,
        mut found: impl FnMut(Range<usize>, &str, &[(&'static str, f32)]),
    ) {
        judge::each(&self.knowledge, text, |range, proposal, evidence| {
            found(range, &proposal.right(), &evidence.clues().collect::<Vec<_>>());
        });
    }
}
