//! Tells what was found, in the format that was asked for.

mod concise;
mod human;
mod json;
mod shown;

use crate::args::{ReportFormat, RunArguments};
use crate::posts::PostFile;
use crate::run::Examined;
use postmend_rules::{Finding, Safety};
use std::collections::BTreeMap;
use std::io::{self, Write};

pub use shown::visible_text;

/// Prints findings as they come, and what they come to at the end.
pub struct Report<W: Write> {
    out: W,
    format: ReportFormat,
    statistics: bool,
    human: human::Human,
    json: json::Json,
    /// What was found and done so far.
    pub tally: Tally,
}

/// What a run found and did.
#[derive(Debug, Default)]
pub struct Tally {
    /// Posts that were looked at.
    pub posts: usize,
    /// Posts that have findings.
    pub posts_with_findings: usize,
    /// Findings that are left, by rule.
    pub left: BTreeMap<&'static str, usize>,
    /// Of those, how many `fix` would mend.
    pub fixable: usize,
    /// Of those, how many `fix --unsafe` would mend besides.
    pub fixable_with_review: usize,
    /// Findings that were fixed, by rule.
    pub fixed: BTreeMap<&'static str, usize>,
    /// Posts that were changed.
    pub posts_changed: usize,
}

impl Tally {
    /// How many findings are left.
    pub fn findings(&self) -> usize {
        self.left.values().sum()
    }

    fn add(&mut self, examined: &Examined) {
        self.posts_changed += usize::from(examined.before.is_some());
        for (finding, ..) in &examined.findings {
            *self.left.entry(finding.rule).or_default() += 1;
            match finding.fix.as_ref().map(|fix| fix.safety) {
                Some(Safety::Safe) => self.fixable += 1,
                Some(Safety::Review) => self.fixable_with_review += 1,
                _ => {}
            }
        }
        for Finding { rule, .. } in &examined.fixed {
            *self.fixed.entry(rule).or_default() += 1;
        }
    }
}

impl<W: Write> Report<W> {
    /// A report to `out`.
    pub fn new(out: W, arguments: &RunArguments, colored: bool) -> Self {
        Self {
            out,
            format: arguments.format,
            statistics: arguments.statistics,
            human: human::Human::new(arguments.max_per_rule, colored),
            json: json::Json::default(),
            tally: Tally::default(),
        }
    }

    /// Tells about one post.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn add(&mut self, post: &PostFile, examined: &Examined) -> io::Result<()> {
        self.tally.posts += 1;
        self.tally.posts_with_findings += usize::from(!examined.findings.is_empty());
        self.add_more(post, examined)
    }

    /// Tells more about a post that was told about before.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn add_more(&mut self, post: &PostFile, examined: &Examined) -> io::Result<()> {
        self.tally.add(examined);
        if self.statistics {
            return Ok(());
        }
        match self.format {
            ReportFormat::Human => self.human.add(&mut self.out, post, examined),
            ReportFormat::Concise => concise::add(&mut self.out, post, examined),
            ReportFormat::Json => self.json.add(&mut self.out, post, examined),
        }
    }

    /// Ends the report.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn end(&mut self) -> io::Result<()> {
        match (self.format, self.statistics) {
            (ReportFormat::Json, _) => self.json.end(&mut self.out, &self.tally)?,
            (_, true) => statistics(&mut self.out, &self.tally)?,
            (ReportFormat::Human, _) => self.human.end(&mut self.out)?,
            (ReportFormat::Concise, _) => {}
        }
        self.out.flush()
    }
}

/// Rules by how often they found something.
fn statistics(out: &mut impl Write, tally: &Tally) -> io::Result<()> {
    let mut rows: Vec<_> = tally.left.iter().collect();
    rows.sort_by_key(|(rule, count)| (std::cmp::Reverse(**count), **rule));
    rows.iter().try_for_each(|(rule, count)| writeln!(out, "{count:>8}  {rule}"))
}
