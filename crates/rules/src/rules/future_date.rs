//! Finds dates in the future.

use crate::finding::{Findings, Severity};
use crate::post::Post;
use crate::rule::{Constructor, Rule, RuleInfo};
use postmend_core::Generator;

pub(crate) static INFO: RuleInfo = RuleInfo {
    name: "future-date",
    severity: Severity::Info,
    on_by_default: false,
    page: include_str!("future_date.md"),
    constructor: Constructor::post::<FutureDate>(),
};

#[derive(Debug, Default)]
struct FutureDate;

impl Rule for FutureDate {
    fn check(&self, post: &Post<'_>, findings: &mut Findings) {
        let Some(today) = post.context.site.dates.today else { return };
        for dated in post.dates() {
            let Some(date) = dated.written.civil.map(|civil| civil.date()).filter(|date| *date > today)
            else {
                continue;
            };
            let help = match post.context.generator {
                Generator::Hugo | Generator::Jekyll => "until then the post is not published",
                Generator::Hexo => "with `future: false` the post is not published until then",
                _ => "",
            };
            findings.add(dated.field.span, format!("{date} is in the future")).help(help);
        }
    }
}
