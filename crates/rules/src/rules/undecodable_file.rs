//! Names files whose bytes are no text; found before there is a document.

use crate::card::{Card, Make, Rule};
use crate::check::Post;
use crate::finding::{Findings, Severity};
use schemars::JsonSchema;
use serde::Deserialize;

pub(crate) const CARD: Card = Card {
    name: "undecodable-file",
    severity: Severity::Error,
    on_by_default: true,
    page: include_str!("undecodable_file.md"),
    make: Make::post::<UndecodableFile>(),
};

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct UndecodableFile {}

impl Rule for UndecodableFile {
    /// The rule set reports it: there is no document that it could be seen in.
    fn check(&self, _: &Post<'_>, _: &mut Findings) {}
}
