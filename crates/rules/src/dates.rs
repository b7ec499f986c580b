//! The dates of a post's front matter, and the most serious defect of each.

mod address;
mod date_fix;

use crate::post_context::PostContext;
pub use address::is_dated_permalink;
pub(crate) use date_fix::fix_date;
use postmend_core::date::{Instant, Outcome, Shape, WrittenDate, Zones};
use postmend_core::front::{Field, FrontMatter, Key, Style, Syntax, Value};
use postmend_core::{Document, FieldRole, Generator};
use std::borrow::Cow;

/// A date of a post.
#[derive(Debug)]
pub(crate) struct Dated<'p> {
    pub(crate) field: &'p Field<'p>,
    pub(crate) written: WrittenDate,
    /// How the post's generator reads it; if no generator is known, how each generator does.
    pub(crate) outcomes: Vec<(Generator, Outcome)>,
    /// The instant that it denotes, if necessary in the time zone that the config assumes.
    pub(crate) intended: Option<Instant>,
    pub(crate) defect: Option<Defect>,
}

/// A defect of a date; there is one rule for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Defect {
    Impossible,
    Numeric,
    Ambiguous,
    Malformed,
    Quoted,
    LostZone,
    WrongWeekday,
}

/// If no generator is known, a value is reported only if at least this many generators misread it: a form that
/// only one or two refuse is usually correct for another.
pub(crate) const MOST_AGREE: usize = 3;

/// Forms that the generators' own documentation uses: Jekyll's and Hugo's use the second.
const USUAL: [Shape; 2] = [Shape::Iso, Shape::OffsetWithoutColon];

/// All dates of the post that its generator reads, each with its defect.
pub(crate) fn judged<'p>(document: &'p Document<'p>, context: &PostContext<'p>) -> Vec<Dated<'p>> {
    let Some(matter) = document.front.read_matter() else { return Vec::new() };
    let roles = &context.site.roles;
    let zones = context.zones();
    // Docusaurus reads `date` in blogs, and ignores it in documentation.
    let is_doc =
        context.generator == Generator::Docusaurus && context.is_below("docs") && !context.is_below("blog");
    let is_date = |index: &usize| {
        roles.of(matter, *index) == Some(FieldRole::Date)
            && roles.is_read_as_date(matter, *index, context.generator)
            && !(is_doc && matter.fields[*index].parent.is_none())
    };
    let dates = (0..matter.fields.len()).filter(is_date);
    dates.filter_map(|index| judge(document, matter, index, context, &zones)).collect()
}

fn judge<'p>(
    document: &Document<'_>,
    matter: &'p FrontMatter<'p>,
    index: usize,
    context: &PostContext<'_>,
    zones: &Zones,
) -> Option<Dated<'p>> {
    let field = &matter.fields[index];
    let written = match &field.value {
        Value::Text(text) | Value::Timestamp(text) => WrittenDate::read(text),
        Value::Integer(_) => WrittenDate::read(field.span.of(document.text)),
        Value::Null => WrittenDate::read(""),
        // `published: true` is not a date.
        _ => return None,
    };
    let value = match &field.value {
        // In Hugo, numbers in JSON are always floats.
        Value::Integer(number) if matter.syntax == Syntax::Json && context.generator == Generator::Hugo => {
            &Value::Float(*number as f64)
        }
        other => other,
    };
    let assumed = context.site.dates.assumed.as_ref().filter(|_| written.has_time && !written.names_zone);
    let intended = written.instant().or_else(|| written.instant_in(assumed?));
    let mut dated = Dated { field, written, outcomes: Vec::new(), intended, defect: None };
    let readers = match context.generator {
        Generator::None if USUAL.contains(&written.shape) && !written.impossible => return Some(dated),
        Generator::None => Generator::ALL,
        ref generator => std::slice::from_ref(generator),
    };
    let reader = context.date_reader(value, zones);
    let outcomes = readers.iter().filter_map(|&generator| Some((generator, reader.outcome(generator)?)));
    dated.outcomes = outcomes.collect();
    dated.defect = dated.defect(context, zones);
    Some(dated)
}

impl Dated<'_> {
    fn defect(&self, context: &PostContext<'_>, zones: &Zones) -> Option<Defect> {
        let failing = self.failing().len();
        let is_known = context.generator != Generator::None;
        let fails = if is_known { failing > 0 } else { failing >= MOST_AGREE };
        let is_read = self.outcomes.iter().any(|(_, outcome)| outcome.instant().is_some());
        match self.written.shape {
            Shape::Template => return None,
            // Values such as "git Last Modified" make Eleventy use the time of a commit or file.
            _ if self.outcomes.contains(&(Generator::Eleventy, Outcome::FileTime)) => return None,
            Shape::Empty => return self.misses_what_is_empty().then_some(Defect::Malformed),
            Shape::Digits => return self.misreads_digits(is_known).then_some(Defect::Numeric),
            _ if self.written.impossible => return Some(Defect::Impossible),
            _ if self.written.ambiguity.is_some() && is_read => return Some(Defect::Ambiguous),
            _ => {}
        }
        match self.outcomes.first() {
            Some(&(generator, outcome)) if is_known && outcome.instant().is_none() => {
                let quoted = self.unquoted_works(generator, context, zones);
                Some(if quoted { Defect::Quoted } else { Defect::Malformed })
            }
            Some(_) if is_known && fails => Some(Defect::LostZone),
            Some(_) if fails => Some(Defect::Malformed),
            _ => self.written.wrong_weekday.then_some(Defect::WrongWeekday),
        }
    }

    /// The generators that read no instant, or a different one from the intended.
    pub(crate) fn failing(&self) -> Vec<Generator> {
        // The assumed time zone is that of this site, so it is only used for the site's own generator.
        let intended = if self.outcomes.len() == 1 { self.intended } else { self.written.instant() };
        let fails = |outcome: &Outcome| match (outcome.instant(), intended) {
            (None, _) => true,
            (Some(read), Some(intended)) => read != intended,
            (Some(_), None) => false,
        };
        self.outcomes.iter().filter(|(_, outcome)| fails(outcome)).map(|(generator, _)| *generator).collect()
    }

    /// Whether an empty value does harm: the post has no date, the build stops, or the page shows 1970. Post
    /// templates often leave `updated:` empty, which does no harm.
    fn misses_what_is_empty(&self) -> bool {
        const DATES_OF_POSTS: [&str; 3] = ["date", "pubdate", "pubdatetime"];
        let is_known = self.outcomes.len() == 1;
        let hurts = |outcome: &Outcome| matches!(outcome, Outcome::Error | Outcome::Instant(_));
        let is_post_date = matches!(&self.field.key, Key::Name(name, _)
            if DATES_OF_POSTS.iter().any(|listed| listed.eq_ignore_ascii_case(name)));
        is_post_date || (is_known && self.outcomes.iter().any(|(_, outcome)| hurts(outcome)))
    }

    /// Whether a number is read as a different day from the one that its digits show.
    fn misreads_digits(&self, is_known: bool) -> bool {
        let Some(near) = self.written.instant_in(&postmend_core::date::TimeZone::UTC) else { return true };
        // Without an offset, the day may be that of any time zone.
        let slack = if self.written.offset.is_some() { 0 } else { 26 * 3_600_000 };
        let right =
            |outcome: &Outcome| outcome.instant().is_some_and(|instant| (instant.0 - near.0).abs() <= slack);
        !is_known || !self.outcomes.iter().all(|(_, outcome)| right(outcome))
    }

    /// Whether the value would be read as a date without its quotes.
    fn unquoted_works(&self, generator: Generator, context: &PostContext<'_>, zones: &Zones) -> bool {
        let Value::Text(text) = &self.field.value else { return false };
        let quoted = matches!(self.field.style, Style::SingleQuoted | Style::DoubleQuoted);
        let bare = Value::Timestamp(text.trim().into());
        quoted
            && self.written.shape == Shape::Iso
            && context
                .date_reader(&bare, zones)
                .outcome(generator)
                .is_some_and(|read| read.instant().is_some())
    }

    /// How the generator reads it, as a sentence; `otherwise` if no generator is known.
    pub(crate) fn consequence(&self, otherwise: &'static str) -> Cow<'static, str> {
        match self.outcomes[..] {
            [(generator, outcome)] => consequence(generator, outcome).into(),
            _ => otherwise.into(),
        }
    }
}

/// Whether a name starts with a date, as `2022-02-07-name.md` does.
pub(crate) fn starts_with_date(name: &[u8]) -> bool {
    name.len() >= 10
        && name.iter().take(10).enumerate().all(|(index, byte)| match index {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        })
}

/// How a generator reads a date, as a sentence.
fn consequence(generator: Generator, outcome: Outcome) -> String {
    let name = generator.title();
    match outcome {
        Outcome::FileTime if generator == Generator::Hexo => {
            format!("{name} takes the date in the file's name instead, or the time of the file")
        }
        Outcome::Error => format!("{name}'s build stops here"),
        Outcome::Invalid => format!("{name} shows Invalid Date"),
        read => format!("{name} reads it as {read}"),
    }
}
