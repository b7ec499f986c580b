//! SARIF 2.1.0, which code scanning services read.

use super::json_list::JsonList;
use super::printer::Printer;
use super::tally::Tally;
use super::uri::{page_url, uri};
use crate::escape::{JsonForm, Sink};
use crate::examine::Examined;
use crate::shard::Shard;
use postmend_core::lines::{LineIndex, Position};
use postmend_core::{Edit, Span};
use postmend_rules::{ALL, Finding, RuleInfo, Severity};
use serde_json::{Value, json};
use std::io;
use std::path::Path;

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The results as they come; the rules are written before them.
#[derive(Debug)]
pub struct Sarif(JsonList);

impl Default for Sarif {
    fn default() -> Self {
        Self(JsonList::after(opening))
    }
}

impl Sarif {
    /// Writes a result.
    pub fn put(&mut self, out: &mut Sink<'_>, result: &Value) -> io::Result<()> {
        self.0.put(out, result)
    }

    /// Writes the end of the document.
    pub fn close(&self, out: &mut Sink<'_>, shard: Option<Shard>) -> io::Result<()> {
        self.0.close(out)?;
        // Without a name for each share, code scanning would let the results of one share replace those of another.
        out.put::<JsonForm>(&[&",\"automationDetails\":", &json!({ "id": run_name(shard) }), &"}]}\n"])
    }
}

impl Printer for Sarif {
    fn add(&mut self, out: &mut Sink<'_>, path: &Path, examined: &Examined) -> io::Result<()> {
        if examined.findings.is_empty() {
            return Ok(());
        }
        let lines = LineIndex::of(&examined.text);
        let prints = examined.fingerprints();
        for ((finding, start, end), print) in examined.findings.iter().zip(&*prints) {
            let here = region(*start, *end, finding.span);
            self.put(out, &result(path, finding, here, &lines, print))?;
        }
        Ok(())
    }

    fn end(&mut self, out: &mut Sink<'_>, tally: &Tally) -> io::Result<()> {
        self.close(out, tally.shard)
    }
}

/// The name of a run, or of the run for a share. Text after the last slash would identify a repetition of the run.
fn run_name(shard: Option<Shard>) -> String {
    shard.map_or_else(
        || "postmend/".to_owned(),
        |shard| format!("postmend/{}/", shard.to_string().replace('/', "-of-")),
    )
}

/// The share of the run with this name.
pub fn shard_of(run_name: &str) -> Option<Shard> {
    run_name.strip_prefix("postmend/")?.strip_suffix('/')?.replace("-of-", "/").parse().ok()
}

/// Writes everything before the results.
fn opening(out: &mut Sink<'_>) -> io::Result<()> {
    let driver = json!({
        "name": "postmend",
        "version": env!("CARGO_PKG_VERSION"),
        "informationUri": env!("CARGO_PKG_REPOSITORY"),
        "rules": ALL.iter().map(|info| rule(info)).collect::<Vec<_>>(),
    });
    out.put::<JsonForm>(&[
        &"{\"$schema\":",
        &json!(SCHEMA),
        &",\"version\":\"2.1.0\",\"runs\":[{\"tool\":{\"driver\":",
        &driver,
    ])?;
    out.put::<JsonForm>(&[&"},\"columnKind\":\"unicodeCodePoints\",\"results\":["])
}

fn rule(info: &RuleInfo) -> Value {
    json!({
        "id": info.name,
        "name": words_joined(info.name),
        "shortDescription": { "text": info.summary() },
        "fullDescription": { "text": format!("{} {}", info.summary(), info.reason()).trim_end() },
        "helpUri": page_url(info.name),
        "help": { "text": info.page, "markdown": info.page },
        "defaultConfiguration": { "level": level(info.severity), "enabled": info.on_by_default },
        "properties": { "tags": info.family().map(|family| family.to_lowercase().replace(' ', "-")).as_slice() },
    })
}

/// The name of a rule as identifiers are written: `MissingAlt`.
fn words_joined(name: &str) -> String {
    let words = name.split('-').map(|word| word[..1].to_uppercase() + &word[1..]);
    words.collect()
}

/// The SARIF levels of the severities.
const LEVELS: [(Severity, &str); 3] =
    [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Info, "note")];

fn level(severity: Severity) -> &'static str {
    LEVELS.iter().find(|(listed, _)| *listed == severity).map_or("none", |(_, level)| level)
}

/// The severity for a SARIF level.
pub fn severity_of(level: &str) -> Option<Severity> {
    LEVELS.iter().find(|(_, name)| *name == level).map(|(severity, _)| *severity)
}

fn result(path: &Path, finding: &Finding, here: Value, lines: &LineIndex<'_>, print: &str) -> Value {
    let artifact = json!({ "uri": uri(path) });
    let at =
        |region: Value| json!({ "physicalLocation": { "artifactLocation": artifact, "region": region } });
    let region_of =
        |span: Span| region(lines.position(span.start as usize), lines.position(span.end as usize), span);
    let separator = if finding.help.is_empty() { "" } else { ": " };
    let mut result = json!({
        "ruleId": finding.rule,
        "level": level(finding.severity),
        "message": { "text": format!("{}{separator}{}", finding.message, finding.help) },
        "locations": [at(here)],
        "partialFingerprints": { "postmend/v2": print },
    });
    // A site's own rules are not in the list of rules, so they have no index.
    if let Some(index) = ALL.iter().position(|info| info.name == finding.rule) {
        result["ruleIndex"] = json!(index);
    }
    if !finding.evidence.is_empty() {
        let related = finding.evidence.iter().map(|span| at(region_of(*span)));
        result["relatedLocations"] = related.collect();
    }
    if let Some(fix) = &finding.fix {
        let replacement = |edit: &Edit| json!({ "deletedRegion": region_of(edit.span), "insertedContent": { "text": edit.text } });
        let replacements: Vec<Value> = fix.edits.iter().map(replacement).collect();
        result["fixes"] = json!([{
            "description": { "text": fix.title },
            "artifactChanges": [{ "artifactLocation": artifact, "replacements": replacements }],
        }]);
    }
    result
}

/// A SARIF region. Columns count characters; the end column is the one after the region.
fn region(start: Position, end: Position, span: Span) -> Value {
    json!({
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
        "byteOffset": span.start,
        "byteLength": span.len(),
    })
}
