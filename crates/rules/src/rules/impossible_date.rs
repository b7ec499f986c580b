//! Finds dates with days or times that do not exist.

use crate::dates::Defect;
use crate::finding::{Findings, Severity};
use crate::post::Post;
use crate::rule::{Constructor, Rule, RuleInfo};

pub(crate) static INFO: RuleInfo = RuleInfo {
    name: "impossible-date",
    severity: Severity::Error,
    on_by_default: true,
    page: include_str!("impossible_date.md"),
    constructor: Constructor::post::<ImpossibleDate>(),
};

#[derive(Debug, Default)]
struct ImpossibleDate;

impl Rule for ImpossibleDate {
    fn check(&self, post: &Post<'_>, findings: &mut Findings) {
        for dated in post.dates_with(Defect::Impossible) {
            let written = dated.field.span.of(post.document.text);
            let help = dated.consequence("Hugo and Zola fail here; the others silently use another day");
            findings.add(dated.field.span, format!("{written} does not exist")).help(help);
        }
    }
}
