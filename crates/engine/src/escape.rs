//! Text of any origin, made safe for the form that it is printed in.
//!
//! What a post, a path, a config, a report or the system says is a [`Text`], and a [`Sink`] takes it in one of the
//! [forms](Form) only. Words of our own are `&'static str`.

mod forms;
mod json;
mod line;
mod part;
mod sink;

pub use forms::{Code, CommandForm, HtmlForm, LineForm, MarkdownForm, Property, Script, XmlForm};
pub use json::{JsonForm, Serialized};
pub use line::{drawn, in_line, visible};
pub use part::{Form, Made, Part, Text};
pub use sink::{Page, Sink};
