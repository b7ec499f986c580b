//! A unified diff of the edits to a text. The edits show where the texts differ, so no comparison is needed.

use postmend_core::{Edit, Patch, Span};
use std::fmt::Write;
use std::ops::Range;

/// The number of unchanged lines that are shown around a change.
const CONTEXT: usize = 3;

/// The unified diff between a text and the result of a patch, in a form that `patch` and `git apply` accept. Lines
/// end with `\n`.
pub fn unified_diff(name: &str, before: &str, patch: &Patch) -> String {
    let after = patch.apply(before);
    let old: Vec<&str> = before.split_inclusive('\n').collect();
    let mut diff = String::new();
    let changes = changes(before, &after, patch);
    if !changes.is_empty() {
        let _ = write!(diff, "--- a/{name}\n+++ b/{name}\n");
    }
    // The difference in the number of lines so far.
    let mut more = 0;
    for hunk in changes.chunk_by(|change, next| next.old.start - change.old.end <= 2 * CONTEXT) {
        let (first, last) = (&hunk[0], &hunk[hunk.len() - 1]);
        let shown = first.old.start.saturating_sub(CONTEXT)..(last.old.end + CONTEXT).min(old.len());
        let grown =
            hunk.iter().map(|change| change.new.len() as isize - change.old.len() as isize).sum::<isize>();
        let new_length = (shown.len() as isize + grown) as usize;
        let new_start = (shown.start as isize + more) as usize;
        more += grown;
        let (was, is) = (range(shown.start, shown.len()), range(new_start, new_length));
        let _ = writeln!(diff, "@@ -{was} +{is} @@");
        let mut at = shown.start;
        for change in hunk {
            old[at..change.old.start].iter().for_each(|line| add(&mut diff, ' ', line));
            old[change.old.clone()].iter().for_each(|line| add(&mut diff, '-', line));
            change.new.iter().for_each(|line| add(&mut diff, '+', line));
            at = change.old.end;
        }
        old[at..shown.end].iter().for_each(|line| add(&mut diff, ' ', line));
    }
    diff
}

/// A range of lines of the old text, numbered from 0, and the lines that replace them.
struct Change<'n> {
    old: Range<usize>,
    new: Vec<&'n str>,
}

/// The changes in the order of the text; there are unchanged lines between any two.
fn changes<'n>(before: &str, after: &'n str, patch: &Patch) -> Vec<Change<'n>> {
    let mut changes: Vec<Change<'n>> = Vec::new();
    let (mut line, mut counted) = (0, 0);
    for (old, new) in stretches(before, after, patch) {
        line += before[counted..old.start].matches('\n').count();
        counted = old.start;
        let was: Vec<&str> = before[old].split_inclusive('\n').collect();
        let is: Vec<&str> = after[new].split_inclusive('\n').collect();
        let same_start = was.iter().zip(&is).take_while(|(a, b)| a == b).count();
        let (was, is) = (&was[same_start..], &is[same_start..]);
        let same_end = was.iter().rev().zip(is.iter().rev()).take_while(|(a, b)| a == b).count();
        let (was, is) = (&was[..was.len() - same_end], &is[..is.len() - same_end]);
        if !(was.is_empty() && is.is_empty()) {
            let first = line + same_start;
            let old = first..first + was.len();
            match changes.last_mut() {
                Some(Change { old: before, new }) if before.end == old.start => {
                    before.end = old.end;
                    new.extend(is);
                }
                _ => changes.push(Change { old, new: is.to_vec() }),
            }
        }
    }
    changes
}

/// The whole lines that edits touch, as byte ranges in the old and the new text.
fn stretches(before: &str, after: &str, patch: &Patch) -> Vec<(Range<usize>, Range<usize>)> {
    // On bytes, as the last byte of an edit may be inside a character.
    let bytes = before.as_bytes();
    let line_start = |at: usize| memchr::memrchr(b'\n', &bytes[..at]).map_or(0, |end| end + 1);
    let line_end = |at: usize| memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |end| at + end + 1);
    let lines_of = |span: Span| {
        let (start, end) = (span.start as usize, span.end as usize);
        line_start(start)..line_end(end.saturating_sub(1).max(start))
    };
    // A line may be long and have many edits, so its ends are searched once.
    let starts_within = |span: Span, lines: &Range<usize>| {
        let start = span.start as usize;
        start < lines.end || start == before.len() && start == lines.end && !is_whole(before)
    };
    let mut stretches = Vec::new();
    // The number of bytes by which text after the edits so far has moved.
    let mut moved = 0;
    let moves = |edit: &Edit| edit.text.len() as isize - edit.span.len() as isize;
    let mut edits = patch.edits().iter().peekable();
    while let Some(edit) = edits.next() {
        let mut old = lines_of(edit.span);
        let new_start = old.start.saturating_add_signed(moved);
        moved += moves(edit);
        let new = loop {
            while let Some(next) = edits.next_if(|next| starts_within(next.span, &old)) {
                if next.span.end as usize > old.end {
                    old.end = lines_of(next.span).end;
                }
                moved += moves(next);
            }
            let new = new_start..old.end.saturating_add_signed(moved);
            if old.end == before.len() || is_whole(&after[new.clone()]) {
                break new;
            }
            // If the line ending was removed, the line continues with the next one.
            old.end = line_end(old.end);
        };
        stretches.push((old, new));
    }
    stretches
}

fn is_whole(lines: &str) -> bool {
    lines.is_empty() || lines.ends_with('\n')
}

/// A range of lines in the format of hunk headers.
fn range(start: usize, length: usize) -> String {
    match length {
        0 => format!("{start},0"),
        1 => format!("{}", start + 1),
        _ => format!("{},{length}", start + 1),
    }
}

fn add(diff: &mut String, sign: char, line: &str) {
    diff.push(sign);
    diff.push_str(line);
    if !line.ends_with('\n') {
        diff.push_str("\n\\ No newline at end of file\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The start offset, the end offset, and the new text.
    type TestEdit<'t> = (u32, u32, &'t str);

    fn patch_of(edits: &[TestEdit<'_>]) -> Patch {
        let edit = |(start, end, text): &TestEdit<'_>| Edit {
            span: Span { start: *start, end: *end },
            text: (*text).to_owned(),
        };
        Patch::new(edits.iter().map(edit).collect()).unwrap()
    }

    #[test]
    fn shows_whole_lines_with_three_around_them() {
        let text = "1\n2\n3\n4\n5\n6\n7\n8\n9\nten\n11";
        let cases: [(&[TestEdit<'_>], &str); 7] = [
            (&[], ""),
            (&[(8, 9, "V")], "@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+V\n 6\n 7\n 8\n"),
            (&[(8, 8, "a\n")], "@@ -2,6 +2,7 @@\n 2\n 3\n 4\n+a\n 5\n 6\n 7\n"),
            (&[(8, 10, "")], "@@ -2,7 +2,6 @@\n 2\n 3\n 4\n-5\n 6\n 7\n 8\n"),
            (&[(9, 10, "")], "@@ -2,8 +2,7 @@\n 2\n 3\n 4\n-5\n-6\n+56\n 7\n 8\n 9\n"),
            (&[(24, 24, "\n")], "@@ -8,4 +8,4 @@\n 8\n 9\n ten\n-11\n\\ No newline at end of file\n+11\n"),
            (
                &[(0, 1, "I"), (14, 15, "VIII")],
                "@@ -1,11 +1,11 @@\n-1\n+I\n 2\n 3\n 4\n 5\n 6\n 7\n-8\n+VIII\n 9\n ten\n 11\n\
                 \\ No newline at end of file\n",
            ),
        ];
        for (edits, expected) in cases {
            let diff = unified_diff("a.md", text, &patch_of(edits));
            let hunks = diff.strip_prefix("--- a/a.md\n+++ b/a.md\n").unwrap_or(&diff);
            assert_eq!(hunks, expected, "{edits:?}");
        }
        let far = unified_diff("a.md", text, &patch_of(&[(0, 1, "I"), (18, 21, "10\n10")]));
        assert!(far.contains("@@ -1,4 +1,4 @@\n-1\n") && far.contains("@@ -7,5 +7,6 @@\n 7\n 8\n 9\n-ten\n"));
    }

    /// If each edit searched the ends of its line, this would take minutes.
    #[test]
    fn a_long_line_may_have_many_edits() {
        let count = 100_000;
        let text = "<img src=a.png>".repeat(count);
        let edits = (0..count as u32).map(|number| (number * 15 + 9, number * 15 + 10, "b"));
        let diff = unified_diff("a.md", &text, &patch_of(&edits.collect::<Vec<_>>()));
        assert_eq!(diff.matches("b.png").count(), count);
    }

    /// Applies a diff, as `patch` would.
    fn patched(before: &str, diff: &str) -> String {
        let old: Vec<&str> = before.split_inclusive('\n').collect();
        let (mut out, mut at) = (String::new(), 0);
        let mut lines = diff.split_inclusive('\n').skip(2).peekable();
        while let Some(line) = lines.next() {
            let is_last = lines.peek().is_some_and(|next| next.starts_with('\\'));
            let text = if is_last { &line[1..line.len() - 1] } else { &line[1..] };
            match line.as_bytes()[0] {
                b'@' => {
                    let header: Vec<&str> = line[4..].split([',', ' ']).collect();
                    let start: usize = header[0].parse().unwrap();
                    let is_empty = header[1] == "0";
                    let start = if is_empty { start } else { start - 1 };
                    out.extend(old[at..start].iter().copied());
                    at = start;
                }
                b'+' => out.push_str(text),
                sign @ (b' ' | b'-') => {
                    assert_eq!(old[at], text);
                    at += 1;
                    out.push_str(if sign == b' ' { text } else { "" });
                }
                _ => {}
            }
        }
        out.extend(old[at..].iter().copied());
        out
    }

    proptest! {
        #[test]
        fn a_diff_makes_of_the_old_text_the_new_one(
            text in "[ab港\n]{0,40}",
            edits in prop::collection::vec((0usize..40, 0usize..6, "[ab\n]{0,3}"), 0..5),
        ) {
            let mut patch = Patch::default();
            for (start, length, new) in &edits {
                let start = (*start).min(text.len());
                let end = (start + length).min(text.len());
                let (start, end) = (text.floor_char_boundary(start), text.floor_char_boundary(end));
                patch.merge(&[Edit::replace(Span { start: start as u32, end: end as u32 }, new.as_str())]);
            }
            let diff = unified_diff("a", &text, &patch);
            prop_assert_eq!(patched(&text, &diff), patch.apply(&text), "{}", diff);
        }
    }
}
