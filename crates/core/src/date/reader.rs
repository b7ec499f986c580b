//! How a generator reads a date: measured with hexo 8.1.2, Hugo 0.168, Jekyll 4.3.1, Docusaurus 3.10, Eleventy
//! 3.1, Astro 6, VitePress and Zola.

use super::instant::{Instant, offset_at};
use super::outcome::Outcome;
use super::{go, javascript, luxon, ruby, yaml};
use crate::Generator;
use crate::front::Value;
use jiff::tz::TimeZone;
use std::cell::OnceCell;

/// The time zones on which a reading depends.
#[derive(Debug, Clone)]
pub struct Zones {
    /// The time zone that the site's own config sets.
    pub site: Option<TimeZone>,
    /// The time zone of the machine that builds the site, which is UTC on most CI servers.
    pub machine: TimeZone,
}

impl Default for Zones {
    fn default() -> Self {
        Self { site: None, machine: TimeZone::UTC }
    }
}

impl Zones {
    /// The site's time zone, or else the machine's.
    pub fn site_or_machine(&self) -> &TimeZone {
        self.site.as_ref().unwrap_or(&self.machine)
    }
}

/// How the generator reads the value of a date field; `None` for the unknown generator, and for values that
/// cannot be dates: lists, booleans.
pub fn outcome(generator: Generator, value: &Value<'_>, zones: &Zones) -> Option<Outcome> {
    DateReader::new(value, zones).outcome(generator)
}

/// Reads one value for any number of generators; results that several of them use are computed once.
#[derive(Debug)]
pub struct DateReader<'v> {
    value: &'v Value<'v>,
    zones: &'v Zones,
    needs_timestamps: bool,
    script: OnceCell<Option<Instant>>,
}

impl<'v> DateReader<'v> {
    /// A reader of this value. Nothing is computed until it is needed.
    pub fn new(value: &'v Value<'v>, zones: &'v Zones) -> Self {
        Self { value, zones, needs_timestamps: false, script: OnceCell::new() }
    }

    /// Sets whether Astro's schema uses `z.date()` instead of `z.coerce.date()`, so that it accepts only YAML
    /// timestamps.
    pub fn needing_timestamps(self, needs_timestamps: bool) -> Self {
        Self { needs_timestamps, ..self }
    }

    /// How the generator reads the value; `None` as for [`outcome`].
    pub fn outcome(&self, generator: Generator) -> Option<Outcome> {
        if matches!(self.value, Value::List | Value::Bool(_) | Value::Alias) {
            return None;
        }
        Some(match generator {
            Generator::None => return None,
            Generator::Hexo => self.hexo(),
            Generator::Hugo => self.hugo(),
            Generator::Jekyll => self.jekyll(),
            Generator::Docusaurus => self.docusaurus(),
            Generator::Eleventy => eleventy(self.value),
            Generator::Astro => self.astro(),
            Generator::VitePress => self.vitepress(),
            Generator::Zola => zola(self.value),
        })
    }

    /// `new Date(text)`
    fn script(&self, text: &str) -> Option<Instant> {
        *self.script.get_or_init(|| javascript::read(text, &self.zones.machine))
    }

    /// Hexo adds the machine's offset from UTC to timestamps, and the difference between the machine's and the
    /// site's offset to everything.
    fn hexo(&self) -> Outcome {
        let machine = &self.zones.machine;
        let read = match self.value {
            Value::Timestamp(text) => {
                let utc = timestamp(text).instant();
                utc.map(|utc| utc.minus_seconds(script_offset(machine, utc) * 60))
            }
            Value::Text(text) if !text.is_empty() => self.script(text),
            Value::Integer(0) => None,
            other => milliseconds(other),
        };
        let Some(instant) = read else { return Outcome::FileTime };
        let Some(site) = &self.zones.site else { return Outcome::Instant(instant) };
        let shift = offset_at(site, instant) - script_offset(machine, instant) * 60;
        Outcome::Instant(instant.minus_seconds(shift))
    }

    /// Hugo treats YAML timestamps as text too; numbers are seconds.
    fn hugo(&self) -> Outcome {
        match self.value {
            Value::Null => Outcome::Nothing,
            Value::Text(text) if text.is_empty() => Outcome::Nothing,
            Value::Text(text) | Value::Timestamp(text) => {
                let zone = self.zones.site.clone().unwrap_or(TimeZone::UTC);
                match go::read(text, &zone) {
                    // Go's zero time means that there is no date.
                    Some(instant) if instant == go::ZERO => Outcome::Nothing,
                    Some(instant) => Outcome::Instant(instant),
                    None => Outcome::Error,
                }
            }
            Value::Integer(number) => Outcome::Instant(Instant(number.saturating_mul(1000))),
            _ => Outcome::Error,
        }
    }

    fn jekyll(&self) -> Outcome {
        let zone = self.zones.site_or_machine();
        match self.value {
            Value::Timestamp(text) => ruby::timestamp(text, zone),
            Value::Text(text) => ruby::parse(text, zone),
            Value::Integer(number) => ruby::parse(&number.to_string(), zone),
            Value::Float(number) => ruby::parse(&number.to_string(), zone),
            _ => Outcome::Error,
        }
    }

    /// Text must be a valid date for JavaScript, and is then read again with a `Z` appended.
    fn docusaurus(&self) -> Outcome {
        match self.value {
            Value::Timestamp(text) => timestamp(text),
            Value::Integer(number) => Outcome::Number(*number),
            Value::Float(number) => Outcome::Number(*number as i64),
            // joi reads a quoted number as milliseconds.
            Value::Text(text) if !is_number(text) && self.script(text).is_none() => Outcome::Error,
            Value::Text(text) => {
                let read = javascript::read(&format!("{text}Z"), &self.zones.machine);
                read.map_or(Outcome::Invalid, Outcome::Instant)
            }
            _ => Outcome::Error,
        }
    }

    fn astro(&self) -> Outcome {
        match self.value {
            Value::Timestamp(text) => timestamp(text),
            _ if self.needs_timestamps => Outcome::Error,
            Value::Text(text) => self.script(text).map_or(Outcome::Error, Outcome::Instant),
            // `new Date(null)` is 1 January 1970.
            Value::Null => Outcome::Instant(Instant(0)),
            other => milliseconds(other).map_or(Outcome::Error, Outcome::Instant),
        }
    }

    /// VitePress passes the value on; themes call `new Date(…)` with it.
    fn vitepress(&self) -> Outcome {
        match self.value {
            Value::Timestamp(text) => timestamp(text),
            Value::Text(text) => self.script(text).map_or(Outcome::Invalid, Outcome::Instant),
            Value::Null => Outcome::Nothing,
            other => milliseconds(other).map_or(Outcome::Invalid, Outcome::Instant),
        }
    }
}

/// How js-yaml reads a timestamp: without a zone it is UTC, and excess days, hours and so on are carried over.
fn timestamp(text: &str) -> Outcome {
    let Some(stamp) = yaml::read(text.trim()) else { return Outcome::Error };
    let utc = javascript::utc(stamp.clock);
    Outcome::Instant(utc.minus_seconds(stamp.offset.unwrap_or(0)))
}

/// The value as milliseconds, like `new Date(number)`.
fn milliseconds(value: &Value<'_>) -> Option<Instant> {
    match value {
        Value::Integer(number) => Some(Instant(*number)),
        Value::Float(number) => Some(Instant(*number as i64)),
        _ => None,
    }
}

fn is_number(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+'))
        && text.parse::<f64>().is_ok_and(f64::is_finite)
}

/// JavaScript's offset from UTC, in whole minutes.
fn script_offset(zone: &TimeZone, instant: Instant) -> i64 {
    offset_at(zone, instant) / 60
}

/// Words that make Eleventy use another date.
const ELEVENTY_WORDS: [&str; 4] = ["last modified", "created", "git last modified", "git created"];

fn eleventy(value: &Value<'_>) -> Outcome {
    match value {
        Value::Timestamp(text) => timestamp(text),
        Value::Null => Outcome::Nothing,
        Value::Text(text) if text.is_empty() => Outcome::Nothing,
        Value::Text(text) if ELEVENTY_WORDS.contains(&text.to_ascii_lowercase().as_str()) => {
            Outcome::FileTime
        }
        Value::Text(text) => luxon::read(text),
        _ => Outcome::Error,
    }
}

/// YAML timestamps, quoted or not, if the day and time exist; this includes TOML's.
fn zola(value: &Value<'_>) -> Outcome {
    let (Value::Timestamp(text) | Value::Text(text)) = value else { return Outcome::Error };
    // A time must have seconds, and nothing may precede the date.
    match yaml::read(text).filter(|stamp| stamp.clock.exists()) {
        Some(stamp) => Outcome::Instant(stamp.clock.at_offset(stamp.offset.unwrap_or(0))),
        None => Outcome::Error,
    }
}
