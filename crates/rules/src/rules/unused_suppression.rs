//! Finds comments that switch rules off where these find nothing.

use crate::card::{Card, Rule, build};
use crate::check::Post;
use crate::finding::{Findings, Severity};
use serde::Deserialize;

pub(crate) const CARD: Card = Card {
    name: "unused-suppression",
    severity: Severity::Info,
    on_by_default: true,
    page: include_str!("unused_suppression.md"),
    build: build::<UnusedSuppression>,
};

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct UnusedSuppression {}

impl Rule for UnusedSuppression {
    /// The rule set reports it, as it needs what all others have found.
    fn check(&self, _: &Post<'_>, _: &mut Findings) {}
}
