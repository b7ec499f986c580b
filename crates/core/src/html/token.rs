//! What a piece of HTML is made of. All spans are bytes of the post's text.

use crate::Span;
use std::ops::Range;

/// The quotes of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quote {
    /// `"`
    Double,
    /// `'`
    Single,
    /// None.
    None,
}

/// An attribute of a tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attribute {
    /// Its name as written.
    pub name: Span,
    /// Its value without the quotes; `None` for a bare `alt`, an empty span for `alt=""`.
    pub value: Option<Span>,
    /// The value's quotes.
    pub quote: Quote,
    /// From the name through the closing quote.
    pub span: Span,
}

/// An opening or closing tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// From `<` through `>`.
    pub span: Span,
    /// The element's name as written.
    pub name: Span,
    /// Whether it is `</name>`.
    pub closing: bool,
    /// Whether it ends with `/>`.
    pub self_closing: bool,
    /// Its attributes, in [`Tokens::attributes`].
    pub attributes: Range<u32>,
}

/// A part of the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token {
    /// A tag.
    Tag(Tag),
    /// Text between tags, character references as written.
    Text(Span),
    /// The content of an element that holds no tags: `script`, `style`, `title`, `textarea`, ….
    Raw(Span),
    /// A comment with its delimiters.
    Comment(Span),
    /// A doctype, a processing instruction, or another thing that HTML reads as a bogus comment.
    Declaration(Span),
}

/// The tokens of a source, in its order and without gaps.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tokens {
    /// The tokens.
    pub list: Vec<Token>,
    /// The attributes of all tags, in the order of the source.
    pub attributes: Vec<Attribute>,
}

impl Token {
    /// The bytes that it stands for.
    pub fn span(&self) -> Span {
        match self {
            Self::Tag(tag) => tag.span,
            Self::Text(span) | Self::Raw(span) | Self::Comment(span) | Self::Declaration(span) => *span,
        }
    }
}

impl Tag {
    /// Whether the element has this name, in any case.
    pub fn is(&self, text: &str, name: &str) -> bool {
        self.name.of(text).eq_ignore_ascii_case(name)
    }
}

impl Tokens {
    /// Forgets all tokens and keeps the memory.
    pub fn clear(&mut self) {
        self.list.clear();
        self.attributes.clear();
    }

    /// The attributes of a tag. A name may occur again; HTML takes the first.
    pub fn attributes_of(&self, tag: &Tag) -> &[Attribute] {
        &self.attributes[tag.attributes.start as usize..tag.attributes.end as usize]
    }

    /// The attribute of that name, in any case.
    pub fn attribute(&self, tag: &Tag, name: &str, text: &str) -> Option<&Attribute> {
        let found = |attribute: &&Attribute| attribute.name.of(text).eq_ignore_ascii_case(name);
        self.attributes_of(tag).iter().find(found)
    }
}
