//! Compares the date model, cell by cell, with what the generators' own code made of each date.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use postmend_core::Generator;
use postmend_core::date::{DateReader, Instant, Outcome, TimeZone, WrittenDate, Zones, outcome};
use postmend_core::front::{self, Value};

/// The columns of `dates.tsv`: the generator, the site's time zone and the machine's.
const COLUMNS: [(&str, Generator, Option<&str>, &str); 15] = [
    ("hexo_tz_unset_machine_utc", Generator::Hexo, None, "UTC"),
    ("hexo_tz_shanghai_machine_utc", Generator::Hexo, Some("Asia/Shanghai"), "UTC"),
    ("hexo_tz_unset_machine_shanghai", Generator::Hexo, None, "Asia/Shanghai"),
    ("hexo_tz_shanghai_machine_shanghai", Generator::Hexo, Some("Asia/Shanghai"), "Asia/Shanghai"),
    ("hugo_tz_unset", Generator::Hugo, None, "UTC"),
    ("hugo_tz_shanghai", Generator::Hugo, Some("Asia/Shanghai"), "UTC"),
    ("jekyll_utc", Generator::Jekyll, Some("UTC"), "UTC"),
    ("jekyll_shanghai", Generator::Jekyll, Some("Asia/Shanghai"), "UTC"),
    ("docusaurus", Generator::Docusaurus, None, "UTC"),
    ("eleventy", Generator::Eleventy, None, "UTC"),
    ("astro_coerce_utc", Generator::Astro, None, "UTC"),
    ("astro_coerce_shanghai", Generator::Astro, None, "Asia/Shanghai"),
    (STRICT_ASTRO, Generator::Astro, None, "UTC"),
    ("vitepress_utc", Generator::VitePress, None, "UTC"),
    ("zola", Generator::Zola, None, "UTC"),
];

const STRICT_ASTRO: &str = "astro_date";

/// Cells that differ, and why: the value, the columns by their beginning, the reason. One that comes
/// to agree must be taken out.
const DIFFERING: [(&str, &str, &str); 3] = [
    ("1900-01-01", "jekyll_shanghai", "Ruby is 86 s off with the local mean time before 1901"),
    ("0001-01-01", "jekyll_shanghai", "Ruby is 86 s off with the local mean time before 1901"),
    ("２０２２-02-07", "jekyll", "Ruby reads the day 2 of the month of the build, at -07:00"),
];

/// The most cells that may differ, in percent.
const MOST_DIFFERING: usize = 3;

fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap()
}

/// The value of `date` as the generator's own YAML parser types it.
fn model(column: (&str, Generator, Option<&str>, &str), written: &str) -> String {
    let (name, generator, site, machine) = column;
    let text = format!("---\ndate: {written}\n---\n");
    let front = front::read(&text, generator);
    let matter = front.matter.unwrap();
    let Some(field) = matter.top("date").filter(|_| matter.fault.is_none()) else {
        return "error".to_owned();
    };
    let zones = Zones { site: site.map(zone), machine: zone(machine) };
    let reader = DateReader::new(&field.value, &zones).needing_timestamps(name == STRICT_ASTRO);
    let read = reader.outcome(generator).unwrap();
    match read {
        // The instants of these columns were printed without fractions.
        Outcome::Instant(Instant(at)) if matches!(generator, Generator::Hugo | Generator::Jekyll) => {
            instant(at.div_euclid(1000) * 1000)
        }
        Outcome::Instant(Instant(at)) => instant(at),
        Outcome::FileTime => "file-time".to_owned(),
        Outcome::Nothing => "nothing".to_owned(),
        Outcome::Error => "error".to_owned(),
        Outcome::Invalid => "invalid".to_owned(),
        Outcome::Number(number) => number.to_string(),
        Outcome::Today => "today".to_owned(),
    }
}

fn instant(at: i64) -> String {
    Instant(at).to_string()
}

/// A cell in the model's words.
fn measured(cell: &str) -> String {
    let cell = cell.strip_prefix("Date ").unwrap_or(cell);
    match cell {
        "zero" | "FALLBACK" | "absent" => "nothing".to_owned(),
        _ => match cell.parse::<jiff::Timestamp>() {
            Ok(timestamp) => instant(timestamp.as_millisecond()),
            Err(_) => cell.to_owned(),
        },
    }
}

/// What the parsers behind the generators make of dates that are odd in every way.
#[test]
fn the_parsers_read_odd_dates_alike() {
    let shanghai = || zone("Asia/Shanghai");
    let machine = Zones { site: None, machine: shanghai() };
    let site = Zones { site: Some(shanghai()), machine: TimeZone::UTC };
    let columns = [
        (Generator::VitePress, &machine),
        (Generator::Jekyll, &machine),
        (Generator::Eleventy, &machine),
        (Generator::Hugo, &site),
    ];
    let rows = include_str!("parsers.tsv").lines().filter(|line| !line.starts_with('#')).skip(1);
    for row in rows {
        let mut cells = row.split('\t');
        let value = cells.next().unwrap();
        for ((generator, zones), cell) in columns.into_iter().zip(cells) {
            let read = match outcome(generator, &Value::Text(value.into()), zones).unwrap() {
                Outcome::Instant(Instant(at)) => at.to_string(),
                Outcome::Today => "Today".to_owned(),
                _ => "X".to_owned(),
            };
            assert_eq!(read, cell, "{value} in {generator:?}");
        }
    }
}

#[test]
fn the_model_agrees_with_the_generators() {
    let mut rows = include_str!("dates.tsv").lines().filter(|line| !line.starts_with('#'));
    let header: Vec<&str> = rows.next().unwrap().split('\t').skip(2).collect();
    assert_eq!(header, COLUMNS.map(|(name, ..)| name));
    let mut shares = COLUMNS.map(|(name, ..)| (name, 0, 0));
    let mut wrong = Vec::new();
    let mut cells = 0;
    for row in rows {
        let mut row = row.split('\t');
        let (value, style) = (row.next().unwrap(), row.next().unwrap());
        let written = if style == "plain" { value.to_owned() } else { format!("'{value}'") };
        for ((column, cell), share) in COLUMNS.into_iter().zip(row).zip(&mut shares) {
            cells += 1;
            share.1 += 1;
            let (model, measured) = (model(column, &written), measured(cell));
            if model == measured {
                share.2 += 1;
                continue;
            }
            wrong.push(format!("{written}\t{}\tmeasured {measured}, model {model}", column.0));
        }
    }
    for (name, all, agreeing) in shares {
        println!("{name}: {agreeing} of {all}");
    }
    let unexplained: Vec<&String> = wrong
        .iter()
        .filter(|wrong| {
            let (written, rest) = wrong.split_once('\t').unwrap();
            !DIFFERING
                .iter()
                .any(|(value, column, _)| written.trim_matches('\'') == *value && rest.starts_with(column))
        })
        .collect();
    assert!(unexplained.is_empty(), "{} cells differ:\n{unexplained:#?}", unexplained.len());
    assert!(wrong.len() * 100 <= cells * MOST_DIFFERING, "{} of {cells} cells differ", wrong.len());
}

proptest::proptest! {
    /// Whatever somebody writes as a date, each generator's reading comes to an end, and an instant can
    /// be shown.
    #[test]
    fn every_value_is_read(value in "[0-9A-Za-z:+./,' \\-\\[\\]年月日：２]{0,40}", seconds in -50_400_i32..=50_400) {
        let zone = TimeZone::fixed(jiff::tz::Offset::from_seconds(seconds).unwrap());
        let zones = Zones { site: Some(zone.clone()), machine: zone };
        for &generator in Generator::ALL {
            for typed in [Value::Text((&*value).into()), Value::Timestamp((&*value).into())] {
                if let Some(read) = outcome(generator, &typed, &zones) {
                    let _ = read.to_string();
                }
            }
        }
        let written = WrittenDate::read(&value);
        let _ = (written.instant(), written.normal_form(), written.instant_in(&TimeZone::UTC));
    }

    /// What is written in normal form reads as the same instant again.
    #[test]
    fn normal_form_keeps_the_instant(at in -60_000_000_000_i64..250_000_000_000, minutes in -840_i64..=840) {
        let offset = jiff::tz::Offset::from_seconds(i32::try_from(minutes * 60).unwrap()).unwrap();
        let instant = Instant(at * 1000);
        let written = instant.rfc3339_in(&TimeZone::fixed(offset)).unwrap();
        let read = WrittenDate::read(&written);
        proptest::prop_assert_eq!(read.instant(), Some(instant), "{}", written);
        proptest::prop_assert_eq!(read.normal_form(), Some(written.clone()));
        let value = Value::Timestamp((&*written).into());
        let docusaurus = outcome(Generator::Docusaurus, &value, &Zones::default());
        // JavaScript takes the years 0 to 99 for others.
        if at > -59_000_000_000 {
            proptest::prop_assert_eq!(docusaurus, Some(Outcome::Instant(instant)), "{}", written);
        }
    }
}
