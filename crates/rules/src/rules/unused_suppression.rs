//! Finds suppression comments for rules that find nothing there.

use crate::finding::{Findings, Severity};
use crate::post::Post;
use crate::rule::{Constructor, Rule, RuleInfo};

pub(crate) static INFO: RuleInfo = RuleInfo {
    name: "unused-suppression",
    severity: Severity::Info,
    on_by_default: true,
    page: include_str!("unused_suppression.md"),
    constructor: Constructor::post::<UnusedSuppression>(),
};

#[derive(Debug, Default)]
struct UnusedSuppression;

impl Rule for UnusedSuppression {
    /// Reported by the rule set, since it depends on the findings of all other rules.
    fn check(&self, _: &Post<'_>, _: &mut Findings) {}
}
