//! The head of a post: its front matter, or what looks like one.

use super::field::{Field, Key};
use crate::Span;

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
    pub(super) expands_tabs: bool,
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

impl<'t> Front<'t> {
    /// The front matter, if all of it was read.
    pub fn read_matter(&self) -> Option<&FrontMatter<'t>> {
        self.matter.as_ref().filter(|matter| matter.fault.is_none())
    }
}

impl<'t> FrontMatter<'t> {
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
}

/// What a parser made of a front matter.
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
