//! A post as plain facts with byte spans.

use crate::Span;
use crate::format::Format;
use crate::front::Front;
use crate::generator::Generator;
use crate::image::Image;
use crate::prose::Prose;
use crate::url::Url;

/// All facts about a post that rules use. All spans are byte offsets into `text`.
#[derive(Debug)]
pub struct Document<'t> {
    /// The whole text of the post, byte order mark included.
    pub text: &'t str,
    /// The format of the file.
    pub format: Format,
    /// The generator as which the post was read.
    pub generator: Generator,
    /// The front matter, or a block that looks like front matter.
    pub front: Front<'t>,
    /// Every URL, in text order.
    pub urls: Vec<Url<'t>>,
    /// Every image, in text order.
    pub images: Vec<Image<'t>>,
    /// Every place where the label of a reference is written, in text order.
    pub labels: Vec<Label>,
    /// Names by which other places find something, in text order: ids, labels of footnotes, names of components, and
    /// what is imported and exported.
    pub names: Vec<Span>,
    /// The headings of Markdown, in text order.
    pub headings: Vec<Span>,
    /// The visible text.
    pub prose: Prose,
    /// Code blocks, code spans and opaque elements, in text order.
    pub code: Vec<Span>,
    /// HTML blocks and inline tags, in text order.
    pub html: Vec<Span>,
    /// The contents of suppression comments, without the comment delimiters.
    pub directives: Vec<Span>,
}

/// A place where the label of a reference is written: in its definition, or where it is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Label {
    /// The label, without its brackets.
    pub span: Span,
    /// The index of the definition's URL.
    pub url: u32,
    /// Whether it is the definition.
    pub defines: bool,
}

impl<'t> Document<'t> {
    /// The URL of an image.
    pub fn url_of(&self, image: &Image<'t>) -> Option<&Url<'t>> {
        image.url.map(|index| &self.urls[index as usize])
    }

    /// Whether the byte at `offset` is code.
    pub fn is_code(&self, offset: usize) -> bool {
        let next = self.code.partition_point(|span| span.end as usize <= offset);
        self.code.get(next).is_some_and(|span| span.start as usize <= offset)
    }
}
