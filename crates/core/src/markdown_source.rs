//! The body of a post in the form that the Markdown parser takes, with the way back to the post's own bytes.

use crate::block_marks::without_tabs_after_fences;
use crate::format::Format;
use crate::mdx;
use crate::rewritten::Rewritten;
use crate::template::{Template, mask};
use crate::{Span, document::Document};
use std::borrow::Cow;
use std::ops::Range;

/// The body of a post for the Markdown parser.
pub(crate) struct MarkdownSource<'b> {
    /// The body with its template constructs masked. It has the length of the body.
    pub(crate) masked: Cow<'b, str>,
    /// The same as CommonMark, if it is written in MDX.
    rewritten: Option<Rewritten>,
    /// The offset of the body in the text of the post.
    base: usize,
}

impl<'b> MarkdownSource<'b> {
    /// The body of a post whose template constructs are known.
    pub(crate) fn new(text: &'b str, base: usize, format: Format, templates: &[Template]) -> Self {
        let masked = without_tabs_after_fences(mask(&text[base..], base, templates));
        let rewritten = (format == Format::Mdx).then(|| mdx::as_commonmark(&masked)).flatten();
        Self { masked, rewritten, base }
    }

    /// The body of a post that has been read.
    pub(crate) fn of(document: &Document<'b>, templates: &[Template]) -> Self {
        Self::new(document.text, document.front.body, document.format, templates)
    }

    /// What the parser reads.
    pub(crate) fn text(&self) -> &str {
        self.rewritten.as_ref().map_or(&*self.masked, |rewritten| &rewritten.text)
    }

    /// Where a range of the parsed text is in the body.
    pub(crate) fn range_in_body(&self, parsed: Range<usize>) -> Range<usize> {
        self.rewritten.as_ref().map_or(parsed.clone(), |rewritten| rewritten.original(parsed))
    }

    /// Where a range of the parsed text is in the post.
    pub(crate) fn span(&self, parsed: Range<usize>) -> Span {
        Span::from(self.range_in_body(parsed)).shifted(self.base)
    }

    /// The source of a tag or HTML block, and its offset in the post.
    pub(crate) fn written(&self, parsed: Range<usize>) -> (&str, usize) {
        let range = self.range_in_body(parsed);
        (&self.masked[range.clone()], range.start + self.base)
    }
}
