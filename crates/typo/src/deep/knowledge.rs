//! Everything needed to judge a text: the n-gram model, the index of similar words, and statistics of
//! characters.

use super::candidates::Sounds;
use super::habits::Habits;
use super::ngrams::Ngrams;
use crate::model::Model;

/// Data about words and characters.
#[derive(Debug)]
pub(super) struct Knowledge {
    pub(super) ngrams: Ngrams,
    pub(super) sounds: Sounds,
    pub(super) habits: Habits,
    pub(super) model: &'static Model<'static>,
}

impl Knowledge {
    /// Derives the data from an n-gram model.
    pub(super) fn of(ngrams: Ngrams) -> Self {
        let model = Model::embedded();
        let sounds = Sounds::of(&ngrams, model);
        let habits = Habits::of(&ngrams, model);
        Self { ngrams, sounds, habits, model }
    }
}
