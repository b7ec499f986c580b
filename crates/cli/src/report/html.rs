//! One HTML page with charts and a list to search, which needs nothing but itself.

use super::shown::{self, Excerpt, excerpt_of, visible_text};
use super::{Printer, Tally};
use crate::run::Examined;
use crate::terminal::counted;
use postmend_core::lines::{Lines, Position};
use postmend_rules::{Finding, Severity};
use serde_json::{Value, json};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

/// The page, with names in double braces where something goes in.
const PAGE: &str = include_str!("page.html");

/// What stands where the posts go. They come first, as long as nothing is known of the others.
const POSTS: &str = "{{posts}}";

/// Bars of a chart.
const MOST_BARS: usize = 20;

/// The columns of text that are shown around a finding.
const COLUMNS: usize = 240;

/// Where an address is looked for in the text that a finding is about, which may be a whole post.
const LONGEST_ADDRESS: usize = 4096;

/// The findings as they come; what is counted stands behind them.
#[derive(Debug, Default)]
pub(super) struct Html {
    is_open: bool,
    by_folder: BTreeMap<String, usize>,
    by_host: BTreeMap<String, usize>,
}

impl Printer for Html {
    fn add(&mut self, out: &mut dyn Write, path: &Path, examined: &Examined) -> io::Result<()> {
        if examined.findings.is_empty() {
            return Ok(());
        }
        let folder = path.parent().map(|folder| folder.to_string_lossy()).unwrap_or_default();
        let folder = if folder.is_empty() { ".".into() } else { folder };
        *self.by_folder.entry(folder.into_owned()).or_default() += examined.findings.len();
        for (finding, ..) in &examined.findings {
            if let Some(host) = examined.text.get(finding.span.range()).and_then(host) {
                *self.by_host.entry(host).or_default() += 1;
            }
        }
        let lines = Lines::of(&examined.text);
        let row = |(finding, start, _): &(Finding, Position, Position)| {
            row(finding, *start, excerpt_of(&examined.text, &lines, *start, finding.span, COLUMNS))
        };
        let rows: Vec<Value> = examined.findings.iter().map(row).collect();
        let path = visible_text(&path.to_string_lossy()).into_owned();
        let lead = if self.is_open { ",\n" } else { before_posts() };
        self.is_open = true;
        // A `<` could end the element that holds the data.
        write!(out, "{lead}{}", json!([path, rows]).to_string().replace('<', "\\u003c"))
    }

    fn end(&mut self, out: &mut dyn Write, tally: &Tally) -> io::Result<()> {
        if !self.is_open {
            out.write_all(before_posts().as_bytes())?;
        }
        let mut rest = PAGE.split_once(POSTS).map_or("", |(_, rest)| rest);
        // Each name is looked for behind the last one only, so nothing that was put in is read again.
        while let Some((before, (name, behind))) =
            rest.split_once("{{").and_then(|(before, behind)| Some((before, behind.split_once("}}")?)))
        {
            write!(out, "{before}{}", self.part(name, tally))?;
            rest = behind;
        }
        out.write_all(rest.as_bytes())
    }
}

impl Html {
    /// What goes where the page has this name.
    fn part(&self, name: &str, tally: &Tally) -> String {
        match name {
            "summary" => summary(tally),
            "charts" => self.charts(tally),
            "severities" => {
                let levels = tally.by_severity.iter().rev();
                levels.map(|(severity, count)| option(severity.name(), *count)).collect()
            }
            "rules" => tally.left.iter().map(|(rule, count)| option(rule, *count)).collect(),
            "version" => env!("CARGO_PKG_VERSION").to_owned(),
            _ => String::new(),
        }
    }

    fn charts(&self, tally: &Tally) -> String {
        if tally.findings() == 0 {
            return String::new();
        }
        let by_rule = tally.left.iter().map(|(rule, count)| (*rule, *count)).collect();
        let mut charts = chart("rule", "", by_rule);
        if !self.by_host.is_empty() {
            let without = tally.findings() - self.by_host.values().sum::<usize>();
            let note = match without {
                0 => String::new(),
                _ => format!("{} about no address are left out", counted(without, "finding")),
            };
            charts += &chart("image host", &note, named(&self.by_host));
        }
        charts += &chart("folder", "", named(&self.by_folder));
        format!("<div class=\"charts\">\n{charts}</div>")
    }
}

/// The page up to where the posts go.
fn before_posts() -> &'static str {
    PAGE.split_once(POSTS).map_or(PAGE, |(before, _)| before)
}

/// A finding as the script of the page reads it.
fn row(finding: &Finding, start: Position, shown: Excerpt) -> Value {
    let Excerpt { text, marked } = shown;
    let safety = finding.fix.as_ref().map_or("", |fix| fix.safety.name());
    let title = finding.fix.as_ref().map_or_else(Default::default, |fix| visible_text(&fix.title));
    json!([
        finding.severity.name(),
        finding.rule,
        start.line,
        start.column,
        visible_text(&finding.message),
        visible_text(&finding.help),
        text[..marked.start],
        text[marked.clone()],
        text[marked.end..],
        safety,
        title,
    ])
}

/// The host of the first address in a text, in lower case.
fn host(text: &str) -> Option<String> {
    let text = &text[..text.floor_char_boundary(LONGEST_ADDRESS)];
    let (_, address) = text.split_once("://")?;
    let end = address.find(|c: char| "/\\?#\"'`<>()[]{},;|&".contains(c) || c.is_whitespace());
    let authority = &address[..end.unwrap_or(address.len())];
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let host = host.split_once(':').map_or(host, |(host, _)| host);
    (!host.is_empty()).then(|| visible_text(&host.to_lowercase()).into_owned())
}

fn summary(tally: &Tally) -> String {
    let posts = counted(tally.posts, "post");
    let share = tally
        .shard
        .map_or_else(String::new, |shard| format!("<p class=\"sum\">Share {shard} of all posts.</p>\n"));
    let fixed = match tally.fixed.values().sum::<usize>() {
        0 => String::new(),
        fixed => format!(
            "<p class=\"sum\">{} in {} mended in this run.</p>\n",
            counted(fixed, "finding"),
            counted(tally.posts_changed, "post")
        ),
    };
    if tally.findings() == 0 {
        return format!("{share}{fixed}<p class=\"sum\">Nothing to report in {posts}.</p>");
    }
    let (found, places) = (counted(tally.findings(), "finding"), counted(tally.posts_with_findings, "post"));
    let count = |severity: Severity| tally.by_severity.get(&severity).copied().unwrap_or_default();
    let (errors, warnings) =
        (counted(count(Severity::Error), "error"), counted(count(Severity::Warning), "warning"));
    let levels = format!("{errors}, {warnings}, {} info", count(Severity::Info));
    let review = match tally.fixable_with_review {
        0 => String::new(),
        more => format!("; <code>postmend fix --unsafe</code> mends {more} more, to be looked at"),
    };
    format!(
        "{share}{fixed}<p class=\"sum\"><strong>{found}</strong> in <strong>{places}</strong> of {} read: {levels}. \
         <code>postmend fix</code> mends <strong>{}</strong>{review}.</p>",
        tally.posts, tally.fixable
    )
}

fn named(counts: &BTreeMap<String, usize>) -> Vec<(&str, usize)> {
    counts.iter().map(|(name, count)| (name.as_str(), *count)).collect()
}

/// A table that is drawn as bars, the largest first: it reads the same aloud.
fn chart(of: &str, note: &str, mut counts: Vec<(&str, usize)>) -> String {
    counts.sort_by_key(|(_, count)| Reverse(*count));
    let largest = counts.first().map_or(1, |(_, count)| (*count).max(1));
    let (shown, others) = counts.split_at(counts.len().min(MOST_BARS));
    let bar = |kind: &str, name: &str, count: usize| {
        let (name, share) = (breakable(name), count as f64 * 100.0 / largest as f64);
        format!(
            "<tr{kind}><th scope=\"row\">{name}</th>\
             <td><span class=\"bar\" style=\"width:{:.1}%\"></span></td><td>{count}</td></tr>\n",
            share.min(100.0)
        )
    };
    let mut bars: String = shown.iter().map(|(name, count)| bar("", name, *count)).collect();
    if !others.is_empty() {
        let name = counted(others.len(), "other");
        bars += &bar(" class=\"others\"", &name, others.iter().map(|(_, count)| count).sum());
    }
    // Paths are long.
    let kind = if of == "folder" { " class=\"wide\"" } else { "" };
    let note = if note.is_empty() { String::new() } else { format!("<p>{note}</p>") };
    format!(
        "<figure{kind}>\n<figcaption><h2>Findings by {of}</h2>{note}</figcaption>\n<table>\n\
         <thead class=\"unseen\"><tr><th scope=\"col\">{of}</th><td></td><th scope=\"col\">findings</th></tr></thead>\n\
         <tbody>\n{bars}</tbody>\n</table>\n</figure>\n"
    )
}

fn option(name: &str, count: usize) -> String {
    let name = escaped(name);
    format!("<option value=\"{name}\">{name} ({count})</option>")
}

/// A path or host that may go on in the next line behind its marks.
fn breakable(name: &str) -> String {
    name.split_inclusive(['/', '.', '-', '_']).map(escaped).collect::<Vec<_>>().join("<wbr>")
}

/// Text that may be shown, and is no HTML of its own.
fn escaped(text: &str) -> String {
    shown::escaped(&visible_text(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_host_of_an_address() {
        let host = |text| host(text).unwrap_or_default();
        assert_eq!(host("![图](https://Img.Example:8080/a.png)"), "img.example");
        assert_eq!(host("<img src=http://me@a.example>"), "a.example");
        assert_eq!(host("https://proxy.example/?https://b.example/c.png"), "proxy.example");
        assert_eq!(host("https:///a.png"), "");
        assert_eq!(host("image.png"), "");
    }

    #[test]
    fn starts_so_that_it_is_no_post() {
        assert!(PAGE.starts_with(crate::report::PAGE_START));
    }

    #[test]
    fn every_name_of_the_page_is_known() {
        let names = PAGE.split("{{").skip(1).filter_map(|part| Some(part.split_once("}}")?.0));
        let names: Vec<&str> = names.collect();
        assert_eq!(names, ["posts", "summary", "charts", "severities", "rules", "version"]);
    }

    #[test]
    fn charts_name_the_largest_and_count_the_others() {
        let names: Vec<String> = (0..25).map(|number| format!("<{number}>")).collect();
        let counts = names.iter().enumerate().map(|(number, name)| (name.as_str(), number + 1)).collect();
        let chart = chart("folder", "", counts);
        assert_eq!(chart.matches("<tr><th scope=\"row\">&lt;").count(), MOST_BARS);
        assert!(chart.contains(">5 others</th>") && chart.contains("<td>15</td>"), "{chart}");
    }
}
