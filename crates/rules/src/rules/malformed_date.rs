//! Finds dates that the post's generator cannot read.

use crate::card::{Card, Rule, build};
use crate::check::Post;
use crate::finding::{Findings, Fix, Safety, Severity};
use crate::rules::dates::{dates, names};
use postmend_core::date::{Shape, WrittenDate};
use postmend_core::front::{Field, Value};
use postmend_core::{Edit, Generator};
use serde::Deserialize;

pub(crate) const CARD: Card = Card {
    name: "malformed-date",
    severity: Severity::Error,
    on_by_default: true,
    page: include_str!("malformed_date.md"),
    build: build::<MalformedDate>,
};

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct MalformedDate {
    /// More fields that hold a date, by path.
    fields: Vec<String>,
}

/// Every generator that is known.
const ALL: usize = Generator::ALL.len() - 1;

/// With no generator known, a date is reported if so many of them cannot read it: a form that only
/// one or two refuse is mostly the right one of another.
const MOST_AGREE: usize = 3;

impl Rule for MalformedDate {
    fn check(&self, post: &Post<'_>, findings: &mut Findings) {
        let generator = post.document.generator;
        for (field, date) in dates(post, &self.fields) {
            let fails = date.shape.unreadable_for();
            let concerned = match generator {
                Generator::None => fails.len() >= MOST_AGREE,
                known => fails.contains(&known),
            };
            if date.impossible || !concerned {
                continue;
            }
            let finding = findings.add(field.span, message(&date, field, generator));
            finding.help(help(&date)).fix(mend(field, &date));
            // Some generators read it, and which one this is nobody said.
            if generator == Generator::None && fails.len() < ALL && !matches!(date.shape, Shape::Empty) {
                finding.severity = finding.severity.min(Severity::Warning);
            }
        }
    }
}

fn message(date: &WrittenDate, field: &Field<'_>, generator: Generator) -> String {
    let written = match (date.shape, &field.value) {
        (Shape::Empty, _) => return "date is empty".to_owned(),
        (Shape::Unreadable, Value::Text(text) | Value::Timestamp(text)) => {
            return format!("\"{text}\" is not a date");
        }
        (shape, _) => shape_name(shape),
    };
    let reader = match generator {
        Generator::None => names(date.shape.unreadable_for()),
        known => known.title().to_owned(),
    };
    format!("{written}, which {reader} cannot read")
}

fn help(date: &WrittenDate) -> String {
    match date.normal_form() {
        Some(normal) if date.offset.is_some() => format!("every generator reads {normal}"),
        Some(normal) => format!("every generator reads {normal}, each in its own time zone"),
        None => "write it as 2022-02-07 or 2022-02-07T15:06:26+08:00".to_owned(),
    }
}

/// The same instant in a form that is read everywhere. Without a zone the instant depends on the
/// generator, and a weekday that is wrong makes the rest doubtful.
fn mend(field: &Field<'_>, date: &WrittenDate) -> Option<Fix> {
    let normal = date.normal_form().filter(|_| date.shape != Shape::NamedZone || date.offset.is_some())?;
    let sure = date.offset.is_some() && !date.wrong_weekday;
    let safety = if sure { Safety::Safe } else { Safety::Review };
    Some(Fix::new(format!("write {normal}"), safety, Edit::replace(field.span, normal)))
}

/// What people call a way of writing dates.
fn shape_name(shape: Shape) -> &'static str {
    const NAMES: [(Shape, &str); 14] = [
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
        (Shape::Digits, "date of digits only"),
    ];
    let known = NAMES.iter().find(|(known, _)| *known == shape);
    known.map_or("date as JavaScript prints it", |(_, name)| name)
}
