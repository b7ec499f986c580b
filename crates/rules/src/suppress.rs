//! Comments in a post that switch rules off.

use crate::finding::{Finding, Findings, Fix, Safety};
use crate::names::nearest;
use crate::rules::ALL;
use postmend_core::lines::LineIndex;
use postmend_core::{Document, Edit, Span};
use std::collections::{HashMap, HashSet};

/// The suppressions in the comments of a document.
#[derive(Debug)]
pub(crate) struct Suppressions<'t> {
    lines: LineIndex<'t>,
    list: Vec<Suppression<'t>>,
}

/// Directives, each with a name in it, that suppressed a finding; an empty name stands for all rules.
pub(crate) type Used<'t> = HashSet<(Span, &'t str)>;

/// A range in which a rule is off.
#[derive(Debug, Clone, Copy)]
struct Suppression<'t> {
    /// The directive that switches it off.
    directive: Span,
    /// The name of the rule; empty for all rules.
    name: &'t str,
    reach: Span,
}

impl<'t> Suppressions<'t> {
    /// Reads the suppression comments of a document.
    pub(crate) fn of(document: &Document<'t>) -> Self {
        // Indexed, since a line may be megabytes long and have a thousand comments.
        let lines = LineIndex::of_line_feeds(if document.directives.is_empty() { "" } else { document.text });
        let list = read(document, &lines);
        Self { lines, list }
    }

    /// The findings that are not suppressed.
    pub(crate) fn unsuppressed(&self, findings: Vec<Finding>) -> Vec<Finding> {
        // Merged first, since a post may have a hundred thousand of both.
        let mut reaches: HashMap<&str, Vec<Span>> = HashMap::new();
        for Suppression { name, reach, .. } in &self.list {
            reaches.entry(name).or_default().push(*reach);
        }
        let reaches: HashMap<&str, Vec<Span>> =
            reaches.into_iter().map(|(name, reaches)| (name, merge_overlaps(reaches))).collect();
        let covers = |name: &str, at: u32| {
            let reaches = reaches.get(name).map(Vec::as_slice).unwrap_or_default();
            let next = reaches.partition_point(|reach| reach.end <= at);
            reaches.get(next).is_some_and(|reach| reach.start <= at)
        };
        let is_left =
            |finding: &Finding| ![finding.rule, ""].iter().any(|name| covers(name, finding.span.start));
        findings.into_iter().filter(is_left).collect()
    }

    /// The directives and names that suppress any of these findings.
    pub(crate) fn directives_used_for(&self, findings: &[Finding]) -> Used<'t> {
        let mut starts: HashMap<&str, Vec<u32>> = HashMap::new();
        for finding in findings {
            for name in [finding.rule, ""] {
                starts.entry(name).or_default().push(finding.span.start);
            }
        }
        starts.values_mut().for_each(|starts| starts.sort_unstable());
        let is_used = |Suppression { name, reach, .. }: &&Suppression<'t>| {
            let starts = starts.get(name).map(Vec::as_slice).unwrap_or_default();
            let first = starts.partition_point(|start| *start < reach.start);
            starts.get(first).is_some_and(|start| *start < reach.end)
        };
        let used = self.list.iter().filter(is_used);
        used.map(|suppression| (suppression.directive, suppression.name)).collect()
    }

    /// Reports the directives, and the names in them, that suppressed nothing. `is_judged` says whether a rule
    /// ran, and for an empty name whether all rules ran; it returns `None` if there is no such rule.
    pub(crate) fn find_unused(
        &self,
        document: &Document<'t>,
        used: &Used<'t>,
        is_judged: impl Fn(&str) -> Option<bool>,
        findings: &mut Findings,
    ) {
        for directive in &document.directives {
            let inside = directive.of(document.text);
            let Some((verb, rules)) = words(inside) else { continue };
            let is_used = |name: &str| used.contains(&(*directive, name));
            // A directive for the whole file may be intended for a rule that compares posts.
            let is_whole = verb == "postmend-disable-file" || directive.end as usize <= document.front.body;
            let is_needed = rules.is_empty() && (is_used("") || (is_whole && is_judged("") == Some(false)));
            if !VERBS.contains(&verb) || is_needed {
                continue;
            }
            let is_idle = |name: &&str| !is_used(name) && is_judged(name) != Some(false);
            let idle: Vec<&str> = rules.iter().copied().filter(is_idle).collect();
            if rules.is_empty() || idle.len() == rules.len() {
                let comment = comment(document.text, *directive);
                let unknown_rule =
                    idle.iter().find(|name| is_judged(name).is_none()).map(|name| unknown(name));
                let message = unknown_rule.unwrap_or_else(|| match idle.as_slice() {
                    [] => "comment disables rules that find nothing here".to_owned(),
                    names => format!("comment disables {}, which finds nothing here", names.join(", ")),
                });
                let edit = Edit::delete(with_line(document.text, &self.lines, comment));
                findings.add(comment, message).fix(Fix::new("remove the comment", Safety::Safe, edit));
                continue;
            }
            for name in idle {
                // A name is a slice of the directive's text.
                let start = directive.start as usize + (name.as_ptr() as usize - inside.as_ptr() as usize);
                let span = Span::new(start, start + name.len());
                let message = match is_judged(name) {
                    None => unknown(name),
                    Some(_) => format!("{name} finds nothing here"),
                };
                let edit = Edit::delete(with_separator(document.text, span));
                findings.add(span, message).fix(Fix::new("remove the name", Safety::Safe, edit));
            }
        }
    }
}

/// Reads the directives of a document: `postmend-disable` up to the next `postmend-enable` or to the end of the
/// file, and `postmend-disable-line`, `-next-line` and `-file`. Each may have rule names separated by spaces or
/// commas, and a reason after ` -- `. In front matter, `postmend-disable` is for the whole file.
fn read<'t>(document: &Document<'t>, lines: &LineIndex<'_>) -> Vec<Suppression<'t>> {
    let mut list = Vec::new();
    let mut open: HashMap<&str, Vec<Suppression<'t>>> = HashMap::new();
    // A range that extends to the end of the text also covers findings at its very end.
    let whole = Span { start: 0, end: u32::MAX };
    for directive in &document.directives {
        let Some((verb, mut names)) = words(directive.of(document.text)) else { continue };
        let here = directive.end;
        let in_front = here as usize <= document.front.body;
        if names.is_empty() {
            names.push("");
        }
        let reach = match verb {
            "postmend-disable-file" => whole,
            "postmend-disable" if in_front => whole,
            "postmend-disable" => Span { start: directive.start, ..whole },
            "postmend-disable-line" => reach_of_line(lines, directive.start),
            "postmend-disable-next-line" => reach_of_line(lines, reach_of_line(lines, here).end),
            "postmend-enable" => {
                list.extend(ended(&mut open, &names, directive.start));
                continue;
            }
            _ => continue,
        };
        let suppressions = names.into_iter().map(|name| Suppression { directive: *directive, name, reach });
        if verb == "postmend-disable" && !in_front {
            suppressions.for_each(|suppression| open.entry(suppression.name).or_default().push(suppression));
        } else {
            list.extend(suppressions);
        }
    }
    list.extend(open.into_values().flatten());
    list
}

/// Ends the open suppressions at a `postmend-enable`: all of them, or those of the rules that it names and
/// those of all rules.
fn ended<'t>(
    open: &mut HashMap<&'t str, Vec<Suppression<'t>>>,
    enabled: &[&'t str],
    at: u32,
) -> Vec<Suppression<'t>> {
    let ended: Vec<Suppression<'t>> = match enabled {
        [""] => open.drain().flat_map(|(_, list)| list).collect(),
        names => names.iter().chain(&[""]).filter_map(|name| open.remove(name)).flatten().collect(),
    };
    ended
        .into_iter()
        .map(|suppression| Suppression { reach: Span { end: at, ..suppression.reach }, ..suppression })
        .collect()
}

/// The same ranges as fewer spans: sorted, and merged where they overlap.
fn merge_overlaps(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable();
    spans.dedup_by(|next, last| {
        let overlaps = next.start <= last.end;
        last.end = if overlaps { last.end.max(next.end) } else { last.end };
        overlaps
    });
    spans
}

/// The line that contains the byte at `at`. The last line also covers the end of the text.
fn reach_of_line(lines: &LineIndex<'_>, at: u32) -> Span {
    let number = lines.number(at as usize);
    let line = lines.whole_line(number);
    if number == lines.count() { Span { end: u32::MAX, ..line } } else { line }
}

/// The directives that switch rules off.
const VERBS: [&str; 4] =
    ["postmend-disable", "postmend-disable-line", "postmend-disable-next-line", "postmend-disable-file"];

/// The message about an unknown rule name.
fn unknown(name: &str) -> String {
    let near = nearest(name, ALL.iter().map(|info| info.name));
    let near = near.map(|near| format!("; did you mean {near}?")).unwrap_or_default();
    format!("unknown rule {name}{near}")
}

/// The whole comment that contains a directive.
fn comment(text: &str, directive: Span) -> Span {
    const MARKS: [(&str, &str); 3] = [("<!--", "-->"), ("{/*", "*/}"), ("#", "")];
    let (before, after) = (&text[..directive.start as usize], &text[directive.end as usize..]);
    let (before, blank) = (before.trim_end_matches([' ', '\t']), after.len() - after.trim_start().len());
    let marks =
        MARKS.iter().find(|(open, close)| before.ends_with(open) && after[blank..].starts_with(close));
    let Some((open, close)) = marks else { return directive };
    let end = if close.is_empty() { 0 } else { blank + close.len() };
    Span::new(before.len() - open.len(), directive.end as usize + end)
}

/// A span, extended to its whole line if nothing else is on it, otherwise to the spaces and tabs before it.
fn with_line(text: &str, lines: &LineIndex<'_>, span: Span) -> Span {
    let (first, last) = (lines.around(span.start as usize), lines.around(span.end as usize));
    let before = &text[first.start as usize..span.start as usize];
    if before.trim().is_empty() && text[span.end as usize..last.end as usize].trim().is_empty() {
        return Span { start: first.start, end: last.end };
    }
    let blanks = before.len() - before.trim_end_matches([' ', '\t']).len();
    Span { start: span.start - blanks as u32, end: span.end }
}

/// A name with the spaces and commas before it, or after it if it is the first name.
fn with_separator(text: &str, name: Span) -> Span {
    let before = &text[..name.start as usize];
    let is_first = VERBS.iter().any(|verb| before.trim_end().ends_with(verb));
    if is_first {
        let after = &text[name.end as usize..];
        let separators = after.len() - after.trim_start_matches([',', ' ', '\t']).len();
        return Span { start: name.start, end: name.end + separators as u32 };
    }
    let start = before.trim_end_matches([',', ' ', '\t']).len();
    Span { start: start as u32, end: name.end }
}

/// The verb of a directive and the rule names after it.
pub(crate) fn words(directive: &str) -> Option<(&str, Vec<&str>)> {
    let listed = directive.split(" -- ").next()?;
    let mut words = listed.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty());
    Some((words.next()?, words.collect()))
}
