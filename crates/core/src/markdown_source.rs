//! The body of a post in the form that the Markdown parser takes, with the way back to the post's own bytes.

use crate::format::Format;
use crate::mdx;
use crate::template::{Template, mask};
use crate::{Span, document::Document};
use std::borrow::Cow;
use std::ops::Range;

/// The body of a post for the Markdown parser.
pub(crate) struct MarkdownSource<'b> {
    /// The body with its template constructs masked. It has the length of the body.
    pub(crate) masked: Cow<'b, str>,
    /// The same as CommonMark, if it is written in MDX and that reads differently.
    rewritten: Option<Rewritten>,
    /// The offset of the body in the text of the post.
    base: usize,
}

impl<'b> MarkdownSource<'b> {
    /// The body of a post whose template constructs are known.
    pub(crate) fn new(text: &'b str, base: usize, format: Format, templates: &[Template]) -> Self {
        let masked = mask(&text[base..], base, templates);
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

/// A text that was made from another one by leaving out and inserting parts.
#[derive(Default)]
pub(crate) struct Rewritten {
    /// The new text.
    pub(crate) text: String,
    /// Its parts, in order.
    parts: Vec<CopiedPart>,
}

/// A part of a rewritten text, up to the start of the next.
struct CopiedPart {
    /// Where it starts.
    start: usize,
    /// Where it starts in the original, or what it stands before if it is inserted.
    original: usize,
    is_inserted: bool,
}

impl Rewritten {
    /// Adds `range` of the original text.
    pub(crate) fn copy(&mut self, original: &str, range: Range<usize>) {
        let start = self.text.len();
        let continues = self
            .parts
            .last()
            .is_some_and(|part| !part.is_inserted && part.original + (start - part.start) == range.start);
        if !continues && !range.is_empty() {
            self.parts.push(CopiedPart { start, original: range.start, is_inserted: false });
        }
        self.text.push_str(&original[range]);
    }

    /// Adds text that the original does not have before its byte `original`.
    pub(crate) fn insert(&mut self, text: &str, original: usize) {
        if !text.is_empty() {
            self.parts.push(CopiedPart { start: self.text.len(), original, is_inserted: true });
            self.text.push_str(text);
        }
    }

    /// The range of the original text that became `range`.
    fn original(&self, range: Range<usize>) -> Range<usize> {
        let offset = |at: usize, held_by: usize| {
            let next = self.parts.partition_point(|part| part.start <= held_by);
            let part = self.parts[..next].last();
            part.map_or(
                at,
                |part| if part.is_inserted { part.original } else { part.original + (at - part.start) },
            )
        };
        let start = offset(range.start, range.start);
        let end = if range.is_empty() { start } else { offset(range.end, range.end - 1) };
        start..end.max(start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leads_back_to_the_original() {
        let original = "    one\ntwo";
        let mut new = Rewritten::default();
        new.copy(original, 4..8);
        new.insert("\n", 8);
        new.copy(original, 8..11);
        assert_eq!(new.text, "one\n\ntwo");
        for (part, range) in [(0..3, 4..7), (0..4, 4..8), (4..5, 8..8), (5..8, 8..11), (3..6, 7..9)] {
            assert_eq!(new.original(part.clone()), range, "{part:?}");
        }
    }
}
