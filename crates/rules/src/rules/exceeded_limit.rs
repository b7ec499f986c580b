//! Names posts that cost more than they may; seen by whoever counts and measures.

use crate::card::{Card, Make, Rule};
use crate::check::{EXCEEDED_LIMIT, Post};
use crate::finding::{Findings, Severity};
use schemars::JsonSchema;
use serde::Deserialize;

pub(crate) const CARD: Card = Card {
    name: EXCEEDED_LIMIT,
    severity: Severity::Error,
    on_by_default: true,
    page: include_str!("exceeded_limit.md"),
    make: Make::post::<ExceededLimit>(),
};

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct ExceededLimit {}

impl Rule for ExceededLimit {
    /// The rule set reports it, and whoever reads the file.
    fn check(&self, _: &Post<'_>, _: &mut Findings) {}
}
