//! Byte offsets to lines and columns, made once for a text that has something to report.

use memchr::memchr2_iter;
use std::cell::{Cell, OnceCell};

/// A place as people and editors name it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Position {
    /// From 1. `\n`, `\r\n` and a bare `\r` end a line.
    pub line: usize,
    /// In characters, from 1. A byte order mark takes no column.
    pub column: usize,
}

/// After so many bytes the columns are counted anew: a line may have megabytes, and findings on it by the thousand
/// that end behind the start of the next one.
const STEP: usize = 1024;

/// Where each line of a text starts.
pub struct Lines<'t> {
    text: &'t str,
    /// Byte offsets, ascending; the first is 0.
    starts: Vec<u32>,
    /// The characters before each step, counted when a long line is first asked about.
    steps: OnceCell<Vec<u32>>,
    /// The place that was asked for last: most are asked for in the order of the text.
    last: Cell<(usize, Position)>,
}

impl<'t> Lines<'t> {
    /// Finds the lines of `text`.
    pub fn of(text: &'t str) -> Self {
        let bytes = text.as_bytes();
        let ends_line = |&at: &usize| bytes[at] == b'\n' || bytes.get(at + 1) != Some(&b'\n');
        let ends = memchr2_iter(b'\n', b'\r', bytes).filter(ends_line);
        let starts = std::iter::once(0).chain(ends.map(|at| at as u32 + 1)).collect();
        let last = Cell::new((0, Position { line: 1, column: 1 }));
        Self { text, starts, steps: OnceCell::new(), last }
    }

    /// The line and column of the character at `offset` bytes.
    pub fn position(&self, offset: usize) -> Position {
        let offset = self.text.floor_char_boundary(offset);
        let (at, last) = self.last.get();
        let is_after = at <= offset && self.starts.get(last.line).is_none_or(|&next| offset < next as usize);
        let (at, known) = if is_after { (at, last) } else { self.line_of(offset) };
        let marks = usize::from(at == 0 && offset > 0 && self.text.starts_with('\u{FEFF}'));
        let column = known.column + self.characters(at, offset) - marks;
        let position = Position { column, ..known };
        self.last.set((offset, position));
        position
    }

    /// Where the line of a byte starts.
    fn line_of(&self, offset: usize) -> (usize, Position) {
        let line = self.starts.partition_point(|&start| start as usize <= offset);
        (self.starts[line - 1] as usize, Position { line, column: 1 })
    }

    /// How many characters start in these bytes.
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

    /// The bytes of a line (from 1) without its line end.
    pub fn line(&self, line: usize) -> std::ops::Range<usize> {
        let start = self.starts[line - 1] as usize;
        let end = self.starts.get(line).map_or(self.text.len(), |&next| next as usize);
        start..start + self.text[start..end].trim_end_matches(['\r', '\n']).len()
    }
}

/// Each byte that does not go on with a character starts one. So many are counted in a byte each that the compiler
/// takes many at once.
fn count(bytes: &[u8]) -> usize {
    let some = |bytes: &[u8]| bytes.iter().fold(0, |count: u8, byte| count + u8::from(byte & 0xC0 != 0x80));
    bytes.chunks(usize::from(u8::MAX)).map(|bytes| usize::from(some(bytes))).sum()
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

    #[test]
    fn counts_on_long_lines_in_any_order() {
        let text = format!("\u{FEFF}{}\n中{}", "a😀中".repeat(700), "é".repeat(3000));
        let lines = Lines::of(&text);
        for (at, _) in text.char_indices().rev().step_by(7).chain(text.char_indices().step_by(5)) {
            let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
            let column = 1 + text[start..at].trim_start_matches('\u{FEFF}').chars().count();
            assert_eq!(lines.position(at).column, column, "{at}");
        }
    }
}
