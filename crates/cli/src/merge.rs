//! `postmend merge`: reports of shares become the report that one run over all posts writes.

mod read;

use crate::args::{Gate, ReportFile, ReportFormat, report_file};
use crate::report::json::{Json, JsonLines, Summary};
use crate::report::sarif::Sarif;
use crate::report::{self, Tally};
use crate::shard::Shard;
use crate::terminal::output_failed;
use crate::trouble::Trouble;
use clap::Args;
use postmend_rules::{ALL, Card};
use read::{Found, Kind, Part};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Arguments of `merge`.
#[derive(Debug, Args)]
pub struct MergeArguments {
    /// Reports that `check` wrote as JSON, as JSON lines or as SARIF, all in the same format
    #[arg(value_name = "REPORT", required = true)]
    pub reports: Vec<PathBuf>,
    /// How to print the whole report; as the reports are if nothing is said. JSON can be made of JSON lines, and
    /// these of it
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
    let wanted = arguments.format.map_or(Ok(kind), |format| made_of(kind, format))?;
    let files = arguments.report.iter().map(|file| Ok((made_of(kind, file.format)?, &file.path)));
    let files = files.collect::<Result<Vec<_>, Trouble>>()?;
    all_shares(&parts)?;
    told_once(&parts)?;
    let whole = Whole::of(parts);
    for (kind, path) in files {
        let mut out = report::new_file(path)?;
        output_failed(whole.print(&mut out, kind).and_then(|()| report::name_file(out, path)))?;
    }
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    if let Some(code) = output_failed(whole.print(&mut out, wanted).and_then(|()| out.flush()))? {
        return Ok(code);
    }
    Ok(ExitCode::from(u8::from(arguments.gate.fails(&whole.tally()))))
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

/// What a format is called here, if it can be made of reports of a kind.
fn made_of(kind: Kind, format: ReportFormat) -> Result<Kind, Trouble> {
    let made = Kind::ALL.into_iter().find(|kind| kind.format() == format);
    made.filter(|made| (*made == Kind::Sarif) == (kind == Kind::Sarif)).ok_or_else(|| {
        let message =
            format!("the reports are {}, which does not hold all that {} tells", kind.name(), format.name());
        Trouble::new(
            message,
            "let each share write the format that is wanted, if it is JSON, JSON lines or SARIF",
        )
    })
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
}

impl Whole {
    fn of(parts: Vec<Part>) -> Self {
        let mut summary = Summary::default();
        parts.iter().for_each(|part| summary.add(&part.summary));
        // What compares posts is told when all of them have been read, and so behind everything else.
        let late: BTreeSet<&str> =
            ALL.iter().filter(|card| card.compares_posts()).map(|card| card.name).collect();
        let is_late = |card: &Card| late.contains(card.name);
        let mut found: Vec<Found> = parts.into_iter().flat_map(|part| part.found).collect();
        // Findings of one post stay in their order.
        found.sort_by(|a, b| is_late(a.card).cmp(&is_late(b.card)).then_with(|| a.post.cmp(&b.post)));
        Self { found, summary }
    }

    fn print(&self, out: &mut dyn Write, kind: Kind) -> io::Result<()> {
        let mut values = self.found.iter().map(Found::value);
        match kind {
            Kind::Json => {
                let mut json = Json::default();
                values.try_for_each(|value| json.put(out, &value?))?;
                json.close(out, &self.summary)
            }
            Kind::JsonLines => {
                values.try_for_each(|value| writeln!(out, "{}", value?))?;
                JsonLines::close(out, &self.summary)
            }
            Kind::Sarif => {
                let mut sarif = Sarif::default();
                values.try_for_each(|value| sarif.put(out, &value?))?;
                sarif.close(out, None)
            }
        }
    }

    /// What a gate wants to know.
    fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        for found in &self.found {
            *tally.by_severity.entry(found.severity).or_default() += 1;
        }
        tally
    }
}
