//! Text of a post to plain facts with byte spans, and edits on it. No I/O, no rules, no config.

pub mod date;
pub mod decode;
mod document;
mod elements;
pub mod front;
pub mod generator;
pub mod html;
mod image;
pub mod lines;
mod outline;
mod patch;
mod place;
mod prose;
mod reader;
mod rendered;
mod role;
mod span;
pub mod template;
mod url;

pub use document::{Document, Format};
pub use elements::{Element, Elements};
pub use generator::Generator;
pub use image::{Alt, Company, Image, ImageSyntax};
pub use outline::outline;
pub use patch::{Edit, Moves, Patch};
pub use place::Place;
pub use prose::{Passage, PassageKind, Prose};
pub use role::{FieldRole, Roles};
pub use span::Span;
pub use url::{Role, Url, is_absolute, names_an_image};
