//! Converts YAML and JSON to fields: one pass over the parser's events, each with its span.

use super::fence::Block;
use super::field::{Field, Key, Style, Value};
use super::matter::{Fault, Parsed, Root, Syntax};
use super::scalar::{Dialect, resolve};
use crate::lines::LineIndex;
use crate::{Generator, Span};
use granit_parser::{Event, Parser, ScalarStyle, Span as Mark, StructureStyle};
use serde::de::IgnoredAny;
use std::borrow::Cow;
use std::collections::HashMap;

/// Parses the content of a block.
pub(super) fn parse<'t>(text: &'t str, block: &Block, generator: Generator) -> Parsed<'t> {
    let content = &text[block.content.clone()];
    let base = block.content.start;
    let dialect = Dialect::of(generator);
    let bare_object = block.syntax == Syntax::Json && !content.trim_start().starts_with('{');
    if bare_object {
        // Hexo adds the braces around it.
        let source = format!("{{{content}}}");
        let to_offset = |at: usize| base + at.saturating_sub(1).min(content.len());
        return read(&source, to_offset, block.syntax, dialect).owned();
    }
    // Between brackets, a tab indents nothing, and only this parser minds it.
    let is_harmless =
        || content.contains("\n\t") && serde_yaml::from_str::<serde_yaml::Value>(content).is_ok();
    let expands = generator == Generator::Hexo || is_harmless();
    let expanded = if expands { expand_tabs(content) } else { Cow::Borrowed(content) };
    match expanded {
        Cow::Borrowed(source) => read(source, |at| base + at, block.syntax, dialect),
        Cow::Owned(source) => {
            let offsets = original_offsets(content);
            let to_offset = |at: usize| base + offsets.get(at).copied().unwrap_or(content.len());
            read(&source, to_offset, block.syntax, dialect).owned()
        }
    }
}

/// Hexo reads each tab at the start of a line as two spaces.
pub(super) fn expand_tabs(content: &str) -> Cow<'_, str> {
    if !content.starts_with('\t') && !content.contains("\n\t") {
        return Cow::Borrowed(content);
    }
    let mut out = String::with_capacity(content.len() + 16);
    for line in content.split_inclusive('\n') {
        let rest = line.trim_start_matches('\t');
        out.extend(std::iter::repeat_n("  ", line.len() - rest.len()));
        out.push_str(rest);
    }
    Cow::Owned(out)
}

/// For each byte of the expanded content, its offset in the original.
fn original_offsets(content: &str) -> Vec<usize> {
    let mut offsets = Vec::with_capacity(content.len() + 16);
    let mut at_line_start = true;
    for (at, byte) in content.bytes().enumerate() {
        let tab = at_line_start && byte == b'\t';
        offsets.push(at);
        if tab {
            offsets.push(at);
        }
        at_line_start = tab || byte == b'\n';
    }
    offsets
}

fn read<'t>(
    source: &'t str,
    to_offset: impl Fn(usize) -> usize,
    syntax: Syntax,
    dialect: Dialect,
) -> Parsed<'t> {
    let mut reader = YamlReader {
        source,
        to_offset,
        syntax,
        dialect,
        parsed: Parsed::empty(),
        open: Vec::new(),
        names: HashMap::new(),
        complex_key: 0,
        complex_start: 0,
        last_end: 0,
        documents: 0,
    };
    // Read a last line without a line ending like libyaml.
    let options = granit_parser::options! { block_scalar_eof_without_line_feed: true };
    for next in Parser::new_from_str_with_options(source, options) {
        match next {
            Ok((event, mark)) => reader.event(event, &mark),
            Err(error) => {
                let at = error.marker().byte_offset().unwrap_or(source.len());
                reader.fault(at, error.info());
            }
        }
        if reader.parsed.fault.is_some() {
            break;
        }
    }
    if let Some((at, message)) = (syntax == Syntax::Json).then(|| not_json(source)).flatten() {
        reader.fault(at, message);
    }
    reader.parsed
}

/// The offset and reason of the first JSON error. YAML accepts more than JSON: unquoted names, and a trailing
/// comma.
fn not_json(source: &str) -> Option<(usize, String)> {
    let error = serde_json::from_str::<IgnoredAny>(source).err()?;
    let lines = LineIndex::of_line_feeds(source);
    let before = lines.whole_line(error.line().clamp(1, lines.count())).start as usize;
    let at = source.floor_char_boundary(before + error.column().saturating_sub(1));
    if source[at..].starts_with(['}', ']']) && source[..at].trim_end().ends_with(',') {
        return Some((at, "trailing comma after the last value".to_owned()));
    }
    let message = error.to_string();
    let message = message.split_once(" at line ").map_or(message.as_str(), |(message, _)| message);
    Some((at, message.to_owned()))
}

/// An open list or map.
struct OpenContainer<'t> {
    /// The index of its field; `None` for the root.
    field: Option<u32>,
    /// The index of the next item in a list.
    index: u32,
    is_map: bool,
    /// The key whose value comes next.
    key: Option<(Cow<'t, str>, Span)>,
}

struct YamlReader<'t, P> {
    source: &'t str,
    to_offset: P,
    syntax: Syntax,
    dialect: Dialect,
    parsed: Parsed<'t>,
    open: Vec<OpenContainer<'t>>,
    /// The index of the first field with each name, by container.
    names: HashMap<(Option<u32>, String), u32>,
    /// Nesting depth inside a key that is itself a list or map.
    complex_key: usize,
    /// The source offset of the start of that key.
    complex_start: usize,
    /// The source offset of the end of the last key or value.
    last_end: usize,
    documents: usize,
}

impl<'t, P: Fn(usize) -> usize> YamlReader<'t, P> {
    fn span(&self, start: usize, end: usize) -> Span {
        let start = (self.to_offset)(start);
        Span::new(start, (self.to_offset)(end).max(start))
    }

    fn fault(&mut self, at: usize, message: String) {
        let at = (self.to_offset)(self.source.floor_char_boundary(at.min(self.source.len())));
        self.parsed.fault.get_or_insert(Fault { at, message });
    }

    fn event(&mut self, event: Event<'t>, mark: &Mark) {
        let range = mark.byte_range().unwrap_or(0..0);
        match event {
            Event::Comment(..) => {
                let span = self.span(range.start, range.end);
                self.parsed.comments.push(span);
            }
            Event::DocumentStart(..) => {
                self.documents += 1;
                if self.documents > 1 {
                    self.fault(range.start, "a second document starts here".to_owned());
                }
            }
            Event::Scalar(_, _, _, Some(tag)) if self.complex_key == 0 && self.is_refused(&tag) => {
                self.fault(range.start, "the tag is not known".to_owned());
            }
            Event::Scalar(text, style, ..) if self.complex_key == 0 => {
                self.scalar(text, style, range.start, range.end);
            }
            Event::MappingStart(style, ..) => self.begin(true, style, range.start),
            Event::SequenceStart(style, ..) => self.begin(false, style, range.start),
            Event::MappingEnd | Event::SequenceEnd => self.end(range.end),
            Event::Alias(_) if self.complex_key == 0 => self.alias(range.start, range.end),
            Event::Scalar(..) | Event::Alias(_) => self.last_end = self.last_end.max(range.end),
            _ => {}
        }
    }

    fn is_refused(&self, tag: &granit_parser::Tag) -> bool {
        self.dialect.refuses_tags && !tag.handle().starts_with("tag:yaml.org,2002:")
    }

    fn scalar(&mut self, text: Cow<'t, str>, style: ScalarStyle, start: usize, end: usize) {
        if self.waits_for_key() {
            let span = self.span(start, end);
            self.last_end = end;
            return self.set_key(text, span);
        }
        let missing = style == ScalarStyle::Plain && start == end;
        let (start, style) = match style {
            ScalarStyle::Plain if missing => (self.empty_place(start), Style::Empty),
            ScalarStyle::Plain => {
                (start, if self.syntax == Syntax::Json { Style::Bare } else { Style::Plain })
            }
            ScalarStyle::DoubleQuoted if self.syntax == Syntax::Json => (start, Style::JsonString),
            ScalarStyle::SingleQuoted => (start, Style::SingleQuoted),
            ScalarStyle::DoubleQuoted => (start, Style::DoubleQuoted),
            ScalarStyle::Literal => (self.header(start, '|'), Style::Literal),
            ScalarStyle::Folded => (self.header(start, '>'), Style::Folded),
        };
        let end = end.max(start);
        let value = match style {
            Style::Empty => Value::Null,
            Style::Plain | Style::Bare => resolve(text, self.dialect),
            _ => Value::Text(text),
        };
        let span = if style == Style::Empty { self.span(start, start) } else { self.span(start, end) };
        self.last_end = end;
        if self.open.is_empty() {
            self.parsed.root = if value == Value::Null { Root::Empty } else { Root::Scalar };
            return;
        }
        self.push(span, style, value);
    }

    /// The offset of an empty value: after the colon of its key, or after the key if there is no colon.
    fn empty_place(&self, start: usize) -> usize {
        let Some(OpenContainer { is_map: true, .. }) = self.open.last() else { return start };
        let from = self.last_end.min(self.source.len());
        let rest = self.source[from..].trim_start_matches([' ', '\t', '\r', '\n']);
        if rest.starts_with(':') { self.source.len() - rest.len() + 1 } else { from }
    }

    /// The offset of a block scalar's header: the parser's span starts only with its text.
    fn header(&self, start: usize, indicator: char) -> usize {
        let from = self.last_end.min(start);
        self.source[from..start].find(indicator).map_or(start, |at| from + at)
    }

    fn waits_for_key(&self) -> bool {
        self.open.last().is_some_and(|open| open.is_map && open.key.is_none())
    }

    fn set_key(&mut self, name: Cow<'t, str>, span: Span) {
        if let Some(open) = self.open.last_mut() {
            open.key = Some((name, span));
        }
    }

    fn alias(&mut self, start: usize, end: usize) {
        let span = self.span(start, end);
        self.last_end = end;
        if self.waits_for_key() {
            return self.set_key(Cow::Borrowed(&self.source[start..end]), span);
        }
        self.push(span, Style::Plain, Value::Alias);
    }

    fn begin(&mut self, is_map: bool, style: StructureStyle, start: usize) {
        if self.complex_key > 0 || self.waits_for_key() {
            if self.complex_key == 0 {
                self.complex_start = start;
            }
            self.complex_key += 1;
            return;
        }
        let style = if style == StructureStyle::Flow { Style::Flow } else { Style::Block };
        let span = self.span(start, start);
        let value = if is_map { Value::Map } else { Value::List };
        let field = if self.open.is_empty() {
            self.parsed.root = if is_map { Root::Map } else { Root::List };
            None
        } else {
            self.push(span, style, value)
        };
        self.open.push(OpenContainer { field, index: 0, is_map, key: None });
    }

    fn end(&mut self, end: usize) {
        if self.complex_key > 0 {
            self.complex_key -= 1;
            // Only bracketed containers end where the parser says; block lists and maps end with their last
            // item.
            if self.source[..end].ends_with(['}', ']']) {
                self.last_end = self.last_end.max(end);
            }
            if self.complex_key == 0 {
                let (start, end) = (self.complex_start, self.last_end.max(self.complex_start));
                self.set_key(Cow::Borrowed(&self.source[start..end]), self.span(start, end));
            }
            return;
        }
        let Some(open) = self.open.pop() else { return };
        let Some(field) = open.field else { return };
        let last =
            self.last_end.max(if self.parsed.fields[field as usize].style == Style::Flow { end } else { 0 });
        let end = (self.to_offset)(last.min(self.source.len())) as u32;
        let span = &mut self.parsed.fields[field as usize].span;
        span.end = end.max(span.start);
        self.last_end = last;
    }

    /// Adds a field to the open container, and returns its index.
    fn push(&mut self, span: Span, style: Style, value: Value<'t>) -> Option<u32> {
        let next = self.parsed.fields.len() as u32;
        let open = self.open.last_mut()?;
        let parent = open.field;
        let key = match open.key.take() {
            Some((name, span)) => {
                let first = *self.names.entry((parent, name.clone().into_owned())).or_insert(next);
                if first != next {
                    self.parsed.duplicates.push((first, next));
                }
                Key::Name(name, span)
            }
            None => {
                open.index += 1;
                Key::Index(open.index - 1)
            }
        };
        self.parsed.fields.push(Field { parent, key, span, style, value });
        Some(next)
    }
}

impl Parsed<'_> {
    /// The same without borrowing from the source.
    fn owned<'o>(self) -> Parsed<'o> {
        let own = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        let fields = self.fields.into_iter().map(|field| Field {
            parent: field.parent,
            key: match field.key {
                Key::Name(name, span) => Key::Name(own(name), span),
                Key::Index(index) => Key::Index(index),
            },
            span: field.span,
            style: field.style,
            value: match field.value {
                Value::Text(text) => Value::Text(own(text)),
                Value::Timestamp(text) => Value::Timestamp(own(text)),
                Value::Null => Value::Null,
                Value::Bool(yes) => Value::Bool(yes),
                Value::Integer(number) => Value::Integer(number),
                Value::Float(number) => Value::Float(number),
                Value::List => Value::List,
                Value::Map => Value::Map,
                Value::Alias => Value::Alias,
            },
        });
        Parsed {
            fields: fields.collect(),
            comments: self.comments,
            root: self.root,
            duplicates: self.duplicates,
            fault: self.fault,
        }
    }
}
