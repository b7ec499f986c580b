//! Findings as JSON: one document, or one line each. `findings.schema.json` describes the structure.

use super::json_list::JsonList;
use super::parallel::PostPrinter;
use super::printer::Printer;
use super::tally::Tally;
use crate::escape::{JsonForm, Sink};
use crate::examine::Examined;
use crate::shard::Shard;
use postmend_core::Span;
use postmend_core::lines::{LineIndex, Position};
use postmend_rules::Finding;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io;
use std::path::Path;

/// The version of the structure; it is increased when the meaning of a field changes.
pub const VERSION: u32 = 1;

/// One document: the findings as they come, and a summary at the end.
#[derive(Debug)]
pub struct Json(JsonList);

impl Default for Json {
    fn default() -> Self {
        Self(JsonList::after(opening))
    }
}

impl Json {
    /// Writes a finding.
    pub fn put(&mut self, out: &mut Sink<'_>, finding: &Value) -> io::Result<()> {
        self.0.put(out, finding)
    }

    /// Writes the end of the document with the summary.
    pub fn close(&self, out: &mut Sink<'_>, summary: &ReportSummary) -> io::Result<()> {
        self.0.close(out)?;
        out.put::<JsonForm>(&[&",\"summary\":", &json!(summary), &"}\n"])
    }
}

impl Printer for Json {
    fn add(&mut self, out: &mut Sink<'_>, path: &Path, examined: &Examined) -> io::Result<()> {
        values(path, examined).iter().try_for_each(|finding| self.put(out, finding))
    }

    fn end(&mut self, out: &mut Sink<'_>, tally: &Tally) -> io::Result<()> {
        self.close(out, &ReportSummary::of(tally))
    }
}

/// One JSON object per line for each finding, and one for the summary.
pub struct JsonLines;

impl JsonLines {
    /// Writes the last line with the summary.
    pub fn close(out: &mut Sink<'_>, summary: &ReportSummary) -> io::Result<()> {
        out.put::<JsonForm>(&[&json!({ "version": VERSION, "summary": summary }), &"\n"])
    }
}

impl PostPrinter for JsonLines {
    fn print(&self, out: &mut Sink<'_>, path: &Path, examined: &Examined) -> io::Result<()> {
        values(path, examined).iter().try_for_each(|finding| out.put::<JsonForm>(&[finding, &"\n"]))
    }

    fn end(&self, out: &mut Sink<'_>, tally: &Tally) -> io::Result<()> {
        Self::close(out, &ReportSummary::of(tally))
    }
}

fn opening(out: &mut Sink<'_>) -> io::Result<()> {
    out.put::<JsonForm>(&[&"{\"version\":", &json!(VERSION), &",\"findings\":["])
}

/// The totals of a report.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct ReportSummary {
    /// The number of remaining findings, by rule.
    pub by_rule: BTreeMap<String, usize>,
    /// The number of remaining findings.
    pub findings: usize,
    /// The number of findings that `fix` can fix.
    pub fixable: usize,
    /// The number of further findings that `fix --review` can fix.
    pub fixable_with_review: usize,
    /// The number of findings that were fixed.
    pub fixed: usize,
    /// The number of posts that were checked.
    pub posts: usize,
    /// The number of posts that were changed.
    pub posts_changed: usize,
    /// The share of the posts that this covers; `None` for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shard: Option<Shard>,
}

impl ReportSummary {
    /// Adds the totals of another share.
    pub fn add(&mut self, other: &Self) {
        for (rule, count) in &other.by_rule {
            *self.by_rule.entry(rule.clone()).or_default() += count;
        }
        self.findings += other.findings;
        self.fixable += other.fixable;
        self.fixable_with_review += other.fixable_with_review;
        self.fixed += other.fixed;
        self.posts += other.posts;
        self.posts_changed += other.posts_changed;
    }

    fn of(tally: &Tally) -> Self {
        Self {
            by_rule: tally.left.iter().map(|(rule, count)| ((*rule).to_owned(), *count)).collect(),
            findings: tally.findings(),
            fixable: tally.fixable,
            fixable_with_review: tally.fixable_with_review,
            fixed: tally.fixed.values().sum(),
            posts: tally.posts,
            posts_changed: tally.posts_changed,
            shard: tally.shard,
        }
    }
}

/// The findings of a post as JSON.
pub fn values(path: &Path, examined: &Examined) -> Vec<Value> {
    if examined.findings.is_empty() {
        return Vec::new();
    }
    let lines = LineIndex::of(&examined.text);
    let prints = examined.fingerprints();
    let value = |((finding, start, end), print): (&(Finding, Position, Position), &String)| {
        finding_value(path, finding, [*start, *end], &lines, print)
    };
    examined.findings.iter().zip(&*prints).map(value).collect()
}

/// A finding as JSON. Lines and columns count from 1, columns in characters; `offset` and the spans of edits count
/// bytes of the post's text in UTF-8 from 0.
fn finding_value(
    path: &Path,
    finding: &Finding,
    [start, end]: [Position; 2],
    lines: &LineIndex<'_>,
    print: &str,
) -> Value {
    let location = |position: Position, offset: u32| json!({ "line": position.line, "column": position.column, "offset": offset });
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
    let at = |offset: u32| location(lines.position(offset as usize), offset);
    let evidence = |span: &Span| json!({ "start": at(span.start), "end": at(span.end) });
    json!({
        "path": path.to_string_lossy(),
        "rule": finding.rule,
        "severity": finding.severity.name(),
        "message": finding.message,
        "help": finding.help,
        "start": location(start, finding.span.start),
        "end": location(end, finding.span.end),
        "evidence": finding.evidence.iter().map(evidence).collect::<Vec<_>>(),
        "fix": fix,
        "fingerprint": print,
    })
}
