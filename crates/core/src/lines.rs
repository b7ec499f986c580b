//! Byte offsets to lines and columns, made once for a text that has something to report.

use memchr::memchr2_iter;
use std::cell::Cell;

/// A place as people and editors name it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Position {
    /// From 1. `\n`, `\r\n` and a bare `\r` end a line.
    pub line: usize,
    /// In characters, from 1. A byte order mark takes no column.
    pub column: usize,
}

/// Where each line of a text starts.
pub struct Lines<'t> {
    text: &'t str,
    /// Byte offsets, ascending; the first is 0.
    starts: Vec<u32>,
    /// The last answer: a line, a byte on it, and that byte's column. Findings come in the order of
    /// the text, and a line may have megabytes.
    last: Cell<(usize, usize, usize)>,
}

impl<'t> Lines<'t> {
    /// Finds the lines of `text`.
    pub fn of(text: &'t str) -> Self {
        let bytes = text.as_bytes();
        let ends_line = |&at: &usize| bytes[at] == b'\n' || bytes.get(at + 1) != Some(&b'\n');
        let ends = memchr2_iter(b'\n', b'\r', bytes).filter(ends_line);
        let starts = std::iter::once(0).chain(ends.map(|at| at as u32 + 1)).collect();
        Self { text, starts, last: Cell::new((1, 0, 1)) }
    }

    /// The line and column of the character at `offset` bytes.
    pub fn position(&self, offset: usize) -> Position {
        let offset = self.text.floor_char_boundary(offset);
        let line = self.starts.partition_point(|&start| start as usize <= offset);
        let (from, column) = match self.last.get() {
            (known, at, column) if known == line && at <= offset => (at, column),
            _ => (self.starts[line - 1] as usize, 1),
        };
        let between = &self.text[from..offset];
        let marks = usize::from(from == 0 && between.starts_with('\u{FEFF}'));
        let column = column + between.chars().count() - marks;
        self.last.set((line, offset, column));
        Position { line, column }
    }

    /// The bytes of a line (from 1) without its line end.
    pub fn line(&self, line: usize) -> std::ops::Range<usize> {
        let start = self.starts[line - 1] as usize;
        let end = self.starts.get(line).map_or(self.text.len(), |&next| next as usize);
        start..start + self.text[start..end].trim_end_matches(['\r', '\n']).len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_every_kind_of_line_end() {
        let lines = Lines::of("\u{FEFF}a\r\n中文\rc\n");
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
}
