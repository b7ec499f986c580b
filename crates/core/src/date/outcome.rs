//! What becomes of a date where a generator reads it.

use super::instant::Instant;
use std::fmt;

/// What becomes of a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// This instant.
    Instant(Instant),
    /// The date in the file's name, or else when the file was made: silently, and another one after
    /// each checkout.
    FileTime,
    /// No date at all.
    Nothing,
    /// The build stops.
    Error,
    /// `Invalid Date` reaches the page.
    Invalid,
    /// A number goes on to the page as it is.
    Number(i64),
    /// A day of the year, or an hour of the day, in which the site is built.
    Today,
}

impl Outcome {
    /// The instant, if it is one.
    pub fn instant(self) -> Option<Instant> {
        match self {
            Self::Instant(instant) => Some(instant),
            _ => None,
        }
    }
}

impl fmt::Display for Outcome {
    /// What follows after "Hexo reads it as".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Instant(instant) => instant.fmt(f),
            Self::FileTime => f.write_str("the time of the file"),
            Self::Nothing => f.write_str("no date"),
            Self::Error => f.write_str("an error"),
            Self::Invalid => f.write_str("Invalid Date"),
            Self::Number(number) => write!(f, "the number {number}"),
            Self::Today => f.write_str("a day near that of the build"),
        }
    }
}
