//! Merges the reports of all shares into the report that one run over all posts would write.

mod read;

use crate::escape::{JsonForm, Sink};
use crate::examine::Examined;
use crate::report::json::{Json, JsonLines, ReportSummary};
use crate::report::sarif::Sarif;
use crate::report::{self, ReportFormat, Tally};
use crate::shard::Shard;
use crate::trouble::Trouble;
use postmend_rules::ALL;
use read::{FoundFinding, PartialReport, ReportKind};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The report that one run over all posts would write.
pub struct MergedReport {
    kind: ReportKind,
    found: Vec<FoundFinding>,
    summary: ReportSummary,
    /// The rules that compare posts: their findings are printed after all others.
    late: BTreeSet<&'static str>,
}

impl MergedReport {
    /// Reads the reports of all shares.
    ///
    /// # Errors
    /// A report cannot be read, has another format or version, is missing, or was named twice.
    pub fn read(reports: &[PathBuf]) -> Result<Self, Trouble> {
        check_no_report_twice(reports)?;
        let parts = reports.iter().map(|path| PartialReport::read(path));
        let parts = parts.collect::<Result<Vec<_>, _>>()?;
        let kind = only_kind(&parts)?;
        all_shares(&parts)?;
        check_no_post_twice(&parts)?;
        Ok(Self::of(kind, parts))
    }

    /// The format of the reports.
    pub fn format(&self) -> ReportFormat {
        self.kind.format()
    }

    /// Checks that the reports can be merged into a format.
    ///
    /// # Errors
    /// They do not contain everything that the format shows.
    pub fn holds(&self, format: ReportFormat) -> Result<(), Trouble> {
        let can_be: &[ReportFormat] =
            if self.kind == ReportKind::Sarif { &[ReportFormat::Sarif] } else { &OF_JSON };
        if can_be.contains(&format) {
            return Ok(());
        }
        let (name, format) = (self.kind.name(), format.name());
        let message = format!("the reports are {name}, which lacks some of what `{format}` prints");
        let names: Vec<String> = can_be.iter().map(|format| format!("`{}`", format.name())).collect();
        Err(Trouble::new(message, format!("{name} can be merged into {}", names.join(", "))))
    }

    fn of(kind: ReportKind, parts: Vec<PartialReport>) -> Self {
        let mut summary = ReportSummary::default();
        parts.iter().for_each(|part| summary.add(&part.summary));
        let late: BTreeSet<&str> =
            ALL.iter().filter(|info| info.compares_posts()).map(|info| info.name).collect();
        let is_late = |found: &FoundFinding| late.contains(found.rule);
        let mut found: Vec<FoundFinding> = parts.into_iter().flat_map(|part| part.found).collect();
        // The sort is stable, so the findings of a post stay in their order.
        found.sort_by(|a, b| is_late(a).cmp(&is_late(b)).then_with(|| a.post.cmp(&b.post)));
        Self { kind, found, summary, late }
    }

    /// Prints the merged report in a format that it can be merged into.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn print(&self, out: &mut dyn Write, format: ReportFormat) -> io::Result<()> {
        let out = &mut Sink::to(out);
        let mut values = self.found.iter().map(FoundFinding::value);
        match format {
            ReportFormat::Json => {
                let mut json = Json::default();
                values.try_for_each(|value| json.put(out, &value?))?;
                json.close(out, &self.summary)
            }
            ReportFormat::JsonLines => {
                values.try_for_each(|value| out.put::<JsonForm>(&[&value?, &"\n"]))?;
                JsonLines::close(out, &self.summary)
            }
            ReportFormat::Sarif => {
                let mut sarif = Sarif::default();
                values.try_for_each(|value| sarif.put(out, &value?))?;
                sarif.close(out, None)
            }
            _ => report::print_again(out, format, self.posts()?, &self.tally()),
        }
    }

    /// The findings of each post, as a result for the printers; a post may appear a second time with the findings of
    /// rules that compare posts.
    fn posts(&self) -> io::Result<Vec<(&Path, Examined)>> {
        let is_late = |found: &FoundFinding| self.late.contains(found.rule);
        let of_post = self.found.chunk_by(|a, b| a.post == b.post && is_late(a) == is_late(b));
        let posts = of_post.map(|found| {
            let read = found.iter().map(FoundFinding::with_fingerprint).collect::<io::Result<Vec<_>>>()?;
            let (findings, prints) = read.into_iter().unzip();
            Ok((found[0].post.as_path(), Examined::from_report(findings, prints)))
        });
        posts.collect()
    }

    /// The counts of the findings.
    pub fn tally(&self) -> Tally {
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

/// Checks that no file is named twice: for reports without findings nothing else would detect that.
fn check_no_report_twice(paths: &[PathBuf]) -> Result<(), Trouble> {
    let mut seen = BTreeSet::new();
    for path in paths {
        if !seen.insert(std::fs::canonicalize(path).unwrap_or_else(|_| path.clone())) {
            return Err(repeated_report(format!("{} is named twice", path.display())));
        }
    }
    Ok(())
}

/// The format of the reports, which must be the same for all.
fn only_kind(parts: &[PartialReport]) -> Result<ReportKind, Trouble> {
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

/// The formats that JSON reports can be merged into: the others need the text of posts, or list posts without
/// findings.
const OF_JSON: [ReportFormat; 7] = [
    ReportFormat::Json,
    ReportFormat::JsonLines,
    ReportFormat::Concise,
    ReportFormat::Github,
    ReportFormat::Gitlab,
    ReportFormat::Checkstyle,
    ReportFormat::Markdown,
];

/// Checks that the reports of all shares are there: a missing one might have had findings.
fn all_shares(parts: &[PartialReport]) -> Result<(), Trouble> {
    let mut by_shard: BTreeMap<Shard, &Path> = BTreeMap::new();
    for (shard, path) in parts.iter().filter_map(|part| Some((part.shard?, part.path.as_path()))) {
        if let Some((other, other_path)) = by_shard.iter().find(|(other, _)| other.count() != shard.count()) {
            let (a, b) = (other_path.display(), path.display());
            let message = format!("{a} is share {other}, and {b} is share {shard}");
            return Err(Trouble::new(message, "merge shares of one run at a time"));
        }
        if let Some(before) = by_shard.insert(shard, path) {
            return Err(repeated_report(format!(
                "{} and {} are both share {shard}",
                before.display(),
                path.display()
            )));
        }
    }
    let Some((first, _)) = by_shard.first_key_value() else { return Ok(()) };
    match first.all().find(|shard| !by_shard.contains_key(shard)) {
        None => Ok(()),
        Some(missing) => {
            let message = format!("the report of share {missing} is missing");
            Err(Trouble::new(message, "check whether its job failed, and name the reports of all shares"))
        }
    }
}

/// Checks that no post is in more than one report.
fn check_no_post_twice(parts: &[PartialReport]) -> Result<(), Trouble> {
    let mut first_report: HashMap<&Path, usize> = HashMap::new();
    for (number, part) in parts.iter().enumerate() {
        for FoundFinding { post, .. } in &part.found {
            let before = *first_report.entry(post).or_insert(number);
            if before != number {
                let (a, b) = (parts[before].path.display(), part.path.display());
                return Err(repeated_report(format!("{a} and {b} both report on {}", post.display())));
            }
        }
    }
    Ok(())
}

fn repeated_report(message: String) -> Trouble {
    Trouble::new(message, "name the report of each share once")
}
