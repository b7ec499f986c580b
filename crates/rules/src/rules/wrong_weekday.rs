//! Finds dates whose weekday is wrong.

use crate::dates::{Defect, fix_date};
use crate::finding::{Findings, Severity};
use crate::post::Post;
use crate::rule::{Constructor, Rule, RuleInfo};

pub(crate) static INFO: RuleInfo = RuleInfo {
    name: "wrong-weekday",
    severity: Severity::Warning,
    on_by_default: true,
    page: include_str!("wrong_weekday.md"),
    constructor: Constructor::post::<WrongWeekday>(),
};

#[derive(Debug, Default)]
struct WrongWeekday;

impl Rule for WrongWeekday {
    fn check(&self, post: &Post<'_>, findings: &mut Findings) {
        for dated in post.dates_with(Defect::WrongWeekday) {
            let Some(civil) = dated.written.civil else { continue };
            let date = civil.date();
            findings
                .add(dated.field.span, format!("{date} is a {:?}", date.weekday()))
                .help(dated.consequence("generators use the date and ignore the weekday"))
                .fix(fix_date(dated, post.document, &post.context));
        }
    }
}
