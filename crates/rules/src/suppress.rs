//! Comments in a post that switch rules off.

use crate::directive::{Directive, ENABLE, VERBS, canonical, misspelt};
use crate::finding::{Finding, Findings, Fix, Safety};
use postmend_core::lines::LineIndex;
use postmend_core::{Document, Edit, Span};
use std::collections::{HashMap, HashSet};

/// The suppressions in the comments of a document.
#[derive(Debug)]
pub(crate) struct Suppressions<'t> {
    lines: LineIndex<'t>,
    list: Vec<Suppression<'t>>,
    /// Where single rules are on again after all of them were switched off.
    enabled: HashMap<&'t str, Vec<Span>>,
}

/// Directives, each with a name in it, that suppressed a finding; an empty name stands for all rules.
pub(crate) type Used<'t> = HashSet<(Span, &'t str)>;

/// The name that stands for all rules between `postmend-disable` and `postmend-enable`.
const EVERY: &str = "*";

/// A range in which a rule is off.
#[derive(Debug, Clone, Copy)]
struct Suppression<'t> {
    /// The directive that switches it off.
    directive: Span,
    /// The name of the rule; empty or [`EVERY`] for all rules.
    name: &'t str,
    reach: Span,
}

impl<'t> Suppressions<'t> {
    /// Reads the suppression comments of a document.
    pub(crate) fn of(document: &Document<'t>) -> Self {
        // Indexed, since a line may be megabytes long and have a thousand comments.
        let lines = LineIndex::of_line_feeds(if document.directives.is_empty() { "" } else { document.text });
        let (list, enabled) = read(document, &lines);
        Self { lines, list, enabled }
    }

    /// Whether a finding is where its rule is on although all rules were switched off.
    fn is_enabled(&self, finding: &Finding) -> bool {
        let reaches = self.enabled.get(finding.rule).map(Vec::as_slice).unwrap_or_default();
        let next = reaches.partition_point(|reach| reach.end <= finding.span.start);
        reaches.get(next).is_some_and(|reach| reach.start <= finding.span.start)
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
        let is_left = |finding: &Finding| {
            let at = finding.span.start;
            let is_off = [finding.rule, ""].iter().any(|name| covers(name, at));
            !is_off && (!covers(EVERY, at) || self.is_enabled(finding))
        };
        findings.into_iter().filter(is_left).collect()
    }

    /// The directives and names that suppress any of these findings.
    pub(crate) fn directives_used_for(&self, findings: &[Finding]) -> Used<'t> {
        let mut starts: HashMap<&str, Vec<u32>> = HashMap::new();
        for finding in findings {
            let of_all = if self.is_enabled(finding) { "" } else { EVERY };
            for name in [finding.rule, "", of_all] {
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
        used.map(|suppression| (suppression.directive, suppression.name.trim_start_matches(EVERY))).collect()
    }

    /// Reports the directives, and the names in them, that suppressed nothing. `is_judged` says whether a rule
    /// ran, and for an empty name whether all rules ran; it returns `None` if there is no such rule, and for an empty
    /// name if rules are off that are on by default.
    pub(crate) fn find_unused(
        &self,
        document: &Document<'t>,
        used: &Used<'t>,
        is_judged: impl Fn(&str) -> Option<bool>,
        findings: &mut Findings,
    ) {
        for span in &document.directives {
            let inside = span.of(document.text);
            let Some(directive) = Directive::of(inside) else { continue };
            if !VERBS.contains(&directive.verb) {
                report_unknown_verb(*span, inside, directive.verb, findings);
                continue;
            }
            for name in directive.names.iter().filter(|name| canonical(name) != **name) {
                let (right, span) = (canonical(name), part(*span, inside, name));
                let fix = Fix::new(format!("write {right}"), Safety::Safe, Edit::replace(span, right));
                findings.add(span, format!("the rule is called {right}")).fix(fix);
            }
            // A directive for the whole file may be intended for a rule that compares posts.
            let is_whole =
                directive.verb == "postmend-disable-file" || span.end as usize <= document.front.body;
            let is_needed = |name: &str| {
                let is_unjudged = match is_judged(name) {
                    Some(false) => !name.is_empty() || is_whole,
                    None => name.is_empty(),
                    Some(true) => false,
                };
                used.contains(&(*span, name)) || is_unjudged
            };
            if directive.verb != ENABLE && !(directive.names.is_empty() && is_needed("")) {
                let states = states(&directive, is_needed, |name| is_judged(name).is_some());
                self.report_idle(document.text, *span, &directive, &states, findings);
            }
        }
    }

    /// Reports the names of a directive that have no effect, or all of it.
    fn report_idle(
        &self,
        text: &str,
        span: Span,
        directive: &Directive<'t>,
        states: &[NameState],
        findings: &mut Findings,
    ) {
        let with = |wanted: &[NameState]| -> Vec<&str> {
            let both = directive.names.iter().zip(states);
            both.filter(|(_, state)| wanted.contains(state)).map(|(name, _)| *name).collect()
        };
        let idle = with(&[NameState::Idle, NameState::Unknown]);
        let unknown = with(&[NameState::Unknown]);
        let inside = span.of(text);
        let rename = |name: &str| {
            let right = misspelt(name)?;
            let edit = Edit::replace(part(span, inside, name), right);
            Some(Fix::new(format!("write {right}"), Safety::Review, edit))
        };
        if directive.names.is_empty() || (!idle.is_empty() && with(&[NameState::Needed]).is_empty()) {
            let comment = comment(text, span);
            let message = match (unknown.first(), idle.as_slice()) {
                (Some(name), _) => unknown_name(name),
                (None, []) => "comment disables rules that find nothing here".to_owned(),
                (None, names) => format!("comment disables {}, which finds nothing here", names.join(", ")),
            };
            // Whoever gave a reason, or meant another rule, may want to keep it.
            let has_reason = directive.has_reason || states.contains(&NameState::Reason);
            let safety = if has_reason || !unknown.is_empty() { Safety::Review } else { Safety::Safe };
            let removal = Edit::delete(with_line(text, &self.lines, comment));
            let fix = unknown.first().and_then(|name| rename(name));
            findings
                .add(comment, message)
                .fix(fix.unwrap_or_else(|| Fix::new("remove the comment", safety, removal)));
            return;
        }
        for name in idle {
            let (is_unknown, span) = (unknown.contains(&name), part(span, inside, name));
            let message = if is_unknown { unknown_name(name) } else { format!("{name} finds nothing here") };
            let safety = if is_unknown { Safety::Review } else { Safety::Safe };
            let removal = || Fix::new("remove the name", safety, Edit::delete(with_separator(text, span)));
            findings.add(span, message).fix(rename(name).filter(|_| is_unknown).unwrap_or_else(removal));
        }
    }
}

/// What a word after a directive is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum NameState {
    /// A rule that found something, or that is not judged.
    Needed,
    /// A rule that found nothing.
    Idle,
    /// No rule.
    Unknown,
    /// A word of a reason without a mark before it.
    Reason,
}

fn states(
    directive: &Directive<'_>,
    is_needed: impl Fn(&str) -> bool,
    is_rule: impl Fn(&str) -> bool,
) -> Vec<NameState> {
    let mut follows_rule = false;
    let state = |written: &&str| {
        let name = canonical(written);
        let is_word = misspelt(name).is_none() && !name.contains('-');
        let state = match is_rule(name) {
            true if is_needed(name) => NameState::Needed,
            true => NameState::Idle,
            false if follows_rule && is_word => NameState::Reason,
            false => NameState::Unknown,
        };
        follows_rule |= is_rule(name);
        state
    };
    directive.names.iter().map(state).collect()
}

/// The span of a part of a directive's text.
fn part(directive: Span, inside: &str, part: &str) -> Span {
    let start = directive.start as usize + (part.as_ptr() as usize - inside.as_ptr() as usize);
    Span::new(start, start + part.len())
}

/// Reports a directive that is none, which whoever wrote it takes for one.
fn report_unknown_verb(directive: Span, inside: &str, verb: &str, findings: &mut Findings) {
    let plain = verb.to_ascii_lowercase().replace('_', "-");
    // `postmend disable`: two words for one.
    let second = inside.trim().strip_prefix(verb).map(str::trim_start).unwrap_or_default();
    let second = second.split(|c: char| !c.is_ascii_alphabetic() && c != '-').next().unwrap_or_default();
    let both = format!("{plain}-{}", second.to_ascii_lowercase());
    let nearest = || {
        let likeness = |known: &str| strsim::jaro_winkler(known, &plain);
        VERBS.iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b))).expect("there are verbs")
    };
    let mut span = part(directive, inside, verb);
    let right = match VERBS.iter().find(|verb| **verb == both) {
        Some(right) => {
            span.end = part(directive, inside, second).end;
            right
        }
        None => nearest(),
    };
    let fix = Fix::new(format!("write {right}"), Safety::Review, Edit::replace(span, *right));
    findings.add(span, format!("unknown directive {verb}; did you mean {right}?")).fix(fix);
}

/// Reads the directives of a document: `postmend-disable` up to the next `postmend-enable` or to the end of the
/// file, and `postmend-disable-line`, `-next-line` and `-file`. Each may have rule names separated by spaces or
/// commas, and a reason. In front matter, `postmend-disable` is for the whole file. Returns also where single rules are
/// on again after all were switched off.
fn read<'t>(
    document: &Document<'t>,
    lines: &LineIndex<'_>,
) -> (Vec<Suppression<'t>>, HashMap<&'t str, Vec<Span>>) {
    let mut list = Vec::new();
    let mut open: HashMap<&str, Vec<Suppression<'t>>> = HashMap::new();
    let mut enabled: HashMap<&str, Vec<Span>> = HashMap::new();
    // A range that extends to the end of the text also covers findings at its very end.
    let whole = Span { start: 0, end: u32::MAX };
    let end_all = |enabled: &mut HashMap<&str, Vec<Span>>, at: u32| {
        let last = enabled.values_mut().filter_map(|reaches| reaches.last_mut());
        last.filter(|reach| reach.end == u32::MAX).for_each(|reach| reach.end = at);
    };
    for directive in &document.directives {
        let Some(Directive { verb, names, .. }) = Directive::of(directive.of(document.text)) else {
            continue;
        };
        let mut names: Vec<&str> = names.into_iter().map(canonical).collect();
        let here = directive.end;
        let in_front = here as usize <= document.front.body;
        let is_range = verb == "postmend-disable" && !in_front;
        if names.is_empty() {
            names.push(if is_range || verb == ENABLE { EVERY } else { "" });
        }
        let reach = match verb {
            "postmend-disable-file" => whole,
            "postmend-disable" if in_front => whole,
            "postmend-disable" => Span { start: directive.start, ..whole },
            "postmend-disable-line" => reach_of_line(lines, directive.start),
            "postmend-disable-next-line" => reach_of_line(lines, reach_of_line(lines, here).end),
            ENABLE => {
                if names == [EVERY] {
                    end_all(&mut enabled, directive.start);
                } else if open.contains_key(EVERY) {
                    let again = Span { start: directive.start, ..whole };
                    names.iter().for_each(|name| enabled.entry(name).or_default().push(again));
                }
                list.extend(ended(&mut open, &names, directive.start));
                continue;
            }
            _ => continue,
        };
        if is_range && names == [EVERY] {
            end_all(&mut enabled, directive.start);
        }
        let suppressions = names.into_iter().map(|name| Suppression { directive: *directive, name, reach });
        if is_range {
            suppressions.for_each(|suppression| open.entry(suppression.name).or_default().push(suppression));
        } else {
            list.extend(suppressions);
        }
    }
    list.extend(open.into_values().flatten());
    let merged = enabled.into_iter().map(|(name, reaches)| (name, merge_overlaps(reaches)));
    (list, merged.collect())
}

/// Ends the open suppressions at a `postmend-enable`: all of them, or those of the rules that it names.
fn ended<'t>(
    open: &mut HashMap<&'t str, Vec<Suppression<'t>>>,
    enabled: &[&'t str],
    at: u32,
) -> Vec<Suppression<'t>> {
    let ended: Vec<Suppression<'t>> = match enabled {
        [EVERY] => open.drain().flat_map(|(_, list)| list).collect(),
        names => names.iter().filter_map(|name| open.remove(name)).flatten().collect(),
    };
    ended
        .into_iter()
        .map(|suppression| Suppression { reach: Span { end: at, ..suppression.reach }, ..suppression })
        .collect()
}

/// The same ranges as fewer spans: sorted, and merged where they overlap.
pub(crate) fn merge_overlaps(mut spans: Vec<Span>) -> Vec<Span> {
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

/// The message about an unknown rule name.
fn unknown_name(name: &str) -> String {
    let near = misspelt(name).map(|near| format!("; did you mean {near}?")).unwrap_or_default();
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
