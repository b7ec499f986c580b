//! How Hugo reads a date: by trying a list of Go's layouts in order (spf13/cast 1.10). Checked against Hugo
//! 0.168.

use super::instant::{Clock, Instant};
use super::names::{MONTHS, WEEKDAYS, thousandths};
use jiff::tz::TimeZone;

/// The time zone that a layout determines.
#[derive(Debug, Clone, Copy, PartialEq)]
enum LayoutZone {
    /// No zone, or a name, which Hugo ignores: the site's time zone applies.
    Site,
    /// An offset from UTC.
    Offset,
    /// A time without a date, in UTC.
    Utc,
}

/// In Go's notation, where each part is taken from `Mon Jan 2 15:04:05 MST 2006 -0700`.
const LAYOUTS: [(&str, LayoutZone); 24] = [
    ("2006-01-02", LayoutZone::Site),
    ("2006-01-02T15:04:05Z07:00", LayoutZone::Offset),
    ("2006-01-02T15:04:05", LayoutZone::Site),
    ("Mon, 02 Jan 2006 15:04:05 -0700", LayoutZone::Offset),
    ("Mon, 02 Jan 2006 15:04:05 MST", LayoutZone::Site),
    ("02 Jan 06 15:04 -0700", LayoutZone::Offset),
    ("02 Jan 06 15:04 MST", LayoutZone::Site),
    ("Monday, 02-Jan-06 15:04:05 MST", LayoutZone::Site),
    ("2006-01-02 15:04:05.999999999 -0700 MST", LayoutZone::Offset),
    ("2006-01-02T15:04:05-0700", LayoutZone::Offset),
    ("2006-01-02 15:04:05Z0700", LayoutZone::Offset),
    ("2006-01-02 15:04:05", LayoutZone::Site),
    ("Mon Jan _2 15:04:05 2006", LayoutZone::Site),
    ("Mon Jan _2 15:04:05 MST 2006", LayoutZone::Site),
    ("Mon Jan 02 15:04:05 -0700 2006", LayoutZone::Offset),
    ("2006-01-02 15:04:05Z07:00", LayoutZone::Offset),
    ("02 Jan 2006", LayoutZone::Site),
    ("2006-01-02 15:04:05 -07:00", LayoutZone::Offset),
    ("2006-01-02 15:04:05 -0700", LayoutZone::Offset),
    ("3:04PM", LayoutZone::Utc),
    ("Jan _2 15:04:05", LayoutZone::Utc),
    ("Jan _2 15:04:05.000", LayoutZone::Utc),
    ("Jan _2 15:04:05.000000", LayoutZone::Utc),
    ("Jan _2 15:04:05.000000000", LayoutZone::Utc),
];

/// The parts of layouts, longer ones before their prefixes.
const PARTS: [&str; 22] = [
    ".999999999",
    ".000000000",
    ".000000",
    ".000",
    "Monday",
    "Z07:00",
    "Z0700",
    "-07:00",
    "-0700",
    "2006",
    "Mon",
    "MST",
    "Jan",
    "01",
    "02",
    "04",
    "05",
    "06",
    "15",
    "_2",
    "PM",
    "3",
];

/// 0001-01-01T00:00:00Z, which means that there is no time.
pub(super) const ZERO: Instant = Instant(-62_135_596_800_000);

/// The instant, if one of the layouts matches.
pub(super) fn read(text: &str, site: &TimeZone) -> Option<Instant> {
    LAYOUTS.iter().find_map(|(layout, zone)| {
        let (clock, offset) = GoReading::of(text, layout)?;
        Some(match zone {
            LayoutZone::Site => clock.in_zone(site),
            LayoutZone::Offset => clock.at_offset(offset),
            LayoutZone::Utc => clock.in_utc(),
        })
    })
}

struct GoReading<'t> {
    rest: &'t str,
    clock: Clock,
    offset: i64,
    afternoon: Option<bool>,
}

impl<'t> GoReading<'t> {
    fn of(text: &'t str, layout: &str) -> Option<(Clock, i64)> {
        let mut reading = Self { rest: text, clock: Clock::midnight(0, 1, 1), offset: 0, afternoon: None };
        let mut layout = layout;
        while let Some(first) = layout.chars().next() {
            let special = PARTS.iter().find(|part| layout.starts_with(**part));
            let Some(part) = special else {
                reading.literal(first)?;
                layout = &layout[first.len_utf8()..];
                continue;
            };
            layout = &layout[part.len()..];
            reading.part(part, layout)?;
        }
        let Self { rest, mut clock, offset, afternoon } = reading;
        if let Some(afternoon) = afternoon {
            clock.hour = clock.hour % 12 + if afternoon { 12 } else { 0 };
        }
        (rest.is_empty() && clock.exists()).then_some((clock, offset))
    }

    /// A space matches one or more spaces.
    fn literal(&mut self, wanted: char) -> Option<()> {
        let rest = self.rest.strip_prefix(wanted)?;
        self.rest = if wanted == ' ' { rest.trim_start_matches(' ') } else { rest };
        Some(())
    }

    fn part(&mut self, part: &str, layout: &str) -> Option<()> {
        match part {
            "2006" => self.clock.year = self.digits(4, 4)?,
            "06" => {
                self.clock.year = self.digits(2, 2).map(|year| year + if year >= 69 { 1900 } else { 2000 })?
            }
            "01" => self.clock.month = self.digits(2, 2)?,
            "Jan" => self.clock.month = self.name(&MONTHS, 3)? as i64 + 1,
            "Mon" => drop(self.name(&WEEKDAYS, 3)?),
            "Monday" => drop(self.name(&WEEKDAYS, usize::MAX)?),
            "02" => self.clock.day = self.digits(2, 2)?,
            "_2" => {
                self.rest = self.rest.strip_prefix(' ').unwrap_or(self.rest);
                self.clock.day = self.digits(1, 2)?;
            }
            "15" => self.clock.hour = self.digits(1, 2)?,
            "3" => self.clock.hour = self.digits(1, 2).filter(|hour| *hour <= 12)?,
            "04" => self.clock.minute = self.digits(2, 2)?,
            "05" => {
                self.clock.second = self.digits(2, 2)?;
                // Go accepts a fraction after the seconds, whether or not the layout has one.
                if !layout.starts_with('.') {
                    self.fraction();
                }
            }
            "PM" => {
                let (half, rest) = self.rest.split_at_checked(2)?;
                self.afternoon = Some(["AM", "PM"].iter().position(|name| *name == half)? == 1);
                self.rest = rest;
            }
            "MST" => self.zone_name()?,
            ".999999999" => self.fraction(),
            fraction if fraction.starts_with('.') => {
                let digits = fraction.len() - 1;
                self.rest = self.rest.strip_prefix(['.', ','])?;
                let value = self.digits(digits, digits)?;
                self.clock.millisecond = value / 10_i64.pow(digits as u32 - 3);
            }
            zone => self.offset(zone)?,
        }
        Some(())
    }

    fn digits(&mut self, least: usize, most: usize) -> Option<i64> {
        let count = self.rest.bytes().take(most).take_while(u8::is_ascii_digit).count();
        let (digits, rest) = self.rest.split_at(count);
        self.rest = rest;
        if count < least { None } else { digits.parse().ok() }
    }

    fn fraction(&mut self) {
        let Some(rest) = self.rest.strip_prefix(['.', ',']) else { return };
        let count = rest.bytes().take_while(u8::is_ascii_digit).count();
        if count > 0 {
            self.clock.millisecond = thousandths(&rest[..count]);
            self.rest = &rest[count..];
        }
    }

    /// The index of the name at this position, compared by its first `letters` letters.
    fn name(&mut self, names: &[&str], letters: usize) -> Option<usize> {
        let found = names.iter().position(|name| {
            let wanted = &name[..letters.min(name.len())];
            self.rest.get(..wanted.len()).is_some_and(|text| text.eq_ignore_ascii_case(wanted))
        })?;
        self.rest = &self.rest[letters.min(names[found].len())..];
        Some(found)
    }

    /// Reads three capitals, four or five that end like a time zone, `GMT` with hours after it, or `+03`.
    fn zone_name(&mut self) -> Option<()> {
        if self.rest.len() < 3 {
            return None;
        }
        if let Some(rest) = self.rest.strip_prefix("UTC") {
            // The only name that has a meaning, even after an offset.
            (self.rest, self.offset) = (rest, 0);
            return Some(());
        }
        if let Some(rest) = self.rest.strip_prefix("GMT") {
            self.rest = rest;
            // In `GMT+8` the hours belong to the zone; anything else does not.
            let _ = self.signed_hours();
            return Some(());
        }
        if self.rest.starts_with(['+', '-']) {
            return self.signed_hours();
        }
        let capitals = self.rest.bytes().take(6).take_while(u8::is_ascii_uppercase).count();
        let length = match capitals {
            0..=2 if self.rest.starts_with("ChST") || self.rest.starts_with("MeST") => 4,
            3 => 3,
            4 if self.rest[..4].ends_with('T') || self.rest.starts_with("WITA") => 4,
            5 if self.rest[..5].ends_with('T') => 5,
            _ => return None,
        };
        self.rest = &self.rest[length..];
        Some(())
    }

    fn signed_hours(&mut self) -> Option<()> {
        let digits = self.rest.strip_prefix(['+', '-'])?;
        let count = digits.bytes().take_while(u8::is_ascii_digit).count();
        digits[..count].parse().is_ok_and(|hours: u32| hours <= 23).then_some(())?;
        self.rest = &digits[count..];
        Some(())
    }

    fn offset(&mut self, layout: &str) -> Option<()> {
        if let Some(rest) = self.rest.strip_prefix('Z').filter(|_| layout.starts_with('Z')) {
            self.rest = rest;
            return Some(());
        }
        let sign = if self.rest.starts_with('-') { -1 } else { 1 };
        self.rest = self.rest.strip_prefix(['+', '-'])?;
        let hours = self.digits(2, 2)?;
        if layout.contains(':') {
            self.rest = self.rest.strip_prefix(':')?;
        }
        let minutes = self.digits(2, 2)?;
        self.offset = sign * (hours * 60 + minutes) * 60;
        (hours <= 24 && minutes <= 60).then_some(())
    }
}
