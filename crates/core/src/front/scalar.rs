//! The types of plain YAML scalars, which differ between parsers.

use super::field::Value;
use crate::Generator;
use crate::date::yaml;
use std::borrow::Cow;

/// The behavior of a YAML parser. Measured with js-yaml 3 and 4, goccy/go-yaml 1.19, Psych and serde_yaml.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dialect {
    /// Whether `yes`, `no`, `on`, `off` are booleans.
    yes_is_true: bool,
    /// Whether `12:30:45` is a number in base 60.
    sexagesimal: bool,
    /// How `007` is read.
    zero_first: ZeroFirst,
    /// Whether `1e3` is a number.
    exponent_without_point: bool,
    /// Whether an unknown tag is an error.
    pub(super) refuses_tags: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum ZeroFirst {
    Octal,
    Decimal,
    Text,
}

impl Dialect {
    /// The behavior of a generator's parser.
    pub(super) fn of(generator: Generator) -> Self {
        let js_yaml_4 = Self {
            yes_is_true: false,
            sexagesimal: false,
            zero_first: ZeroFirst::Decimal,
            exponent_without_point: true,
            refuses_tags: true,
        };
        let plain = Self {
            zero_first: ZeroFirst::Octal,
            exponent_without_point: false,
            refuses_tags: false,
            ..js_yaml_4
        };
        match generator {
            Generator::Hexo | Generator::Docusaurus | Generator::Eleventy | Generator::Astro => js_yaml_4,
            Generator::VitePress => Self { sexagesimal: true, zero_first: ZeroFirst::Octal, ..js_yaml_4 },
            Generator::Hugo => plain,
            Generator::Jekyll => Self { yes_is_true: true, sexagesimal: true, ..plain },
            Generator::Zola | Generator::None => Self { zero_first: ZeroFirst::Text, ..plain },
        }
    }
}

/// The typed value of a plain scalar.
pub(super) fn resolve(text: Cow<'_, str>, dialect: Dialect) -> Value<'_> {
    match text.as_bytes() {
        [] => return Value::Null,
        [first, ..] if first.is_ascii_digit() || matches!(first, b'-' | b'+' | b'.') => {}
        _ => return resolve_word(text, dialect),
    }
    // A date without a time must have all its digits.
    if yaml::read(&text).is_some_and(|stamp| stamp.has_time || text.len() == 10) {
        return Value::Timestamp(text);
    }
    resolve_number(&text, dialect).unwrap_or(Value::Text(text))
}

fn resolve_word(text: Cow<'_, str>, dialect: Dialect) -> Value<'_> {
    match text.as_ref() {
        "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        "yes" | "Yes" | "YES" | "on" | "On" | "ON" if dialect.yes_is_true => Value::Bool(true),
        "no" | "No" | "NO" | "off" | "Off" | "OFF" if dialect.yes_is_true => Value::Bool(false),
        _ => Value::Text(text),
    }
}

fn resolve_number(text: &str, dialect: Dialect) -> Option<Value<'static>> {
    let unsigned = text.trim_start_matches(['-', '+']);
    if text.len() - unsigned.len() > 1 {
        return None;
    }
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let digits = !unsigned.is_empty() && unsigned.bytes().all(|byte| byte.is_ascii_digit());
    if digits && unsigned.len() > 1 && unsigned.starts_with('0') {
        let radix = match dialect.zero_first {
            ZeroFirst::Text => return None,
            ZeroFirst::Octal if unsigned.bytes().all(|byte| byte < b'8') => 8,
            _ => 10,
        };
        return i64::from_str_radix(unsigned, radix).ok().map(|number| Value::Integer(sign * number));
    }
    if digits {
        return unsigned.parse().ok().map(|number: i64| Value::Integer(sign * number));
    }
    for (prefix, radix) in [("0x", 16), ("0o", 8)] {
        if let Some(number) = unsigned.strip_prefix(prefix).filter(|number| !number.starts_with(['-', '+'])) {
            return i64::from_str_radix(number, radix).ok().map(|number| Value::Integer(sign * number));
        }
    }
    if dialect.sexagesimal
        && let Some(number) = sexagesimal(unsigned)
    {
        return Some(Value::Integer(sign * number));
    }
    float(text, unsigned, dialect)
}

/// Reads `12:30:45`: all parts after the first are below 60.
fn sexagesimal(text: &str) -> Option<i64> {
    let mut parts = text.split(':');
    let mut sum: i64 = parts.next()?.parse().ok()?;
    let mut more = 0;
    for part in parts {
        let part: i64 = part.parse().ok().filter(|part| *part < 60)?;
        sum = sum.checked_mul(60)?.checked_add(part)?;
        more += 1;
    }
    (more > 0).then_some(sum)
}

fn float(text: &str, unsigned: &str, dialect: Dialect) -> Option<Value<'static>> {
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") {
        return Some(Value::Float(if text.starts_with('-') { f64::NEG_INFINITY } else { f64::INFINITY }));
    }
    if matches!(text, ".nan" | ".NaN" | ".NAN") {
        return Some(Value::Float(f64::NAN));
    }
    let shaped = unsigned
        .bytes()
        .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'-' | b'+'));
    let has_digit = unsigned.bytes().any(|byte| byte.is_ascii_digit());
    let has_point = unsigned.contains('.');
    let allowed = shaped && has_digit && (has_point || dialect.exponent_without_point);
    if allowed { text.parse().ok().map(Value::Float) } else { None }
}
