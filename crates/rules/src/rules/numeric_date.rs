//! Finds dates made of digits only that are read as a number.

use crate::dates::{Defect, fix_date};
use crate::finding::{Findings, Severity};
use crate::post::Post;
use crate::rule::{Constructor, Rule, RuleInfo};
use postmend_core::Generator;

pub(crate) static INFO: RuleInfo = RuleInfo {
    name: "numeric-date",
    severity: Severity::Error,
    on_by_default: true,
    page: include_str!("numeric_date.md"),
    constructor: Constructor::post::<NumericDate>(),
};

#[derive(Debug, Default)]
struct NumericDate;

impl Rule for NumericDate {
    fn check(&self, post: &Post<'_>, findings: &mut Findings) {
        for dated in post.dates_with(Defect::Numeric) {
            let written = dated.field.span.of(post.document.text);
            let help = dated.consequence(
                "only Jekyll reads 20220207 as a day; other generators read milliseconds or seconds, or fail",
            );
            let finding = findings.add(dated.field.span, format!("{written} is a number, not a date"));
            finding.help(help).fix(fix_date(dated, post.document, &post.context));
            if post.context.generator == Generator::None {
                finding.severity = finding.severity.min(Severity::Warning);
            }
        }
    }
}
