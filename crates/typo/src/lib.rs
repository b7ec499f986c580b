//! Finds wrong words in text, in Chinese and in English. Knows nothing of posts or files.
//!
//! ```
//! use postmend_typo::{Model, Runs, Words, inconsistencies};
//!
//! let text = "学校的校园网，公园的校圆网。The project recieved it.";
//! // A text is cut into runs of characters once, whatever is asked of it.
//! let runs = Runs::of(text);
//!
//! // Words that are surely wrong: the lists in the binary, and more of one's own.
//! let words = Words::new([("校圆", "校园")].into_iter(), std::iter::empty())?;
//! let mut wrong = Vec::new();
//! words.find(&runs, |word| wrong.push((&text[word.range], word.right.join(" or "))));
//! assert_eq!(wrong, [("校圆", "校园".to_owned()), ("recieved", "received".to_owned())]);
//!
//! // A phrase that the text itself writes otherwise everywhere else.
//! let text = "搜索引擎很好用。搜索引擎也很快，这家的搜素引擎友好。";
//! let found = inconsistencies(&Runs::of(text), Model::embedded(), |_| false);
//! assert_eq!((&text[found[0].range.clone()], found[0].usual.as_str()), ("搜素引擎", "搜索引擎"));
//! # Ok::<(), String>(())
//! ```
//!
//! [`Deep`] goes further, with a model that is not in the binary.

mod certainty;
mod chinese;
mod confusion;
mod deep;
mod english;
mod grammar;
mod language;
mod latin;
mod lexicon;
mod little_endian;
mod model;
mod repeated;
mod runs;
mod scan;
mod segment;
mod sound;
mod unknown;
mod vocabulary;
mod word_hash;
mod wording;
mod words;

pub use certainty::Certainty;
pub use confusion::Confusion;
pub use deep::{
    DEEP_MAGIC, Deep, DeepCounts, LEAST_ODDS, ModelBytes, PackedPair, PackedWord, Unlikely, pack_deep,
};
pub use english::{ENGLISH_MAGIC, English, RightWords, pack_english};
pub use grammar::{WrongPhrase, of_for_have, wrong_articles, wrong_ordinals};
pub use lexicon::{BLOCK, COST_OF_TEN, CharIndex, Lexicon, NO_WORD};
pub use model::{HASH, MAGIC, Model};
pub use repeated::{Repetition, repeated_words};
pub use runs::{LENGTHS, Runs};
pub use sound::Syllable;
pub use unknown::{LikelySlip, each_slip};
pub use vocabulary::{Commonness, VOCABULARY_MAGIC, Vocabulary, pack_vocabulary};
pub use wording::{Deviation, Inconsistency, PhraseCounts, Usage, UsageBuilder, inconsistencies};
pub use words::{Words, WrongWord, preferred_wording};
