//! Parts of the prose that are no words: formulas, targets of wiki links, options, variables.

use super::Prose;
use super::wiki_links::wiki_link_targets;
use memchr::{memchr_iter, memmem};
use std::ops::Range;

/// The parts of the prose that name something and are not read as words.
#[derive(Debug, Default)]
pub struct NamedParts {
    /// Formulas and targets of wiki links; sorted by their ends, and none touches another of its kind.
    ranges: [Vec<Range<usize>>; 3],
}

impl NamedParts {
    /// The names in the prose of a post with this source.
    pub fn of(prose: &Prose, source: &str) -> Self {
        let is_escaped = |at: usize| {
            let span = prose.exact_span(at..at + 1);
            span.is_some_and(|span| source[..span.start as usize].ends_with('\\'))
        };
        let dollars = formulas_in_dollars(prose, &is_escaped);
        // Most posts have none, and looking at every bracket takes longer than all the rest.
        let has_escapes =
            ["\\(", "\\["].iter().any(|mark| memmem::find(source.as_bytes(), mark.as_bytes()).is_some());
        let escapes = if has_escapes { formulas_in_escapes(prose, &is_escaped) } else { Vec::new() };
        Self { ranges: [dollars, escapes, wiki_link_targets(&prose.text)] }
    }

    /// Whether a word of the prose is a name, or part of one.
    pub fn contain(&self, prose: &Prose, word: &Range<usize>) -> bool {
        let is_within = |ranges: &Vec<Range<usize>>| {
            let next = ranges.partition_point(|range| range.end <= word.start);
            ranges.get(next).is_some_and(|range| range.start < word.end)
        };
        self.ranges.iter().any(is_within) || is_symbol(&prose.text, word)
    }
}

/// Formulas between `$` and `$`, as Pandoc reads them, and between `$$` and `$$`.
fn formulas_in_dollars(prose: &Prose, is_escaped: &dyn Fn(usize) -> bool) -> Vec<Range<usize>> {
    let text = prose.text.as_str();
    let bytes = text.as_bytes();
    let mut found: Vec<Range<usize>> = Vec::new();
    // The open `$` or `$$`, with the end of its passage.
    let mut open: Option<(Range<usize>, usize)> = None;
    let mut skipped = 0;
    for at in memchr_iter(b'$', bytes) {
        if at < skipped || is_escaped(at) {
            continue;
        }
        let is_double = bytes.get(at + 1) == Some(&b'$');
        let mark = at..at + 1 + usize::from(is_double);
        skipped = mark.end;
        let before = text[..mark.start].chars().next_back();
        let after = text[mark.end..].chars().next();
        if let Some((opening, end)) = &open {
            let is_same = opening.len() == mark.len();
            let closes = match is_double {
                true => mark.start < *end || (is_line(text, opening) && is_line(text, &mark)),
                false => {
                    mark.start < *end
                        && before.is_some_and(|c| !c.is_whitespace())
                        && after.is_none_or(|c| !c.is_ascii_digit())
                }
            };
            if is_same && closes {
                found.push(opening.start..mark.end);
                open = None;
                continue;
            }
            // A formula of several lines may contain anything but its end.
            if opening.len() == 2 && (mark.start < *end || is_line(text, opening)) {
                continue;
            }
        }
        let opens = is_double
            || (after.is_some_and(|c| !c.is_whitespace())
                && before.is_none_or(|c| !c.is_ascii_alphanumeric()));
        open = opens.then(|| (mark.clone(), prose.passage_at(mark.start).end));
    }
    found
}

/// Whether the range is all of its line.
fn is_line(text: &str, range: &Range<usize>) -> bool {
    let before = text[..range.start].rsplit('\n').next().unwrap_or_default();
    let after = text[range.end..].split('\n').next().unwrap_or_default();
    before.trim().is_empty() && after.trim().is_empty()
}

/// Formulas between `\(` and `\)` or `\[` and `\]`, whose backslashes Markdown takes for escapes.
fn formulas_in_escapes(prose: &Prose, is_escaped: &dyn Fn(usize) -> bool) -> Vec<Range<usize>> {
    let text = prose.text.as_str();
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut open: Option<usize> = None;
    for (at, byte) in text.bytes().enumerate().filter(|(_, byte)| b"()[]".contains(byte)) {
        if !is_escaped(at) {
            continue;
        }
        match (byte, open) {
            (b'(' | b'[', _) => open = Some(at),
            (_, Some(start)) => {
                open = None;
                let pair = [text.as_bytes()[start], byte];
                let inside = &text[start + 1..at];
                let is_formula = inside.contains(['\\', '^', '_', '=', '{', '+', '<', '>']);
                if (pair == *b"()" || pair == *b"[]") && is_formula && at < prose.passage_at(start).end {
                    found.push(start..at + 1);
                }
            }
            _ => {}
        }
    }
    found
}

/// Whether a word is part of an option, variable, tag, account or function: `--recieve`, `$recieve`, `%recieve%`,
/// `#recieve`, `@recieve`, `:::recieve`, `recieve()`.
fn is_symbol(text: &str, word: &Range<usize>) -> bool {
    // Symbols are short; the limit keeps texts without spaces linear.
    let before = &text[text.floor_char_boundary(word.start.saturating_sub(64))..word.start];
    let begins = before.rfind(|c: char| !c.is_ascii() || c.is_whitespace() || "\"'()[]<>,;|".contains(c));
    let before = &before[begins.map_or(0, |at| before.ceil_char_boundary(at + 1))..];
    let after = &text[word.end..];
    let is_option = before.starts_with('-')
        && before.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_=.:".contains(&byte));
    let is_marked = ["$", "${", "@", "#", "\\", ":::"].iter().any(|mark| before.ends_with(mark));
    let is_in_percents = before.ends_with('%') && after.starts_with('%');
    is_option || is_marked || is_in_percents || after.starts_with("()")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Document, Format, Generator};

    fn names(source: &str, word: &str) -> Vec<bool> {
        let document = Document::read(source, Format::Markdown, Generator::None);
        let names = NamedParts::of(&document.prose, source);
        let words = document.prose.text.match_indices(word);
        words.map(|(at, _)| names.contain(&document.prose, &(at..at + word.len()))).collect()
    }

    #[test]
    fn formulas_are_no_words() {
        for source in [
            "a $pier$ b",
            "a $x_{pier}$ b",
            "a $x_{pier}_y$ b",
            "上限は$pier$回",
            "$$\npier = 1\n$$",
            "$$\npier = 1\n\nb\n$$",
            "> $$\n> pier\n> $$",
            "a $$pier$$ b",
            "a \\(x = pier\\) b",
            "a \\[\\frac{pier}{2}\\] b",
        ] {
            assert_eq!(names(source, "pier"), [true], "{source}");
        }
    }

    #[test]
    fn sums_of_money_are_words() {
        for source in [
            "$5 a pier and $6 more",
            "a \\$1 pier\\$ b",
            "US$5 pier 6$",
            "a $ pier $ b",
            "$$ a\n\npier\n\nb $$",
            "a \\(pier\\) b",
            "\\[pier\\](b)",
        ] {
            assert_eq!(names(source, "pier"), [false], "{source}");
        }
    }

    #[test]
    fn targets_of_wiki_links_are_no_words() {
        assert_eq!(names("a [[pier#pier]]s", "pier"), [true, true]);
        assert_eq!(names("a [[x/pier|the pier]] b", "pier"), [true, false]);
        assert_eq!(names("a [[pier b", "pier"), [false]);
    }

    #[test]
    fn symbols_are_no_words() {
        for source in ["--pier", "-pier", "a --no-pier=b", "($pier)", "${pier}", "%pier%", "#pier", "pier()"]
        {
            assert_eq!(names(source, "pier"), [true], "{source}");
        }
        for source in ["a - pier", "a -- pier", "— pier —", "the well-pier", "5% pier", "pier (b)"] {
            assert_eq!(names(source, "pier"), [false], "{source}");
        }
    }
}
