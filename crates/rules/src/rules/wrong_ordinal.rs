//! Finds numbers with the ending of another ordinal: "21th".

use crate::finding::{Findings, Severity};
use crate::grammar::add_wrong_phrase;
use crate::post::Post;
use crate::rule::{Constructor, Rule, RuleInfo};
use postmend_typo::wrong_ordinals;

pub(crate) static INFO: RuleInfo = RuleInfo {
    name: "wrong-ordinal",
    severity: Severity::Warning,
    on_by_default: true,
    page: include_str!("wrong_ordinal.md"),
    constructor: Constructor::post::<WrongOrdinal>(),
};

#[derive(Debug, Default)]
struct WrongOrdinal;

impl Rule for WrongOrdinal {
    fn check(&self, post: &Post<'_>, findings: &mut Findings) {
        wrong_ordinals(post.runs(), |phrase| add_wrong_phrase(post, findings, &phrase));
    }
}
