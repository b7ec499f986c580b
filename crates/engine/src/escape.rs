//! Escapes text of any origin for the output format that it is printed in.
//!
//! Text from a post, a path, a config, a report or the system is wrapped in [`Text`], and a [`Sink`] prints it only
//! in one of the [forms](Form). postmend's own words are `&'static str`.

mod forms;
mod json;
mod line;
mod part;
mod sink;

pub use forms::{Code, CommandForm, HtmlForm, LineForm, MarkdownForm, Property, Script, XmlForm};
pub use json::{JsonForm, Serialized};
pub use line::{drawn, in_line, visible};
pub use part::{Form, Fragment, Part, Text};
pub use sink::{Page, Sink};
