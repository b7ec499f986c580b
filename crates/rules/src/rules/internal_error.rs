//! Names posts on which postmend failed; other posts are not affected.

use crate::finding::{Findings, Severity};
use crate::post::Post;
use crate::rule::{Constructor, Rule, RuleInfo};

pub(crate) static INFO: RuleInfo = RuleInfo {
    name: "internal-error",
    severity: Severity::Error,
    on_by_default: true,
    page: include_str!("internal_error.md"),
    constructor: Constructor::post::<InternalError>(),
};

#[derive(Debug, Default)]
struct InternalError;

impl Rule for InternalError {
    /// Reported by the rule set, since there is no document to check.
    fn check(&self, _: &Post<'_>, _: &mut Findings) {}
}
