//! reviewdog's own format, whose suggestions become suggestions in a code review.

use super::json_list::JsonList;
use super::printer::Printer;
use super::tally::Tally;
use super::uri::page_url;
use crate::escape::{JsonForm, Sink};
use crate::examine::Examined;
use postmend_core::Span;
use postmend_rules::{Fix, Severity};
use serde_json::{Value, json};
use std::io;
use std::path::Path;

/// One document with a list of diagnostics.
#[derive(Debug)]
pub(super) struct RdJson(JsonList);

impl Default for RdJson {
    fn default() -> Self {
        Self(JsonList::after(opening))
    }
}

impl Printer for RdJson {
    fn add(&mut self, out: &mut Sink<'_>, path: &Path, examined: &Examined) -> io::Result<()> {
        if examined.findings.is_empty() {
            return Ok(());
        }
        let text = &examined.text;
        let starts = Starts::of(text);
        for (finding, ..) in &examined.findings {
            let severity = match finding.severity {
                Severity::Error => "ERROR",
                Severity::Warning => "WARNING",
                Severity::Info => "INFO",
            };
            let mut diagnostic = json!({
                "message": finding.message,
                "location": { "path": path.to_string_lossy(), "range": starts.range(finding.span) },
                "severity": severity,
                "code": { "value": finding.rule },
            });
            if let Some(url) = page_url(finding.rule) {
                diagnostic["code"]["url"] = json!(url);
            }
            if let Some(fix) = finding.fix.as_ref().filter(|fix| !fix.edits.is_empty()) {
                diagnostic["suggestions"] = json!([suggestion(text, &starts, fix)]);
            }
            self.0.put(out, &diagnostic)?;
        }
        Ok(())
    }

    fn end(&mut self, out: &mut Sink<'_>, _: &Tally) -> io::Result<()> {
        self.0.close(out)?;
        out.put::<JsonForm>(&[&"}\n"])
    }
}

fn opening(out: &mut Sink<'_>) -> io::Result<()> {
    let source = json!({ "name": "postmend", "url": env!("CARGO_PKG_REPOSITORY") });
    out.put::<JsonForm>(&[&"{\"source\":", &source, &",\"diagnostics\":["])
}

/// All edits of a fix as one replacement, as each suggestion is applied separately.
fn suggestion(text: &str, starts: &Starts, fix: &Fix) -> Value {
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
    json!({ "range": starts.range(Span { start, end }), "text": new })
}

/// The byte offsets of the line starts in a text with `\n` line endings.
struct Starts(Vec<usize>);

impl Starts {
    fn of(text: &str) -> Self {
        Self(std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect())
    }

    fn range(&self, span: Span) -> Value {
        json!({ "start": self.position(span.start), "end": self.position(span.end) })
    }

    /// The line and column of a byte offset. Columns count bytes from 1.
    fn position(&self, at: u32) -> Value {
        let line = self.0.partition_point(|start| *start <= at as usize);
        json!({ "line": line, "column": at as usize - self.0[line - 1] + 1 })
    }
}
