//! How Eleventy reads a date given as text: with Luxon's ISO 8601 parser, in UTC. Checked against Luxon 3.7.

use super::instant::{Clock, Instant, days_of_year};
use super::names::thousandths;
use super::outcome::Outcome;

/// `DateTime.fromISO(text, { zone: "utc" })`.
pub(super) fn read(text: &str) -> Outcome {
    let (date, time) = match text.find(['T', 't']) {
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    };
    let day = calendar(date).or_else(|| week(date)).or_else(|| ordinal(date));
    let read = match (day, time) {
        (Some(day), _) if !day.exists() => return Outcome::Error,
        (Some(day), None) => return Outcome::Instant(day.in_utc()),
        (Some(day), Some(time)) => time_of_day(time).map(|time| (day, time)),
        // A time without a date is on the day of the build.
        (None, time) => {
            let alone = time.filter(|_| date.is_empty()).unwrap_or(text);
            return if time_of_day(alone).is_some() { Outcome::Today } else { Outcome::Error };
        }
    };
    read.map_or(Outcome::Error, |(day, time)| Outcome::Instant(Instant(day.in_utc().0 + time)))
}

/// Milliseconds since midnight in UTC.
fn time_of_day(time: &str) -> Option<i64> {
    let mut reader = LuxonReader(time);
    let clock = reader.time(Clock::midnight(1970, 1, 1))?;
    let offset = reader.offset()?;
    reader.zone_name()?;
    let midnight_after = clock.hour == 24 && clock.minute == 0 && clock.second == 0 && clock.millisecond == 0;
    let exists = (clock.exists() || midnight_after) && clock.second < 60;
    (reader.0.is_empty() && exists).then(|| clock.at_offset(offset.unwrap_or(0)).0)
}

/// Reads digits and separators from left to right.
struct LuxonReader<'t>(&'t str);

impl LuxonReader<'_> {
    fn digits(&mut self, count: usize) -> Option<i64> {
        let (digits, rest) = self.0.split_at_checked(count)?;
        digits.bytes().all(|byte| byte.is_ascii_digit()).then_some(())?;
        self.0 = rest;
        digits.parse().ok()
    }

    fn skip(&mut self, sign: char) {
        self.0 = self.0.strip_prefix(sign).unwrap_or(self.0);
    }

    /// Reads two digits after an optional sign; if the digits are missing, nothing is consumed.
    fn next_two(&mut self, sign: char) -> Option<i64> {
        let before = self.0;
        self.skip(sign);
        let found = self.digits(2);
        if found.is_none() {
            self.0 = before;
        }
        found
    }

    fn time(&mut self, day: Clock) -> Option<Clock> {
        let mut clock = Clock { hour: self.digits(2)?, ..day };
        let Some(minute) = self.next_two(':') else { return Some(clock) };
        clock.minute = minute;
        let Some(second) = self.next_two(':') else { return Some(clock) };
        clock.second = second;
        let Some(fraction) = self.0.strip_prefix(['.', ',']) else { return Some(clock) };
        let count = fraction.bytes().take_while(u8::is_ascii_digit).count();
        if (1..=30).contains(&count) {
            clock.millisecond = thousandths(&fraction[..count]);
            self.0 = &fraction[count..];
        }
        Some(clock)
    }

    /// The offset in seconds; the inner `None` means that there is no offset.
    fn offset(&mut self) -> Option<Option<i64>> {
        if let Some(rest) = self.0.strip_prefix(['Z', 'z']) {
            self.0 = rest;
            return Some(Some(0));
        }
        let sign = match self.0.chars().next() {
            Some('+') => 1,
            Some('-') => -1,
            _ => return Some(None),
        };
        self.0 = &self.0[1..];
        let hours = self.digits(2)?;
        let minutes = self.next_two(':').unwrap_or(0);
        Some(Some(sign * (hours * 60 + minutes) * 60))
    }

    /// Skips a zone name in brackets, which only matters if there is no offset; it is not looked up here.
    fn zone_name(&mut self) -> Option<()> {
        if let Some(rest) = self.0.strip_prefix('[') {
            self.0 = rest.split_once(']')?.1;
        }
        Some(())
    }
}

/// `2022-02-07`, `20220207`, `2022-02`, `2022`, `+002022-02-07`.
fn calendar(date: &str) -> Option<Clock> {
    let (sign, unsigned) = match date.as_bytes().first()? {
        b'+' => (1, &date[1..]),
        b'-' => (-1, &date[1..]),
        _ => (1, date),
    };
    let mut reader = LuxonReader(unsigned);
    let year = sign * reader.digits(if unsigned.len() < date.len() { 6 } else { 4 })?;
    let month = reader.next_two('-');
    let day = month.and_then(|_| reader.next_two('-'));
    reader.0.is_empty().then(|| Clock::midnight(year, month.unwrap_or(1), day.unwrap_or(1)))
}

/// `2022-W06-1`
fn week(date: &str) -> Option<Clock> {
    let mut reader = LuxonReader(date);
    let year = reader.digits(4)?;
    reader.skip('-');
    reader.0 = reader.0.strip_prefix('W')?;
    let week = reader.digits(2)?;
    reader.skip('-');
    let weekday = if reader.0.is_empty() { 1 } else { reader.digits(1)? };
    let is_week =
        reader.0.is_empty() && (1..=weeks_in_year(year)).contains(&week) && (1..=7).contains(&weekday);
    is_week.then(|| Clock::nth_day(year, 4 - weekday_of(year, 4) + (week - 1) * 7 + weekday))
}

/// The weekday of a day of January, counted from Monday as 1.
fn weekday_of(year: i64, day: i64) -> i64 {
    // 1970-01-01 was a Thursday.
    (Clock::midnight(year, 1, day).in_utc().0.div_euclid(86_400_000) + 3).rem_euclid(7) + 1
}

/// A year has 53 weeks if it starts on a Thursday, or on a Wednesday and has 366 days.
fn weeks_in_year(year: i64) -> i64 {
    let first = weekday_of(year, 1);
    let long = first == 4 || (first == 3 && days_of_year(year) == 366);
    if long { 53 } else { 52 }
}

/// `2022-038`
fn ordinal(date: &str) -> Option<Clock> {
    let mut reader = LuxonReader(date);
    let year = reader.digits(4)?;
    reader.skip('-');
    let day = reader.digits(3)?;
    (reader.0.is_empty() && (1..=days_of_year(year)).contains(&day)).then(|| Clock::nth_day(year, day))
}
