//! A value in front matter: its type, its style, and its span.

use crate::Span;
use crate::escaping::Escaping;
use std::borrow::Cow;

/// The style in which a value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// A YAML plain scalar, without quotes.
    Plain,
    /// A YAML single-quoted scalar: `'…'`.
    SingleQuoted,
    /// A YAML double-quoted scalar: `"…"`.
    DoubleQuoted,
    /// A YAML literal block scalar: `|`.
    Literal,
    /// A YAML folded block scalar: `>`.
    Folded,
    /// A TOML basic string: `"…"`.
    TomlBasic,
    /// A TOML literal string: `'…'`.
    TomlLiteral,
    /// A TOML multi-line string: `"""…"""` or `'''…'''`.
    TomlMultiline,
    /// A JSON string.
    JsonString,
    /// A number, boolean or date in TOML or JSON.
    Bare,
    /// `[…]` and `{…}`.
    Flow,
    /// A list or map in block style, over several lines.
    Block,
    /// A missing YAML value.
    Empty,
}

/// The key of a value.
#[derive(Debug, Clone, PartialEq)]
pub enum Key<'t> {
    /// A name, and its span including quotes.
    Name(Cow<'t, str>, Span),
    /// An index in a list, from 0.
    Index(u32),
}

/// A value with the type that the generator's parser gives it.
#[derive(Debug, Clone, PartialEq)]
pub enum Value<'t> {
    /// Null.
    Null,
    /// A boolean.
    Bool(bool),
    /// An integer.
    Integer(i64),
    /// A floating-point number.
    Float(f64),
    /// Text.
    Text(Cow<'t, str>),
    /// A value that the parser reads as a date, as written.
    Timestamp(Cow<'t, str>),
    /// A list, whose items are separate fields.
    List,
    /// A map, whose values are separate fields.
    Map,
    /// A YAML alias, which is not resolved.
    Alias,
}

/// A value with its position.
#[derive(Debug, Clone, PartialEq)]
pub struct Field<'t> {
    /// The index of the field that contains it; `None` at the top level.
    pub parent: Option<u32>,
    /// Its name or index in there.
    pub key: Key<'t>,
    /// Its span, including quotes. For a block scalar it starts at the `|` or `>`; for a missing value it is
    /// empty.
    pub span: Span,
    /// The style in which it is written.
    pub style: Style,
    /// The value.
    pub value: Value<'t>,
}

impl Field<'_> {
    /// The span of the value's text without its quotes, and how it is escaped there; `None` if it is on several
    /// lines.
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

/// The text of a block scalar with just one line after its header.
fn only_line(span: Span, text: &str) -> Option<Span> {
    let raw = span.of(text);
    let (_, body) = raw.split_once('\n')?;
    let line = body.trim();
    let start = span.start as usize + raw.len() - body.trim_start().len();
    (!line.is_empty() && !line.contains('\n')).then(|| Span::new(start, start + line.len()))
}
