//! Names posts that exceed a limit. They are reported by the code that counts and measures.

use crate::finding::{Findings, Severity};
use crate::limits::EXCEEDED_LIMIT;
use crate::post::Post;
use crate::rule::{Constructor, Rule, RuleInfo};

pub(crate) static INFO: RuleInfo = RuleInfo {
    name: EXCEEDED_LIMIT,
    severity: Severity::Error,
    on_by_default: true,
    page: include_str!("exceeded_limit.md"),
    constructor: Constructor::post::<ExceededLimit>(),
};

#[derive(Debug, Default)]
struct ExceededLimit;

impl Rule for ExceededLimit {
    /// Reported by the rule set and by the code that reads files.
    fn check(&self, _: &Post<'_>, _: &mut Findings) {}
}
