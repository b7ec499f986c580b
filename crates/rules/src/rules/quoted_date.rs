//! Finds dates that are not read as dates because they are quoted.

use crate::dates::{Defect, fix_date};
use crate::finding::{Findings, Severity};
use crate::post::Post;
use crate::rule::{Constructor, Rule, RuleInfo};

pub(crate) static INFO: RuleInfo = RuleInfo {
    name: "quoted-date",
    severity: Severity::Error,
    on_by_default: true,
    page: include_str!("quoted_date.md"),
    constructor: Constructor::post::<QuotedDate>(),
};

#[derive(Debug, Default)]
struct QuotedDate;

impl Rule for QuotedDate {
    fn check(&self, post: &Post<'_>, findings: &mut Findings) {
        for dated in post.dates_with(Defect::Quoted) {
            findings
                .add(dated.field.span, "a quoted date is text")
                .help(dated.consequence(""))
                .fix(fix_date(dated, post.document, &post.context));
        }
    }
}
