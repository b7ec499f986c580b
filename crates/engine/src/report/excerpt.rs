//! Excerpts of a post that are safe to show: control and bidi characters are replaced, and long lines are cut.

use crate::escape::visible;
use postmend_core::Span;
use postmend_core::lines::{LineIndex, Position};
use std::ops::Range;
use unicode_width::UnicodeWidthChar;

/// A part of a line around a finding.
#[derive(Debug, PartialEq)]
pub struct Excerpt {
    /// The text, with `…` where it was cut.
    pub text: String,
    /// The byte range in it that the finding covers.
    pub marked: Range<usize>,
}

/// An excerpt of the line where a finding starts, around its span.
pub fn excerpt_of(text: &str, lines: &LineIndex<'_>, start: Position, span: Span, columns: usize) -> Excerpt {
    // A finding about a whole file comes without its text.
    let line = if text.is_empty() { 0..0 } else { lines.line(start.line) };
    let first = (span.start as usize).clamp(line.start, line.end) - line.start;
    let last = (span.end as usize).clamp(line.start, line.end) - line.start;
    excerpt(&text[line], first..last.max(first), columns)
}

/// Cuts a line around its bytes `marked`, to at most `columns` columns.
pub fn excerpt(line: &str, marked: Range<usize>, columns: usize) -> Excerpt {
    // Each `…` takes a column.
    let context = columns.saturating_sub(3) / 3;
    let start = take_columns(line[..marked.start].chars().rev(), context);
    let start = marked.start - start;
    let shown_end = marked.start + take_columns(line[marked.clone()].chars(), context);
    let cut_inside = shown_end < marked.end;
    let columns_after = if cut_inside { 0 } else { take_columns(line[marked.end..].chars(), context) };
    let end = if cut_inside { shown_end } else { marked.end + columns_after };

    let mut text = String::from(if start > 0 { "…" } else { "" });
    text.extend(line[start..marked.start].chars().map(visible));
    let marked_start = text.len();
    text.extend(line[marked.start..shown_end].chars().map(visible));
    text.push_str(if cut_inside { "…" } else { "" });
    let marked_end = text.len();
    text.extend(line[shown_end..end].chars().map(visible));
    text.push_str(if !cut_inside && end < line.len() { "…" } else { "" });
    Excerpt { text, marked: marked_start..marked_end }
}

/// The number of bytes of the leading characters that fit into this many columns.
fn take_columns(characters: impl Iterator<Item = char>, columns: usize) -> usize {
    let mut width = 0;
    let fits = |character: &char| {
        width += character.width().unwrap_or(1);
        width <= columns
    };
    characters.take_while(fits).map(char::len_utf8).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_around_the_finding() {
        let line = format!("{}开个建设{}", "字".repeat(500), "x".repeat(500));
        let at = 1500..1512;
        let cut = excerpt(&line, at, 63);
        assert_eq!(&cut.text[cut.marked.clone()], "开个建设");
        assert_eq!(cut.text, format!("…{}开个建设{}…", "字".repeat(10), "x".repeat(20)));
    }

    #[test]
    fn shows_no_live_control_sequence() {
        let cut = excerpt("a\u{1B}[31m\u{202E}b", 1..2, 80);
        assert_eq!(cut.text, "a\u{241B}[31m\u{FFFD}b");
        assert_eq!(&cut.text[cut.marked], "\u{241B}");
    }
}
