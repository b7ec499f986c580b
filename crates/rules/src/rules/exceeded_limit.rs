//! Names posts that cost more than they may; seen by whoever counts and measures.

use crate::finding::{Findings, Severity};
use crate::limits::EXCEEDED_LIMIT;
use crate::post::Post;
use crate::rule::{Constructor, Rule, RuleInfo};
use schemars::JsonSchema;
use serde::Deserialize;

pub(crate) const INFO: RuleInfo = RuleInfo {
    name: EXCEEDED_LIMIT,
    severity: Severity::Error,
    on_by_default: true,
    page: include_str!("exceeded_limit.md"),
    constructor: Constructor::post::<ExceededLimit>(),
};

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct ExceededLimit {}

impl Rule for ExceededLimit {
    /// The rule set reports it, and whoever reads the file.
    fn check(&self, _: &Post<'_>, _: &mut Findings) {}
}
