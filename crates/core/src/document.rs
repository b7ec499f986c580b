//! A post as plain facts with byte spans.

use crate::Span;
use crate::format::Format;
use crate::front::Front;
use crate::generator::Generator;
use crate::image::Image;
use crate::prose::Prose;
use crate::url::Url;

/// Everything that rules ask about a post. All spans are bytes of `text`.
#[derive(Debug)]
pub struct Document<'t> {
    /// The whole text of the post, byte order mark included.
    pub text: &'t str,
    /// What the file is.
    pub format: Format,
    /// The generator whose reading this is.
    pub generator: Generator,
    /// The front matter, or what looks like one.
    pub front: Front<'t>,
    /// Every URL, in the order of the text.
    pub urls: Vec<Url<'t>>,
    /// Every image, in the order of the text.
    pub images: Vec<Image<'t>>,
    /// The visible text.
    pub prose: Prose,
    /// Code blocks, code spans and opaque elements, in the order of the text.
    pub code: Vec<Span>,
    /// HTML blocks and inline tags, in the order of the text.
    pub html: Vec<Span>,
    /// The text of comments that speak to postmend, without the comment's delimiters.
    pub directives: Vec<Span>,
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
