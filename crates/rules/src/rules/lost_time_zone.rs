//! Finds dates whose time zone the generator ignores.

use crate::dates::{Defect, fix_date};
use crate::finding::{Findings, Severity};
use crate::post::Post;
use crate::rule::{Constructor, Rule, RuleInfo};
use postmend_core::date::Outcome;

pub(crate) static INFO: RuleInfo = RuleInfo {
    name: "lost-time-zone",
    severity: Severity::Warning,
    on_by_default: true,
    page: include_str!("lost_time_zone.md"),
    constructor: Constructor::post::<LostTimeZone>(),
};

#[derive(Debug, Default)]
struct LostTimeZone;

impl Rule for LostTimeZone {
    fn check(&self, post: &Post<'_>, findings: &mut Findings) {
        for dated in post.dates_with(Defect::LostZone) {
            let (Some(intended), [(generator, Outcome::Instant(read))]) =
                (dated.intended, &dated.outcomes[..])
            else {
                continue;
            };
            let distance = distance(read.0 - intended.0);
            findings
                .add(dated.field.span, format!("{} reads this date {distance}", generator.title()))
                .help(format!("it reads {read} instead of {intended}"))
                .fix(fix_date(dated, post.document, &post.context));
        }
    }
}

/// "8 hours too early"
fn distance(milliseconds: i64) -> String {
    let minutes = milliseconds.abs() / 60_000;
    let side = if milliseconds < 0 { "early" } else { "late" };
    let counted = |count: i64, unit: &str| format!("{count} {unit}{}", if count == 1 { "" } else { "s" });
    let length = match (minutes / 60, minutes % 60) {
        (0, 0) => "less than a minute".to_owned(),
        (0, minutes) => counted(minutes, "minute"),
        (hours, 0) => counted(hours, "hour"),
        (hours, minutes) => format!("{} and {}", counted(hours, "hour"), counted(minutes, "minute")),
    };
    format!("{length} too {side}")
}
