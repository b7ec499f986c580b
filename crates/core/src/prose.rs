//! The visible text of a post, block by block, with each piece mapped to its source bytes.

mod by_source;
mod enclosure;
mod marks;
mod names;
mod wiki_links;

pub use by_source::ProseBySource;
pub(crate) use enclosure::Enclosure;
pub use marks::{Mark, is_foreign_language};
pub use names::NamedParts;

use crate::{Edit, Span};
use marks::Marks;
use std::ops::Range;

/// All passages of a document, concatenated so that a single search covers them all.
#[derive(Debug, Default)]
pub struct Prose {
    /// The text of the passages; there is a `\n` after each, and for a line break inside one.
    pub text: String,
    /// Sorted, and without gaps apart from the `\n`s after passages.
    pieces: Vec<ProsePiece>,
    /// Sorted.
    passages: Vec<PassageStart>,
    marks: Marks,
}

/// A piece of text that is contiguous in the source.
#[derive(Debug, Clone, Copy)]
struct ProsePiece {
    /// Its offset in the prose.
    at: u32,
    /// Its span in the source.
    span: Span,
    /// Whether it is identical to the source bytes, so that a part of it can be edited.
    exact: bool,
}

#[derive(Debug, Clone, Copy)]
struct PassageStart {
    at: u32,
    kind: PassageKind,
    /// What its source is enclosed in.
    enclosure: Enclosure,
}

/// The kind of place in a post that a passage comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PassageKind {
    /// A block of Markdown: a paragraph, heading or list item.
    Markdown,
    /// A cell of a table in Markdown.
    Cell,
    /// A block of HTML.
    Html,
    /// A prose field of the front matter, such as the title.
    Front,
    /// A value that readers see: alternative text, a title or a caption.
    Alt,
}

/// The visible text of one block.
#[derive(Debug, Clone, Copy)]
pub struct Passage<'p> {
    prose: &'p Prose,
    /// Its offset in the prose.
    start: usize,
    /// Its text, without the final `\n`.
    pub text: &'p str,
    /// Its kind.
    pub kind: PassageKind,
}

impl Prose {
    /// The passages in the order of the source.
    pub fn passages(&self) -> impl Iterator<Item = Passage<'_>> {
        (0..self.passages.len()).map(|index| {
            let start = self.passages[index].at as usize;
            let end = self.passages.get(index + 1).map_or(self.text.len(), |next| next.at as usize);
            Passage {
                prose: self,
                start,
                text: self.text[start..end].trim_end_matches('\n'),
                kind: self.passages[index].kind,
            }
        })
    }

    /// The kind of passage that the byte `at` of the prose belongs to.
    pub fn kind_at(&self, at: usize) -> PassageKind {
        let after = self.passages.partition_point(|block| block.at as usize <= at);
        self.passages[..after].last().map_or(PassageKind::Markdown, |block| block.kind)
    }

    /// The source span from the first to the last byte of a range of the prose. It includes everything between
    /// the pieces, such as tags.
    pub fn span(&self, range: Range<usize>) -> Span {
        let parts = self.parts(range);
        let start = parts.first().map_or(0, |part| part.0.start);
        let end = parts.last().map_or(start, |part| part.0.end);
        Span { start, end }
    }

    /// The source span of a range of the prose, if the source has it byte for byte and in one piece.
    pub fn exact_span(&self, range: Range<usize>) -> Option<Span> {
        let parts = self.parts(range);
        let joined = parts.windows(2).all(|pair| pair[0].0.end == pair[1].0.start);
        let exact = parts.iter().all(|part| part.1);
        (joined && exact && !parts.is_empty())
            .then(|| Span { start: parts[0].0.start, end: parts[parts.len() - 1].0.end })
    }

    /// Whether any part of the range has the mark.
    pub fn has(&self, mark: Mark, range: &Range<usize>) -> bool {
        self.marks.has(mark, range)
    }

    /// The first range with the mark that has a part of this range.
    pub fn marked(&self, mark: Mark, range: &Range<usize>) -> Option<Range<usize>> {
        self.marks.touching(mark, range)
    }

    /// Whether the range is all that the source marks in one place.
    pub fn is_whole(&self, mark: Mark, range: &Range<usize>) -> bool {
        self.marks.touching(mark, range).is_some_and(|whole| whole == *range)
    }

    /// Whether the source says that the byte `at` is in a language other than English and Chinese, or not to be
    /// translated.
    pub fn is_foreign(&self, at: usize) -> bool {
        self.marks.is_foreign(at)
    }

    /// The range of the passage that the byte `at` belongs to, without the final `\n`.
    pub fn passage_at(&self, at: usize) -> Range<usize> {
        let after = self.passages.partition_point(|passage| passage.at as usize <= at);
        let start = self.passages[..after].last().map_or(0, |passage| passage.at as usize);
        let end = self.passages.get(after).map_or(self.text.len(), |next| next.at as usize);
        start..start + self.text[start..end].trim_end_matches('\n').len()
    }

    /// The targets of wiki links, which name pages, in the order of the source.
    pub fn wiki_link_targets(&self) -> impl Iterator<Item = &str> {
        wiki_links::wiki_link_targets(&self.text).into_iter().map(|target| &self.text[target])
    }

    /// The edits that replace a range of the prose by `new`, leaving the tags inside it in place; `None` if the
    /// source does not have the text to change byte for byte, or what encloses it cannot hold the new one.
    pub fn replace(&self, range: Range<usize>, new: &str) -> Option<Vec<Edit>> {
        let old = &self.text[range.clone()];
        let lead = common_prefix(old, new);
        let tail = common_prefix_back(&old[lead..], &new[lead..]);
        let changed = range.start + lead..range.end - tail;
        let new = &new[lead..new.len() - tail];
        if !self.enclosure_at(range.start).holds(new) {
            return None;
        }
        if changed.is_empty() {
            let anchor = range.start + lead;
            let before =
                (anchor > range.start).then(|| self.exact_span(previous(&self.text, anchor)..anchor))?;
            return Some(vec![Edit::insert(before?.end as usize, new)]);
        }
        if let Some(span) = self.exact_span(changed.clone()) {
            return Some(vec![Edit::replace(span, new)]);
        }
        self.replace_by_character(changed, new)
    }

    /// Replaces single characters, in case there is a tag between two changed ones.
    fn replace_by_character(&self, changed: Range<usize>, new: &str) -> Option<Vec<Edit>> {
        let old = &self.text[changed.clone()];
        if old.chars().count() != new.chars().count() {
            return None;
        }
        let pairs = old.char_indices().zip(new.chars()).filter(|((_, old), new)| old != new);
        pairs
            .map(|((at, character), new)| {
                let start = changed.start + at;
                Some(Edit::replace(self.exact_span(start..start + character.len_utf8())?, new.to_string()))
            })
            .collect()
    }

    /// What the source of the passage at the byte `at` of the prose is enclosed in.
    fn enclosure_at(&self, at: usize) -> Enclosure {
        let after = self.passages.partition_point(|passage| passage.at as usize <= at);
        self.passages[..after].last().map_or(Enclosure::Open, |passage| passage.enclosure)
    }

    /// The source spans of the pieces in a range, each cut to the range, and whether each is exact.
    fn parts(&self, range: Range<usize>) -> Vec<(Span, bool)> {
        let first = self.pieces.partition_point(|piece| piece.at as usize <= range.start).saturating_sub(1);
        let mut parts = Vec::new();
        for (index, piece) in self.pieces.iter().enumerate().skip(first) {
            let start = piece.at as usize;
            if start >= range.end {
                break;
            }
            let end = self.pieces.get(index + 1).map_or(self.text.len(), |next| next.at as usize);
            // The `\n`s between pieces do not correspond to anything in the source.
            if end <= range.start || (piece.exact && start + piece.span.len() <= range.start) {
                continue;
            }
            let span = if piece.exact {
                let from = piece.span.start as usize + range.start.saturating_sub(start);
                let to = piece.span.start as usize + range.end.min(start + piece.span.len()) - start;
                Span::new(from.min(to), to)
            } else {
                piece.span
            };
            parts.push((span, piece.exact));
        }
        parts
    }
}

impl Passage<'_> {
    /// The source span of a range of this passage's text.
    pub fn span(&self, range: Range<usize>) -> Span {
        self.prose.span(self.start + range.start..self.start + range.end)
    }

    /// The source span of a range of this passage's text, if the source has it: see [`Prose::exact_span`].
    pub fn exact_span(&self, range: Range<usize>) -> Option<Span> {
        self.prose.exact_span(self.start + range.start..self.start + range.end)
    }

    /// The edits that replace a range of this passage's text by `new`: see [`Prose::replace`].
    ///
    /// Code and other text that is not prose may lie within the range, and stays: [`Prose::exact_span`] says if nothing does.
    pub fn replace(&self, range: Range<usize>, new: &str) -> Option<Vec<Edit>> {
        self.prose.replace(self.start + range.start..self.start + range.end, new)
    }
}

/// Methods for building it while a document is read.
impl Prose {
    /// Empty prose with capacity for a text of `length` bytes.
    pub(crate) fn of_length(length: usize) -> Self {
        Self { text: String::with_capacity(length), pieces: Vec::with_capacity(64), ..Self::default() }
    }

    /// Opens a passage; an open one with text is closed first.
    pub(crate) fn begin(&mut self, kind: PassageKind) {
        self.begin_in(kind, Enclosure::Open);
    }

    /// Opens a passage for a value that is enclosed in the source.
    pub(crate) fn begin_value(&mut self, enclosure: Enclosure) {
        self.begin_in(PassageKind::Alt, enclosure);
    }

    fn begin_in(&mut self, kind: PassageKind, enclosure: Enclosure) {
        self.end();
        let at = self.text.len() as u32;
        self.passages.pop_if(|last| last.at == at);
        self.passages.push(PassageStart { at, kind, enclosure });
    }

    /// Closes the open passage.
    pub(crate) fn end(&mut self) {
        let starts_here = self.passages.last().is_none_or(|last| last.at as usize == self.text.len());
        if !starts_here && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
    }

    /// Adds text that is identical to the source at `span`.
    pub(crate) fn push(&mut self, text: &str, span: Span) {
        debug_assert_eq!(text.len(), span.len());
        let at = self.text.len() as u32;
        self.text.push_str(text);
        match self.pieces.last_mut() {
            Some(last)
                if last.exact && last.span.end == span.start && last.at + last.span.len() as u32 == at =>
            {
                last.span.end = span.end;
            }
            _ => self.pieces.push(ProsePiece { at, span, exact: true }),
        }
    }

    /// Adds text that represents `span` but is not identical to it: a character reference, a line break, a
    /// template.
    pub(crate) fn push_stand_in(&mut self, text: &str, span: Span) {
        self.pieces.push(ProsePiece { at: self.text.len() as u32, span, exact: false });
        self.text.push_str(text);
    }

    /// Marks everything since the byte `start` of the prose.
    pub(crate) fn mark_since(&mut self, mark: Mark, start: usize) {
        let end = self.text.len();
        self.marks.add(mark, start.min(end) as u32..end as u32);
    }

    /// Declares for everything from here on whether it is foreign.
    pub(crate) fn set_foreign(&mut self, foreign: bool) {
        self.marks.set_foreign(self.text.len() as u32, foreign);
    }
}

fn common_prefix(a: &str, b: &str) -> usize {
    a.chars().zip(b.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum()
}

fn common_prefix_back(a: &str, b: &str) -> usize {
    a.chars().rev().zip(b.chars().rev()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum()
}

fn previous(text: &str, at: usize) -> usize {
    at - text[..at].chars().next_back().map_or(0, char::len_utf8)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Patch;

    #[test]
    fn edits_a_phrase_across_tags() {
        let source = "开<b>个</b>建设";
        let mut prose = Prose::default();
        prose.begin(PassageKind::Html);
        for span in [Span::new(0, 3), Span::new(6, 9), Span::new(13, 19)] {
            prose.push(span.of(source), span);
        }
        prose.end();
        let at = prose.text.find("开个建设").unwrap();
        assert_eq!(prose.span(at..at + 12), Span::new(0, 19));
        let edits = prose.replace(at..at + 12, "开工建设").unwrap();
        assert_eq!(Patch::new(edits).unwrap().apply(source), "开<b>工</b>建设");
    }

    #[test]
    fn does_not_edit_what_the_source_does_not_spell() {
        let source = "a&nbsp;b";
        let mut prose = Prose::default();
        prose.begin(PassageKind::Html);
        prose.push("a", Span::new(0, 1));
        prose.push_stand_in("\u{A0}", Span::new(1, 7));
        prose.push("b", Span::new(7, 8));
        assert_eq!(prose.replace(0..4, "a b"), None);
        let edits = prose.replace(0..4, "a\u{A0}c").unwrap();
        assert_eq!(Patch::new(edits).unwrap().apply(source), "a&nbsp;c");
    }
}
