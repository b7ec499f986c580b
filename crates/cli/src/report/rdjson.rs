//! reviewdog's own format, whose suggestions become those of a review.

use super::{Printer, Tally};
use crate::posts::PostFile;
use crate::run::Examined;
use postmend_core::Span;
use postmend_rules::{Fix, Severity};
use serde_json::{Value, json};
use std::io::{self, Write};

/// One document of diagnostics.
#[derive(Debug, Default)]
pub(super) struct RdJson {
    findings: usize,
}

impl Printer for RdJson {
    fn add(&mut self, out: &mut dyn Write, post: &PostFile, examined: &Examined) -> io::Result<()> {
        let text = &examined.text;
        for (finding, ..) in &examined.findings {
            let severity = match finding.severity {
                Severity::Error => "ERROR",
                Severity::Warning => "WARNING",
                Severity::Info => "INFO",
            };
            let mut diagnostic = json!({
                "message": finding.message,
                "location": { "path": post.path.to_string_lossy(), "range": range(text, finding.span) },
                "severity": severity,
                "code": { "value": finding.rule },
            });
            if let Some(fix) = finding.fix.as_ref().filter(|fix| !fix.edits.is_empty()) {
                diagnostic["suggestions"] = json!([suggestion(text, fix)]);
            }
            let lead = if self.findings == 0 { opening() } else { ",\n".to_owned() };
            self.findings += 1;
            write!(out, "{lead}{diagnostic}")?;
        }
        Ok(())
    }

    fn end(&mut self, out: &mut dyn Write, _: &Tally) -> io::Result<()> {
        if self.findings == 0 {
            out.write_all(opening().as_bytes())?;
        }
        writeln!(out, "\n]}}")
    }
}

fn opening() -> String {
    let source = json!({ "name": "postmend", "url": env!("CARGO_PKG_REPOSITORY") });
    format!("{{\"source\":{source},\"diagnostics\":[\n")
}

/// All edits of a fix as one, as suggestions stand for themselves.
fn suggestion(text: &str, fix: &Fix) -> Value {
    let start = fix.edits.iter().map(|edit| edit.span.start).min().unwrap_or_default();
    let end = fix.edits.iter().map(|edit| edit.span.end).max().unwrap_or_default();
    let mut edits: Vec<_> = fix.edits.iter().collect();
    edits.sort_by_key(|edit| edit.span);
    let (mut new, mut from) = (String::new(), start);
    for edit in edits {
        new.push_str(Span { start: from, end: edit.span.start }.of(text));
        new.push_str(&edit.text);
        from = edit.span.end;
    }
    json!({ "range": range(text, Span { start, end }), "text": new })
}

fn range(text: &str, span: Span) -> Value {
    json!({ "start": place(text, span.start), "end": place(text, span.end) })
}

/// Columns count bytes from 1, and lines end with `\n`.
fn place(text: &str, at: u32) -> Value {
    let before = &text[..text.floor_char_boundary(at as usize)];
    let line = before.matches('\n').count() + 1;
    let start = before.rfind('\n').map_or(0, |line_end| line_end + 1);
    json!({ "line": line, "column": before.len() - start + 1 })
}
