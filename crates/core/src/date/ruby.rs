//! How Jekyll reads a date: with Ruby's `Time.parse`, which searches for a time and a date anywhere in the text
//! and ignores the rest. Checked against Ruby 3.1.

use super::instant::{Clock, days_of, days_of_year, offset_at};
use super::names;
use super::outcome::Outcome;
use super::yaml;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use regex::Regex;
use std::sync::LazyLock;

/// Reads a value that YAML parses as a timestamp. With a time but no zone it is in UTC; without a time it is a
/// day in the site's zone. A timestamp that does not exist is text to Psych.
pub(super) fn timestamp(text: &str, zone: &TimeZone) -> Outcome {
    match yaml::read(text) {
        Some(stamp) if stamp.has_time && stamp.clock.fits() => {
            Outcome::Instant(stamp.clock.at_offset(stamp.offset.unwrap_or(0)))
        }
        _ => parse(text, zone),
    }
}

/// `Time.parse(text)`.
pub(super) fn parse(text: &str, zone: &TimeZone) -> Outcome {
    match e_mail(text) {
        Some(found) => found.instant(zone),
        None => search(text, zone),
    }
}

/// Reads `Mon, 07 Feb 2022 15:06:26 GMT`, which importers write into posts by the thousand: the same result as
/// [`search`], but faster.
fn e_mail(text: &str) -> Option<RubyDate> {
    let (weekday, rest) = text.split_at_checked(5)?;
    let is_weekday = matches!(weekday, "Sun, " | "Mon, " | "Tue, " | "Wed, " | "Thu, " | "Fri, " | "Sat, ");
    let (day, rest) = rest.split_at_checked(3).filter(|_| is_weekday)?;
    let (month, rest) = rest.split_at_checked(4)?;
    let (year, rest) = rest.split_at_checked(5)?;
    let (clock, zone) = rest.split_at_checked(9)?;
    let digits =
        |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten();
    let [hour, minute, second] = [clock.get(0..2)?, clock.get(3..5)?, clock.get(6..8)?];
    let marks = [&clock[2..3], &clock[5..6], &clock[8..9]];
    let is_zone = zone == "GMT"
        || (zone.len() == 5
            && zone.starts_with(['+', '-'])
            && zone[1..].bytes().all(|byte| byte.is_ascii_digit()));
    if marks != [":", ":", " "] || !is_zone || !month.ends_with(' ') {
        return None;
    }
    let months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec ";
    Some(RubyDate {
        year: Some(digits(year.strip_suffix(' ')?)?),
        month: Some(months.find(month).filter(|at| at % 4 == 0)? as i64 / 4 + 1),
        day: Some(digits(day.strip_suffix(' ')?)?),
        hour: Some(digits(hour)?),
        minute: Some(digits(minute)?),
        second: Some(digits(second)?),
        zone: Some(zone.to_ascii_lowercase()),
        year_is_whole: true,
        ..RubyDate::default()
    })
}

/// Searches for the parts of a date anywhere in a text.
fn search(text: &str, zone: &TimeZone) -> Outcome {
    let mut text = without_noise(text);
    let mut found = RubyDate::default();
    cut(&mut text, &WEEKDAY);
    if let Some([_, clock, zone]) = cut_parts(&mut text, &TIME) {
        found.time(&clock.unwrap_or_default());
        found.zone = zone;
    }
    found.date(&mut text);
    if let Some(number) = FRAGMENT.captures(&text).and_then(|captures| captures[1].parse().ok()) {
        found.fragment(number);
    }
    if let Some(year) = found.year.filter(|year| (0..100).contains(year) && !found.year_is_whole) {
        found.year = Some(year + if year >= 69 { 1900 } else { 2000 });
    }
    found.instant(zone)
}

/// The text in lower case, with each run of characters that never occur in dates replaced by a space.
fn without_noise(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_alphanumeric() || "-+',./:@[]".contains(letter) {
            clean.push(letter.to_ascii_lowercase());
        } else if !clean.ends_with(' ') {
            clean.push(' ');
        }
    }
    clean
}

/// A regular expression that is compiled on first use; most dates need only three.
type Pattern = LazyLock<Regex>;

fn regex(source: &str) -> Regex {
    Regex::new(source).expect("a test runs each of them")
}

const MONTHS: &str = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec";
/// AM or PM.
const HALF: &str = r"[ap](?:m\b|\.m\.)";
const ERA: &str = r"(?:c(?:e|\.e\.)|b(?:ce|\.c\.e\.)|a(?:d|\.d\.)|b(?:c|\.c\.))?";

static WEEKDAY: Pattern = Pattern::new(|| regex(r"\b(sun|mon|tue|wed|thu|fri|sat)[^-/0-9 ]*"));
static TIME: Pattern = Pattern::new(|| {
    // Letters of other scripts are still there at this point.
    let letter = r"[a-z\x{80}-\x{10FFFF}]";
    regex(&format!(
        "((?:[0-9]+ *: *[0-9]+(?: *: *[0-9]+(?:[,.][0-9]*)?)?|[0-9]+ *h(?: *[0-9]+m?(?: *[0-9]+s?)?)?)\
         (?: *{HALF})?|[0-9]+ *{HALF})\
         (?: *((?:gmt|utc?)?[-+][0-9]+(?:[,.:][0-9]+(?::[0-9]+)?)?\
         |(?:{letter}|[. ])+(?:standard|daylight) time\\b|{letter}+(?: dst)?\\b))?"
    ))
});
static CLOCK: Pattern = Pattern::new(|| {
    regex(&format!("^([0-9]+)h?(?: *:? *([0-9]+)m?(?: *:? *([0-9]+)(?:[,.]([0-9]+))?s?)?)?(?: *({HALF}))?"))
});
static DAY_MONTH_YEAR: Pattern = Pattern::new(|| {
    regex(&format!(
        r"('?[0-9]+)[^-0-9 ]* *({MONTHS})[^-0-9 ']*(?: *{ERA} *('?-?[0-9]+(?:(?:st|nd|rd|th)\b)?))?"
    ))
});
static MONTH_DAY_YEAR: Pattern = Pattern::new(|| {
    regex(&format!(r"\b({MONTHS})[^-0-9 ']* *('?[0-9]+)[^-0-9 ']*(?: *,? *{ERA} *('?-?[0-9]+))?"))
});
static ISO: Pattern = Pattern::new(|| regex("('?[-+]?[0-9]+)-([0-9]+)-('?-?[0-9]+)"));
static JAPANESE: Pattern = Pattern::new(|| regex(r"\b([mtsh])([0-9]+)\.([0-9]+)\.([0-9]+)"));
static DAY_DASH_MONTH: Pattern =
    Pattern::new(|| regex(&format!("('?-?[0-9]+)-({MONTHS})[^-/.]*-('?-?[0-9]+)")));
static MONTH_DASH_DAY: Pattern =
    Pattern::new(|| regex(&format!(r"\b({MONTHS})[^-/.]*-('?-?[0-9]+)(?:-('?-?[0-9]+))?")));
static SLASHES: Pattern = Pattern::new(|| regex("('?-?[0-9]+)/ *('?[0-9]+)(?:[^0-9] *('?-?[0-9]+))?"));
static DOTS: Pattern = Pattern::new(|| regex(r"('?-?[0-9]+)\. *('?[0-9]+)\. *('?-?[0-9]+)"));
static WEEK: Pattern = Pattern::new(|| regex(r"\b(?:[0-9]{2}|[0-9]{4})?-?w[0-9]{2}(?:-?[0-9])?\b"));
static SHORT_WEEK: Pattern = Pattern::new(|| regex(r"-w-[0-9]\b"));
static DASHES_MONTH_DAY: Pattern = Pattern::new(|| regex(r"--([0-9]{2})?-([0-9]{2})\b"));
static DASHES_DIGITS: Pattern = Pattern::new(|| regex(r"--([0-9]{2})([0-9]{2})?\b"));
static ORDINAL: Pattern = Pattern::new(|| regex(r"\b([0-9]{2}|[0-9]{4})-([0-9]{3})\b"));
static SHORT_ORDINAL: Pattern = Pattern::new(|| regex(r"\b-([0-9]{3})\b"));
static YEAR: Pattern = Pattern::new(|| regex(r"'([0-9]+)\b"));
static MONTH: Pattern = Pattern::new(|| regex(&format!(r"\b({MONTHS})[^ ]*")));
static DAY: Pattern = Pattern::new(|| regex(r"([0-9]+)(st|nd|rd|th)\b"));
static DIGITS: Pattern = Pattern::new(|| {
    regex(
        r"([-+]?)([0-9]{2,14})(?: *t? *([0-9]{2,6})?(?:[,.]([0-9]*))?)?(?: *(z\b|[-+][0-9]{1,4}\b|\[[-+]?[0-9][^\]]*\]))?",
    )
});
static FRAGMENT: Pattern = Pattern::new(|| regex("^ *([0-9]{1,2}) *$"));

/// The capture groups of a match.
type MatchParts = Vec<Option<String>>;

/// Replaces the first match in the text by a space, and returns its groups.
fn cut(text: &mut String, pattern: &Regex) -> Option<MatchParts> {
    let captures = pattern.captures(text)?;
    let part = |index: usize| captures.get(index).map(|found| found.as_str().to_owned());
    let parts = (0..captures.len()).map(part).collect();
    let range = captures.get_match().range();
    text.replace_range(range, " ");
    Some(parts)
}

/// Ruby supports later years; no post has one.
const LAST_YEAR: i64 = 1_000_000;

/// The parts found in the text.
#[derive(Debug, Default)]
struct RubyDate {
    year: Option<i64>,
    month: Option<i64>,
    day: Option<i64>,
    day_of_year: Option<i64>,
    hour: Option<i64>,
    minute: Option<i64>,
    second: Option<i64>,
    millisecond: Option<i64>,
    zone: Option<String>,
    /// Whether the year has more than two digits, or a sign.
    year_is_whole: bool,
}

impl RubyDate {
    fn time(&mut self, text: &str) {
        let Some(captures) = CLOCK.captures(text) else { return };
        let number = |index: usize| captures.get(index).and_then(|found| found.as_str().parse().ok());
        self.hour = number(1);
        self.minute = number(2);
        self.second = number(3);
        self.millisecond = captures.get(4).map(|found| names::thousandths(found.as_str()));
        if let Some(half) = captures.get(5) {
            let afternoon = if half.as_str().starts_with('p') { 12 } else { 0 };
            self.hour = self.hour.map(|hour| hour % 12 + afternoon);
        }
    }

    /// Reads the date in the first of these formats that occurs anywhere in the text.
    fn date(&mut self, text: &mut String) {
        if let Some([_, day, month, year]) = cut_parts(text, &DAY_MONTH_YEAR) {
            return self.three(year, month_number(month), day);
        }
        if let Some([_, month, day, year]) = cut_parts(text, &MONTH_DAY_YEAR) {
            return self.three(year, month_number(month), day);
        }
        if let Some([_, year, month, day]) = cut_parts(text, &ISO) {
            return self.three(year, month, day);
        }
        if let Some([_, era, year, month, day]) = cut_parts(text, &JAPANESE) {
            let first = match era.as_deref() {
                Some("m") => 1867,
                Some("t") => 1911,
                Some("s") => 1925,
                _ => 1988,
            };
            self.year = number(&year).map(|year| year + first);
            (self.month, self.day) = (number(&month), number(&day));
            return;
        }
        if let Some([_, day, month, year]) = cut_parts(text, &DAY_DASH_MONTH) {
            return self.three(year, month_number(month), day);
        }
        if let Some([_, month, day, year]) = cut_parts(text, &MONTH_DASH_DAY) {
            return self.three(year, month_number(month), day);
        }
        for pattern in [&SLASHES, &DOTS] {
            if let Some([_, year, month, day]) = cut_parts(text, pattern) {
                return self.three(year, month, day);
            }
        }
        self.shorter_date(text);
    }

    fn shorter_date(&mut self, text: &mut String) {
        // Week dates are recognized, and then ignored.
        if cut(text, &WEEK).or_else(|| cut(text, &SHORT_WEEK)).is_some() {
            return;
        }
        for pattern in [&DASHES_MONTH_DAY, &DASHES_DIGITS] {
            if let Some([_, month, day]) = cut_parts(text, pattern) {
                (self.month, self.day) = (number(&month), number(&day));
                return;
            }
        }
        if let Some([_, year, day]) = cut_parts(text, &ORDINAL) {
            (self.year, self.day_of_year) = (number(&year), number(&day));
        } else if let Some([_, day]) = cut_parts(text, &SHORT_ORDINAL) {
            self.day_of_year = number(&day);
        } else if let Some([_, year]) = cut_parts(text, &YEAR) {
            self.year = number(&year);
        } else if let Some([_, month]) = cut_parts(text, &MONTH) {
            self.month = number(&month_number(month));
        } else if let Some([_, day, _]) = cut_parts(text, &DAY) {
            self.day = number(&day);
        } else if let Some(parts) = cut_parts(text, &DIGITS) {
            self.digits(&parts);
        }
    }

    /// Reads three parts of a date, any of which may be the year: it is the one with more than two digits.
    fn three(&mut self, mut year: Option<String>, mut month: Option<String>, mut day: Option<String>) {
        let is_year = |part: &Option<String>| {
            part.as_ref().is_some_and(|part| part.starts_with('\'') || part.len() > 2)
        };
        if year.is_some() && month.is_some() && day.is_none() {
            (year, month, day) = (None, year, month);
        }
        if year.is_none() && is_year(&day) {
            (year, day) = (day, None);
        }
        if let Some(part) = year.as_ref().filter(|part| part.ends_with(|last: char| !last.is_ascii_digit())) {
            // 7th
            (year, day) = (day, Some(part.trim_end_matches(|last: char| !last.is_ascii_digit()).to_owned()));
        }
        if is_year(&month) {
            (year, month, day) = (month, day, year);
        }
        if is_year(&day) {
            (year, day) = (day, year);
        }
        if let Some(part) = &year {
            let part = part.trim_start_matches('\'');
            self.year_is_whole =
                part.starts_with(['-', '+']) || part.bytes().filter(u8::is_ascii_digit).count() > 2;
            self.year = part.parse().ok();
        }
        let unsigned = |part: Option<String>| part?.trim_start_matches(['\'', '-', '+']).parse().ok();
        self.month = unsigned(month);
        self.day = unsigned(day);
    }

    /// Reads digits without separators: `20220207`, `20220207150626`, `0207`.
    fn digits(&mut self, parts: &[Option<String>; 6]) {
        let [_, sign, Some(digits), clock, fraction, zone] = parts else { return };
        let part = |from: usize, to: usize| digits.get(from..to).and_then(|part| part.parse::<i64>().ok());
        let count = digits.len();
        let back = |from: usize, to: usize| part(count.saturating_sub(from), count.saturating_sub(to));
        let sign = if sign.as_deref() == Some("-") { -1 } else { 1 };
        if clock.is_none() && fraction.is_some() {
            // A fraction makes the digits before it a time, which is read from its end.
            self.second = back(2, 0);
            self.minute = if count == 3 { part(0, 1) } else { back(4, 2) }.or(self.minute);
            self.hour = if count == 5 { part(0, 1) } else { back(6, 4) }.or(self.hour);
            self.day = if count == 7 { part(0, 1) } else { back(8, 6) }.or(self.day);
            self.month = back(10, 8).or(self.month);
            self.year = if count == 14 { part(0, 4) } else { back(12, 10) }.map(|year| year * sign);
        } else {
            match count {
                2 => self.day = part(0, 2),
                3 => self.day_of_year = part(0, 3),
                4 => (self.month, self.day) = (part(0, 2), part(2, 4)),
                5 => (self.year, self.day_of_year) = (part(0, 2), part(2, 5)),
                6 => (self.year, self.month, self.day) = (part(0, 2), part(2, 4), part(4, 6)),
                7 => (self.year, self.day_of_year) = (part(0, 4), part(4, 7)),
                8 | 10 | 12 | 14 => {
                    (self.year, self.month, self.day) = (part(0, 4), part(4, 6), part(6, 8));
                    self.hour = part(8, 10).or(self.hour);
                    self.minute = part(10, 12).or(self.minute);
                    self.second = part(12, 14).or(self.second);
                    self.year_is_whole = true;
                }
                _ => {}
            }
            self.year = self.year.map(|year| year * sign);
        }
        if let Some(clock) = clock.as_deref().filter(|clock| clock.len() % 2 == 0) {
            let part = |from: usize| clock.get(from..from + 2).and_then(|part| part.parse().ok());
            (self.hour, self.minute, self.second) = match (fraction, clock.len()) {
                (Some(_), 2) => (self.hour, self.minute, part(0)),
                (Some(_), 4) => (self.hour, part(0), part(2)),
                _ => (part(0), part(2), part(4)),
            };
        }
        self.millisecond = fraction.as_deref().map(names::thousandths).or(self.millisecond);
        if let Some(zone) = zone {
            let name = zone.trim_start_matches('[').trim_end_matches(']');
            self.zone = Some(name.rsplit_once(':').map_or(name, |(_, name)| name).to_owned());
        }
    }

    /// Reads a number of one or two digits, if nothing else is left.
    fn fragment(&mut self, number: i64) {
        if self.hour.is_some() && self.day.is_none() && (1..=31).contains(&number) {
            self.day = Some(number);
        }
        if self.day.is_some() && self.hour.is_none() && (0..=24).contains(&number) {
            self.hour = Some(number);
        }
    }

    fn instant(&self, site: &TimeZone) -> Outcome {
        let parts = [self.year, self.month, self.day, self.day_of_year, self.hour, self.minute, self.second];
        if parts.iter().all(Option::is_none) && self.millisecond.is_none() {
            return Outcome::Error;
        }
        let year = self.year.unwrap_or(2000);
        if year.abs() > LAST_YEAR {
            return Outcome::Error;
        }
        let mut clock = Clock {
            year,
            month: self.month.unwrap_or(1),
            day: self.day.unwrap_or(1),
            hour: self.hour.unwrap_or(0),
            minute: self.minute.unwrap_or(0),
            second: self.second.unwrap_or(0),
            millisecond: self.millisecond.unwrap_or(0),
        };
        if let Some(day) = self.day_of_year {
            if !(1..=days_of_year(clock.year)).contains(&day) {
                return Outcome::Error;
            }
            let nth = Clock::nth_day(clock.year, day);
            (clock.month, clock.day) = (nth.month, nth.day);
        }
        let offset = self.zone.as_deref().and_then(|zone| offset_of(zone, clock.year, site));
        if offset.is_some_and(|offset| offset.abs() >= 86_400) {
            return Outcome::Error;
        }
        let shifted = offset.map_or(clock, |offset| minus(clock, offset));
        match (self.year, shifted.fits(), offset) {
            (_, false, _) => Outcome::Error,
            (None, ..) => Outcome::Today,
            (Some(_), _, Some(_)) => Outcome::Instant(shifted.in_utc()),
            (Some(_), _, None) => Outcome::Instant(shifted.in_zone(site)),
        }
    }
}

/// The same as [`cut`], for a pattern with a fixed number of groups.
fn cut_parts<const GROUPS: usize>(text: &mut String, pattern: &Regex) -> Option<[Option<String>; GROUPS]> {
    cut(text, pattern)?.try_into().ok()
}

fn number(part: &Option<String>) -> Option<i64> {
    part.as_ref()?.parse().ok()
}

fn month_number(name: Option<String>) -> Option<String> {
    names::month(&name?).map(|month| month.to_string())
}

/// Subtracts an offset part by part, as Ruby does; parts that are not affected are not normalized, so that Ruby
/// accepts 25:00 at +08:00.
fn minus(mut clock: Clock, offset: i64) -> Clock {
    let sign = -offset.signum();
    let mut rest = offset.abs();
    for (part, base) in [(&mut clock.second, 60), (&mut clock.minute, 60), (&mut clock.hour, 24)] {
        let change = rest % base;
        rest /= base;
        if change != 0 {
            *part += sign * change;
            rest += sign * part.div_euclid(base);
            *part = part.rem_euclid(base);
        }
    }
    if rest == 0 || !(1..=12).contains(&clock.month) {
        return clock;
    }
    clock.day += sign * rest;
    if sign > 0 && clock.day > days_of(clock.year, clock.month) {
        let next = clock.month % 12 + 1;
        clock = Clock { year: clock.year + i64::from(next == 1), month: next, day: 1, ..clock };
    } else if sign < 0 && clock.day < 1 {
        let previous = (clock.month + 10) % 12 + 1;
        let year = clock.year - i64::from(previous == 12);
        clock = Clock { year, month: previous, day: days_of(year, previous), ..clock };
    }
    clock
}

/// The offset of a zone in seconds; `None` for one that Ruby does not know, so that the site's zone applies.
fn offset_of(zone: &str, year: i64, site: &TimeZone) -> Option<i64> {
    if let Some(unsigned) = zone.strip_prefix(['+', '-']) {
        let sign = if zone.starts_with('-') { -1 } else { 1 };
        let digits = if unsigned.as_bytes().get(2) == Some(&b':') {
            unsigned.replace(':', "")
        } else {
            unsigned.to_owned()
        };
        let in_pairs = matches!(digits.len(), 2 | 4 | 6) && digits.bytes().all(|byte| byte.is_ascii_digit());
        let part = |from: usize| digits.get(from..from + 2).map_or(Some(0), |part| part.parse::<i64>().ok());
        return if in_pairs { Some(sign * ((part(0)? * 60 + part(2)?) * 60 + part(4)?)) } else { None };
    }
    if let Some(hours) = names::zone_hours(zone) {
        return Some(hours * 3600);
    }
    if let (Some(letter), 1) = (zone.bytes().next(), zone.len()) {
        return match letter {
            b'a'..=b'i' => Some(i64::from(letter - b'a' + 1) * 3600),
            b'k'..=b'm' => Some(i64::from(letter - b'a') * 3600),
            b'z' => Some(0),
            b'n'..=b'y' => Some(-i64::from(letter - b'm') * 3600),
            _ => None,
        };
    }
    // The abbreviations of the site's own zone in winter and in summer.
    [1, 7].iter().find_map(|&month| {
        let instant = Clock::midnight(year, month, 1).in_zone(site);
        let timestamp = Timestamp::from_millisecond(instant.0).ok()?;
        let named = site.to_offset_info(timestamp).abbreviation().eq_ignore_ascii_case(zone);
        named.then(|| offset_at(site, instant))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_e_mails_are_read_as_a_search_reads_them() {
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        let marks = [
            "Mon, 07 Feb 2022 15:06:26 GMT",
            "Sat, 31 Dec 1999 23:59:60 +0800",
            "Tue, 30 Feb 0069 24:00:00 -0000",
        ];
        let others = [
            "Mon, 7 Feb 2022 15:06:26 GMT",
            "Mon, 07 Fev 2022 15:06:26 GMT",
            "Mon, 07 Feb 2022 15:06:26 CST",
        ];
        for text in marks {
            assert!(e_mail(text).is_some(), "{text}");
            assert_eq!(parse(text, &zone), search(text, &zone), "{text}");
            // With single characters replaced.
            for at in 0..text.len() {
                for letter in ["0", "9", " ", ":", "-", "x", "é"] {
                    let mut changed = text.to_owned();
                    changed.replace_range(at..=at, letter);
                    assert_eq!(parse(&changed, &zone), search(&changed, &zone), "{changed}");
                }
            }
        }
        others.iter().for_each(|text| assert!(e_mail(text).is_none(), "{text}"));
    }
}
