//! What happens to the URLs of a post: where they move to, or why they stay.

use postmend_core::{Escaping, Span};

/// What happens to a URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// The migration does not concern it.
    Unconcerned,
    /// It would move, but stays for this reason.
    Stays(Why),
    /// It moves.
    Moves(Destination),
}

/// Where a URL moves to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destination {
    /// The new URL.
    pub url: String,
    /// The URL of the image itself: without its old proxy, moved by its map, and not yet wrapped.
    pub origin: String,
    /// The steps that moved it, in order.
    pub by: String,
    /// Whether no part of the image's address was guessed or dropped.
    pub lossless: bool,
    /// Whether a second migration would move it again.
    pub moves_again: bool,
}

/// Why a URL stays although the migration concerns it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// The proxy's URL has only part of the image's URL.
    Lossy(String),
    /// The proxy's URL is damaged.
    Damaged(String),
    /// It goes through a proxy that the migration does not remove.
    Proxied(String),
    /// It has neither http nor https.
    NoScheme,
    /// It could not be restored from its URL in the target.
    DoesNotFit,
    /// A template of the site produces part of it.
    Templated,
    /// The new URL cannot be written in that place.
    Place,
    /// It is inside another URL that moves.
    Overlaps,
    /// The post would be parsed differently.
    Refused(String),
    /// There is no copy of the image.
    NoCopy(String),
}

/// A URL of a post that moves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// Its byte span in the post.
    pub span: Span,
    /// How it is escaped there.
    pub escaping: Escaping,
    /// The old URL.
    pub old: String,
    /// The new URL.
    pub to: Destination,
}

/// A URL of a post that stays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// Its byte span in the post.
    pub span: Span,
    /// How it is escaped there.
    pub escaping: Escaping,
    /// The URL.
    pub url: String,
    /// Why it stays.
    pub why: Why,
}

/// The plan of a migration for a post.
#[derive(Debug, Default)]
pub struct Planned {
    /// The URLs that move, in the order of the text.
    pub moves: Vec<Move>,
    /// The URLs that the migration concerns but that stay, in the order of the text.
    pub left: Vec<Left>,
    /// The new text, verified to differ only in these URLs; `None` if nothing moves.
    pub text: Option<String>,
}

impl Why {
    /// The message in reports.
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
