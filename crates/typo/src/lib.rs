//! Finds wrong words in text, in Chinese and in English. Knows nothing of posts or files.

mod lexicon;
mod model;
mod runs;
mod segment;
mod sound;
mod wording;

pub use lexicon::{BLOCK, COST_OF_TEN, Lexicon, NO_WORD};
pub use model::{Confusion, HASH, MAGIC, Model, Place};
pub use sound::Syllable;
pub use wording::{Inconsistency, inconsistencies};
