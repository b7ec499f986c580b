//! All that a text is judged by: how words follow each other, which of them sound alike, how characters behave.

use super::candidates::Sounds;
use super::habits::Habits;
use super::ngrams::Ngrams;
use crate::model::Model;

/// What is known of words and characters.
#[derive(Debug)]
pub(super) struct Knowledge {
    pub(super) ngrams: Ngrams,
    pub(super) sounds: Sounds,
    pub(super) habits: Habits,
    pub(super) model: &'static Model<'static>,
}

impl Knowledge {
    /// What follows from a model of words in a row.
    pub(super) fn of(ngrams: Ngrams) -> Self {
        let model = Model::embedded();
        let sounds = Sounds::of(&ngrams, model);
        let habits = Habits::of(&ngrams, model);
        Self { ngrams, sounds, habits, model }
    }
}
