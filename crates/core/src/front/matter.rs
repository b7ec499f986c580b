//! The start of a post: its front matter, or what looks like front matter.

use super::field::{Field, Key};
use crate::Span;

/// The language of front matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Syntax {
    /// YAML, between `---`.
    Yaml,
    /// TOML, between `+++`.
    Toml,
    /// JSON: `{…}`, or Hexo's object without braces between `;;;`.
    Json,
}

/// The kind of value that front matter as a whole is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Root {
    /// Fields, as it should be.
    Map,
    /// A list.
    List,
    /// A single value, such as a line of text.
    Scalar,
    /// Nothing.
    Empty,
}

/// Why front matter cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The byte offset in the post at which the parser stopped.
    pub at: usize,
    /// The parser's message.
    pub message: String,
}

/// Front matter.
#[derive(Debug, Clone)]
pub struct FrontMatter<'t> {
    /// From the opening fence, or the first key if there is none, to the end of the closing line.
    pub span: Span,
    /// The span between the fences.
    pub content: Span,
    /// Its language.
    pub syntax: Syntax,
    /// Every value in text order, with lists and maps before their contents.
    pub fields: Vec<Field<'t>>,
    /// The spans of comments, starting at the `#`.
    pub comments: Vec<Span>,
    /// The kind of value that it is as a whole.
    pub root: Root,
    /// Fields with the same name and parent, as indices of the first and the later one.
    pub duplicates: Vec<(u32, u32)>,
    /// Why it cannot be read, if so; the fields before the error are still listed.
    pub fault: Option<Fault>,
    /// Whether tabs at the start of lines are read as two spaces.
    pub(super) expands_tabs: bool,
}

/// A block that looks like front matter, but that the generator does not read as such, or only by accident.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Near {
    /// The span of the block; for [`NearReason::BlankBefore`] that of the white space before it.
    pub span: Span,
    /// What is wrong with it.
    pub reason: NearReason,
}

/// What is wrong with a block that looks like front matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NearReason {
    /// There is white space before it. The front matter is still reported, since removing the white space makes
    /// it valid.
    BlankBefore,
    /// It is not closed.
    Unclosed,
    /// Its fence has more than three dashes.
    FourDashes,
    /// There are trailing spaces after its opening fence.
    TrailingBlank,
    /// It is closed by `...`.
    DotsClose,
    /// Its opening fence names a language: `---toml`.
    LanguageTag,
    /// It has no opening fence.
    NoOpening,
    /// It is in a syntax that the generator does not read, such as TOML or JSON.
    ForeignSyntax,
    /// Its lines end with a bare carriage return.
    BareCarriageReturn,
    /// There is a comment or a heading before it.
    NotFirst,
    /// It is empty, and the generator shows it as text.
    Empty,
    /// It is not front matter, but the generator reads it as such: text up to a thematic break.
    SwallowedBody,
}

/// The start of a post.
#[derive(Debug, Clone)]
pub struct Front<'t> {
    /// The front matter that the generator reads, or would read if there were no white space before it.
    pub matter: Option<FrontMatter<'t>>,
    /// A block that is almost front matter.
    pub near: Option<Near>,
    /// The byte offset where the body starts.
    pub body: usize,
}

/// How a generator reads the start of a post.
#[derive(Debug, Clone)]
pub enum Reading<'t> {
    /// No front matter: everything is body.
    Raw,
    /// The build fails because of the fences.
    Broken,
    /// Front matter, which itself may have a fault.
    Read(Box<FrontMatter<'t>>),
}

impl<'t> Front<'t> {
    /// The front matter, if all of it could be read.
    pub fn read_matter(&self) -> Option<&FrontMatter<'t>> {
        self.matter.as_ref().filter(|matter| matter.fault.is_none())
    }
}

impl<'t> FrontMatter<'t> {
    /// The top-level field with that name.
    pub fn top(&self, name: &str) -> Option<&Field<'t>> {
        self.fields
            .iter()
            .find(|field| field.parent.is_none() && matches!(&field.key, Key::Name(key, _) if key == name))
    }

    /// Whether all of it could be read, and it has fields.
    pub fn has_fields(&self) -> bool {
        self.fault.is_none() && self.root == Root::Map
    }

    /// The line of the opening fence, or of the first field if there is none: the place for findings about the
    /// front matter as a whole.
    pub fn opening_line(&self, text: &str) -> Span {
        let start = self.span.start as usize;
        let line = text[start..].lines().next().unwrap_or_default();
        Span::new(start, start + line.trim_end().len())
    }

    /// The path of a field: `series.title`, `tags[0]`.
    pub fn path(&self, index: usize) -> String {
        let above = |field: &&Field<'t>| field.parent.map(|parent| &self.fields[parent as usize]);
        let mut fields: Vec<&Field<'t>> = std::iter::successors(Some(&self.fields[index]), above).collect();
        fields.reverse();
        let mut path = String::new();
        for field in fields {
            match &field.key {
                Key::Index(number) => path.extend(["[", &number.to_string(), "]"]),
                Key::Name(name, _) if path.is_empty() => path.push_str(name),
                Key::Name(name, _) => path.extend([".", name]),
            }
        }
        path
    }
}

/// The result of parsing front matter.
pub(super) struct Parsed<'t> {
    pub(super) fields: Vec<Field<'t>>,
    pub(super) comments: Vec<Span>,
    pub(super) root: Root,
    pub(super) duplicates: Vec<(u32, u32)>,
    pub(super) fault: Option<Fault>,
}

impl<'t> Parsed<'t> {
    pub(super) fn empty() -> Self {
        Self {
            fields: Vec::new(),
            comments: Vec::new(),
            root: Root::Empty,
            duplicates: Vec::new(),
            fault: None,
        }
    }
}
