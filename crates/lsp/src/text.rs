//! The text of an open document, its lines, and positions in it as the protocol defines them.

use gen_lsp_types::{Position, Range};
use postmend_core::lines::line_starts;
use serde::Deserialize;

/// The unit in which columns are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Units {
    /// Bytes.
    Utf8,
    /// UTF-16 code units, which every editor supports.
    Utf16,
}

/// A change from the editor. The protocol crate's type would treat one with an unreadable range as a change of the
/// whole text.
#[derive(Debug, Deserialize)]
pub struct TextChange {
    /// The range that is replaced; `None` for the whole text.
    range: Option<Range>,
    /// The replacement.
    text: String,
}

/// A text with the offsets of its lines.
#[derive(Debug, PartialEq, Eq)]
pub struct OpenText {
    text: String,
    /// The byte offsets of the line starts, ascending; the first is 0. `\n`, `\r\n` and a bare `\r` are line endings.
    starts: Vec<u32>,
}

impl OpenText {
    /// Splits a text into lines.
    pub fn new(text: String) -> Self {
        let mut starts = vec![0];
        starts.extend(line_starts(&text, 0..text.len()));
        Self { text, starts }
    }

    /// The whole text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Applies a change from the editor.
    pub fn change(&mut self, change: TextChange, units: Units) {
        match change.range {
            Some(range) => {
                let start = self.offset(range.start, units);
                let end = self.offset(range.end, units).max(start);
                self.replace(start, end, &change.text);
            }
            None => *self = Self::new(change.text),
        }
    }

    /// Replaces a byte range, and updates only the lines around it.
    fn replace(&mut self, start: usize, end: usize, new: &str) {
        // The end of the line before may change too, because `\r` and `\n` together are one line ending.
        let first = self.line_of(start).saturating_sub(1);
        let last = self.line_of(end) + 1;
        self.text.replace_range(start..end, new);
        let moved = |old: u32| (old as usize + new.len() - (end - start)) as u32;
        self.starts[last..].iter_mut().for_each(|start| *start = moved(*start));
        let from = self.starts[first] as usize;
        let until = self.starts.get(last).map_or(self.text.len(), |next| *next as usize - 1);
        let between: Vec<u32> = line_starts(&self.text, from..until).collect();
        self.starts.splice(first + 1..last, between);
    }

    /// The byte offset of a position. A column after the end of its line means the end of the line, and a line after
    /// the end of the text means the end of the text.
    pub fn offset(&self, position: Position, units: Units) -> usize {
        let Some(&start) = self.starts.get(position.line as usize) else { return self.text.len() };
        let next = self.starts.get(position.line as usize + 1).map_or(self.text.len(), |next| *next as usize);
        let line = self.text[start as usize..next].trim_end_matches(['\r', '\n']);
        let wanted = position.character as usize;
        start as usize
            + match units {
                Units::Utf8 => line.floor_char_boundary(wanted.min(line.len())),
                Units::Utf16 => behind_utf16(line, wanted),
            }
    }

    /// The line, from 0, that contains a byte offset.
    fn line_of(&self, offset: usize) -> usize {
        self.starts.partition_point(|&start| start as usize <= offset) - 1
    }
}

/// The byte offset after this many UTF-16 code units; if it would be inside a character, the offset before that
/// character.
fn behind_utf16(line: &str, wanted: usize) -> usize {
    let mut left = wanted;
    for (at, character) in line.char_indices() {
        if left < character.len_utf16() {
            return at;
        }
        left -= character.len_utf16();
    }
    line.len()
}

/// The count of UTF-16 code units is stored for every block of this many bytes, so that positions in very long lines
/// are fast too.
const STEP: usize = 1024;

/// Converts byte offsets in a text to positions.
pub struct PositionTable<'t> {
    text: &'t OpenText,
    units: Units,
    /// The number of UTF-16 code units before each block.
    halves: Vec<u32>,
}

impl<'t> PositionTable<'t> {
    /// Counts the code units of a text once.
    pub fn of(text: &'t OpenText, units: Units) -> Self {
        let mut halves = Vec::new();
        if units == Units::Utf16 {
            let steps = text.text.as_bytes().chunks(STEP).scan(0, |before, step| {
                let here = *before;
                *before += utf16_length(step);
                Some(here)
            });
            halves.extend(steps);
        }
        Self { text, units, halves }
    }

    /// The position of a byte offset.
    pub fn position(&self, offset: usize) -> Position {
        let offset = self.text.text.floor_char_boundary(offset);
        let line = self.text.line_of(offset);
        let start = self.text.starts[line] as usize;
        let character = match self.units {
            Units::Utf8 => (offset - start) as u32,
            Units::Utf16 => self.before(offset) - self.before(start),
        };
        Position { line: line as u32, character }
    }

    /// The range of a span.
    pub fn range(&self, span: postmend_core::Span) -> Range {
        Range { start: self.position(span.start as usize), end: self.position(span.end as usize) }
    }

    /// The number of UTF-16 code units before a byte offset.
    fn before(&self, offset: usize) -> u32 {
        let step = offset / STEP;
        let count = self.halves.get(step).copied();
        // The end of the text may be the end of a block.
        let (count, from) = match count {
            Some(count) => (count, step * STEP),
            None => (self.halves.last().copied().unwrap_or_default(), step.saturating_sub(1) * STEP),
        };
        count + utf16_length(&self.text.text.as_bytes()[from..offset])
    }
}

/// The number of UTF-16 code units: each first byte of a character counts one, and two if the character has four
/// bytes.
fn utf16_length(bytes: &[u8]) -> u32 {
    bytes.iter().map(|&byte| u32::from(byte & 0xC0 != 0x80) + u32::from(byte >= 0xF0)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(letters: &[&str], most: usize) -> Vec<String> {
        let mut found = vec![String::new()];
        let mut from = 0;
        for _ in 0..most {
            let until = found.len();
            let longer: Vec<String> = found[from..until]
                .iter()
                .flat_map(|text| letters.iter().map(move |letter| text.clone() + letter))
                .collect();
            found.extend(longer);
            from = until;
        }
        found
    }

    #[test]
    fn finds_the_same_lines_after_a_change_as_anew() {
        let letters = ["a", "\r", "\n"];
        for (before, new) in all(&letters, 4)
            .iter()
            .flat_map(|before| all(&letters, 2).into_iter().map(move |new| (before, new)))
        {
            for start in 0..=before.len() {
                for end in start..=before.len() {
                    let mut text = OpenText::new(before.clone());
                    text.replace(start, end, &new);
                    let reread = OpenText::new(text.text.clone());
                    assert_eq!(text, reread, "{before:?} {start} {end} {new:?}");
                }
            }
        }
    }

    #[test]
    fn counts_as_editors_do() {
        let text = OpenText::new(format!("a😀中b\r\n{}z\r\n", "港😀".repeat(700)));
        for units in [Units::Utf8, Units::Utf16] {
            let places = PositionTable::of(&text, units);
            for (offset, character) in text.text.char_indices().chain([(text.text.len(), ' ')]) {
                let position = places.position(offset);
                let is_in_line_end = character == '\n';
                assert!(is_in_line_end || text.offset(position, units) == offset, "{offset} {position:?}");
            }
        }
        let offset = |line, character| text.offset(Position { line, character }, Units::Utf16);
        assert_eq!([offset(0, 1), offset(0, 2), offset(0, 3), offset(0, 4), offset(0, 5)], [1, 1, 5, 8, 9]);
        assert_eq!([offset(0, 99), offset(9, 0), offset(2, 5)], [9, text.text.len(), text.text.len()]);
        assert_eq!(text.offset(Position { line: 0, character: 3 }, Units::Utf8), 1);
    }
}
