//! A value of a front matter: what it is, how it is written, and its bytes.

use crate::Span;
use crate::escaping::Escaping;
use std::borrow::Cow;

/// How a value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// YAML without quotes.
    Plain,
    /// YAML's `'…'`.
    SingleQuoted,
    /// YAML's `"…"`.
    DoubleQuoted,
    /// YAML's `|`.
    Literal,
    /// YAML's `>`.
    Folded,
    /// TOML's `"…"`.
    TomlBasic,
    /// TOML's `'…'`.
    TomlLiteral,
    /// TOML's `"""…"""` and `'''…'''`.
    TomlMultiline,
    /// A JSON string.
    JsonString,
    /// A number, boolean or date of TOML and JSON.
    Bare,
    /// `[…]` and `{…}`.
    Flow,
    /// A list or map over lines.
    Block,
    /// A YAML value that is not there.
    Empty,
}

/// What stands before a value.
#[derive(Debug, Clone, PartialEq)]
pub enum Key<'t> {
    /// A name, and its bytes with quotes.
    Name(Cow<'t, str>, Span),
    /// A place in a list, from 0.
    Index(u32),
}

/// What a value is, as the generator's parser types it.
#[derive(Debug, Clone, PartialEq)]
pub enum Value<'t> {
    /// Nothing.
    Null,
    /// A boolean.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// Another number.
    Float(f64),
    /// Text.
    Text(Cow<'t, str>),
    /// What the parser takes for a date, as written.
    Timestamp(Cow<'t, str>),
    /// A list, whose items are fields of their own.
    List,
    /// A map, whose values are fields of their own.
    Map,
    /// A YAML alias, which is not followed.
    Alias,
}

/// A value with its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Field<'t> {
    /// The field that it stands in, as an index; `None` at the top.
    pub parent: Option<u32>,
    /// Its name or place in there.
    pub key: Key<'t>,
    /// Its bytes: with quotes; a block scalar from its `|` on; a point where there is nothing.
    pub span: Span,
    /// How it is written.
    pub style: Style,
    /// What it is.
    pub value: Value<'t>,
}

impl Field<'_> {
    /// Where the value's text stands without its quotes, and how it is escaped there; `None` for
    /// what stands on more than one line.
    pub fn scalar(&self, text: &str) -> Option<(Span, Escaping)> {
        let raw = self.span.of(text);
        let quoted = (raw.len() >= 2).then(|| Span { start: self.span.start + 1, end: self.span.end - 1 });
        let (span, escaping) = match self.style {
            Style::Plain | Style::Bare => (self.span, Escaping::YamlPlain),
            Style::SingleQuoted => (quoted?, Escaping::YamlSingle),
            Style::DoubleQuoted | Style::JsonString => (quoted?, Escaping::YamlDouble),
            Style::TomlBasic => (quoted?, Escaping::TomlBasic),
            Style::TomlLiteral => (quoted?, Escaping::TomlLiteral),
            Style::Literal | Style::Folded => (only_line(self.span, text)?, Escaping::Verbatim),
            Style::TomlMultiline if raw.len() >= 6 => {
                let inside = Span { start: self.span.start + 3, end: self.span.end - 3 };
                (inside, if raw.starts_with('"') { Escaping::TomlBasic } else { Escaping::TomlLiteral })
            }
            Style::TomlMultiline | Style::Flow | Style::Block | Style::Empty => return None,
        };
        (!span.of(text).contains(['\n', '\r'])).then_some((span, escaping))
    }
}

/// The text of a block scalar that has just one line under its header.
fn only_line(span: Span, text: &str) -> Option<Span> {
    let raw = span.of(text);
    let (_, body) = raw.split_once('\n')?;
    let line = body.trim();
    let start = span.start as usize + raw.len() - body.trim_start().len();
    (!line.is_empty() && !line.contains('\n')).then(|| Span::new(start, start + line.len()))
}
