//! Names posts whose fixes were refused because they would have changed more than intended.

use crate::finding::{Findings, Severity};
use crate::post::Post;
use crate::rule::{Constructor, Rule, RuleInfo};

pub(crate) static INFO: RuleInfo = RuleInfo {
    name: "refused-fix",
    severity: Severity::Error,
    on_by_default: true,
    page: include_str!("refused_fix.md"),
    constructor: Constructor::post::<RefusedFix>(),
};

#[derive(Debug, Default)]
struct RefusedFix;

impl Rule for RefusedFix {
    /// Reported by the rule set, since there is no document to check.
    fn check(&self, _: &Post<'_>, _: &mut Findings) {}
}
