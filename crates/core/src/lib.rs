//! Turns the text of a post into facts with byte spans, and applies edits to it. No I/O, no rules, no
//! config.
//!
//! ```
//! use postmend_core::{Alt, Document, Format, Generator, LineIndex, Patch};
//!
//! let text = "---\ntitle: A day out\n---\n\nThe bay: ![](http://a.example/bay.png)\n";
//! let post = Document::read(text, Format::of_path("posts/a-day-out.md")?, Generator::Hugo);
//! let title = post.front.matter.as_ref().and_then(|matter| matter.top("title"));
//! assert_eq!(title.map(|title| title.span.of(text)), Some("A day out"));
//!
//! let image = &post.images[0];
//! let url = post.url_of(image).ok_or("it has none")?;
//! assert!(matches!(image.alt, Alt::Empty(_)) && url.value == "http://a.example/bay.png");
//! let at = LineIndex::of(text).position(url.span.start as usize);
//! assert_eq!((at.line, at.column), (5, 14));
//!
//! // A URL is escaped as its place requires: here, it needs angle brackets.
//! let edit = url.rewrite(text, "https://a.example/the bay.png").ok_or("it cannot be written here")?;
//! let patch = Patch::new(vec![edit]).ok_or("the edits overlap")?;
//! assert!(patch.apply(text).ends_with("The bay: ![](<https://a.example/the bay.png>)\n"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod block_marks;
mod comment_free_outline;
pub mod date;
pub mod decode;
mod document;
mod elements;
mod escaping;
mod field_role;
mod format;
pub mod front;
mod generated;
pub mod generator;
pub mod html;
mod image;
pub mod lines;
mod markdown_source;
mod mdx;
mod patch;
mod prose;
mod reader;
mod rendered;
mod rewritten;
mod span;
pub mod template;
mod url;

pub use comment_free_outline::comment_free_outline;
pub use document::{Document, Label};
pub use elements::{Element, Elements};
pub use escaping::Escaping;
pub use field_role::{FieldRole, Roles};
pub use format::{Format, UnknownFormat};
pub use generated::is_generated;
pub use generator::Generator;
pub use image::{Alt, Company, Image, ImageSyntax};
pub use lines::{LineIndex, Position};
pub use patch::{Edit, Moves, Patch};
pub use prose::{Mark, NamedParts, Passage, PassageKind, Prose, ProseBySource, is_foreign_language};
pub use span::Span;
pub use url::{Role, Url, is_absolute, names_an_image};
