//! Finds characters that are likely wrong, by how words follow each other: a model of two and three
//! words in a row, of which each part of a text is asked whether other words that sound or look
//! like it would stand there with more right.

mod candidates;
mod clues;
mod habits;
mod judge;
mod lattice;
mod ngrams;
mod proposals;

pub use judge::LEAST_ODDS;
pub use ngrams::{DEEP_MAGIC, DeepCounts, PackedPair, PackedWord, pack_deep};

use ngrams::Ngrams;

use crate::model::{Confusion, Model};
use candidates::Sounds;
use habits::Habits;
use std::ops::Range;

/// The bytes of a model, wherever they are kept: in memory, or mapped from a file.
pub type ModelBytes = Box<dyn AsRef<[u8]> + Send + Sync>;

/// A model of words in a row, ready to be asked.
#[derive(Debug)]
pub struct Deep {
    ngrams: Ngrams,
    sounds: Sounds,
    habits: Habits,
    model: &'static Model<'static>,
}

/// Characters that are likely wrong.
#[derive(Debug, Clone, PartialEq)]
pub struct Unlikely {
    /// The bytes of the word that they are in.
    pub range: Range<usize>,
    /// The likely word, of as many characters.
    pub right: String,
    /// How the wrong characters may have come about; `None` if that is hard to say.
    pub confusion: Option<Confusion>,
    /// How sure this is: the logarithm of the odds.
    pub odds: f32,
}

impl Deep {
    /// A model in these bytes; `None` if they are none.
    pub fn new(bytes: ModelBytes) -> Option<Self> {
        let model = Model::embedded();
        let ngrams = Ngrams::new(bytes)?;
        let sounds = Sounds::of(&ngrams, model);
        let habits = Habits::of(&ngrams, model);
        Some(Self { ngrams, sounds, habits, model })
    }

    /// How much the model knows.
    pub fn counts(&self) -> DeepCounts {
        self.ngrams.counts()
    }

    /// What is likely wrong in a text with at least these odds, in order.
    pub fn unlikely(&self, text: &str, least_odds: f32) -> Vec<Unlikely> {
        judge::unlikely(self, text, least_odds)
    }

    /// Calls `found` with what is known of each candidate of a text: its bytes, its right word, and the
    /// clues that its odds are made of, by name. For those who set the weights.
    pub fn each_candidate(
        &self,
        text: &str,
        mut found: impl FnMut(Range<usize>, &str, &[(&'static str, f32)]),
    ) {
        judge::each(self, text, |range, proposal, evidence| {
            found(range, &proposal.right(), &evidence.clues().collect::<Vec<_>>());
        });
    }
}
