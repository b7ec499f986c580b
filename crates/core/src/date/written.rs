//! The meaning of a date in front matter for a human reader.

use super::instant::{Instant, zone_suffix};
use super::names;
use super::scan::DateScan;
use jiff::civil::DateTime;
use jiff::fmt::rfc2822;
use jiff::tz::{Offset, TimeZone};

/// A date as written by the author.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WrittenDate {
    /// Its format.
    pub shape: Shape,
    /// The calendar date and time; `None` if there is none or it is impossible.
    pub civil: Option<DateTime>,
    /// The offset from UTC, if it has one.
    pub offset: Option<Offset>,
    /// Whether it names a time zone, even an ambiguous one.
    pub names_zone: bool,
    /// Whether it has a time.
    pub has_time: bool,
    /// Whether its day or time does not exist: 30 February, 25:00.
    pub impossible: bool,
    /// Whether its weekday is not that of the date.
    pub wrong_weekday: bool,
    /// What can be read in two ways, if anything.
    pub ambiguity: Option<Ambiguity>,
}

/// What can be read in two ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ambiguity {
    /// 07/02/2022: 2 July or 7 February.
    DayOrMonth,
    /// CST, IST, BST: CST is a zone in America and one in China, IST is one in India, Ireland and Israel, …
    Zone,
}

/// Names of time zones that have different meanings on different continents.
const AMBIGUOUS_ZONES: [&str; 5] = ["CST", "IST", "BST", "AST", "SST"];

/// The formats of dates, as far as generators treat them differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// `2022-02-07`, `2022-02-07 15:06:26`, `2022-02-07T15:06:26+08:00`.
    Iso,
    /// `2022-2-7`
    Unpadded,
    /// `2022-2-7 15:06:26`
    UnpaddedWithTime,
    /// `2022-02-07 15:06`
    WithoutSeconds,
    /// `2022-02-07T15:06`
    IsoWithoutSeconds,
    /// `2022-02-07 15:06:26 +0800`
    OffsetWithoutColon,
    /// `2022-02-07T15:06:26+0800`
    IsoOffsetWithoutColon,
    /// `2022-02-07 15:06:26 CST`
    NamedZone,
    /// `2022-02-07 03:06 PM`
    HalfDay,
    /// `2022/02/07`, `2022.02.07`
    Slashes,
    /// `07/02/2022`
    YearLast,
    /// `Feb 7, 2022`
    MonthName,
    /// `2022-02`
    Month,
    /// `Mon, 07 Feb 2022 15:06:26 GMT`
    Rfc2822,
    /// `Mon Feb 07 2022 15:06:26 GMT+0800 (China Standard Time)`
    JavaScript,
    /// `20220207`, `1644246386`
    Digits,
    /// Nothing, or `null`.
    Empty,
    /// `{{ date }}`: filled in when a post is created from a template.
    Template,
    /// Anything else: `Invalid Date`, `2022年2月7日`.
    Unreadable,
}

impl WrittenDate {
    /// Reads a value. Never fails: an unreadable value is [`Shape::Unreadable`].
    pub fn read(value: &str) -> Self {
        let value = value.trim();
        let plain = |shape| Self {
            shape,
            civil: None,
            offset: None,
            names_zone: false,
            has_time: false,
            impossible: false,
            wrong_weekday: false,
            ambiguity: None,
        };
        if value.is_empty() || matches!(value, "null" | "~" | "Null" | "NULL") {
            return plain(Shape::Empty);
        }
        if ["{{", "{%", "<%"].iter().any(|open| value.contains(open)) {
            return plain(Shape::Template);
        }
        if value.bytes().all(|byte| byte.is_ascii_digit()) {
            let (civil, offset) = read_digits(value).unzip();
            let (offset, has_time) = (offset.flatten(), value.len() > 8);
            return Self { civil, offset, names_zone: offset.is_some(), has_time, ..plain(Shape::Digits) };
        }
        let readings: [fn(&str) -> Option<Self>; 3] = [read_rfc2822, read_year_first, read_month_name];
        readings.iter().find_map(|read| read(value)).unwrap_or_else(|| plain(Shape::Unreadable))
    }

    /// The instant, if the date names its zone.
    pub fn instant(&self) -> Option<Instant> {
        let timestamp = self.offset?.to_timestamp(self.civil?).ok()?;
        Some(Instant(timestamp.as_millisecond()))
    }

    /// The instant, if the date is in that time zone.
    pub fn instant_in(&self, zone: &TimeZone) -> Option<Instant> {
        let timestamp = zone.to_timestamp(self.civil?).ok()?;
        Some(Instant(timestamp.as_millisecond()))
    }

    /// The date in the form that every generator can read: RFC 3339 if it names its zone, otherwise the plain
    /// date or `YYYY-MM-DD HH:MM:SS`. `None` if it has no valid date.
    pub fn normal_form(&self) -> Option<String> {
        let civil = self.civil?;
        let date = civil.date();
        let Some(offset) = self.offset else {
            return Some(if self.has_time { format!("{date} {}", civil.time()) } else { date.to_string() });
        };
        let zone = zone_suffix(offset);
        Some(format!("{date}T{}{zone}", civil.time()))
    }
}

/// The offset that RFC 2822 defines for a zone name, unless the name is ambiguous.
fn zone_named(word: &str) -> Option<Offset> {
    let hours = names::zone_hours(&word.to_ascii_lowercase()).filter(|_| !is_ambiguous_zone(word))?;
    Offset::from_seconds(i32::try_from(hours * 3600).ok()?).ok()
}

fn is_ambiguous_zone(word: &str) -> bool {
    AMBIGUOUS_ZONES.iter().any(|zone| zone.eq_ignore_ascii_case(word))
}

fn read_rfc2822(value: &str) -> Option<WrittenDate> {
    let parser = rfc2822::DateTimeParser::new();
    let relaxed = rfc2822::DateTimeParser::new().relaxed_weekday(true);
    let (zoned, wrong_weekday) = match parser.parse_zoned(value) {
        Ok(zoned) => (zoned, false),
        Err(_) => (relaxed.parse_zoned(value).ok()?, true),
    };
    // jiff's parser treats zone names that are not in the RFC as UTC.
    let name = value.rsplit(' ').next().filter(|word| word.bytes().all(|byte| byte.is_ascii_alphabetic()));
    let ambiguous = name.is_some_and(is_ambiguous_zone);
    let is_known_zone = name.is_none_or(|name| name.eq_ignore_ascii_case("Z") || zone_named(name).is_some());
    Some(WrittenDate {
        shape: Shape::Rfc2822,
        civil: Some(zoned.datetime()),
        offset: is_known_zone.then_some(zoned.offset()),
        names_zone: true,
        has_time: true,
        impossible: false,
        wrong_weekday,
        ambiguity: ambiguous.then_some(Ambiguity::Zone),
    })
}

/// Reads `20220207`, `20220207150626`, or seconds or milliseconds since 1970, if the result is in a year in
/// which people wrote posts.
fn read_digits(value: &str) -> Option<(DateTime, Option<Offset>)> {
    let part = |range: std::ops::Range<usize>| value[range].parse::<i8>().ok();
    let (civil, offset) = match value.len() {
        8 | 14 => {
            let date = jiff::civil::Date::new(value[..4].parse().ok()?, part(4..6)?, part(6..8)?).ok()?;
            let time = if value.len() == 8 {
                jiff::civil::Time::midnight()
            } else {
                jiff::civil::Time::new(part(8..10)?, part(10..12)?, part(12..14)?, 0).ok()?
            };
            (date.to_datetime(time), None)
        }
        length @ (10 | 13) => {
            let number: i64 = value.parse().ok()?;
            let milliseconds = if length == 10 { number * 1000 } else { number };
            let timestamp = jiff::Timestamp::from_millisecond(milliseconds).ok()?;
            (Offset::UTC.to_datetime(timestamp), Some(Offset::UTC))
        }
        _ => return None,
    };
    (1980..2100).contains(&civil.year()).then_some((civil, offset))
}

/// Reads `2022-02-07…`, `2022/2/7…`, `2022.02.07`, and with the year last `07/02/2022`.
fn read_year_first(value: &str) -> Option<WrittenDate> {
    let mut scan = DateScan::new(value);
    let (first, first_digits) = scan.number()?;
    let separator = scan.one_of("-/.")?;
    let (second, second_digits) = scan.number()?;
    if scan.is_done() && separator == '-' && first_digits == 4 {
        return dated(Shape::Month, (first, second, 1), &WrittenClock::default());
    }
    scan.expect(separator)?;
    let (third, third_digits) = scan.number()?;
    let clock = WrittenClock::read(&mut scan)?;
    if third_digits == 4 && first_digits <= 2 && separator == '/' {
        // Generators differ in which part they read as the month.
        let (day, month) = if second > 12 { (second, first) } else { (first, second) };
        let read = dated(Shape::YearLast, (third, month, day), &clock)?;
        let unsure = first.max(second) <= 12 && first != second;
        return Some(if unsure {
            WrittenDate { civil: None, ambiguity: Some(Ambiguity::DayOrMonth), ..read }
        } else {
            read
        });
    }
    if first_digits != 4 || second_digits > 2 || third_digits > 2 {
        return None;
    }
    let padded = second_digits == 2 && third_digits == 2;
    dated(clock.shape(separator, padded), (first, second, third), &clock)
}

/// Reads `Feb 7, 2022`, `7 February 2022`, and JavaScript's `Mon Feb 07 2022 15:06:26 GMT+0800 (…)`.
fn read_month_name(value: &str) -> Option<WrittenDate> {
    let mut scan = DateScan::new(value);
    let weekday = scan.weekday();
    let (month, day) = match scan.month() {
        Some(month) => (month, scan.number()?.0),
        None => {
            let (day, _) = scan.number()?;
            scan.skip_blanks();
            (scan.month()?, day)
        }
    };
    scan.expect_optional(',');
    let (year, digits) = scan.number()?;
    if digits != 4 {
        return None;
    }
    let clock = WrittenClock::read(&mut scan)?;
    let shape = if weekday.is_some() && clock.zone_word { Shape::JavaScript } else { Shape::MonthName };
    let read = dated(shape, (year, month, day), &clock)?;
    let named = weekday.zip(read.civil).is_some_and(|(weekday, civil)| {
        usize::from(civil.weekday().to_monday_zero_offset().unsigned_abs()) != weekday
    });
    Some(WrittenDate { wrong_weekday: named, ..read })
}

fn dated(shape: Shape, (year, month, day): (u32, u32, u32), clock: &WrittenClock) -> Option<WrittenDate> {
    let part = |number: u32| i8::try_from(number).unwrap_or(i8::MAX);
    let date = jiff::civil::Date::new(i16::try_from(year).ok()?, part(month), part(day));
    let time =
        jiff::civil::Time::new(part(clock.hour), part(clock.minute), part(clock.second), clock.nanosecond);
    let civil = date.and_then(|date| time.map(|time| date.to_datetime(time))).ok();
    Some(WrittenDate {
        shape,
        civil,
        offset: clock.offset,
        names_zone: clock.offset.is_some() || clock.zone_word,
        has_time: clock.given,
        impossible: civil.is_none(),
        wrong_weekday: false,
        ambiguity: clock.unsure_zone.then_some(Ambiguity::Zone),
    })
}

/// The time after a date.
#[derive(Debug, Default)]
struct WrittenClock {
    given: bool,
    hour: u32,
    minute: u32,
    second: u32,
    nanosecond: i32,
    has_seconds: bool,
    offset: Option<Offset>,
    after_t: bool,
    half_day: bool,
    /// Whether the zone is a word and not digits or `Z`.
    zone_word: bool,
    /// Whether the zone's name is ambiguous.
    unsure_zone: bool,
    /// Whether the offset is written like `+0800`.
    no_colon: bool,
}

impl WrittenClock {
    /// Reads what follows the date; `None` if it is not a time.
    fn read(scan: &mut DateScan<'_>) -> Option<Self> {
        let mut clock = Self::default();
        if scan.is_done() {
            return Some(clock);
        }
        clock.after_t = scan.one_of("Tt").is_some();
        if !clock.after_t {
            scan.skip_blanks();
        }
        clock.given = true;
        clock.hour = scan.number()?.0;
        scan.expect(':')?;
        clock.minute = scan.number()?.0;
        if scan.expect(':').is_some() {
            clock.has_seconds = true;
            clock.second = scan.number()?.0;
            if scan.one_of(".,").is_some() {
                clock.nanosecond = scan.fraction()?;
            }
        }
        scan.skip_blanks();
        if let Some(afternoon) = scan.half_day() {
            clock.half_day = true;
            clock.hour = clock.hour % 12 + if afternoon { 12 } else { 0 };
        }
        clock.zone(scan)?;
        scan.is_done().then_some(clock)
    }

    fn zone(&mut self, scan: &mut DateScan<'_>) -> Option<()> {
        scan.skip_blanks();
        if scan.is_done() {
            return Some(());
        }
        if scan.one_of("Zz").is_some() {
            self.offset = Some(Offset::UTC);
            return Some(());
        }
        if let Some(word) = scan.word() {
            self.zone_word = true;
            self.offset = zone_named(word);
            self.unsure_zone = is_ambiguous_zone(word);
        }
        if let Some(sign) = scan.one_of("+-") {
            let (number, digits) = scan.number()?;
            let (hours, minutes) = if digits > 2 { (number / 100, number % 100) } else { (number, 0) };
            self.no_colon = digits > 2;
            let minutes = if scan.expect(':').is_some() { scan.number()?.0 } else { minutes };
            let seconds = i32::try_from(hours * 3600 + minutes * 60).ok()?;
            self.offset = Offset::from_seconds(if sign == '-' { -seconds } else { seconds }).ok();
        }
        scan.skip_parenthesis();
        Some(())
    }

    fn shape(&self, separator: char, padded: bool) -> Shape {
        let without_seconds = self.given && !self.has_seconds;
        let rows = [
            (separator != '-', Shape::Slashes),
            (self.half_day, Shape::HalfDay),
            (self.zone_word, Shape::NamedZone),
            (without_seconds && self.after_t, Shape::IsoWithoutSeconds),
            (without_seconds, Shape::WithoutSeconds),
            (self.no_colon && self.after_t, Shape::IsoOffsetWithoutColon),
            (self.no_colon, Shape::OffsetWithoutColon),
            (!padded && self.given, Shape::UnpaddedWithTime),
            (!padded, Shape::Unpadded),
        ];
        rows.iter().find(|(applies, _)| *applies).map_or(Shape::Iso, |(_, shape)| *shape)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_people_write() {
        let cases = [
            ("2022-02-07", Shape::Iso, Some("2022-02-07")),
            ("2022-02-07 15:06:26", Shape::Iso, Some("2022-02-07 15:06:26")),
            ("2022-02-07 9:06:26", Shape::Iso, Some("2022-02-07 09:06:26")),
            ("2022-02-07T15:06:26.123Z", Shape::Iso, Some("2022-02-07T15:06:26.123Z")),
            ("2022-02-07T15:06:26+08:00", Shape::Iso, Some("2022-02-07T15:06:26+08:00")),
            ("2022-02-07 15:06:26 +0800", Shape::OffsetWithoutColon, Some("2022-02-07T15:06:26+08:00")),
            ("2022-02-07T15:06:26+0800", Shape::IsoOffsetWithoutColon, Some("2022-02-07T15:06:26+08:00")),
            ("2022-2-7", Shape::Unpadded, Some("2022-02-07")),
            ("2022-2-7 15:06:26", Shape::UnpaddedWithTime, Some("2022-02-07 15:06:26")),
            ("2022-02-07 15:06", Shape::WithoutSeconds, Some("2022-02-07 15:06:00")),
            ("2022/2/7", Shape::Slashes, Some("2022-02-07")),
            ("2022.02.07", Shape::Slashes, Some("2022-02-07")),
            ("07/02/2022", Shape::YearLast, None),
            ("25/12/2022", Shape::YearLast, Some("2022-12-25")),
            ("12/25/2022", Shape::YearLast, Some("2022-12-25")),
            ("2022-02-07 15:06:26 EST", Shape::NamedZone, Some("2022-02-07T15:06:26-05:00")),
            ("Mon, 07 Feb 2022 15:06:26 CST", Shape::Rfc2822, Some("2022-02-07 15:06:26")),
            ("Mon, 07 Feb 2022 15:06:26 JST", Shape::Rfc2822, Some("2022-02-07 15:06:26")),
            ("Mon, 07 Feb 2022 15:06:26 GMT", Shape::Rfc2822, Some("2022-02-07T15:06:26Z")),
            ("Mon, 07 Feb 2022 15:06:26 +0800", Shape::Rfc2822, Some("2022-02-07T15:06:26+08:00")),
            (
                "Mon Feb 07 2022 15:06:26 GMT+0800 (China Standard Time)",
                Shape::JavaScript,
                Some("2022-02-07T15:06:26+08:00"),
            ),
            ("Feb 7, 2022", Shape::MonthName, Some("2022-02-07")),
            ("7 February 2022", Shape::MonthName, Some("2022-02-07")),
            ("2022-02-07 15:06:26 CST", Shape::NamedZone, Some("2022-02-07 15:06:26")),
            ("2022-02-07 03:06 PM", Shape::HalfDay, Some("2022-02-07 15:06:00")),
            ("2022-02", Shape::Month, Some("2022-02-01")),
            ("20220207", Shape::Digits, Some("2022-02-07")),
            ("20220207150626", Shape::Digits, Some("2022-02-07 15:06:26")),
            ("1644246386", Shape::Digits, Some("2022-02-07T15:06:26Z")),
            ("2022", Shape::Digits, None),
            ("", Shape::Empty, None),
            ("{{ date }}", Shape::Template, None),
            ("Invalid Date", Shape::Unreadable, None),
            ("2022年2月7日", Shape::Unreadable, None),
            ("２０２２-02-07", Shape::Unreadable, None),
            ("2022-02-07 15：06：26", Shape::Unreadable, None),
            ("2022-02-07 PM 03:06", Shape::Unreadable, None),
            ("TBD", Shape::Unreadable, None),
        ];
        for (value, shape, normal) in cases {
            let read = WrittenDate::read(value);
            assert_eq!((read.shape, read.normal_form().as_deref()), (shape, normal), "{value}");
        }
    }

    #[test]
    fn sees_what_does_not_exist() {
        for value in
            ["2022-02-30", "2022-13-01", "2022-02-07 25:00:00", "2022-02-07 15:60:00", "0000-00-00 00:00:00"]
        {
            assert!(WrittenDate::read(value).impossible, "{value}");
        }
        let tuesday = WrittenDate::read("Tue, 07 Feb 2022 15:06:26 GMT");
        assert!(tuesday.wrong_weekday && tuesday.shape == Shape::Rfc2822);
        assert!(WrittenDate::read("Tue Feb 07 2022 15:06:26 GMT+0800").wrong_weekday);
        assert!(!WrittenDate::read("Mon Feb 07 2022 15:06:26 GMT+0800").wrong_weekday);
    }
}
