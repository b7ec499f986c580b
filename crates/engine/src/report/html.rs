//! A single HTML page with charts and a searchable list, without external resources.

use super::excerpt::{Excerpt, excerpt_of};
use super::printer::Printer;
use super::tally::Tally;
use crate::escape::{Fragment, HtmlForm, Script, Sink, Text, in_line};
use crate::examine::Examined;
use crate::plural::counted;
use postmend_core::lines::{LineIndex, Position};
use postmend_rules::{Finding, Severity};
use serde_json::{Value, json};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io;
use std::path::Path;

/// The page, with placeholders in double braces.
const PAGE: &str = include_str!("page.html");

/// The placeholder for the posts. They come first, as the counts are not known until the end.
const POSTS: &str = "{{posts}}";

/// The maximum number of bars in a chart.
const MOST_BARS: usize = 20;

/// The columns of text that are shown around a finding.
const COLUMNS: usize = 240;

/// A URL is looked for in this many bytes of the finding's text, which may be a whole post.
const LONGEST_ADDRESS: usize = 4096;

/// Findings are written as they come, and the counts after them.
#[derive(Debug, Default)]
pub(super) struct Html {
    is_open: bool,
    by_folder: BTreeMap<String, usize>,
    by_host: BTreeMap<String, usize>,
}

impl Printer for Html {
    fn add(&mut self, out: &mut Sink<'_>, path: &Path, examined: &Examined) -> io::Result<()> {
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
        let lines = LineIndex::of(&examined.text);
        let row = |(finding, start, _): &(Finding, Position, Position)| {
            row(finding, *start, excerpt_of(&examined.text, &lines, *start, finding.span, COLUMNS))
        };
        let rows: Vec<Value> = examined.findings.iter().map(row).collect();
        let lead = if self.is_open { ",\n" } else { before_posts() };
        self.is_open = true;
        out.put::<HtmlForm>(&[&lead, &Script(&json!([in_line(&path.to_string_lossy()), rows]))])
    }

    fn end(&mut self, out: &mut Sink<'_>, tally: &Tally) -> io::Result<()> {
        if !self.is_open {
            out.put::<HtmlForm>(&[&before_posts()])?;
        }
        let mut rest: &'static str = PAGE.split_once(POSTS).map_or("", |(_, rest)| rest);
        // The rest of the page is searched only after the previous placeholder, so inserted text is never searched.
        while let Some((before, (name, after))) =
            rest.split_once("{{").and_then(|(before, after)| Some((before, after.split_once("}}")?)))
        {
            out.put::<HtmlForm>(&[&before, &self.part(name, tally)])?;
            rest = after;
        }
        out.put::<HtmlForm>(&[&rest])
    }
}

impl Html {
    /// The content for a placeholder.
    fn part(&self, name: &str, tally: &Tally) -> Fragment<HtmlForm> {
        let mut part = Fragment::of(&[]);
        match name {
            "summary" => return summary(tally),
            "charts" => return self.charts(tally),
            "severities" => {
                let levels = tally.by_severity.iter().rev();
                levels.for_each(|(severity, count)| part.add(&[&option(severity.name(), *count)]));
            }
            "rules" => tally.left.iter().for_each(|(rule, count)| part.add(&[&option(rule, *count)])),
            "version" => part.add(&[&env!("CARGO_PKG_VERSION")]),
            _ => {}
        }
        part
    }

    fn charts(&self, tally: &Tally) -> Fragment<HtmlForm> {
        let mut charts = Fragment::of(&[]);
        if tally.findings() == 0 {
            return charts;
        }
        charts.add(&[&"<div class=\"charts\">\n"]);
        let by_rule = tally.left.iter().map(|(rule, count)| (*rule, *count)).collect();
        charts.add(&[&chart("rule", "", by_rule)]);
        if !self.by_host.is_empty() {
            let without = tally.findings() - self.by_host.values().sum::<usize>();
            let note = match without {
                0 => String::new(),
                _ => format!("{} about no address are left out", counted(without, "finding")),
            };
            charts.add(&[&chart("image host", &note, name_counts(&self.by_host))]);
        }
        charts.add(&[&chart("folder", "", name_counts(&self.by_folder)), &"</div>"]);
        charts
    }
}

/// The page up to the placeholder for the posts.
fn before_posts() -> &'static str {
    PAGE.split_once(POSTS).map_or(PAGE, |(before, _)| before)
}

/// A finding in the form that the script of the page reads.
fn row(finding: &Finding, start: Position, shown: Excerpt) -> Value {
    let Excerpt { text, marked } = shown;
    let safety = finding.fix.as_ref().map_or("", |fix| fix.safety.name());
    let title = finding.fix.as_ref().map_or_else(String::new, |fix| in_line(&fix.title));
    json!([
        finding.severity.name(),
        finding.rule,
        start.line,
        start.column,
        in_line(&finding.message),
        in_line(&finding.help),
        text[..marked.start],
        text[marked.clone()],
        text[marked.end..],
        safety,
        title,
    ])
}

/// The host of the first URL in a text, in lower case.
fn host(text: &str) -> Option<String> {
    let text = &text[..text.floor_char_boundary(LONGEST_ADDRESS)];
    let (_, address) = text.split_once("://")?;
    let end = address.find(|c: char| "/\\?#\"'`<>()[]{},;|&".contains(c) || c.is_whitespace());
    let authority = &address[..end.unwrap_or(address.len())];
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let host = host.split_once(':').map_or(host, |(host, _)| host);
    (!host.is_empty()).then(|| in_line(&host.to_lowercase()))
}

fn summary(tally: &Tally) -> Fragment<HtmlForm> {
    let mut page = Fragment::of(&[]);
    let posts = counted(tally.posts, "post");
    if let Some(shard) = tally.shard {
        page.add(&[&"<p class=\"sum\">Share ", &Text(&shard.to_string()), &" of all posts.</p>\n"]);
    }
    let fixed = tally.fixed.values().sum::<usize>();
    if fixed > 0 {
        let (fixed, posts) = (counted(fixed, "finding"), counted(tally.posts_changed, "post"));
        page.add(&[
            &"<p class=\"sum\">",
            &Text(&fixed),
            &" in ",
            &Text(&posts),
            &" fixed in this run.</p>\n",
        ]);
    }
    if tally.findings() == 0 {
        page.add(&[&"<p class=\"sum\">No findings in ", &Text(&posts), &".</p>"]);
        return page;
    }
    let (found, affected) =
        (counted(tally.findings(), "finding"), counted(tally.posts_with_findings, "post"));
    let count = |severity: Severity| tally.by_severity.get(&severity).copied().unwrap_or_default();
    let (errors, warnings) =
        (counted(count(Severity::Error), "error"), counted(count(Severity::Warning), "warning"));
    let (found, affected, errors, warnings) = (Text(&found), Text(&affected), Text(&errors), Text(&warnings));
    page.add(&[&"<p class=\"sum\"><strong>", &found, &"</strong> in <strong>", &affected, &"</strong> of "]);
    page.add(&[
        &tally.posts,
        &" read: ",
        &errors,
        &", ",
        &warnings,
        &", ",
        &count(Severity::Info),
        &" info. ",
    ]);
    page.add(&[&"<code>postmend fix</code> can fix <strong>", &tally.fixable, &"</strong>"]);
    if tally.fixable_with_review > 0 {
        page.add(&[&"; <code>postmend fix --review</code> can fix ", &tally.fixable_with_review]);
        page.add(&[&" more, to be reviewed"]);
    }
    page.add(&[&".</p>"]);
    page
}

fn name_counts(counts: &BTreeMap<String, usize>) -> Vec<(&str, usize)> {
    counts.iter().map(|(name, count)| (name.as_str(), *count)).collect()
}

/// A table that is drawn as a bar chart, the largest count first; screen readers read it as a table.
fn chart(of: &'static str, note: &str, mut counts: Vec<(&str, usize)>) -> Fragment<HtmlForm> {
    counts.sort_by_key(|(_, count)| Reverse(*count));
    let largest = counts.first().map_or(1, |(_, count)| (*count).max(1));
    let (shown, others) = counts.split_at(counts.len().min(MOST_BARS));
    // Paths are long, so this chart is wider.
    let kind = if of == "folder" { " class=\"wide\"" } else { "" };
    let mut chart = Fragment::of(&[&"<figure", &kind, &">\n<figcaption><h2>Findings by ", &of, &"</h2>"]);
    if !note.is_empty() {
        chart.add(&[&"<p>", &Text(note), &"</p>"]);
    }
    chart.add(&[&"</figcaption>\n<table>\n<thead class=\"unseen\"><tr><th scope=\"col\">", &of]);
    chart.add(&[&"</th><td></td><th scope=\"col\">findings</th></tr></thead>\n<tbody>\n"]);
    let mut bar = |kind: &'static str, name: &str, count: usize| {
        let share = format!("{:.1}", (count as f64 * 100.0 / largest as f64).min(100.0));
        chart.add(&[&"<tr", &kind, &"><th scope=\"row\">", &breakable(name), &"</th>"]);
        chart.add(&[&"<td><span class=\"bar\" style=\"width:", &Text(&share), &"%\"></span></td><td>"]);
        chart.add(&[&count, &"</td></tr>\n"]);
    };
    shown.iter().for_each(|(name, count)| bar("", name, *count));
    if !others.is_empty() {
        let name = counted(others.len(), "other");
        bar(" class=\"others\"", &name, others.iter().map(|(_, count)| count).sum());
    }
    chart.add(&[&"</tbody>\n</table>\n</figure>\n"]);
    chart
}

fn option(name: &str, count: usize) -> Fragment<HtmlForm> {
    let name = Text(name);
    Fragment::of(&[&"<option value=\"", &name, &"\">", &name, &" (", &count, &")</option>"])
}

/// A path or host that may wrap to the next line after `/`, `.`, `-` and `_`.
fn breakable(name: &str) -> Fragment<HtmlForm> {
    let mut fragment = Fragment::of(&[]);
    for (number, part) in name.split_inclusive(['/', '.', '-', '_']).enumerate() {
        let lead = if number > 0 { "<wbr>" } else { "" };
        fragment.add(&[&lead, &Text(part)]);
    }
    fragment
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::escape::Part;

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
        assert!(PAGE.starts_with(crate::find_posts::REPORT_PAGE_START));
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
        let mut chart_of = Vec::new();
        Part::<HtmlForm>::print(&chart("folder", "", counts), &mut chart_of).unwrap();
        let chart = String::from_utf8(chart_of).unwrap();
        assert_eq!(chart.matches("<tr><th scope=\"row\">&lt;").count(), MOST_BARS);
        assert!(chart.contains(">5 others</th>") && chart.contains("<td>15</td>"), "{chart}");
    }
}
