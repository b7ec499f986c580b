//! Names posts whose fixes were refused because they would have changed more than they named.

use crate::card::{Card, Make, Rule};
use crate::check::Post;
use crate::finding::{Findings, Severity};
use schemars::JsonSchema;
use serde::Deserialize;

pub(crate) const CARD: Card = Card {
    name: "refused-fix",
    severity: Severity::Error,
    on_by_default: true,
    page: include_str!("refused_fix.md"),
    make: Make::post::<RefusedFix>(),
};

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct RefusedFix {}

impl Rule for RefusedFix {
    /// The rule set reports it: there is no document that it could be seen in.
    fn check(&self, _: &Post<'_>, _: &mut Findings) {}
}
