//! Finds dates that people and programs may read in two ways.

use crate::dates::Defect;
use crate::finding::{Findings, Severity};
use crate::post::Post;
use crate::rule::{Constructor, Rule, RuleInfo};
use postmend_core::date::Ambiguity;

pub(crate) static INFO: RuleInfo = RuleInfo {
    name: "ambiguous-date",
    severity: Severity::Warning,
    on_by_default: true,
    page: include_str!("ambiguous_date.md"),
    constructor: Constructor::post::<AmbiguousDate>(),
};

#[derive(Debug, Default)]
struct AmbiguousDate;

impl Rule for AmbiguousDate {
    fn check(&self, post: &Post<'_>, findings: &mut Findings) {
        for dated in post.dates_with(Defect::Ambiguous) {
            let written = dated.field.span.of(post.document.text);
            let message = match dated.written.ambiguity {
                Some(Ambiguity::DayOrMonth) => {
                    format!("{written} is ambiguous: it may start with the day or the month")
                }
                _ => format!("{written} has an ambiguous time zone"),
            };
            let help = dated.consequence("write it as 2022-02-07 or 2022-02-07T15:06:26+08:00");
            findings.add(dated.field.span, message).help(help);
        }
    }
}
