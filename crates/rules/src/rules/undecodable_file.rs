//! Names files whose bytes cannot be decoded as text, which is found before there is a document.

use crate::finding::{Findings, Severity};
use crate::post::Post;
use crate::rule::{Constructor, Rule, RuleInfo};

pub(crate) static INFO: RuleInfo = RuleInfo {
    name: "undecodable-file",
    severity: Severity::Error,
    on_by_default: true,
    page: include_str!("undecodable_file.md"),
    constructor: Constructor::post::<UndecodableFile>(),
};

#[derive(Debug, Default)]
struct UndecodableFile;

impl Rule for UndecodableFile {
    /// Reported by the rule set, since there is no document to check.
    fn check(&self, _: &Post<'_>, _: &mut Findings) {}
}
