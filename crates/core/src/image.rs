//! One model of an image, whichever syntax wrote it.

use crate::Span;
use std::borrow::Cow;

/// An image that a post shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Image<'t> {
    /// The whole construct: `![…](…)`, the `<img …>` tag, the front-matter value.
    pub span: Span,
    /// Its URL, as an index into the document's `urls`; `None` where it has none.
    pub url: Option<u32>,
    /// Its alternative text.
    pub alt: Alt<'t>,
    /// What wrote it.
    pub syntax: ImageSyntax,
    /// Whether assistive technology is told to skip it, here or by an element around it:
    /// `aria-hidden="true"`, `role="none"`, `role="presentation"`.
    pub hidden: bool,
    /// Whether `aria-label` or `aria-labelledby` names it instead of `alt`.
    pub labelled: bool,
    /// What stands around it.
    pub company: Company,
}

/// Alternative text as it is written.
#[derive(Debug, Clone, PartialEq)]
pub enum Alt<'t> {
    /// This syntax says nothing about it: a front-matter field, a `poster`, a `<source>`.
    Unsaid,
    /// It could be there and is not.
    Absent,
    /// Declared empty: `alt=""`, a bare `alt`, `![](…)`. The span is where text would stand.
    Empty(Span),
    /// Written out.
    Text(Span, Cow<'t, str>),
}

/// What wrote an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImageSyntax {
    /// `![alt](url)` or `![alt][label]`.
    Markdown,
    /// `<img>`, or `<input type="image">`.
    Html,
    /// An element that carries an image without alternative text: `<source>`, `poster`, `style`.
    HtmlOther,
    /// A JSX or Vue component.
    Component,
    /// A field of the front matter.
    Front,
    /// A Hexo tag, a Hugo shortcode, a Jekyll include.
    Template,
}

/// What stands around an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Company {
    /// Text or other images stand in the same paragraph.
    #[default]
    Others,
    /// It is all that its paragraph holds.
    AloneInParagraph,
    /// It is all that a link holds.
    AloneInLink,
}
