//! A common model of images, independent of the syntax in which they are written.

use crate::Span;
use std::borrow::Cow;

/// An image in a post.
#[derive(Debug, Clone, PartialEq)]
pub struct Image<'t> {
    /// The span of the whole construct: `![…](…)`, the `<img …>` tag, the front matter value.
    pub span: Span,
    /// Its URL, as an index into the document's `urls`; `None` if it has none.
    pub url: Option<u32>,
    /// Its alternative text.
    pub alt: Alt<'t>,
    /// The syntax in which it is written.
    pub syntax: ImageSyntax,
    /// Whether assistive technology skips it because of its own attributes or those of an ancestor:
    /// `aria-hidden="true"`, `role="none"`, `role="presentation"`, `hidden`, `inert`, `display: none`.
    pub hidden: bool,
    /// Whether `aria-label` or `aria-labelledby` labels it instead of `alt`.
    pub labelled: bool,
    /// Its surroundings.
    pub company: Company,
}

/// Alternative text as written.
#[derive(Debug, Clone, PartialEq)]
pub enum Alt<'t> {
    /// The syntax has no alternative text: a front matter field, a `poster`, a `<source>`.
    Unsaid,
    /// The syntax supports it, but it is missing.
    Absent,
    /// Declared empty: `alt=""`, a bare `alt`, `![](…)`. The span is where the text would be.
    Empty(Span),
    /// Present, with its span and decoded value.
    Text(Span, Cow<'t, str>),
}

/// The syntax in which an image is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImageSyntax {
    /// `![alt](url)` or `![alt][label]`.
    Markdown,
    /// `<img>`.
    Html,
    /// `<input type="image">` or `<area href="…">`, whose alternative text says what they do.
    Control,
    /// An HTML element or attribute with an image but without alternative text: `<source>`, `poster`, `style`.
    HtmlOther,
    /// A JSX or Vue component.
    Component,
    /// A field of the front matter.
    Front,
    /// A Hexo tag, a Hugo shortcode, a Jekyll include.
    Template,
}

/// The surroundings of an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Company {
    /// There is text or another image in the same paragraph.
    #[default]
    Others,
    /// It is the only content of its paragraph.
    AloneInParagraph,
    /// It is the only content of a link.
    AloneInLink,
}
