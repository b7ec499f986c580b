//! What becomes of the URLs of a post: where they move to, or why they stay.

use postmend_core::{Escaping, Span};

/// What becomes of a URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It is none of this migration's.
    Unconcerned,
    /// It would move, but for this.
    Stays(Why),
    /// It moves.
    Moves(Destination),
}

/// Where a URL moves to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destination {
    /// The new URL.
    pub url: String,
    /// The URL of the image itself, between being taken out of its proxy and being wrapped.
    pub origin: String,
    /// The maps that moved it, in their order.
    pub by: String,
    /// Whether nothing about the image's address was guessed or dropped.
    pub lossless: bool,
    /// Whether a second migration would move it once more.
    pub moves_again: bool,
}

/// Why a URL stays although the migration is about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// The proxy's URL does not hold all of the image's.
    Lossy(String),
    /// The proxy's URL is damaged.
    Damaged(String),
    /// It goes through a proxy that the migration does not take away.
    Proxied(String),
    /// It says neither http nor https.
    NoScheme,
    /// The target would give another URL back.
    DoesNotFit,
    /// A template of the site makes a part of it.
    Templated,
    /// The place where it stands cannot hold the new URL.
    Place,
    /// It stands inside another URL that moves.
    Overlaps,
    /// The post would be read differently.
    Refused(String),
    /// No copy of the image could be had.
    NoCopy(String),
}

/// A URL of a post that moves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// Its bytes in the post.
    pub span: Span,
    /// How it is escaped there.
    pub escaping: Escaping,
    /// What it was.
    pub old: String,
    /// Where it goes.
    pub to: Destination,
}

/// A URL of a post that stays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// Its bytes in the post.
    pub span: Span,
    /// How it is escaped there.
    pub escaping: Escaping,
    /// What it is.
    pub url: String,
    /// Why it stays.
    pub why: Why,
}

/// What a migration does to a post.
#[derive(Debug, Default)]
pub struct Planned {
    /// The URLs that move, in the order of the text.
    pub moves: Vec<Move>,
    /// Those that should and stay, in the order of the text.
    pub left: Vec<Left>,
    /// The text afterwards, proved to differ in these URLs alone; `None` where nothing moves.
    pub text: Option<String>,
}

impl Why {
    /// What reports say.
    pub fn message(&self) -> String {
        match self {
            Self::Lossy(proxy) => {
                format!("{proxy} keeps only part of the original URL; `--lossy` accepts that")
            }
            Self::Damaged(damage) => format!("damaged: {damage}"),
            Self::Proxied(proxy) => format!("goes through another proxy ({proxy})"),
            Self::NoScheme => "has neither http nor https".to_owned(),
            Self::DoesNotFit => "it could not be restored from the target".to_owned(),
            Self::Templated => "part of it comes from a template".to_owned(),
            Self::Place => "the new URL cannot be written there".to_owned(),
            Self::Overlaps => "is inside another URL that moves".to_owned(),
            Self::Refused(reason) => format!("refused: {reason}"),
            Self::NoCopy(reason) => reason.clone(),
        }
    }
}
