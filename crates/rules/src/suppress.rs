//! Comments in a post that switch rules off.

use crate::finding::{Finding, Findings, Fix, Safety};
use crate::names::nearest;
use crate::rules::ALL;
use memchr::memchr;
use postmend_core::{Document, Edit, Span};
use std::collections::BTreeSet;

/// Where which rules are off.
#[derive(Debug)]
pub(crate) struct Suppressions<'t> {
    list: Vec<Suppression<'t>>,
    text_end: u32,
    /// The directives and names that switched a finding off; an empty name stands for all rules.
    used: BTreeSet<(Span, &'t str)>,
}

#[derive(Debug)]
struct Suppression<'t> {
    /// The directive that says so.
    directive: Span,
    reach: Span,
    /// Empty for all rules.
    rules: Vec<&'t str>,
}

impl<'t> Suppressions<'t> {
    /// Leaves out the findings that a document switches off.
    pub(crate) fn applied(list: &mut Vec<Finding>, document: &Document<'t>) -> Self {
        let mut suppressions = Self::of(document);
        list.retain(|finding| !suppressions.cover(finding));
        suppressions
    }

    /// Reads the directives of a document: `postmend-disable` to the end or to the next
    /// `postmend-enable`, `-line`, `-next-line`, `-file`; each with rule names, blanks or commas
    /// between them, and a reason after ` -- `. In the front matter `postmend-disable` is for the
    /// whole file.
    fn of(document: &Document<'t>) -> Self {
        let mut list: Vec<Suppression<'t>> = Vec::new();
        let whole = Span::new(0, document.text.len());
        for directive in &document.directives {
            let Some((verb, rules)) = words(directive.of(document.text)) else { continue };
            let here = directive.end as usize;
            let in_front = here <= document.front.body;
            let reach = match verb {
                "postmend-disable-file" => whole,
                "postmend-disable" if in_front => whole,
                "postmend-disable" => Span { start: directive.start, ..whole },
                "postmend-disable-line" => line_around(document.text, directive.start as usize),
                "postmend-disable-next-line" => {
                    line_around(document.text, line_around(document.text, here).end as usize)
                }
                "postmend-enable" => {
                    end_open_ones(&mut list, &rules, directive.start, whole.end);
                    continue;
                }
                _ => continue,
            };
            list.push(Suppression { directive: *directive, reach, rules });
        }
        Self { list, text_end: whole.end, used: BTreeSet::new() }
    }

    /// Whether a finding is switched off where it starts.
    fn cover(&mut self, finding: &Finding) -> bool {
        let mut is_covered = false;
        for Suppression { directive, reach, rules } in &self.list {
            let at = finding.span.start;
            let is_here = reach.start <= at && (at < reach.end || reach.end == self.text_end);
            let name = rules.iter().find(|name| **name == finding.rule).copied();
            let name = if rules.is_empty() { Some("") } else { name };
            if let Some(name) = name.filter(|_| is_here) {
                self.used.insert((*directive, name));
                is_covered = true;
            }
        }
        is_covered
    }

    /// Finds the directives, and names in them, that switched off nothing. `is_judged` says whether a rule was
    /// asked, and for no name whether all were; `None` where there is no such rule.
    pub(crate) fn find_unused(
        &self,
        document: &Document<'t>,
        is_judged: impl Fn(&str) -> Option<bool>,
        findings: &mut Findings,
    ) {
        for directive in &document.directives {
            let inside = directive.of(document.text);
            let Some((verb, rules)) = words(inside) else { continue };
            let is_used = |name: &str| self.used.contains(&(*directive, name));
            // What holds for the whole file may be meant for what compares posts.
            let is_whole = verb == "postmend-disable-file" || directive.end as usize <= document.front.body;
            let is_needed = rules.is_empty() && (is_used("") || (is_whole && is_judged("") == Some(false)));
            if !VERBS.contains(&verb) || is_needed {
                continue;
            }
            let is_idle = |name: &&str| !is_used(name) && is_judged(name) != Some(false);
            let idle: Vec<&str> = rules.iter().copied().filter(is_idle).collect();
            if rules.is_empty() || idle.len() == rules.len() {
                let comment = comment(document.text, *directive);
                let told = idle.iter().find(|name| is_judged(name).is_none()).map(|name| unknown(name));
                let message = told.unwrap_or_else(|| match idle.as_slice() {
                    [] => "comment switches off rules that find nothing here".to_owned(),
                    names => format!("comment switches off {}, which finds nothing here", names.join(", ")),
                });
                let edit = Edit::delete(with_line(document.text, comment));
                findings.add(comment, message).fix(Fix::new("remove the comment", Safety::Safe, edit));
                continue;
            }
            for name in idle {
                // A name is a part of the directive's text.
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

/// The directives that switch rules off.
const VERBS: [&str; 4] =
    ["postmend-disable", "postmend-disable-line", "postmend-disable-next-line", "postmend-disable-file"];

/// What is said of a name that no rule has.
fn unknown(name: &str) -> String {
    let near = nearest(name, ALL.iter().map(|card| card.name));
    let near = near.map(|near| format!("; did you mean {near}?")).unwrap_or_default();
    format!("there is no rule {name}{near}")
}

/// The whole comment that a directive stands in.
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

/// A span, and its line if nothing else stands there; else the blanks before it.
fn with_line(text: &str, span: Span) -> Span {
    let (first, last) = (line_around(text, span.start as usize), line_around(text, span.end as usize));
    let before = &text[first.start as usize..span.start as usize];
    if before.trim().is_empty() && text[span.end as usize..last.end as usize].trim().is_empty() {
        return Span { start: first.start, end: last.end };
    }
    let blanks = before.len() - before.trim_end_matches([' ', '\t']).len();
    Span { start: span.start - blanks as u32, end: span.end }
}

/// A name with the blanks and commas before it.
fn with_separator(text: &str, name: Span) -> Span {
    let before = &text[..name.start as usize];
    let is_first = VERBS.iter().any(|verb| before.trim_end().ends_with(verb));
    if is_first {
        let after = &text[name.end as usize..];
        let behind = after.len() - after.trim_start_matches([',', ' ', '\t']).len();
        return Span { start: name.start, end: name.end + behind as u32 };
    }
    let start = before.trim_end_matches([',', ' ', '\t']).len();
    Span { start: start as u32, end: name.end }
}

/// What a directive says: its verb and the names behind it.
pub(crate) fn words(directive: &str) -> Option<(&str, Vec<&str>)> {
    let told = directive.split(" -- ").next()?;
    let mut words = told.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty());
    Some((words.next()?, words.collect()))
}

/// `postmend-enable` ends what is open: all of it, or the rules that it names.
fn end_open_ones<'t>(list: &mut Vec<Suppression<'t>>, enabled: &[&'t str], at: u32, end: u32) {
    let mut split = Vec::new();
    for open in list.iter_mut().filter(|open| open.reach.end == end && open.reach.start > 0) {
        let (ended, going_on): (Vec<_>, Vec<_>) =
            open.rules.iter().partition(|rule| enabled.is_empty() || enabled.contains(rule));
        if open.rules.is_empty() || going_on.is_empty() {
            open.reach.end = at;
        } else if !ended.is_empty() {
            let reach = Span { end: at, ..open.reach };
            split.push(Suppression { directive: open.directive, reach, rules: ended });
            open.rules = going_on;
        }
    }
    list.append(&mut split);
}

/// The line that the byte at `at` is on, its line end included.
pub(crate) fn line_around(text: &str, at: usize) -> Span {
    let at = at.min(text.len());
    let start = text[..at].rfind('\n').map_or(0, |before| before + 1);
    let end = memchr(b'\n', &text.as_bytes()[at..]).map_or(text.len(), |after| at + after + 1);
    // The next line's first byte is not this line's.
    Span::new(start, end.max(start))
}
