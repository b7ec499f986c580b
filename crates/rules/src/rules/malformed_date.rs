//! Finds dates that the post's generator cannot read.

use crate::dates::{Dated, Defect, fix_date};
use crate::finding::{Findings, Severity};
use crate::names;
use crate::post::Post;
use crate::rule::{Constructor, Rule, RuleInfo};
use postmend_core::Generator;
use postmend_core::date::{Ambiguity, Shape};
use postmend_core::front::Value;

pub(crate) static INFO: RuleInfo = RuleInfo {
    name: "malformed-date",
    severity: Severity::Error,
    on_by_default: true,
    page: include_str!("malformed_date.md"),
    constructor: Constructor::post::<MalformedDate>(),
};

#[derive(Debug, Default)]
struct MalformedDate;

impl Rule for MalformedDate {
    fn check(&self, post: &Post<'_>, findings: &mut Findings) {
        let generator = post.context.generator;
        for dated in post.dates_with(Defect::Malformed) {
            let fix = fix_date(dated, post.document, &post.context);
            let finding = findings.add(dated.field.span, message(dated, generator));
            finding.help(help(dated, generator)).fix(fix);
            // Some generators read it, and the site's generator is not known: it may be one of these, or another.
            let read_by_some = dated.failing().len() < Generator::ALL.len() - 1;
            if generator == Generator::None && read_by_some && dated.written.shape != Shape::Empty {
                finding.severity = finding.severity.min(Severity::Info);
            }
        }
    }
}

fn message(dated: &Dated<'_>, generator: Generator) -> String {
    let written = match (dated.written.shape, &dated.field.value) {
        (Shape::Empty, _) => return "date is empty".to_owned(),
        (Shape::Unreadable, Value::Text(text) | Value::Timestamp(text)) => {
            return format!("\"{text}\" is not a date");
        }
        (shape, _) => shape_name(shape),
    };
    let reader = match generator {
        Generator::None => names::generators(&dated.failing()),
        generator => generator.title().to_owned(),
    };
    format!("{written}, which {reader} cannot read")
}

fn help(dated: &Dated<'_>, generator: Generator) -> String {
    match dated.written.normal_form() {
        _ if generator != Generator::None => dated.consequence("").into_owned(),
        Some(normal) if dated.written.offset.is_some() => format!("every generator reads {normal}"),
        Some(normal) if dated.written.ambiguity.is_none() => {
            format!("every generator reads {normal}, each in its own time zone")
        }
        _ if dated.written.ambiguity == Some(Ambiguity::Zone) => "write the time zone as +08:00".to_owned(),
        _ => "write it as 2022-02-07 or 2022-02-07T15:06:26+08:00".to_owned(),
    }
}

/// The common name of a date format.
fn shape_name(shape: Shape) -> &'static str {
    const NAMES: [(Shape, &str); 14] = [
        (Shape::Iso, "date in quotes"),
        (Shape::Unpadded, "date without leading zeros"),
        (Shape::UnpaddedWithTime, "date without leading zeros"),
        (Shape::WithoutSeconds, "time without seconds"),
        (Shape::IsoWithoutSeconds, "time without seconds"),
        (Shape::OffsetWithoutColon, "offset without a colon"),
        (Shape::IsoOffsetWithoutColon, "offset without a colon"),
        (Shape::NamedZone, "time with a named zone"),
        (Shape::HalfDay, "12-hour time"),
        (Shape::Slashes, "date with slashes or dots"),
        (Shape::YearLast, "date with the year last"),
        (Shape::MonthName, "date with a month's name"),
        (Shape::Month, "month without a day"),
        (Shape::Rfc2822, "e-mail date (RFC 2822)"),
    ];
    let found = NAMES.iter().find(|(listed, _)| *listed == shape);
    found.map_or("date as JavaScript prints it", |(_, name)| name)
}
