//! Finds "of" that is written for "have": "could of been".

use crate::finding::{Findings, Severity};
use crate::grammar::add_wrong_phrase;
use crate::post::Post;
use crate::rule::{Constructor, Rule, RuleInfo};
use postmend_typo::of_for_have;

pub(crate) static INFO: RuleInfo = RuleInfo {
    name: "could-of",
    severity: Severity::Warning,
    on_by_default: true,
    page: include_str!("could_of.md"),
    constructor: Constructor::post::<CouldOf>(),
};

#[derive(Debug, Default)]
struct CouldOf;

impl Rule for CouldOf {
    fn check(&self, post: &Post<'_>, findings: &mut Findings) {
        of_for_have(post.runs(), |phrase| add_wrong_phrase(post, findings, &phrase));
    }
}
