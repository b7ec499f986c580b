//! Converts TOML to fields, with the spans that toml_edit keeps.

use super::fence::Block;
use super::field::{Field, Key, Style, Value};
use super::matter::{Fault, Parsed, Root};
use crate::Span;
use serde_yaml::{Mapping, Value as Truth};
use std::borrow::Cow;
use toml_edit::{Document, Item, TableLike, Value as Toml};

/// Parses the content of a block.
pub(super) fn parse<'t>(text: &'t str, block: &Block) -> Parsed<'t> {
    let base = block.content.start;
    let content = &text[block.content.clone()];
    let mut parsed = Parsed::empty();
    parsed.comments = comments(content, base);
    if let Some(at) = too_deep(content) {
        parsed.root = Root::Map;
        let message = format!("a key has more than {DEEPEST} parts");
        parsed.fault = Some(Fault { at: base + at, message });
        return parsed;
    }
    match Document::parse(content) {
        Ok(document) => {
            let table = document.as_table();
            parsed.root = if table.is_empty() { Root::Empty } else { Root::Map };
            TomlReader { text, base, fields: &mut parsed.fields }.table(table, None);
            drop_text(&mut parsed);
        }
        Err(error) => {
            let at = error.span().map_or(content.len(), |span| span.start.min(content.len()));
            let message = error.message().lines().collect::<Vec<_>>().join(", ");
            parsed.root = Root::Map;
            parsed.fault = Some(Fault { at: base + content.floor_char_boundary(at), message });
        }
    }
    parsed
}

/// Maximum number of parts in a dotted key.
const DEEPEST: usize = 64;

/// The offset of a TOML key with more parts than any person writes: each part creates a nested table, which
/// takes far more memory than its two characters.
pub fn too_deep(toml: &str) -> Option<usize> {
    let bytes = toml.as_bytes();
    let (mut at, mut parts) = (0, 0);
    while let Some(byte) = bytes.get(at) {
        let mut length = 1;
        match byte {
            b'.' => parts += 1,
            // Strings are parts too, whatever their content.
            b'"' | b'\'' => length = string_length(&bytes[at..]),
            b'#' => length = bytes[at..].iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len() - at),
            b' ' | b'\t' | b'-' | b'_' => {}
            _ if byte.is_ascii_alphanumeric() => {}
            _ => parts = 0,
        }
        if parts > DEEPEST {
            return Some(at);
        }
        at += length;
    }
    None
}

/// The length of the TOML string that starts here. An unclosed string extends to the end of its line, or of the
/// text.
fn string_length(bytes: &[u8]) -> usize {
    let quote = bytes[0];
    let is_long = bytes.starts_with(&[quote; 3]);
    let quotes = if is_long { 3 } else { 1 };
    let mut at = quotes;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if quote == b'"' => at += 1,
            b'\n' if !is_long => return at,
            byte if byte == quote && (!is_long || bytes[at..].starts_with(&[quote; 3])) => {
                return at + quotes;
            }
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

/// Parses into the same type as YAML, for comparing before and after.
pub(super) fn truth(content: &str) -> Result<Truth, String> {
    if too_deep(content).is_some() {
        return Err(format!("a key has more than {DEEPEST} parts"));
    }
    let document = Document::parse(content).map_err(|error| error.message().to_owned())?;
    Ok(table_truth(document.as_table()))
}

struct TomlReader<'t, 'f> {
    text: &'t str,
    base: usize,
    fields: &'f mut Vec<Field<'t>>,
}

impl<'t> TomlReader<'t, '_> {
    fn span(&self, range: Option<std::ops::Range<usize>>) -> Span {
        let range = range.unwrap_or(0..0);
        Span::from(range).shifted(self.base)
    }

    fn table(&mut self, table: &dyn TableLike, parent: Option<u32>) {
        for (name, item) in table.iter() {
            let key_span = self.span(table.key(name).and_then(|key| key.span()));
            let name = self.borrow(name, key_span);
            self.item(item, parent, Key::Name(name, key_span));
        }
    }

    fn item(&mut self, item: &Item, parent: Option<u32>, key: Key<'t>) {
        let index = self.fields.len() as u32;
        let span = self.span(item.span());
        match item {
            Item::None => {}
            Item::Value(value) => self.value(value, parent, key),
            Item::Table(table) => {
                self.fields.push(Field { parent, key, span, style: Style::Block, value: Value::Map });
                self.table(table, Some(index));
            }
            Item::ArrayOfTables(tables) => {
                self.fields.push(Field { parent, key, span, style: Style::Block, value: Value::List });
                for (number, table) in tables.iter().enumerate() {
                    let field = self.fields.len() as u32;
                    let (key, span) = (Key::Index(number as u32), self.span(table.span()));
                    let (parent, style) = (Some(index), Style::Block);
                    self.fields.push(Field { parent, key, span, style, value: Value::Map });
                    self.table(table, Some(field));
                }
            }
        }
    }

    fn value(&mut self, value: &Toml, parent: Option<u32>, key: Key<'t>) {
        let index = self.fields.len() as u32;
        let span = self.span(value.span());
        let (style, read) = match value {
            Toml::String(text) => (self.string_style(span), Value::Text(self.borrow(text.value(), span))),
            Toml::Integer(number) => (Style::Bare, Value::Integer(*number.value())),
            Toml::Float(number) => (Style::Bare, Value::Float(*number.value())),
            Toml::Boolean(yes) => (Style::Bare, Value::Bool(*yes.value())),
            Toml::Datetime(_) => {
                // TOML also allows lowercase `t` and `z`.
                let raw = span.of(self.text);
                let upper = raw.contains(['t', 'z']).then(|| Cow::Owned(raw.to_ascii_uppercase()));
                (Style::Bare, Value::Timestamp(upper.unwrap_or(Cow::Borrowed(raw))))
            }
            Toml::Array(_) => (Style::Flow, Value::List),
            Toml::InlineTable(_) => (Style::Flow, Value::Map),
        };
        self.fields.push(Field { parent, key, span, style, value: read });
        match value {
            Toml::Array(array) => {
                for (number, item) in array.iter().enumerate() {
                    self.value(item, Some(index), Key::Index(number as u32));
                }
            }
            Toml::InlineTable(table) => self.table(table, Some(index)),
            _ => {}
        }
    }

    fn string_style(&self, span: Span) -> Style {
        let raw = span.of(self.text);
        match (raw.starts_with("\"\"\"") || raw.starts_with("'''"), raw.starts_with('\'')) {
            (true, _) => Style::TomlMultiline,
            (false, true) => Style::TomlLiteral,
            (false, false) => Style::TomlBasic,
        }
    }

    /// Borrows the text if the source between the quotes is identical to it.
    fn borrow(&self, value: &str, span: Span) -> Cow<'t, str> {
        let raw = span.of(self.text);
        let bare =
            raw.get(1..raw.len().saturating_sub(1)).filter(|_| raw.starts_with(['"', '\''])).unwrap_or(raw);
        if bare == value { Cow::Borrowed(bare) } else { Cow::Owned(value.to_owned()) }
    }
}

/// Comments, from the `#` on. May include parts of multi-line strings.
fn comments(content: &str, base: usize) -> Vec<Span> {
    let mut found = Vec::new();
    let mut at = 0;
    for line in content.split_inclusive('\n') {
        if let Some(start) = comment_start(line) {
            found.push(Span::new(at + start, at + line.trim_end().len()).shifted(base));
        }
        at += line.len();
    }
    found
}

/// The offset of the `#` in a line that is in no string.
fn comment_start(line: &str) -> Option<usize> {
    memchr::memchr(b'#', line.as_bytes())?;
    let (mut quote, mut escaped) = (None, false);
    for (at, byte) in line.bytes().enumerate() {
        match quote {
            None if byte == b'#' => return Some(at),
            None => quote = matches!(byte, b'"' | b'\'').then_some(byte),
            Some(b'"') if byte == b'\\' && !escaped => {
                escaped = true;
                continue;
            }
            Some(open) if byte == open && !escaped => quote = None,
            Some(_) => {}
        }
        escaped = false;
    }
    None
}

/// Removes lines of multi-line strings that only look like comments.
fn drop_text(parsed: &mut Parsed<'_>) {
    let texts = parsed.fields.iter().filter(|field| field.style == Style::TomlMultiline);
    let mut texts: Vec<Span> = texts.map(|field| field.span).collect();
    texts.sort_unstable();
    parsed.comments.retain(|comment| {
        let next = texts.partition_point(|text| text.end <= comment.start);
        !texts.get(next).is_some_and(|text| text.contains(*comment))
    });
}

fn table_truth(table: &dyn TableLike) -> Truth {
    let mut map = Mapping::new();
    for (name, item) in table.iter() {
        map.insert(Truth::String(name.to_owned()), item_truth(item));
    }
    Truth::Mapping(map)
}

fn item_truth(item: &Item) -> Truth {
    match item {
        Item::None => Truth::Null,
        Item::Value(value) => value_truth(value),
        Item::Table(table) => table_truth(table),
        Item::ArrayOfTables(tables) => {
            Truth::Sequence(tables.iter().map(|table| table_truth(table)).collect())
        }
    }
}

fn value_truth(value: &Toml) -> Truth {
    match value {
        Toml::String(text) => Truth::String(text.value().clone()),
        Toml::Integer(number) => Truth::Number((*number.value()).into()),
        Toml::Float(number) => Truth::Number((*number.value()).into()),
        Toml::Boolean(yes) => Truth::Bool(*yes.value()),
        Toml::Datetime(date) => Truth::String(date.value().to_string()),
        Toml::Array(array) => Truth::Sequence(array.iter().map(value_truth).collect()),
        Toml::InlineTable(table) => table_truth(table),
    }
}
