//! Comments in a post that switch rules off.

use crate::finding::Finding;
use memchr::memchr;
use postmend_core::{Document, Span};

/// Where which rules are off.
#[derive(Debug)]
pub(crate) struct Suppressions<'t> {
    list: Vec<Suppression<'t>>,
    text_end: u32,
}

#[derive(Debug)]
struct Suppression<'t> {
    reach: Span,
    /// Empty for all rules.
    rules: Vec<&'t str>,
}

impl<'t> Suppressions<'t> {
    /// Reads the directives of a document: `postmend-disable` to the end or to the next
    /// `postmend-enable`, `-line`, `-next-line`, `-file`; each with rule names, blanks or commas
    /// between them, and a reason after ` -- `. In the front matter `postmend-disable` is for the
    /// whole file.
    pub(crate) fn of(document: &Document<'t>) -> Self {
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
            list.push(Suppression { reach, rules });
        }
        Self { list, text_end: whole.end }
    }

    /// Whether a finding is switched off where it starts.
    pub(crate) fn cover(&self, finding: &Finding) -> bool {
        self.list.iter().any(|suppression| {
            let Span { start, end } = suppression.reach;
            let at = finding.span.start;
            let here = start <= at && (at < end || end == self.text_end);
            here && (suppression.rules.is_empty() || suppression.rules.contains(&finding.rule))
        })
    }
}

fn words(directive: &str) -> Option<(&str, Vec<&str>)> {
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
            split.push(Suppression { reach: Span { end: at, ..open.reach }, rules: ended });
            open.rules = going_on;
        }
    }
    list.append(&mut split);
}

/// The line that the byte at `at` is on, its line end included.
fn line_around(text: &str, at: usize) -> Span {
    let at = at.min(text.len());
    let start = text[..at].rfind('\n').map_or(0, |before| before + 1);
    let end = memchr(b'\n', &text.as_bytes()[at..]).map_or(text.len(), |after| at + after + 1);
    // The next line's first byte is not this line's.
    Span::new(start, end.max(start))
}
