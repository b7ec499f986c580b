//! The result of reading a date with a generator.

use super::instant::Instant;
use std::fmt;

/// The result of reading a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// An instant.
    Instant(Instant),
    /// Silently the date in the file name, or else the file's time, which changes with each checkout.
    FileTime,
    /// No date.
    Nothing,
    /// The build stops.
    Error,
    /// `Invalid Date` is shown on the page.
    Invalid,
    /// A number is passed to the page unchanged.
    Number(i64),
    /// A day of the year or a time of day of the build.
    Today,
}

impl Outcome {
    /// The instant, if there is one.
    pub fn instant(self) -> Option<Instant> {
        match self {
            Self::Instant(instant) => Some(instant),
            _ => None,
        }
    }
}

impl fmt::Display for Outcome {
    /// The text after "Hexo reads it as".
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
