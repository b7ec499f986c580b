//! Names in dates: months, weekdays, time zones of RFC 2822.

pub(super) const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Starting with Monday, as in ISO 8601.
pub(super) const WEEKDAYS: [&str; 7] =
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// Time zones with their hours from UTC.
const ZONES: [(&str, i64); 11] = [
    ("utc", 0),
    ("ut", 0),
    ("gmt", 0),
    ("est", -5),
    ("edt", -4),
    ("cst", -6),
    ("cdt", -5),
    ("mst", -7),
    ("mdt", -6),
    ("pst", -8),
    ("pdt", -7),
];

/// The month, from 1, whose first three letters a word in lower case starts with.
pub(super) fn month(word: &str) -> Option<i64> {
    MONTHS.iter().position(|month| word.starts_with(&month[..3])).map(|index| index as i64 + 1)
}

/// The offset in hours from UTC of a time zone in lower case.
pub(super) fn zone_hours(word: &str) -> Option<i64> {
    ZONES.iter().find(|(name, _)| *name == word).map(|(_, hours)| *hours)
}

/// The thousandths given by the digits after a decimal point; only the first three count.
pub(super) fn thousandths(digits: &str) -> i64 {
    digits.bytes().chain(*b"000").take(3).fold(0, |sum, digit| sum * 10 + i64::from(digit.wrapping_sub(b'0')))
}
