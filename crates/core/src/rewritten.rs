//! A text with parts left out and inserted, and the way back to the original.

use std::ops::Range;

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
    pub(crate) fn original(&self, range: Range<usize>) -> Range<usize> {
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
