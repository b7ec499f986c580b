//! Instants, and the calendar arithmetic of generators, which does not check whether a day exists.

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use std::fmt;

/// Milliseconds since 1970-01-01T00:00:00Z. A misread number may be in a year far beyond 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(pub i64);

const DAY: i64 = 86_400_000;

impl Instant {
    /// The local time in a time zone: `2022-02-07 23:06:26`. `None` beyond the year 9999.
    pub fn clock_in(self, zone: &TimeZone) -> Option<String> {
        let civil = zone.to_datetime(Timestamp::from_millisecond(self.0).ok()?);
        Some(format!("{} {}", civil.date(), civil.time()))
    }

    /// RFC 3339 with the offset of a time zone at that instant. `None` beyond the year 9999.
    pub fn rfc3339_in(self, zone: &TimeZone) -> Option<String> {
        let timestamp = Timestamp::from_millisecond(self.0).ok()?;
        let civil = zone.to_datetime(timestamp);
        Some(format!("{}T{}{}", civil.date(), civil.time(), zone_suffix(zone.to_offset(timestamp))))
    }

    /// The instant this many seconds earlier.
    pub(super) fn minus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_sub(seconds * 1000))
    }
}

/// A calendar date and time that may not exist: 30 February, 25:00, month 13.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Clock {
    pub(super) year: i64,
    /// From 1.
    pub(super) month: i64,
    pub(super) day: i64,
    pub(super) hour: i64,
    pub(super) minute: i64,
    pub(super) second: i64,
    pub(super) millisecond: i64,
}

impl Clock {
    pub(super) fn midnight(year: i64, month: i64, day: i64) -> Self {
        Self { year, month, day, hour: 0, minute: 0, second: 0, millisecond: 0 }
    }

    /// Midnight of the day with this number in the year, from 1; it may be in the year before or after.
    pub(super) fn nth_day(year: i64, mut day: i64) -> Self {
        if day < 1 {
            return Self::midnight(year - 1, 12, 31 + day);
        }
        let mut month = 1;
        while month < 12 && day > days_of(year, month) {
            day -= days_of(year, month);
            month += 1;
        }
        if day > 31 { Self::midnight(year + 1, 1, day - 31) } else { Self::midnight(year, month, day) }
    }

    /// The instant in UTC; excess days, hours and so on are carried over to the next unit. Years have at most
    /// nine digits.
    pub(super) fn in_utc(self) -> Instant {
        let months = self.year * 12 + self.month - 1;
        let days = days_before_month(months.div_euclid(12), months.rem_euclid(12) + 1) + self.day - 1;
        let seconds = (self.hour * 60 + self.minute) * 60 + self.second;
        Instant(days.saturating_mul(DAY).saturating_add(seconds * 1000 + self.millisecond))
    }

    /// The instant at an offset from UTC in seconds.
    pub(super) fn at_offset(self, seconds: i64) -> Instant {
        self.in_utc().minus_seconds(seconds)
    }

    /// The instant in a time zone. A time that a clock change skips is read as the one an hour later, and one
    /// that it repeats as the first.
    pub(super) fn in_zone(self, zone: &TimeZone) -> Instant {
        let naive = self.in_utc();
        let Ok(timestamp) = Timestamp::from_millisecond(naive.0) else {
            return naive.minus_seconds(offset_at(zone, naive));
        };
        let civil = Offset::UTC.to_datetime(timestamp);
        zone.to_timestamp(civil).map_or(naive, |instant| Instant(instant.as_millisecond()))
    }

    /// Whether the date and the time exist.
    pub(super) fn exists(&self) -> bool {
        self.fits() && self.hour < 24 && self.second < 60 && self.day <= days_of(self.year, self.month)
    }

    /// Whether each part is in its usual range, regardless of the month: 31 days, hours up to 24:00.
    pub(super) fn fits(&self) -> bool {
        let midnight_after = self.hour == 24 && self.minute == 0 && self.second == 0;
        (1..=12).contains(&self.month)
            && (1..=31).contains(&self.day)
            && ((0..24).contains(&self.hour) || midnight_after)
            && (0..60).contains(&self.minute)
            && (0..=60).contains(&self.second)
    }
}

/// The number of days in a month.
pub(super) fn days_of(year: i64, month: i64) -> i64 {
    let (next_year, next) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    days_before_month(next_year, next) - days_before_month(year, month)
}

/// The number of days in a year.
pub(super) fn days_of_year(year: i64) -> i64 {
    days_before_month(year + 1, 1) - days_before_month(year, 1)
}

/// Days from 1970-01-01 to the first of a month in the proleptic Gregorian calendar.
fn days_before_month(year: i64, month: i64) -> i64 {
    const BEFORE: [i64; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
    let is_leap = year.rem_euclid(4) == 0 && (year.rem_euclid(100) != 0 || year.rem_euclid(400) == 0);
    let past = year - 1;
    let leap_days = past.div_euclid(4) - past.div_euclid(100) + past.div_euclid(400);
    let this_leap_day = i64::from(is_leap && month > 2);
    // 719,162 is the number of days from 0001-01-01 to 1970-01-01.
    past * 365 + leap_days + BEFORE[month as usize - 1] + this_leap_day - 719_162
}

/// The offset of a time zone from UTC at an instant, in seconds.
pub(super) fn offset_at(zone: &TimeZone, instant: Instant) -> i64 {
    let clamped =
        instant.0.clamp(Timestamp::MIN.as_millisecond() + DAY, Timestamp::MAX.as_millisecond() - DAY);
    Timestamp::from_millisecond(clamped).map_or(0, |timestamp| i64::from(zone.to_offset(timestamp).seconds()))
}

/// `Z` or `+08:00`.
pub(super) fn zone_suffix(offset: Offset) -> String {
    let seconds = offset.seconds();
    if seconds == 0 {
        return "Z".to_owned();
    }
    let (sign, minutes) = (if seconds < 0 { '-' } else { '+' }, seconds.unsigned_abs() / 60);
    format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

impl fmt::Display for Instant {
    /// RFC 3339 in UTC, with milliseconds only if they are not zero.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (days, rest) = (self.0.div_euclid(DAY), self.0.rem_euclid(DAY));
        // 400 years have 146,097 days; the estimate is off by at most one year.
        let mut year = 1970 + (days * 400).div_euclid(146_097);
        year += i64::from(days_before_month(year + 1, 1) <= days);
        year -= i64::from(days_before_month(year, 1) > days);
        let month = (1..=12).rev().find(|&month| days_before_month(year, month) <= days).unwrap_or(1);
        let day = days - days_before_month(year, month) + 1;
        let (hour, minute, second) = (rest / 3_600_000, rest / 60_000 % 60, rest / 1000 % 60);
        match year {
            0.. => write!(f, "{year:04}")?,
            _ => write!(f, "-{:06}", -year)?,
        }
        write!(f, "-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")?;
        match rest % 1000 {
            0 => f.write_str("Z"),
            millisecond => write!(f, ".{millisecond:03}Z"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_days_over_thousands_of_years() {
        let cases = [
            (Clock::midnight(1970, 1, 1), "1970-01-01T00:00:00Z"),
            (Clock::midnight(2022, 2, 30), "2022-03-02T00:00:00Z"),
            (Clock::midnight(2022, 13, 1), "2023-01-01T00:00:00Z"),
            (Clock::midnight(2000, 2, 29), "2000-02-29T00:00:00Z"),
            (Clock::midnight(1, 1, 1), "0001-01-01T00:00:00Z"),
            (Clock::midnight(0, 0, 0), "-000001-11-30T00:00:00Z"),
            (Clock { hour: 25, ..Clock::midnight(9999, 12, 31) }, "10000-01-01T01:00:00Z"),
            (Clock { millisecond: 7, ..Clock::midnight(2400, 3, 1) }, "2400-03-01T00:00:00.007Z"),
        ];
        for (clock, shown) in cases {
            assert_eq!(clock.in_utc().to_string(), shown, "{clock:?}");
        }
        assert_eq!(Instant(20_220_207_150_626_000).to_string(), "642722-11-10T08:30:26Z");
        for day in (-800_000..3_000_000).step_by(37) {
            let instant = Instant(day * DAY);
            let expected = Timestamp::from_millisecond(instant.0).map(|timestamp| timestamp.to_string());
            if let Ok(expected) = expected {
                assert_eq!(instant.to_string(), expected);
            }
        }
    }
}
