//! What is known of a Chinese character.

use postmend_typo::Syllable;

/// What is known of a character.
#[derive(Debug, Default)]
pub(super) struct Character {
    pub(super) strokes: String,
    pub(super) readings: Vec<Syllable>,
    pub(super) alike: Vec<char>,
}
