//! `postmend merge`: reports of shares become the report that one run over all posts writes.

mod read;

use crate::args::{Gate, ReportFile, ReportFormat, report_file};
use crate::examine::summary;
use crate::report::json::{Json, JsonLines, Summary};
use crate::report::sarif::Sarif;
use crate::report::{self, Tally};
use crate::run::{Examined, Task};
use crate::shard::Shard;
use crate::terminal::output_failed;
use crate::trouble::Trouble;
use clap::Args;
use postmend_engine::print::{Json as Form, Sink, Stdout, say};
use postmend_rules::ALL;
use read::{Found, Kind, Part};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Arguments of `merge`.
#[derive(Debug, Args)]
pub struct MergeArguments {
    /// Reports that `check` wrote as JSON, as JSON lines or as SARIF, all in the same format
    #[arg(value_name = "REPORT", required = true)]
    pub reports: Vec<PathBuf>,
    /// How to print the whole report; as the reports are if nothing is said. Formats that show the text of posts
    /// cannot be made of reports
    #[arg(long, value_enum)]
    pub format: Option<ReportFormat>,
    /// Write it to a file too: FORMAT=FILE, or a file whose ending tells the format
    #[arg(long, value_name = "[FORMAT=]FILE", value_parser = report_file)]
    pub report: Vec<ReportFile>,
    /// What makes the exit code 1.
    #[command(flatten)]
    pub gate: Gate,
}

/// `postmend merge`
pub fn merge(arguments: &MergeArguments) -> Result<ExitCode, Trouble> {
    named_once(&arguments.reports)?;
    let parts = arguments.reports.iter().map(|path| Part::read(path));
    let parts = parts.collect::<Result<Vec<_>, _>>()?;
    let kind = only_kind(&parts)?;
    let wanted = made_of(kind, arguments.format.unwrap_or(kind.format()))?;
    let files = arguments.report.iter().map(|file| Ok((made_of(kind, file.format)?, &file.path)));
    let files = files.collect::<Result<Vec<_>, Trouble>>()?;
    all_shares(&parts)?;
    told_once(&parts)?;
    let whole = Whole::of(parts);
    let tally = whole.tally();
    for (format, path) in files {
        let mut out = report::new_file(path)?;
        output_failed(whole.print(&mut Sink::to(&mut out), format, &tally).and_then(|()| out.keep(false)))?;
    }
    let mut out = Stdout::lock();
    let printed = whole.print(&mut out.sink(), wanted, &tally);
    if let Some(code) = output_failed(printed.and_then(|()| out.flush()))? {
        return Ok(code);
    }
    if wanted.is_for_people() {
        say(format_args!("{}", summary(&tally, &Task::Check)));
    }
    Ok(ExitCode::from(u8::from(arguments.gate.fails(&tally))))
}

/// No file is named twice: of a report without findings nothing else would tell.
fn named_once(paths: &[PathBuf]) -> Result<(), Trouble> {
    let mut known = BTreeSet::new();
    for path in paths {
        if !known.insert(std::fs::canonicalize(path).unwrap_or_else(|_| path.clone())) {
            return Err(twice(format!("{} is named twice", path.display())));
        }
    }
    Ok(())
}

/// The format that all reports have.
fn only_kind(parts: &[Part]) -> Result<Kind, Trouble> {
    let first = &parts[0];
    match parts.iter().find(|part| part.kind != first.kind) {
        None => Ok(first.kind),
        Some(other) => {
            let (a, b) = (first.path.display(), other.path.display());
            let message = format!("{a} is {}, and {b} is {}", first.kind.name(), other.kind.name());
            Err(Trouble::new(message, "merge reports of one format at a time"))
        }
    }
}

/// The formats that can be made of JSON: the others need posts' text, or name posts without findings.
const OF_JSON: [ReportFormat; 7] = [
    ReportFormat::Json,
    ReportFormat::JsonLines,
    ReportFormat::Concise,
    ReportFormat::Github,
    ReportFormat::Gitlab,
    ReportFormat::Checkstyle,
    ReportFormat::Markdown,
];

/// A format, if it can be made of reports of a kind.
fn made_of(kind: Kind, format: ReportFormat) -> Result<ReportFormat, Trouble> {
    let can_be: &[ReportFormat] = if kind == Kind::Sarif { &[ReportFormat::Sarif] } else { &OF_JSON };
    if can_be.contains(&format) {
        return Ok(format);
    }
    let (name, format) = (kind.name(), format.name());
    let message = format!("the reports are {name}, which does not hold all that `{format}` tells");
    let names: Vec<String> = can_be.iter().map(|format| format!("`{}`", format.name())).collect();
    Err(Trouble::new(message, format!("what can be made of {name} is {}", names.join(", "))))
}

/// Reports of shares must be those of all shares: what is missing might have had findings.
fn all_shares(parts: &[Part]) -> Result<(), Trouble> {
    let mut known: BTreeMap<Shard, &Path> = BTreeMap::new();
    for (shard, path) in parts.iter().filter_map(|part| Some((part.shard?, part.path.as_path()))) {
        if let Some((other, other_path)) = known.iter().find(|(other, _)| other.count() != shard.count()) {
            let (a, b) = (other_path.display(), path.display());
            let message = format!("{a} is share {other}, and {b} is share {shard}");
            return Err(Trouble::new(message, "merge shares of one run at a time"));
        }
        if let Some(before) = known.insert(shard, path) {
            return Err(twice(format!("{} and {} are both share {shard}", before.display(), path.display())));
        }
    }
    let Some((first, _)) = known.first_key_value() else { return Ok(()) };
    match first.all().find(|shard| !known.contains_key(shard)) {
        None => Ok(()),
        Some(missing) => {
            let message = format!("the report of share {missing} is missing");
            Err(Trouble::new(message, "see whether its job has failed, and name the reports of all shares"))
        }
    }
}

/// A post is in one report only.
fn told_once(parts: &[Part]) -> Result<(), Trouble> {
    let mut known: HashMap<&Path, usize> = HashMap::new();
    for (number, part) in parts.iter().enumerate() {
        for Found { post, .. } in &part.found {
            let before = *known.entry(post).or_insert(number);
            if before != number {
                let (a, b) = (parts[before].path.display(), part.path.display());
                return Err(twice(format!("{a} and {b} both tell of {}", post.display())));
            }
        }
    }
    Ok(())
}

fn twice(message: String) -> Trouble {
    Trouble::new(message, "name the report of each share once")
}

/// What one run over all posts would have told.
struct Whole {
    found: Vec<Found>,
    summary: Summary,
    /// The rules that compare posts: what they find is told behind everything else.
    late: BTreeSet<&'static str>,
}

impl Whole {
    fn of(parts: Vec<Part>) -> Self {
        let mut summary = Summary::default();
        parts.iter().for_each(|part| summary.add(&part.summary));
        let late: BTreeSet<&str> =
            ALL.iter().filter(|card| card.compares_posts()).map(|card| card.name).collect();
        let is_late = |found: &Found| late.contains(found.rule);
        let mut found: Vec<Found> = parts.into_iter().flat_map(|part| part.found).collect();
        // Findings of one post stay in their order.
        found.sort_by(|a, b| is_late(a).cmp(&is_late(b)).then_with(|| a.post.cmp(&b.post)));
        Self { found, summary, late }
    }

    fn print(&self, out: &mut Sink<'_>, format: ReportFormat, tally: &Tally) -> io::Result<()> {
        let mut values = self.found.iter().map(Found::value);
        match format {
            ReportFormat::Json => {
                let mut json = Json::default();
                values.try_for_each(|value| json.put(out, &value?))?;
                json.close(out, &self.summary)
            }
            ReportFormat::JsonLines => {
                values.try_for_each(|value| out.put::<Form>(&[&value?, &"\n"]))?;
                JsonLines::close(out, &self.summary)
            }
            ReportFormat::Sarif => {
                let mut sarif = Sarif::default();
                values.try_for_each(|value| sarif.put(out, &value?))?;
                sarif.close(out, None)
            }
            _ => report::print_again(out, format, self.posts()?, tally),
        }
    }

    /// What is told of each post; of one that is contested twice.
    fn posts(&self) -> io::Result<Vec<(&Path, Examined)>> {
        let is_late = |found: &Found| self.late.contains(found.rule);
        let of_post = self.found.chunk_by(|a, b| a.post == b.post && is_late(a) == is_late(b));
        let told = of_post.map(|found| {
            let told = found.iter().map(Found::told).collect::<io::Result<Vec<_>>>()?;
            let (findings, prints) = told.into_iter().unzip();
            Ok((found[0].post.as_path(), Examined::told(findings, prints)))
        });
        told.collect()
    }

    fn tally(&self) -> Tally {
        let mut tally = Tally {
            posts: self.summary.posts,
            posts_with_findings: self.found.iter().map(|found| &found.post).collect::<HashSet<_>>().len(),
            fixable: self.summary.fixable,
            fixable_with_review: self.summary.fixable_with_review,
            ..Tally::default()
        };
        for found in &self.found {
            *tally.left.entry(found.rule).or_default() += 1;
            *tally.by_severity.entry(found.severity).or_default() += 1;
        }
        tally
    }
}
