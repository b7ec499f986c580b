//! How JavaScript reads a date: as ISO 8601 if possible, otherwise with V8's legacy parser, which is more
//! lenient. Hexo, Docusaurus, Astro and themes of VitePress all inherit this. Checked against Node.js 20.

use super::instant::{Clock, Instant};
use super::names;
use jiff::tz::TimeZone;

/// `new Date(text)`; `None` for `Invalid Date`.
pub(super) fn read(text: &str, machine: &TimeZone) -> Option<Instant> {
    let mut reading = JavaScriptReading { tokens: tokens(text), at: 0, ..JavaScriptReading::default() };
    match reading.iso() {
        Iso::Read => reading.is_iso = true,
        Iso::Broken => return None,
        Iso::Other => reading.lax()?,
    }
    reading.instant(machine)
}

/// `Date.UTC(…)`, which treats the years 0 to 99 as 1900 to 1999.
pub(super) fn utc(clock: Clock) -> Instant {
    let year = if (0..100).contains(&clock.year) { clock.year + 1900 } else { clock.year };
    Clock { year, ..clock }.in_utc()
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum DateToken {
    /// Its value, from at most nine significant digits, and its total number of digits.
    Number(i64, usize),
    DateWord(DateWord),
    /// `:`, `-`, `+`, `.` and `)`.
    Sign(char),
    Blank,
    Other,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum DateWord {
    Month(i64),
    Zone(i64),
    /// The single letter `Z`.
    Zulu,
    Afternoon(bool),
    /// The `T` before a time.
    Time,
    Unknown,
}

fn tokens(text: &str) -> Vec<DateToken> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (token, length) = match first {
            '0'..='9' => number(rest),
            ':' | '-' | '+' | '.' | ')' => (DateToken::Sign(first), 1),
            '(' => (DateToken::Other, parenthesis(rest)),
            blank if is_blank(blank) => (DateToken::Blank, blank.len_utf8()),
            'A'.. => word(rest),
            other => (DateToken::Other, other.len_utf8()),
        };
        tokens.push(token);
        rest = &rest[length..];
    }
    tokens
}

fn is_blank(letter: char) -> bool {
    (letter.is_whitespace() && letter != '\u{85}') || letter == '\u{FEFF}'
}

fn number(text: &str) -> (DateToken, usize) {
    let length = text.bytes().take_while(u8::is_ascii_digit).count();
    let digits = text[..length].trim_start_matches('0');
    let value = digits[..digits.len().min(9)].parse().unwrap_or(0);
    (DateToken::Number(value, length), length)
}

/// A word consists of all characters with codes from `A` on: `年` can be part of one.
fn word(text: &str) -> (DateToken, usize) {
    let length = text.find(|letter: char| letter < 'A' || is_blank(letter)).unwrap_or(text.len());
    // Only names of months may be longer than three letters.
    let mut start = [0; 3];
    let compared = length.min(3);
    start[..compared].copy_from_slice(&text.as_bytes()[..compared]);
    start.make_ascii_lowercase();
    let start = std::str::from_utf8(&start[..compared]).unwrap_or("");
    let kind = match start {
        "am" => DateWord::Afternoon(false),
        "pm" => DateWord::Afternoon(true),
        "z" => DateWord::Zulu,
        "t" => DateWord::Time,
        _ => match (names::month(start), names::zone_hours(start)) {
            (Some(month), _) if compared == 3 => DateWord::Month(month),
            (_, Some(hours)) if length <= 3 => DateWord::Zone(hours),
            _ => DateWord::Unknown,
        },
    };
    (DateToken::DateWord(kind), length)
}

/// The length of a comment in parentheses, which may be nested and need not be closed.
fn parenthesis(text: &str) -> usize {
    let mut depth = 0;
    for (at, letter) in text.char_indices() {
        depth += match letter {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        if depth == 0 {
            return at + 1;
        }
    }
    text.len()
}

/// The result of reading as ISO 8601.
enum Iso {
    Read,
    /// No valid date can start like this.
    Broken,
    /// The legacy parser continues where this one stopped.
    Other,
}

#[derive(Default)]
struct JavaScriptReading {
    tokens: Vec<DateToken>,
    at: usize,
    /// Up to three numbers of the date, in text order.
    date: Vec<i64>,
    /// Hour, minute, second, millisecond.
    time: Vec<i64>,
    month: Option<i64>,
    afternoon: Option<bool>,
    /// The sign, hours and minutes of the zone.
    zone: (Option<i64>, Option<i64>, Option<i64>),
    is_iso: bool,
}

impl JavaScriptReading {
    fn peek(&self) -> Option<DateToken> {
        self.tokens.get(self.at).copied()
    }

    fn skip(&mut self, sign: char) -> bool {
        let found = self.peek() == Some(DateToken::Sign(sign));
        self.at += usize::from(found);
        found
    }

    /// A number with exactly this many digits, if it is in the range.
    fn digits(&mut self, wanted: usize, range: std::ops::RangeInclusive<i64>) -> Option<i64> {
        match self.peek() {
            Some(DateToken::Number(value, length)) if length == wanted && range.contains(&value) => {
                self.at += 1;
                Some(value)
            }
            _ => None,
        }
    }

    fn iso(&mut self) -> Iso {
        let sign = match self.peek() {
            Some(DateToken::Sign('-')) => Some(-1),
            Some(DateToken::Sign('+')) => Some(1),
            _ => None,
        };
        let year = match sign {
            None => self.digits(4, 0..=9999),
            Some(sign) => {
                self.at += 1;
                let year = self.digits(6, 0..=999_999).filter(|year| sign > 0 || *year > 0);
                // The legacy parser must see the sign as well.
                self.at -= usize::from(year.is_none());
                year.map(|year| sign * year)
            }
        };
        let Some(year) = year else { return Iso::Other };
        self.date.push(year);
        for range in [1..=12, 1..=31] {
            if !self.skip('-') {
                break;
            }
            let Some(part) = self.digits(2, range) else { return Iso::Other };
            self.date.push(part);
        }
        if self.peek() != Some(DateToken::DateWord(DateWord::Time)) {
            if self.peek().is_some() {
                return Iso::Other;
            }
            self.zone = (Some(1), Some(0), Some(0));
            return Iso::Read;
        }
        self.at += 1;
        match self.iso_time() {
            Some(()) if self.peek().is_none() => Iso::Read,
            _ => Iso::Broken,
        }
    }

    fn iso_time(&mut self) -> Option<()> {
        let hour = self.digits(2, 0..=24)?;
        let most = if hour == 24 { 0 } else { 59 };
        self.time.push(hour);
        self.skip(':').then_some(())?;
        let minute = self.digits(2, 0..=most)?;
        self.time.push(minute);
        if self.skip(':') {
            let second = self.digits(2, 0..=most)?;
            self.time.push(second);
            if self.skip('.') {
                let Some(DateToken::Number(value, length)) = self.peek() else { return None };
                (hour < 24 || value == 0).then_some(())?;
                self.at += 1;
                self.time.push(milliseconds(value, length));
            }
        }
        self.iso_zone()
    }

    fn iso_zone(&mut self) -> Option<()> {
        let sign = match self.peek() {
            Some(DateToken::DateWord(DateWord::Zulu)) => {
                self.zone = (Some(1), Some(0), Some(0));
                self.at += 1;
                return Some(());
            }
            Some(DateToken::Sign('+')) => 1,
            Some(DateToken::Sign('-')) => -1,
            _ => return Some(()),
        };
        self.at += 1;
        let (hours, minutes) = match self.digits(4, 0..=9999) {
            Some(both) => (both / 100, both % 100),
            None => {
                let hours = self.digits(2, 0..=23)?;
                self.skip(':').then_some(())?;
                (hours, self.digits(2, 0..=59)?)
            }
        };
        self.zone = (Some(sign), Some(hours), Some(minutes));
        (hours < 24 && minutes < 60).then_some(())
    }

    /// Continues with numbers in any order, names of months and zones, and comments.
    fn lax(&mut self) -> Option<()> {
        let mut has_number = !self.date.is_empty();
        while let Some(token) = self.peek() {
            self.at += 1;
            match token {
                DateToken::Number(value, _) => {
                    has_number = true;
                    self.lax_number(value)?;
                }
                DateToken::DateWord(word) => self.lax_word(word, has_number)?,
                DateToken::Sign(sign @ ('+' | '-')) if self.is_utc() || !self.time.is_empty() => {
                    has_number = true;
                    self.lax_zone(if sign == '-' { -1 } else { 1 })?;
                }
                DateToken::Sign('+' | '-' | ')') if has_number => return None,
                _ => {}
            }
        }
        Some(())
    }

    fn is_utc(&self) -> bool {
        self.zone.1 == Some(0) && self.zone.2 == Some(0)
    }

    /// Whether a number may continue the time that has begun.
    fn time_expects(&self, value: i64) -> bool {
        let most = match self.time.len() {
            1 | 2 => 59,
            3 => 999,
            _ => return false,
        };
        (0..=most).contains(&value)
    }

    fn lax_number(&mut self, value: i64) -> Option<()> {
        if self.skip(':') {
            if self.skip(':') {
                self.time.is_empty().then_some(())?;
                self.time.extend([value, 0]);
            } else {
                self.push_time(value)?;
                self.skip('.');
            }
            return Some(());
        }
        // The point is consumed in either case.
        if self.skip('.') && self.time_expects(value) {
            self.time.push(value);
            let Some(DateToken::Number(fraction, length)) = self.peek() else { return None };
            self.at += 1;
            // A fifth part is ignored.
            let _ = self.push_time(milliseconds(fraction, length));
            self.time.resize(4, 0);
        } else if self.zone.1.is_some() && self.zone.2.is_none() && (0..60).contains(&value) {
            self.zone.2 = Some(value);
        } else if self.time_expects(value) {
            self.time.push(value);
            self.time.resize(4, 0);
            let ends = matches!(
                self.peek(),
                None | Some(
                    DateToken::Blank | DateToken::DateWord(DateWord::Zulu) | DateToken::Sign('+' | '-')
                )
            );
            ends.then_some(())?;
        } else {
            (self.date.len() < 3).then_some(())?;
            self.date.push(value);
            self.skip('-');
        }
        Some(())
    }

    fn push_time(&mut self, value: i64) -> Option<()> {
        (self.time.len() < 4).then(|| self.time.push(value))
    }

    fn lax_word(&mut self, word: DateWord, has_number: bool) -> Option<()> {
        match word {
            DateWord::Afternoon(afternoon) if !self.time.is_empty() => self.afternoon = Some(afternoon),
            DateWord::Month(month) => {
                self.month = Some(month);
                self.skip('-');
            }
            DateWord::Zone(hours) if has_number => {
                self.zone = (Some(if hours < 0 { -1 } else { 1 }), Some(hours.abs()), Some(0));
            }
            DateWord::Zulu if has_number => self.zone = (Some(1), Some(0), Some(0)),
            // Unknown words are allowed before the first number, but not directly before it.
            _ if has_number || matches!(self.peek(), Some(DateToken::Number(..))) => return None,
            _ => {}
        }
        Some(())
    }

    fn lax_zone(&mut self, sign: i64) -> Option<()> {
        let (mut value, mut length) = (0, 0);
        if let Some(DateToken::Number(number, digits)) = self.peek() {
            (value, length) = (number, digits);
            self.at += 1;
        }
        self.zone = match length {
            _ if self.peek() == Some(DateToken::Sign(':')) => (Some(sign), Some(value), None),
            1 | 2 => (Some(sign), Some(value), Some(0)),
            3 | 4 => (Some(sign), Some(value / 100), Some(value % 100)),
            _ => return None,
        };
        Some(())
    }

    fn instant(mut self, machine: &TimeZone) -> Option<Instant> {
        let (year, month, day) = self.calendar()?;
        let is_date = (1..=12).contains(&month) && (1..=31).contains(&day);
        is_date.then_some(())?;
        self.time.resize(4, 0);
        let &[mut hour, minute, second, millisecond] = &self.time[..] else { return None };
        if let Some(afternoon) = self.afternoon {
            (0..=12).contains(&hour).then_some(())?;
            hour = hour % 12 + if afternoon { 12 } else { 0 };
        }
        let clock = Clock { year, month, day, hour, minute, second, millisecond };
        let midnight_after = hour != 24 || millisecond == 0;
        (clock.fits() && second < 60 && millisecond < 1000 && midnight_after).then_some(())?;
        let (sign, hours, minutes) = self.zone;
        let instant = match sign {
            None => clock.in_zone(machine),
            Some(sign) => clock.at_offset(sign * (hours.unwrap_or(0) * 60 + minutes.unwrap_or(0)) * 60),
        };
        // A date is at most 100 million days from 1970.
        (instant.0.abs() <= 8_640_000_000_000_000).then_some(instant)
    }

    /// Decides which numbers of the date are the year, the month and the day.
    fn calendar(&self) -> Option<(i64, i64, i64)> {
        let is_day = |number: i64| (1..=31).contains(&number);
        let part = |index: usize| self.date.get(index).copied().unwrap_or(1);
        let (first, second, third) = (*self.date.first()?, part(1), part(2));
        let (year, month, day) = match self.month {
            None if self.is_iso => return Some((first, second, third)),
            None if !is_day(first) => (first, second, third),
            None => (third, first, second),
            Some(month) if !is_day(first) => (first, month, second),
            Some(month) => (second, month, first),
        };
        let year = match year {
            0..50 => year + 2000,
            50..100 => year + 1900,
            _ => year,
        };
        Some((year, month, day))
    }
}

/// The milliseconds from the digits after the point, of which the first three count.
fn milliseconds(value: i64, length: usize) -> i64 {
    match length {
        1 => value * 100,
        2 => value * 10,
        3 => value,
        _ => value / 10_i64.pow(length.min(9) as u32 - 3),
    }
}
