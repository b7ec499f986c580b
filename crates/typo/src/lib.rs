//! Finds wrong words in text, in Chinese and in English. Knows nothing of posts or files.

mod confusion;
mod deep;
mod english;
mod language;
mod lexicon;
mod little_endian;
mod model;
mod runs;
mod scan;
mod segment;
mod sound;
mod wording;
mod words;

pub use confusion::Confusion;
pub use deep::{
    DEEP_MAGIC, Deep, DeepCounts, LEAST_ODDS, ModelBytes, PackedPair, PackedWord, Unlikely, pack_deep,
};
pub use english::{ENGLISH_MAGIC, English, pack_english};
pub use lexicon::{BLOCK, COST_OF_TEN, CharIndex, Lexicon, NO_WORD};
pub use model::{HASH, MAGIC, Model};
pub use runs::{LENGTHS, Runs};
pub use sound::Syllable;
pub use wording::{Deviation, Inconsistency, PhraseCounts, Usage, UsageBuilder, inconsistencies};
pub use words::{Words, WrongWord};
