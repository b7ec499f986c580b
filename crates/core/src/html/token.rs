//! The tokens of HTML. All spans are byte offsets in the post's text.

use crate::Span;
use std::ops::Range;

/// The quotes of an attribute value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quote {
    /// `"`
    Double,
    /// `'`
    Single,
    /// No quotes.
    None,
}

/// An attribute of a tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attribute {
    /// The span of its name as written.
    pub name: Span,
    /// The span of its value without the quotes; `None` for a bare `alt`, an empty span for `alt=""`.
    pub value: Option<Span>,
    /// The value's quotes.
    pub quote: Quote,
    /// The span from the name to the closing quote.
    pub span: Span,
}

/// An opening or closing tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// The span from `<` to `>`.
    pub span: Span,
    /// The span of the element's name as written.
    pub name: Span,
    /// Whether it is a closing tag, `</name>`.
    pub closing: bool,
    /// Whether it ends with `/>`.
    pub self_closing: bool,
    /// The range of its attributes in [`Tokens::attributes`].
    pub attributes: Range<u32>,
}

/// A token of the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token {
    /// A tag.
    Tag(Tag),
    /// Text between tags, with character references as written.
    Text(Span),
    /// The content of a raw text element: `script`, `style`, `title`, `textarea`, ….
    Raw(Span),
    /// A comment, including its delimiters.
    Comment(Span),
    /// A doctype, a processing instruction, or anything else that HTML reads as a bogus comment.
    Declaration(Span),
}

/// The tokens of a source, in order and without gaps.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tokens {
    /// The tokens.
    pub list: Vec<Token>,
    /// The attributes of all tags, in source order.
    pub attributes: Vec<Attribute>,
}

impl Token {
    /// The span of the token.
    pub fn span(&self) -> Span {
        match self {
            Self::Tag(tag) => tag.span,
            Self::Text(span) | Self::Raw(span) | Self::Comment(span) | Self::Declaration(span) => *span,
        }
    }
}

impl Tag {
    /// Whether the element has this name, ignoring case.
    pub fn is(&self, text: &str, name: &str) -> bool {
        self.name.of(text).eq_ignore_ascii_case(name)
    }
}

impl Tokens {
    /// Removes all tokens but keeps the allocated memory.
    pub fn clear(&mut self) {
        self.list.clear();
        self.attributes.clear();
    }

    /// The attributes of a tag. If a name occurs more than once, HTML uses the first.
    pub fn attributes_of(&self, tag: &Tag) -> &[Attribute] {
        &self.attributes[tag.attributes.start as usize..tag.attributes.end as usize]
    }

    /// The attribute with that name, ignoring case.
    pub fn attribute(&self, tag: &Tag, name: &str, text: &str) -> Option<&Attribute> {
        let found = |attribute: &&Attribute| attribute.name.of(text).eq_ignore_ascii_case(name);
        self.attributes_of(tag).iter().find(found)
    }
}
