//! What a run found and did, in numbers.

use crate::examine::Examined;
use crate::shard::Shard;
use postmend_rules::{Finding, Safety, Severity};
use std::collections::BTreeMap;

/// What a run found and did.
#[derive(Debug, Default)]
pub struct Tally {
    /// The share of the posts that was looked at, if not all were.
    pub shard: Option<Shard>,
    /// Posts that were looked at.
    pub posts: usize,
    /// Posts that have findings.
    pub posts_with_findings: usize,
    /// Findings that are left, by rule.
    pub left: BTreeMap<&'static str, usize>,
    /// The same by severity.
    pub by_severity: BTreeMap<Severity, usize>,
    /// Of those, how many `fix` would mend.
    pub fixable: usize,
    /// Of those, how many `fix --review` would mend besides.
    pub fixable_with_review: usize,
    /// Findings that were fixed, by rule.
    pub fixed: BTreeMap<&'static str, usize>,
    /// Posts that were changed.
    pub posts_changed: usize,
    /// Comments that would switch rules off, and do not count.
    pub unheeded: usize,
}

impl Tally {
    /// How many findings are left.
    pub fn findings(&self) -> usize {
        self.left.values().sum()
    }

    /// "share 2/8: ", which stands before what is told of a share; empty if all posts were looked at.
    pub fn share(&self) -> String {
        self.shard.map_or_else(String::new, |shard| format!("share {shard}: "))
    }

    pub(super) fn add(&mut self, examined: &Examined) {
        self.posts_changed += usize::from(examined.before.is_some());
        self.unheeded += examined.unheeded;
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
