//! Timestamps as defined by YAML 1.1, split into parts.

use super::instant::Clock;
use super::names::thousandths;
use std::ops::RangeInclusive;

/// The parts of a timestamp; the date or time need not exist.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Timestamp {
    pub(super) clock: Clock,
    pub(crate) has_time: bool,
    /// The offset from UTC in seconds; `Z` is 0.
    pub(super) offset: Option<i64>,
}

/// Reads `2022-02-07`, `2022-2-7 9:06:26.5 +8` and the like; `None` if it is not a timestamp. Only older
/// parsers accept a date without a time if its month or day has a single digit.
pub(crate) fn read(text: &str) -> Option<Timestamp> {
    let (date, time) = match text.find(['T', 't', ' ', '\t']) {
        Some(at) => (&text[..at], Some(text[at + 1..].trim_start())),
        None => (text, None),
    };
    let [year, month, day] = numbers(date, '-', [4..=4, 1..=2, 1..=2])?;
    let mut clock = Clock::midnight(year, month, day);
    let Some(time) = time else { return Some(Timestamp { clock, has_time: false, offset: None }) };
    let end = time.find(|c: char| !(c.is_ascii_digit() || matches!(c, ':' | '.'))).unwrap_or(time.len());
    let (time, zone) = time.split_at(end);
    let (time, fraction) = time.split_once('.').unwrap_or((time, ""));
    [clock.hour, clock.minute, clock.second] = numbers(time, ':', [1..=2, 2..=2, 2..=2])?;
    fraction.bytes().all(|byte| byte.is_ascii_digit()).then_some(())?;
    clock.millisecond = thousandths(fraction);
    Some(Timestamp { clock, has_time: true, offset: offset(zone.trim_start())? })
}

/// Three numbers with these lengths, separated by `sign`.
fn numbers(text: &str, sign: char, lengths: [RangeInclusive<usize>; 3]) -> Option<[i64; 3]> {
    let mut parts = text.splitn(3, sign);
    let [first, second, third] = lengths;
    Some([number(parts.next()?, first)?, number(parts.next()?, second)?, number(parts.next()?, third)?])
}

fn number(digits: &str, lengths: RangeInclusive<usize>) -> Option<i64> {
    let is_number = lengths.contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse().ok())?
}

/// Reads nothing, `Z`, `+8`, `+08` or `+08:00`.
fn offset(zone: &str) -> Option<Option<i64>> {
    let sign = match zone.as_bytes().first() {
        None => return Some(None),
        Some(b'Z') if zone.len() == 1 => return Some(Some(0)),
        Some(b'+') => 1,
        Some(b'-') => -1,
        Some(_) => return None,
    };
    let (hours, minutes) = zone[1..].split_once(':').unwrap_or((&zone[1..], "00"));
    Some(Some(sign * (number(hours, 1..=2)? * 60 + number(minutes, 2..=2)?) * 60))
}
