//! Finds comments that switch rules off where these find nothing.

use crate::finding::{Findings, Severity};
use crate::post::Post;
use crate::rule::{Constructor, Rule, RuleInfo};
use schemars::JsonSchema;
use serde::Deserialize;

pub(crate) const INFO: RuleInfo = RuleInfo {
    name: "unused-suppression",
    severity: Severity::Info,
    on_by_default: true,
    page: include_str!("unused_suppression.md"),
    constructor: Constructor::post::<UnusedSuppression>(),
};

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct UnusedSuppression {}

impl Rule for UnusedSuppression {
    /// The rule set reports it, as it needs what all others have found.
    fn check(&self, _: &Post<'_>, _: &mut Findings) {}
}
