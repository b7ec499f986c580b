//! Names files whose bytes are no text; found before there is a document.

use crate::finding::{Findings, Severity};
use crate::post::Post;
use crate::rule::{Constructor, Rule, RuleInfo};
use schemars::JsonSchema;
use serde::Deserialize;

pub(crate) const INFO: RuleInfo = RuleInfo {
    name: "undecodable-file",
    severity: Severity::Error,
    on_by_default: true,
    page: include_str!("undecodable_file.md"),
    constructor: Constructor::post::<UndecodableFile>(),
};

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct UndecodableFile {}

impl Rule for UndecodableFile {
    /// The rule set reports it: there is no document that it could be seen in.
    fn check(&self, _: &Post<'_>, _: &mut Findings) {}
}
