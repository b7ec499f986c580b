//! The data of a Chinese character.

use postmend_typo::Syllable;

/// The data of a character.
#[derive(Debug, Default)]
pub(super) struct Character {
    pub(super) strokes: String,
    pub(super) readings: Vec<Syllable>,
    pub(super) alike: Vec<char>,
}
