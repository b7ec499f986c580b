//! The front matter of a post, as its generator reads it, with the bytes of every field.

mod fence;
mod scalar;
mod toml;
mod yaml;

use crate::escaping::Escaping;
use crate::{Generator, Span};
use fence::{Block, Located};
use std::borrow::Cow;
pub use toml::too_deep;

/// The language of a front matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Syntax {
    /// Between `---`.
    Yaml,
    /// Between `+++`.
    Toml,
    /// `{…}`, or Hexo's object without braces between `;;;`.
    Json,
}

/// What a front matter is as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Root {
    /// Fields, as it should be.
    Map,
    /// A list.
    List,
    /// One value, such as a line of text.
    Scalar,
    /// Nothing.
    Empty,
}

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

/// Why a front matter cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where the parser stopped: a byte of the post.
    pub at: usize,
    /// What it said.
    pub message: String,
}

/// A front matter.
#[derive(Debug, Clone)]
pub struct FrontMatter<'t> {
    /// From the opening fence, or the first key where there is none, through the closing line's end.
    pub span: Span,
    /// What stands between the fences.
    pub content: Span,
    /// Its language.
    pub syntax: Syntax,
    /// Every value in the order of the text, containers before what they hold.
    pub fields: Vec<Field<'t>>,
    /// Comments, from `#` on.
    pub comments: Vec<Span>,
    /// What it is as a whole.
    pub root: Root,
    /// Fields with the same name in the same place: the first and the later one.
    pub duplicates: Vec<(u32, u32)>,
    /// Why it cannot be read; the fields before that are still listed.
    pub fault: Option<Fault>,
    /// Tabs at line starts are read as two blanks.
    expands_tabs: bool,
}

/// A block that looks like front matter, but is none to the generator, or only by accident.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Near {
    /// The block; for [`NearReason::BlankBefore`] what stands before it.
    pub span: Span,
    /// What is wrong with it.
    pub reason: NearReason,
}

/// What is wrong with a block that looks like front matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NearReason {
    /// Blanks before it. The front matter is known all the same, as taking them away makes it right.
    BlankBefore,
    /// Nothing closes it.
    Unclosed,
    /// Its fence has more than three dashes.
    FourDashes,
    /// Blanks stand behind its opening fence.
    TrailingBlank,
    /// `...` closes it.
    DotsClose,
    /// Its opening fence names a language: `---toml`.
    LanguageTag,
    /// It has no opening fence.
    NoOpening,
    /// It is TOML or JSON where the generator reads only YAML, or the like.
    ForeignSyntax,
    /// Its lines end with a bare carriage return.
    BareCarriageReturn,
    /// It is empty, and the generator shows it as text.
    Empty,
    /// It is no front matter, but the generator takes it for one: text up to a thematic break.
    SwallowedBody,
}

/// The head of a post.
#[derive(Debug, Clone)]
pub struct Front<'t> {
    /// The front matter that the generator reads, or would but for blanks before it.
    pub matter: Option<FrontMatter<'t>>,
    /// What looks like front matter and is not quite.
    pub near: Option<Near>,
    /// The byte where the body starts.
    pub body: usize,
}

/// What a generator makes of a post's head.
#[derive(Debug, Clone)]
pub enum Reading<'t> {
    /// No front matter: all of it is body.
    Raw,
    /// The build stops at the fences.
    Broken,
    /// A front matter, which may have faults of its own.
    Read(Box<FrontMatter<'t>>),
}

/// Reads the head of a post. Never fails: what cannot be read is a fact as well.
pub fn read(text: &str, generator: Generator) -> Front<'_> {
    let before = fence::blank_before(text);
    if let Some(block) = readable_block(text, before, generator) {
        if swallows_body(text, &block, generator) {
            let near = Near { span: Span::new(block.start, block.end), reason: NearReason::SwallowedBody };
            return Front { matter: None, near: Some(near), body: block.end };
        }
        let matter = FrontMatter::of(text, &block, generator);
        let hidden = before > 0 && !text[..before].trim_start_matches('\u{FEFF}').is_empty();
        let near = hidden.then(|| Near { span: Span::new(0, before), reason: NearReason::BlankBefore });
        if is_front_matter(&matter, text, &block, hidden, generator) {
            return Front { body: block.end, matter: Some(matter), near };
        }
    }
    match fence::lookalike(text, before, generator) {
        Some(near) => Front { matter: None, near: Some(near), body: near.span.end as usize },
        None => Front { matter: None, near: None, body: if text.starts_with('\u{FEFF}') { 3 } else { 0 } },
    }
}

impl<'t> Front<'t> {
    /// The front matter, if all of it was read.
    pub fn read_matter(&self) -> Option<&FrontMatter<'t>> {
        self.matter.as_ref().filter(|matter| matter.fault.is_none())
    }
}

/// What exactly this generator makes of a post's head, blanks before it included.
pub fn reading(text: &str, generator: Generator) -> Reading<'_> {
    match fence::locate(text, 0, generator) {
        Located::Nothing => Reading::Raw,
        Located::Broken => Reading::Broken,
        Located::Block(block) => Reading::Read(Box::new(FrontMatter::of(text, &block, generator))),
    }
}

/// What a YAML scalar without quotes is to a generator's parser.
pub fn plain_value(text: &str, generator: Generator) -> Value<'_> {
    scalar::resolve(Cow::Borrowed(text), scalar::Dialect::of(generator))
}

/// The block that the generator reads, or would read if nothing stood before it.
fn readable_block(text: &str, before: usize, generator: Generator) -> Option<Block> {
    let mark = if text.starts_with('\u{FEFF}') { 3 } else { 0 };
    let places = if before > mark { [before, 0] } else { [0, before] };
    places.into_iter().find_map(|at| match fence::locate(text, at, generator) {
        Located::Block(block) if block.closed => Some(block),
        _ => None,
    })
}

/// Whether Hexo takes text of the body for front matter: no opening fence and no field in sight.
fn swallows_body(text: &str, block: &Block, generator: Generator) -> bool {
    let content = &text[block.content.clone()];
    let lacks_opening =
        generator == Generator::Hexo && block.start == block.content.start && !content.starts_with('{');
    let first = content.trim_start().lines().next().unwrap_or_default();
    lacks_opening && !fence::looks_like_field(first) && yaml::parse(text, block, generator).root == Root::Map
}

/// Whether a block is meant as front matter: two thematic breaks around text are not.
fn is_front_matter(
    matter: &FrontMatter<'_>,
    text: &str,
    block: &Block,
    hidden: bool,
    generator: Generator,
) -> bool {
    let content = &text[block.content.clone()];
    let looks_like_fields = content.lines().any(fence::looks_like_field);
    let lacks_opening = block.start == block.content.start && matter.syntax == Syntax::Yaml;
    match (matter.root, &matter.fault) {
        _ if lacks_opening => matter.root == Root::Map && matter.fault.is_none(),
        (Root::Empty, _) => generator != Generator::Hexo || !content.trim().is_empty(),
        (Root::Map, None) => true,
        // Hexo goes on without fields where there are none.
        (Root::Scalar, None) => !hidden && !content.trim().contains("\n\n"),
        _ => looks_like_fields || !hidden,
    }
}

impl<'t> FrontMatter<'t> {
    fn of(text: &'t str, block: &Block, generator: Generator) -> Self {
        let parsed = match block.syntax {
            Syntax::Toml => toml::parse(text, block),
            Syntax::Yaml | Syntax::Json => yaml::parse(text, block, generator),
        };
        Self {
            span: Span::new(block.start, block.end),
            content: Span::from(block.content.clone()),
            syntax: block.syntax,
            fields: parsed.fields,
            comments: parsed.comments,
            root: parsed.root,
            duplicates: parsed.duplicates,
            fault: parsed.fault,
            expands_tabs: generator == Generator::Hexo,
        }
    }

    /// The field of that name at the top.
    pub fn top(&self, name: &str) -> Option<&Field<'t>> {
        self.fields.iter().find(|field| {
            field.parent.is_none() && matches!(&field.key, Key::Name(known, _) if known == name)
        })
    }

    /// Whether all of it was read, and it holds fields.
    pub fn has_fields(&self) -> bool {
        self.fault.is_none() && self.root == Root::Map
    }

    /// The line of the opening fence, or the first field's where there is none: where a finding about
    /// all of it stands.
    pub fn opening_line(&self, text: &str) -> Span {
        let start = self.span.start as usize;
        let line = text[start..].lines().next().unwrap_or_default();
        Span::new(start, start + line.trim_end().len())
    }

    /// Where a field stands: `series.title`, `tags[0]`.
    pub fn path(&self, index: usize) -> String {
        let above = |field: &&Field<'t>| field.parent.map(|parent| &self.fields[parent as usize]);
        let mut fields: Vec<&Field<'t>> = std::iter::successors(Some(&self.fields[index]), above).collect();
        fields.reverse();
        let mut path = String::new();
        for field in fields {
            match &field.key {
                Key::Index(place) => path.extend(["[", &place.to_string(), "]"]),
                Key::Name(name, _) if path.is_empty() => path.push_str(name),
                Key::Name(name, _) => path.extend([".", name]),
            }
        }
        path
    }

    /// The whole front matter as its standard parser reads it, which the spans are checked against.
    ///
    /// # Errors
    /// What the parser says.
    pub fn truth(&self, text: &str) -> Result<serde_yaml::Value, String> {
        let content = self.content.of(text);
        match self.syntax {
            Syntax::Toml => toml::truth(content),
            Syntax::Json if !content.trim_start().starts_with('{') => {
                serde_yaml::from_str(&format!("{{{content}}}")).map_err(|error| error.to_string())
            }
            Syntax::Json | Syntax::Yaml => {
                let content =
                    if self.expands_tabs { yaml::expand_tabs(content) } else { Cow::Borrowed(content) };
                serde_yaml::from_str(&content).map_err(|error| error.to_string())
            }
        }
    }
}

/// What a parser made of a front matter.
struct Parsed<'t> {
    fields: Vec<Field<'t>>,
    comments: Vec<Span>,
    root: Root,
    duplicates: Vec<(u32, u32)>,
    fault: Option<Fault>,
}

impl<'t> Parsed<'t> {
    fn empty() -> Self {
        Self {
            fields: Vec::new(),
            comments: Vec::new(),
            root: Root::Empty,
            duplicates: Vec::new(),
            fault: None,
        }
    }
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
