//! Findings as JSON: one document, or one line each. `findings.schema.json` describes the structure.

use super::json_list::JsonList;
use super::parallel::PostPrinter;
use super::printer::Printer;
use super::tally::Tally;
use crate::escape::{JsonForm, Serialized, Sink};
use crate::examine::Examined;
use crate::shard::Shard;
use postmend_core::lines::{LineIndex, Position};
use postmend_core::{Edit, Span};
use postmend_rules::{Finding, Fix};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::convert::Infallible;
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
        each_finding(path, examined, |finding| self.0.put(out, &Serialized(finding)))
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
        each_finding(path, examined, |finding| out.put::<JsonForm>(&[&Serialized(finding), &"\n"]))
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
    let mut values = Vec::with_capacity(examined.findings.len());
    let Ok(()) = each_finding(path, examined, |finding| {
        values.push(json!(finding));
        Ok::<(), Infallible>(())
    });
    values
}

/// Calls `found` with each finding of a post.
fn each_finding<E>(
    path: &Path,
    examined: &Examined,
    mut found: impl FnMut(&PrintedFinding<'_>) -> Result<(), E>,
) -> Result<(), E> {
    if examined.findings.is_empty() {
        return Ok(());
    }
    let lines = LineIndex::of(&examined.text);
    let (prints, path) = (examined.fingerprints(), path.to_string_lossy());
    let mut all = examined.findings.iter().zip(&*prints);
    all.try_for_each(|((finding, start, end), print)| {
        found(&PrintedFinding::of(&path, finding, [*start, *end], &lines, print))
    })
}

/// A finding. The fields are in alphabetical order, as in a [`Value`], so that both print the same.
#[derive(Serialize)]
struct PrintedFinding<'f> {
    end: JsonPlace,
    evidence: Vec<JsonPassage>,
    fingerprint: &'f str,
    fix: Option<JsonFix<'f>>,
    help: &'f str,
    message: &'f str,
    path: &'f str,
    rule: &'f str,
    severity: &'static str,
    start: JsonPlace,
}

/// A place. Lines and columns count from 1, columns in characters; `offset` counts bytes of the post's text in
/// UTF-8 from 0.
#[derive(Serialize)]
struct JsonPlace {
    column: usize,
    line: usize,
    offset: u32,
}

#[derive(Serialize)]
struct JsonPassage {
    end: JsonPlace,
    start: JsonPlace,
}

#[derive(Serialize)]
struct JsonFix<'f> {
    edits: Vec<JsonEdit<'f>>,
    safety: &'static str,
    title: &'f str,
}

/// An edit, whose span counts bytes as the offset of a place does.
#[derive(Serialize)]
struct JsonEdit<'f> {
    end: u32,
    start: u32,
    text: &'f str,
}

impl<'f> PrintedFinding<'f> {
    fn of(
        path: &'f str,
        finding: &'f Finding,
        [start, end]: [Position; 2],
        lines: &LineIndex<'_>,
        fingerprint: &'f str,
    ) -> Self {
        let place = |position: Position, offset: u32| JsonPlace {
            column: position.column,
            line: position.line,
            offset,
        };
        let at = |offset: u32| place(lines.position(offset as usize), offset);
        let passage = |span: &Span| JsonPassage { end: at(span.end), start: at(span.start) };
        Self {
            end: place(end, finding.span.end),
            evidence: finding.evidence.iter().map(passage).collect(),
            fingerprint,
            fix: finding.fix.as_ref().map(JsonFix::of),
            help: &finding.help,
            message: &finding.message,
            path,
            rule: finding.rule,
            severity: finding.severity.name(),
            start: place(start, finding.span.start),
        }
    }
}

impl<'f> JsonFix<'f> {
    fn of(fix: &'f Fix) -> Self {
        let edit = |edit: &'f Edit| JsonEdit { end: edit.span.end, start: edit.span.start, text: &edit.text };
        Self { edits: fix.edits.iter().map(edit).collect(), safety: fix.safety.name(), title: &fix.title }
    }
}
