//! The lines of a text: which line a byte is on, where a line starts and ends, and the column.
//!
//! A [`LineIndex`] is built once for a text with something to report. To go from one line to the next, no index
//! is needed: see [`line_from`].

use crate::Span;
use memchr::{memchr, memchr_iter, memchr2_iter};
use std::cell::{Cell, OnceCell};
use std::ops::Range;

/// A position as line and column.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Position {
    /// The line, from 1. Lines end with `\n`, `\r\n` or a bare `\r`.
    pub line: usize,
    /// The column in characters, from 1. A byte order mark does not count.
    pub column: usize,
}

/// Interval in bytes at which character counts are cached: a line may have megabytes and thousands of findings.
const STEP: usize = 1024;

/// The start offsets of a text's lines.
#[derive(Debug)]
pub struct LineIndex<'t> {
    text: &'t str,
    /// Byte offsets, ascending; the first is 0.
    starts: Vec<u32>,
    /// The number of characters before each interval, computed on the first use for a long line.
    steps: OnceCell<Vec<u32>>,
    /// The last position that was looked up: most lookups are in text order.
    last: Cell<(usize, Position)>,
}

impl<'t> LineIndex<'t> {
    /// Finds the lines of `text`, ended by `\n`, `\r\n` or a bare `\r`.
    pub fn of(text: &'t str) -> Self {
        Self::with_starts(text, line_starts(text, 0..text.len()))
    }

    /// Finds the lines that end with `\n`. A bare `\r` does not count: most generators treat it as white space.
    pub fn of_line_feeds(text: &'t str) -> Self {
        Self::with_starts(text, memchr_iter(b'\n', text.as_bytes()).map(|at| at as u32 + 1))
    }

    fn with_starts(text: &'t str, starts: impl Iterator<Item = u32>) -> Self {
        let starts = std::iter::once(0).chain(starts).collect();
        let last = Cell::new((0, Position { line: 1, column: 1 }));
        Self { text, starts, steps: OnceCell::new(), last }
    }

    /// The line and column of the character at byte `offset`.
    pub fn position(&self, offset: usize) -> Position {
        let offset = self.text.floor_char_boundary(offset);
        let (at, last) = self.last.get();
        let is_after = at <= offset && self.starts.get(last.line).is_none_or(|&next| offset < next as usize);
        let (at, nearby) = if is_after { (at, last) } else { self.line_of(offset) };
        let marks = usize::from(at == 0 && offset > 0 && self.text.starts_with('\u{FEFF}'));
        let column = nearby.column + self.characters(at, offset) - marks;
        let position = Position { column, ..nearby };
        self.last.set((offset, position));
        position
    }

    /// The number of lines; the text after the last line ending counts as one, even if it is empty.
    pub fn count(&self) -> usize {
        self.starts.len()
    }

    /// The number of the line, from 1, that contains the byte at `offset`. The last one contains all offsets
    /// after it.
    pub fn number(&self, offset: usize) -> usize {
        self.starts.partition_point(|&start| start as usize <= offset)
    }

    /// The start of the line that contains a byte.
    fn line_of(&self, offset: usize) -> (usize, Position) {
        let line = self.number(offset);
        (self.starts[line - 1] as usize, Position { line, column: 1 })
    }

    /// The number of characters that start in a byte range.
    fn characters(&self, start: usize, end: usize) -> usize {
        let bytes = self.text.as_bytes();
        if end - start <= STEP {
            return count(&bytes[start..end]);
        }
        let steps = self.steps.get_or_init(|| {
            let before = bytes.chunks(STEP).scan(0, |before, step| {
                *before += count(step) as u32;
                Some(*before)
            });
            std::iter::once(0).chain(before).collect()
        });
        let before = |at: usize| steps[at / STEP] as usize + count(&bytes[at / STEP * STEP..at]);
        before(end) - before(start)
    }

    /// The byte range of a line (from 1) without its line ending.
    pub fn line(&self, line: usize) -> Range<usize> {
        let whole = self.whole_line(line);
        let start = whole.start as usize;
        start..start + whole.of(self.text).trim_end_matches(['\r', '\n']).len()
    }

    /// The span of a line (from 1) with its line ending.
    pub fn whole_line(&self, line: usize) -> Span {
        let end = self.starts.get(line).copied().unwrap_or(self.text.len() as u32);
        Span { start: self.starts[line - 1], end }
    }

    /// The span of the line that contains the byte at `offset`, including its line ending.
    pub fn around(&self, offset: usize) -> Span {
        self.whole_line(self.number(offset))
    }
}

/// The offsets after the line endings in a part of a text: `\n`, `\r\n` and a bare `\r`.
pub fn line_starts(text: &str, part: Range<usize>) -> impl Iterator<Item = u32> {
    let (bytes, from) = (text.as_bytes(), part.start);
    let ends_line = |&at: &usize| bytes[at] == b'\n' || bytes.get(at + 1) != Some(&b'\n');
    let ends = memchr2_iter(b'\n', b'\r', &bytes[part]).map(move |at| from + at).filter(ends_line);
    ends.map(|at| at as u32 + 1)
}

/// The rest of the line from `at` on without its line ending (`\n` or `\r\n`), and the offset of the next line.
pub fn line_from(text: &str, at: usize) -> (&str, usize) {
    let next = next_line(text, at);
    let line = &text[at..next];
    let line = line.strip_suffix('\n').unwrap_or(line);
    (line.strip_suffix('\r').unwrap_or(line), next)
}

/// The start of the line after the one that contains the byte at `at`; the end of the text if there is none.
pub fn next_line(text: &str, at: usize) -> usize {
    memchr(b'\n', &text.as_bytes()[at..]).map_or(text.len(), |end| at + end + 1)
}

/// The start of the line that contains the byte at `at`.
pub fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |end| end + 1)
}

/// Counts the bytes that are not UTF-8 continuation bytes. Chunks are counted in a `u8` each, so that the
/// compiler can vectorize the loop.
fn count(bytes: &[u8]) -> usize {
    let some = |bytes: &[u8]| bytes.iter().fold(0, |count: u8, byte| count + u8::from(byte & 0xC0 != 0x80));
    bytes.chunks(usize::from(u8::MAX)).map(|bytes| usize::from(some(bytes))).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_every_kind_of_line_end() {
        let lines = LineIndex::of("\u{FEFF}a\r\n中文\rc\n");
        let at = |offset| {
            let Position { line, column } = lines.position(offset);
            (line, column)
        };
        assert_eq!(at(3), (1, 1));
        assert_eq!(at(6), (2, 1));
        assert_eq!(at(9), (2, 2));
        assert_eq!(at(13), (3, 1));
        assert_eq!(at(15), (4, 1));
        assert_eq!(lines.line(2), 6..12);
    }

    #[test]
    fn finds_the_line_around_a_byte() {
        let text = "a\r\nb\rc\n";
        let (lines, feeds) = (LineIndex::of(text), LineIndex::of_line_feeds(text));
        assert_eq!((lines.count(), feeds.count()), (4, 3));
        let around = |lines: &LineIndex<'_>| {
            [0, 2, 3, 5, 6, 7, 99].map(|at| (lines.number(at), lines.around(at).range()))
        };
        let (first, last) = ((1, 0..3), 7..7);
        let found =
            [&first, &first, &(2, 3..5), &(3, 5..7), &(3, 5..7), &(4, last.clone()), &(4, last.clone())];
        assert_eq!(around(&lines), found.map(Clone::clone));
        let found = [&first, &first, &(2, 3..7), &(2, 3..7), &(2, 3..7), &(3, last.clone()), &(3, last)];
        assert_eq!(around(&feeds), found.map(Clone::clone));
    }

    #[test]
    fn walks_from_line_to_line() {
        let text = "a\r\nb\r\r\n\nc";
        let lines: Vec<(&str, usize)> = std::iter::successors(Some(line_from(text, 0)), |(_, next)| {
            (*next < text.len()).then(|| line_from(text, *next))
        })
        .collect();
        assert_eq!(lines, [("a", 3), ("b\r", 7), ("", 8), ("c", 9)]);
        assert_eq!([0, 2, 3, 6, 7, 8, 9].map(|at| line_start(text, at)), [0, 0, 3, 3, 7, 8, 8]);
    }

    #[test]
    fn counts_on_long_lines_in_any_order() {
        let text = format!("\u{FEFF}{}\n中{}", "a😀中".repeat(700), "é".repeat(3000));
        let lines = LineIndex::of(&text);
        for (at, _) in text.char_indices().rev().step_by(7).chain(text.char_indices().step_by(5)) {
            let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
            let column = 1 + text[start..at].trim_start_matches('\u{FEFF}').chars().count();
            assert_eq!(lines.position(at).column, column, "{at}");
        }
    }
}
