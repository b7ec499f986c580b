//! Finds words that stand twice in a row by mistake, also across line ends and tags.

use crate::finding::{Findings, Fix, Safety, Severity};
use crate::mention::is_set_apart;
use crate::post::Post;
use crate::quoted_title::is_in_quoted_title;
use crate::rule::{Constructor, Rule, RuleInfo};
use postmend_core::{Mark, PassageKind, Prose, Span};
use postmend_typo::{Repetition, repeated_words};
use std::ops::Range;

pub(crate) static INFO: RuleInfo = RuleInfo {
    name: "repeated-word",
    severity: Severity::Warning,
    on_by_default: true,
    page: include_str!("repeated_word.md"),
    constructor: Constructor::post::<RepeatedWord>(),
};

#[derive(Debug, Default)]
struct RepeatedWord;

/// Whether a link or emphasis ends between the two words, so that each belongs to its own phrase: "**a text search**
/// search box", "[the list to subscribe to](…) to stay informed". Articles do not end phrases.
fn is_end_of_link(prose: &Prose, first: &Range<usize>, second: &Range<usize>) -> bool {
    const ARTICLES: [&str; 4] = ["the", "a", "an", "的"];
    let differ = |mark| prose.has(mark, first) != prose.has(mark, second);
    (differ(Mark::Link) || differ(Mark::Emphasis)) && !ARTICLES.contains(&&prose.text[second.clone()])
}

/// Whether something that is not read stands between two words of the source: code, an element.
fn has_more(source: &str, first: Span, second: Span) -> bool {
    let between = source.get(first.end as usize..second.start as usize).unwrap_or_default();
    let is_link = between.starts_with("](") || between.starts_with("][");
    !is_link && between.contains(|c: char| c == '`' || c.is_alphanumeric())
}

impl Rule for RepeatedWord {
    fn check(&self, post: &Post<'_>, findings: &mut Findings) {
        let prose = &post.document.prose;
        repeated_words(post.runs(), |Repetition { first, second }| {
            let both = first.start..second.end;
            let is_one_passage = prose.passage_at(first.start).contains(&second.start);
            if !is_one_passage
                || post.is_exempt(&both)
                || is_set_apart(prose, &first)
                || is_set_apart(prose, &second)
                || is_end_of_link(prose, &first, &second)
            {
                return;
            }
            let span = prose.span(both);
            if has_more(post.document.text, prose.span(first.clone()), prose.span(second.clone())) {
                return;
            }
            if is_in_quoted_title(post.document.text, span.start as usize) {
                return;
            }
            let word = &prose.text[second.clone()];
            let finding = findings.add(span, format!("\"{word}\" appears twice in a row"));
            // Front matter may wrap lines, and its fixes are made elsewhere.
            let is_fixable = prose.kind_at(first.start) != PassageKind::Front;
            let edits = is_fixable.then(|| prose.replace(first.end..second.end, "")).flatten();
            finding.fix(edits.map(|edits| Fix { title: "remove one".into(), safety: Safety::Review, edits }));
        });
    }
}
