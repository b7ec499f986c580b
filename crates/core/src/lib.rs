//! Text of a post to plain facts with byte spans, and edits on it. No I/O, no rules, no config.

mod comment_free_outline;
pub mod date;
pub mod decode;
mod document;
mod elements;
mod escaping;
mod field_role;
pub mod front;
pub mod generator;
pub mod html;
mod image;
pub mod lines;
mod patch;
mod prose;
mod reader;
mod rendered;
mod span;
pub mod template;
mod url;

pub use comment_free_outline::comment_free_outline;
pub use document::{Document, Format};
pub use elements::{Element, Elements};
pub use escaping::Escaping;
pub use field_role::{FieldRole, Roles};
pub use generator::Generator;
pub use image::{Alt, Company, Image, ImageSyntax};
pub use patch::{Edit, Moves, Patch};
pub use prose::{Passage, PassageKind, Prose};
pub use span::Span;
pub use url::{Role, Url, is_absolute, names_an_image};
