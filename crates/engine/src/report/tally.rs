//! Counts of what a run found and did.

use crate::examine::Examined;
use crate::shard::Shard;
use postmend_rules::{Finding, Safety, Severity};
use std::collections::BTreeMap;

/// Counts of what a run found and did.
#[derive(Debug, Default)]
pub struct Tally {
    /// The share of the posts that was checked; `None` for all.
    pub shard: Option<Shard>,
    /// The number of posts that were checked.
    pub posts: usize,
    /// The number of posts with findings.
    pub posts_with_findings: usize,
    /// The number of remaining findings, by rule.
    pub left: BTreeMap<&'static str, usize>,
    /// The number of findings that a baseline hides, by rule.
    pub known: BTreeMap<&'static str, usize>,
    /// The number of remaining findings, by severity.
    pub by_severity: BTreeMap<Severity, usize>,
    /// The number of remaining findings that `fix` can fix.
    pub fixable: usize,
    /// The number of further remaining findings that `fix --review` can fix.
    pub fixable_with_review: usize,
    /// The number of findings that were fixed, by rule.
    pub fixed: BTreeMap<&'static str, usize>,
    /// The number of posts that were changed.
    pub posts_changed: usize,
    /// The number of comments that would disable rules and were ignored.
    pub ignored_directives: usize,
    /// The number of files that were not checked, as a program writes them.
    pub generated: usize,
}

impl Tally {
    /// The number of remaining findings.
    pub fn findings(&self) -> usize {
        self.left.values().sum()
    }

    /// A prefix for messages about a share, such as "share 2/8: "; empty if all posts were checked.
    pub fn share(&self) -> String {
        self.shard.map_or_else(String::new, |shard| format!("share {shard}: "))
    }

    /// Counts findings that a baseline hides.
    pub fn add_known<'f>(&mut self, hidden: impl IntoIterator<Item = &'f Finding>) {
        hidden.into_iter().for_each(|finding| *self.known.entry(finding.rule).or_default() += 1);
    }

    /// Counts the result for a post.
    pub fn add(&mut self, examined: &Examined) {
        self.posts_changed += usize::from(examined.before.is_some());
        self.ignored_directives += examined.ignored_directives;
        self.generated += usize::from(examined.is_generated);
        for (finding, ..) in &examined.findings {
            *self.left.entry(finding.rule).or_default() += 1;
            *self.by_severity.entry(finding.severity).or_default() += 1;
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
