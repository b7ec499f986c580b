//! Dates in front matter: the forms they are written in, and the instant that each generator reads.

mod go;
mod instant;
mod javascript;
mod luxon;
mod names;
mod outcome;
mod reader;
mod ruby;
mod scan;
mod written;
pub(crate) mod yaml;

pub use instant::Instant;
pub use jiff::civil::Date;
pub use jiff::tz::TimeZone;
pub use outcome::Outcome;
pub use reader::{DateReader, Zones, outcome};
pub use written::{Ambiguity, Shape, WrittenDate};
