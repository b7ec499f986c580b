//! Names posts whose fixes were refused because they would have changed more than they named.

use crate::finding::{Findings, Severity};
use crate::post::Post;
use crate::rule::{Constructor, Rule, RuleInfo};
use schemars::JsonSchema;
use serde::Deserialize;

pub(crate) const INFO: RuleInfo = RuleInfo {
    name: "refused-fix",
    severity: Severity::Error,
    on_by_default: true,
    page: include_str!("refused_fix.md"),
    constructor: Constructor::post::<RefusedFix>(),
};

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct RefusedFix {}

impl Rule for RefusedFix {
    /// The rule set reports it: there is no document that it could be seen in.
    fn check(&self, _: &Post<'_>, _: &mut Findings) {}
}
