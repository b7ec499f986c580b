//! Edits of a text, sorted and disjoint, and their application.

use crate::Span;

/// A replacement: the bytes of `span` become `text`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Edit {
    /// The replaced bytes; empty for an insertion.
    pub span: Span,
    /// The new text; empty for a deletion.
    pub text: String,
}

impl Edit {
    /// Replaces `span` by `text`.
    pub fn replace(span: Span, text: impl Into<String>) -> Self {
        Self { span, text: text.into() }
    }

    /// Deletes `span`.
    pub fn delete(span: Span) -> Self {
        Self::replace(span, "")
    }

    /// Inserts `text` before the byte at `offset`.
    pub fn insert(offset: usize, text: impl Into<String>) -> Self {
        Self::replace(Span::point(offset), text)
    }

    fn changes_nothing(&self, text: &str) -> bool {
        self.span.of(text) == self.text
    }
}

/// Edits that can be applied together.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Patch {
    /// Sorted by start; no two touch the same byte or the same insertion point.
    edits: Vec<Edit>,
}

impl Patch {
    /// A patch of these edits; `None` if two of them conflict.
    pub fn new(edits: Vec<Edit>) -> Option<Self> {
        let mut patch = Self::default();
        patch.merge(&edits).then_some(patch)
    }

    /// Adds all of `edits`, or none of them if one conflicts with the patch or with another of them. An edit
    /// that the patch already has is shared and is not a conflict. Returns whether they were added.
    pub fn merge(&mut self, edits: &[Edit]) -> bool {
        let mut taken = Vec::new();
        for edit in edits {
            match self.insert(edit) {
                Ok(None) => {}
                Ok(Some(at)) => taken.push(at),
                Err(Clash) => {
                    taken.iter().rev().for_each(|&at| drop(self.edits.remove(at)));
                    return false;
                }
            }
        }
        true
    }

    /// Returns the index of the inserted edit; `None` if the patch already has it.
    fn insert(&mut self, edit: &Edit) -> Result<Option<usize>, Clash> {
        let at = self.edits.partition_point(|other| other.span < edit.span);
        if self.edits.get(at) == Some(edit) {
            return Ok(None);
        }
        let clashes_before = at > 0 && clash(&self.edits[at - 1], edit);
        let clashes_after = self.edits.get(at).is_some_and(|next| clash(edit, next));
        if clashes_before || clashes_after {
            return Err(Clash);
        }
        self.edits.insert(at, edit.clone());
        Ok(Some(at))
    }

    /// The edits in text order.
    pub fn edits(&self) -> &[Edit] {
        &self.edits
    }

    /// Whether there are no edits.
    pub fn is_empty(&self) -> bool {
        self.edits.is_empty()
    }

    /// Removes the edits whose new text is the same as the old one.
    pub fn without_idle_edits(mut self, text: &str) -> Self {
        self.edits.retain(|edit| !edit.changes_nothing(text));
        self
    }

    /// The text after the edits.
    pub fn apply(&self, text: &str) -> String {
        let grown: usize = self.edits.iter().map(|edit| edit.text.len()).sum();
        let mut out = String::with_capacity(text.len() + grown);
        let mut kept_from = 0;
        for edit in &self.edits {
            out.push_str(&text[kept_from..edit.span.start as usize]);
            out.push_str(&edit.text);
            kept_from = edit.span.end as usize;
        }
        out.push_str(&text[kept_from..]);
        out
    }

    /// The span of each edit's new text in the result.
    pub fn new_spans(&self) -> Vec<Span> {
        let mut shift = 0i64;
        let new_span = |edit: &Edit| {
            let start = (i64::from(edit.span.start) + shift) as usize;
            shift += edit.text.len() as i64 - edit.span.len() as i64;
            Span::new(start, start + edit.text.len())
        };
        self.edits.iter().map(new_span).collect()
    }

    /// The patch that turns the result back into `text`.
    pub fn reverse(&self, text: &str) -> Self {
        let mut edits: Vec<Edit> = Vec::with_capacity(self.edits.len());
        let mut old_end = None;
        for (edit, new_span) in self.edits.iter().zip(self.new_spans()) {
            let old = edit.span.of(text);
            match edits.last_mut() {
                // Two adjacent deletions are reversed by a single insertion.
                Some(last) if old_end == Some(edit.span.start) => {
                    last.span.end = new_span.end;
                    last.text.push_str(old);
                }
                _ => edits.push(Edit::replace(new_span, old)),
            }
            old_end = Some(edit.span.end);
        }
        Self { edits }
    }

    /// The patch that combines this one with `next`, which applies to this one's result.
    pub fn then(&self, next: &Self) -> Self {
        let (mut edits, mut new, mut old_end) = (Vec::new(), String::new(), 0);
        for part in parts(parts(vec![TextPart::Kept(0, u32::MAX)], &self.edits), &next.edits) {
            match part {
                TextPart::New(text) => new.push_str(text),
                TextPart::Kept(start, end) => {
                    if start > old_end || !new.is_empty() {
                        edits.push(Edit::replace(
                            Span { start: old_end, end: start },
                            std::mem::take(&mut new),
                        ));
                    }
                    old_end = end;
                }
            }
        }
        Self { edits }
    }

    /// Maps untouched spans of the old text to the new one, for any number of spans.
    pub fn moves(&self) -> Moves<'_> {
        let mut shift = 0;
        let shifts = self.edits.iter().map(|edit| {
            shift += edit.text.len() as i64 - edit.span.len() as i64;
            shift
        });
        Moves { edits: &self.edits, shifts: std::iter::once(0).chain(shifts).collect() }
    }
}

/// Maps spans that a patch does not touch.
pub struct Moves<'p> {
    edits: &'p [Edit],
    /// By how much the text is shifted before the first edit, and after each edit.
    shifts: Vec<i64>,
}

impl Moves<'_> {
    /// The new position of a span; `None` if an edit touches it.
    pub fn of(&self, span: Span) -> Option<Span> {
        let before = self.edits.partition_point(|edit| edit.span.end <= span.start);
        if let Some(next) = self.edits.get(before)
            && next.span.start < span.end
        {
            return None;
        }
        let start = (i64::from(span.start) + self.shifts[before]) as usize;
        Some(Span::new(start, start + span.len()))
    }
}

/// A part of a text after edits.
#[derive(Clone, Copy)]
enum TextPart<'e> {
    /// The bytes of the original text from the first offset up to the second; never empty.
    Kept(u32, u32),
    New(&'e str),
}

impl<'e> TextPart<'e> {
    fn length(self) -> u32 {
        match self {
            Self::Kept(start, end) => end - start,
            Self::New(text) => text.len() as u32,
        }
    }

    /// Splits it after `at` bytes.
    fn cut(self, at: u32) -> (Self, Self) {
        match self {
            Self::Kept(start, end) => (Self::Kept(start, start + at), Self::Kept(start + at, end)),
            Self::New(text) => {
                let (before, after) = text.split_at(at as usize);
                (Self::New(before), Self::New(after))
            }
        }
    }
}

/// The parts of a text after edits, given its parts before them.
fn parts<'e>(mut old: Vec<TextPart<'e>>, edits: &'e [Edit]) -> Vec<TextPart<'e>> {
    let (mut new, mut at) = (Vec::with_capacity(old.len() + 2 * edits.len()), 0);
    old.reverse();
    for edit in edits {
        new.extend(take(&mut old, edit.span.start - at));
        take(&mut old, edit.span.end - edit.span.start);
        new.push(TextPart::New(&edit.text));
        at = edit.span.end;
    }
    new.extend(old.into_iter().rev());
    new
}

/// Removes this many bytes from the remaining parts, which are in reverse order.
fn take<'e>(left: &mut Vec<TextPart<'e>>, mut bytes: u32) -> Vec<TextPart<'e>> {
    let mut taken = Vec::new();
    while bytes > 0
        && let Some(part) = left.pop()
    {
        let length = part.length().min(bytes);
        if length < part.length() {
            let (before, after) = part.cut(length);
            taken.push(before);
            left.push(after);
        } else {
            taken.push(part);
        }
        bytes -= length;
    }
    taken
}

/// The error for two edits that cannot both be applied.
struct Clash;

/// Whether two edits that are adjacent in sorted order cannot both be applied with a unique result.
fn clash(first: &Edit, second: &Edit) -> bool {
    first.span.end > second.span.start || first.span.start == second.span.start
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(start: usize, end: usize, text: &str) -> Edit {
        Edit::replace(Span::new(start, end), text)
    }

    #[test]
    fn takes_all_of_a_fix_or_none() {
        let mut patch = Patch::new(vec![edit(2, 4, "x")]).unwrap();
        assert!(!patch.merge(&[edit(0, 1, "a"), edit(3, 5, "b")]));
        assert_eq!(patch.edits(), [edit(2, 4, "x")]);
        assert!(patch.merge(&[edit(6, 7, "c"), edit(0, 1, "a"), edit(2, 4, "x")]));
        assert_eq!(patch.apply("01234567"), "a1x45c7");
        assert_eq!(patch.new_spans(), [Span::new(0, 1), Span::new(2, 3), Span::new(5, 6)]);
    }

    #[test]
    fn refuses_two_insertions_at_one_point() {
        assert!(Patch::new(vec![edit(1, 1, "a"), edit(1, 1, "b")]).is_none());
        assert!(Patch::new(vec![edit(1, 1, "a"), edit(1, 2, "b")]).is_none());
        assert!(Patch::new(vec![edit(0, 1, "a"), edit(1, 1, "b")]).is_some());
    }

    #[test]
    fn is_taken_back_by_its_reverse() {
        let text = "0123456789";
        for edits in [
            vec![edit(2, 4, "x")],
            vec![edit(0, 2, ""), edit(2, 4, ""), edit(4, 4, "abc"), edit(9, 10, "")],
            vec![edit(0, 0, "中"), edit(1, 3, "文字"), edit(3, 4, ""), edit(10, 10, "z")],
        ] {
            let patch = Patch::new(edits).unwrap();
            let reverse = patch.reverse(text);
            assert_eq!(reverse.apply(&patch.apply(text)), text);
            assert_eq!(Patch::new(reverse.edits().to_vec()), Some(reverse));
        }
    }

    #[test]
    fn joins_with_what_comes_after_it() {
        let text = "0123456789";
        let patches = [
            vec![],
            vec![edit(0, 0, "ab"), edit(2, 4, "x"), edit(9, 10, "")],
            vec![edit(1, 3, ""), edit(3, 6, "文字")],
            vec![edit(0, 8, "one two three")],
            vec![edit(4, 4, "c"), edit(5, 5, "d"), edit(6, 8, "e")],
        ];
        let patches: Vec<Patch> = patches.into_iter().map(|edits| Patch::new(edits).unwrap()).collect();
        let pairs = patches.iter().flat_map(|first| patches.iter().map(move |second| (first, second)));
        for (first, second) in pairs {
            let between = first.apply(text);
            let fits = |edit: &Edit| between.get(edit.span.range()).is_some();
            let second =
                Patch::new(second.edits().iter().filter(|edit| fits(edit)).cloned().collect()).unwrap();
            let both = first.then(&second);
            assert_eq!(both.apply(text), second.apply(&between), "{first:?} {second:?}");
            assert_eq!(Patch::new(both.edits().to_vec()), Some(both));
        }
    }

    #[test]
    fn moves_what_it_does_not_touch() {
        let patch = Patch::new(vec![edit(1, 3, ""), edit(5, 5, "abc")]).unwrap();
        let moves = patch.moves();
        assert_eq!(moves.of(Span::new(0, 1)), Some(Span::new(0, 1)));
        assert_eq!(moves.of(Span::new(3, 5)), Some(Span::new(1, 3)));
        assert_eq!(moves.of(Span::new(5, 6)), Some(Span::new(6, 7)));
        assert_eq!(moves.of(Span::new(2, 4)), None);
        assert_eq!(moves.of(Span::new(4, 6)), None);
    }
}
