//! Reads a report that `check` wrote, as far as needed to merge it with others.

use crate::named_files;
use crate::report::json::{self, ReportSummary};
use crate::report::uri::path_of;
use crate::report::{ReportFormat, sarif};
use crate::shard::Shard;
use crate::trouble::Trouble;
use postmend_core::Span;
use postmend_core::decode::decode;
use postmend_core::lines::Position;
use postmend_rules::{Finding, Severity, kept_name};
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::value::RawValue;
use serde_json::{Deserializer, Value};
use std::io;
use std::path::{Path, PathBuf};

/// The maximum size of a report in bytes.
const LARGEST: u64 = 4_000_000_000;

/// The report formats that can be merged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportKind {
    /// One JSON document.
    Json,
    /// One JSON object per line for each finding, and one for the summary.
    JsonLines,
    /// SARIF.
    Sarif,
}

/// The report of a share, or of all posts.
#[derive(Debug)]
pub struct PartialReport {
    /// Its path.
    pub path: PathBuf,
    /// Its format.
    pub kind: ReportKind,
    /// The share that it covers; `None` for all posts.
    pub shard: Option<Shard>,
    /// Its findings, in order.
    pub found: Vec<FoundFinding>,
    /// Its summary; empty for SARIF, which has none.
    pub summary: ReportSummary,
}

/// A finding in a report.
#[derive(Debug)]
pub struct FoundFinding {
    /// The post's path.
    pub post: PathBuf,
    /// The rule's name; it may be one of the site's own rules.
    pub rule: &'static str,
    /// The severity.
    pub severity: Severity,
    raw: Box<RawValue>,
}

/// The fields that identify the format: the first object of a report has some of these.
#[derive(Debug, Deserialize)]
struct FirstObject {
    version: Option<Value>,
    runs: Option<IgnoredAny>,
    findings: Option<IgnoredAny>,
    summary: Option<IgnoredAny>,
    fingerprint: Option<IgnoredAny>,
}

#[derive(Debug, Deserialize)]
struct JsonReport {
    findings: Vec<Box<RawValue>>,
    summary: ReportSummary,
}

#[derive(Debug, Deserialize)]
struct LastLine {
    version: Value,
    summary: ReportSummary,
}

#[derive(Debug, Deserialize)]
struct JsonFinding {
    path: String,
    rule: String,
    severity: Severity,
    message: String,
    help: String,
    start: JsonPosition,
    end: JsonPosition,
    fingerprint: String,
}

#[derive(Debug, Deserialize)]
struct JsonPosition {
    line: usize,
    column: usize,
    offset: u32,
}

#[derive(Debug, Deserialize)]
struct SarifLog {
    runs: [SarifRun; 1],
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct SarifRun {
    tool: Tool,
    automation_details: Option<AutomationDetails>,
    results: Vec<Box<RawValue>>,
}

#[derive(Debug, Deserialize)]
struct Tool {
    driver: Driver,
}

#[derive(Debug, Deserialize)]
struct Driver {
    name: String,
    version: String,
}

#[derive(Debug, Deserialize)]
struct AutomationDetails {
    id: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct SarifResult {
    rule_id: String,
    level: String,
    locations: [SarifLocation; 1],
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct SarifLocation {
    physical_location: PhysicalLocation,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
}

#[derive(Debug, Deserialize)]
struct ArtifactLocation {
    uri: String,
}

impl ReportKind {
    /// The format as the option of `check`.
    pub fn format(self) -> ReportFormat {
        match self {
            Self::Json => ReportFormat::Json,
            Self::JsonLines => ReportFormat::JsonLines,
            Self::Sarif => ReportFormat::Sarif,
        }
    }

    /// The name for messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Json => "JSON",
            Self::JsonLines => "JSON lines",
            Self::Sarif => "SARIF",
        }
    }
}

impl PartialReport {
    /// Reads a report.
    ///
    /// # Errors
    /// The file cannot be read, is not a report, or was written by another version.
    pub fn read(path: &Path) -> Result<Self, Trouble> {
        let bytes = named_files::read(path, LARGEST)?;
        // Some shells write redirected output as UTF-16 with a byte order mark.
        let text = decode(&bytes).map_err(|_| no_report(path, "it is not text"))?.text;
        let text = text.trim_start_matches('\u{FEFF}').trim_start();
        if text.starts_with('[') {
            return Err(no_report(path, "it is a list"));
        }
        let mut values = Deserializer::from_str(text).into_iter::<FirstObject>();
        let mark = values.next().unwrap_or_else(|| serde_json::from_str(""));
        match mark.map_err(|error| unreadable(path, &error))? {
            FirstObject { runs: Some(_), .. } => sarif_part(path, text),
            FirstObject { findings: Some(_), version, .. } => {
                check_version(path, version.as_ref())?;
                let JsonReport { findings, summary } = parsed(path, text)?;
                json_part(path, ReportKind::Json, findings, summary)
            }
            FirstObject { summary, fingerprint, .. } if summary.is_some() || fingerprint.is_some() => {
                json_lines_part(path, text)
            }
            _ => Err(no_report(path, "it has neither findings nor runs")),
        }
    }
}

fn json_lines_part(path: &Path, text: &str) -> Result<PartialReport, Trouble> {
    let values = Deserializer::from_str(text).into_iter::<Box<RawValue>>();
    let mut findings = values.collect::<Result<Vec<_>, _>>().map_err(|error| unreadable(path, &error))?;
    let last = findings.pop().and_then(|last| serde_json::from_str::<LastLine>(last.get()).ok());
    let LastLine { version, summary } =
        last.ok_or_else(|| no_report(path, "its last line is not a summary"))?;
    check_version(path, Some(&version))?;
    json_part(path, ReportKind::JsonLines, findings, summary)
}

fn json_part(
    path: &Path,
    kind: ReportKind,
    raw: Vec<Box<RawValue>>,
    summary: ReportSummary,
) -> Result<PartialReport, Trouble> {
    let found = raw.into_iter().map(|raw| {
        let JsonFinding { path: post, rule, severity, .. } = parsed(path, raw.get())?;
        Ok(FoundFinding { post: post.into(), rule: rule_name(path, &rule)?, severity, raw })
    });
    let found = found.collect::<Result<Vec<_>, Trouble>>()?;
    if found.len() != summary.findings {
        let why = format!("its summary counts {} findings, but it has {}", summary.findings, found.len());
        return Err(no_report(path, &why));
    }
    Ok(PartialReport { path: path.to_owned(), kind, shard: summary.shard, found, summary })
}

fn sarif_part(path: &Path, text: &str) -> Result<PartialReport, Trouble> {
    let SarifLog { runs: [SarifRun { tool: Tool { driver }, automation_details, results }] } =
        parsed(path, text)?;
    if driver.name != "postmend" {
        return Err(no_report(path, &format!("{} wrote it", driver.name)));
    }
    if driver.version != env!("CARGO_PKG_VERSION") {
        return Err(other_version(path));
    }
    let found = results.into_iter().map(|raw| {
        let SarifResult { rule_id, level, locations: [location] } = parsed(path, raw.get())?;
        let post = path_of(&location.physical_location.artifact_location.uri);
        let severity = sarif::severity_of(&level)
            .ok_or_else(|| no_report(path, &format!("it has a result of level `{level}`")))?;
        Ok(FoundFinding { post, rule: rule_name(path, &rule_id)?, severity, raw })
    });
    let found = found.collect::<Result<Vec<_>, Trouble>>()?;
    let shard = automation_details.and_then(|details| sarif::shard_of(&details.id));
    Ok(PartialReport {
        path: path.to_owned(),
        kind: ReportKind::Sarif,
        shard,
        found,
        summary: ReportSummary::default(),
    })
}

impl FoundFinding {
    /// The finding as JSON, as `check` would print it; formatting that was changed since is not kept.
    ///
    /// # Errors
    /// None, as it was parsed before.
    pub fn value(&self) -> io::Result<Value> {
        Ok(serde_json::from_str(self.raw.get())?)
    }

    /// The finding of a JSON report without its fix and evidence, for which the text of the post is needed; and its
    /// fingerprint.
    ///
    /// # Errors
    /// None, as it was parsed before.
    pub fn with_fingerprint(&self) -> io::Result<((Finding, Position, Position), String)> {
        let json: JsonFinding = serde_json::from_str(self.raw.get())?;
        let position = |position: &JsonPosition| Position { line: position.line, column: position.column };
        let finding = Finding {
            rule: self.rule,
            severity: self.severity,
            span: Span { start: json.start.offset, end: json.end.offset },
            message: json.message.into(),
            help: json.help.into(),
            evidence: Vec::new(),
            fix: None,
            identity: None,
        };
        Ok(((finding, position(&json.start), position(&json.end)), json.fingerprint))
    }
}

/// Checks that a rule name is valid.
fn rule_name(path: &Path, name: &str) -> Result<&'static str, Trouble> {
    kept_name(name).ok_or_else(|| no_report(path, "it has an invalid rule name"))
}

fn parsed<T: DeserializeOwned>(path: &Path, text: &str) -> Result<T, Trouble> {
    serde_json::from_str(text).map_err(|error| unreadable(path, &error))
}

fn unreadable(path: &Path, error: &serde_json::Error) -> Trouble {
    match error.classify() {
        serde_json::error::Category::Eof => no_report(path, "it is truncated"),
        serde_json::error::Category::Syntax => no_report(path, &format!("it is not JSON: {error}")),
        _ => no_report(path, "it does not have the fields of a report"),
    }
}

fn no_report(path: &Path, why: &str) -> Trouble {
    let message = format!("{} cannot be merged: {why}", path.display());
    Trouble::new(
        message,
        "reports that can be merged are written by `check --format` `json`, `json-lines` or `sarif`",
    )
}

fn check_version(path: &Path, version: Option<&Value>) -> Result<(), Trouble> {
    match version {
        Some(version) if *version == json::VERSION => Ok(()),
        Some(_) => Err(other_version(path)),
        None => Err(no_report(path, "it has no version")),
    }
}

fn other_version(path: &Path) -> Trouble {
    let message = format!("{} is a report of another version of postmend", path.display());
    Trouble::new(message, "use one version to check and to merge")
}
