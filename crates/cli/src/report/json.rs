//! One JSON document: findings as they come, a summary at the end.

use super::Tally;
use crate::posts::PostFile;
use crate::run::Examined;
use postmend_core::Span;
use postmend_core::lines::{Lines, Position};
use postmend_rules::Finding;
use serde_json::{Value, json};
use std::io::{self, Write};

/// What was printed so far.
#[derive(Debug, Default)]
pub(super) struct Json {
    findings: usize,
}

/// The number of this document's shape; it grows when a field changes its meaning.
const VERSION: u32 = 1;

impl Json {
    pub(super) fn add(
        &mut self,
        out: &mut impl Write,
        post: &PostFile,
        examined: &Examined,
    ) -> io::Result<()> {
        let lines = Lines::of(&examined.text);
        for (finding, start, end) in &examined.findings {
            let lead = if self.findings == 0 { opening() } else { ",\n".to_owned() };
            self.findings += 1;
            write!(out, "{lead}{}", finding_value(post, finding, *start, *end, &lines))?;
        }
        Ok(())
    }

    pub(super) fn end(&self, out: &mut impl Write, tally: &Tally) -> io::Result<()> {
        if self.findings == 0 {
            out.write_all(opening().as_bytes())?;
        }
        let summary = json!({
            "posts": tally.posts,
            "findings": tally.findings(),
            "fixable": tally.fixable,
            "fixable_with_review": tally.fixable_with_review,
            "fixed": tally.fixed.values().sum::<usize>(),
            "posts_changed": tally.posts_changed,
            "by_rule": tally.left,
        });
        writeln!(out, "\n],\"summary\":{summary}}}")
    }
}

fn opening() -> String {
    format!("{{\"version\":{VERSION},\"findings\":[\n")
}

/// Lines and columns count from 1, columns in characters; `offset` counts bytes of the post's text
/// in UTF-8 from 0, and so do the spans of edits.
fn finding_value(
    post: &PostFile,
    finding: &Finding,
    start: Position,
    end: Position,
    lines: &Lines<'_>,
) -> Value {
    let place = |position: Position, offset: u32| json!({ "line": position.line, "column": position.column, "offset": offset });
    let fix = finding.fix.as_ref().map(|fix| {
        let edit = |edit: &postmend_core::Edit| {
            json!({ "start": edit.span.start, "end": edit.span.end, "text": edit.text })
        };
        json!({
            "title": fix.title,
            "safety": fix.safety.name(),
            "edits": fix.edits.iter().map(edit).collect::<Vec<_>>(),
        })
    });
    let at = |offset: u32| place(lines.position(offset as usize), offset);
    let evidence = |span: &Span| json!({ "start": at(span.start), "end": at(span.end) });
    json!({
        "path": post.path.to_string_lossy(),
        "rule": finding.rule,
        "severity": finding.severity.name(),
        "message": finding.message,
        "help": finding.help,
        "start": place(start, finding.span.start),
        "end": place(end, finding.span.end),
        "evidence": finding.evidence.iter().map(evidence).collect::<Vec<_>>(),
        "fix": fix,
    })
}
