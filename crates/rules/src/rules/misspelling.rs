//! Finds words that are certainly wrong, in Chinese and English, even across tags.

use crate::finding::{Findings, Fix, Safety, Severity};
use crate::front_text;
use crate::mention::{is_mentioned, is_set_apart};
use crate::post::Post;
use crate::quoted_title::is_in_quoted_title;
use crate::rule::{Constructor, Rule, RuleInfo};
use crate::word_use::{NameLikeness, WordUse};
use postmend_core::front::{Field, Key};
use postmend_core::{Document, Edit, Mark, PassageKind, Span};
use postmend_typo::{Certainty, WrongWord};
use std::borrow::Cow;
use std::ops::Range;

pub(crate) static INFO: RuleInfo = RuleInfo {
    name: "misspelling",
    severity: Severity::Warning,
    on_by_default: true,
    page: include_str!("misspelling.md"),
    constructor: Constructor::post::<Misspelling>(),
};

#[derive(Debug, Default)]
struct Misspelling;

impl Rule for Misspelling {
    fn check(&self, post: &Post<'_>, findings: &mut Findings) {
        let prose = &post.document.prose;
        let text = &prose.text;
        let mut uses = WordUse::of(post.document);
        post.context.site.words.find(post.runs(), |WrongWord { range, mut right, certainty }| {
            let wrong = &text[range.clone()];
            if is_inside_url(text, range.start)
                || post.is_no_word(&range)
                || is_mentioned(prose, &range, &right)
                || is_clipped(text, &range)
            {
                return;
            }
            let span = prose.span(range.clone());
            if is_in_quoted_title(post.document.text, span.start as usize) {
                return;
            }
            let is_listed_english = certainty != Certainty::Own && wrong.is_ascii();
            let may_be_name = is_listed_english && certainty != Certainty::SureName;
            let surely = matches!(certainty, Certainty::Sure | Certainty::Unusual);
            let likeness = if may_be_name { uses.likeness(&range, surely) } else { NameLikeness::Word };
            if likeness == NameLikeness::Name {
                return;
            }
            right.iter_mut().for_each(|right| *right = with_apostrophe_of(text, right));
            let [right] = right.as_slice() else {
                let right = right.join("\" or \"");
                findings.add(span, format!("\"{wrong}\" should be \"{right}\""));
                return;
            };
            let finding = findings.add(span, format!("\"{wrong}\" should be \"{right}\""));
            let doubt = identity(post.document, &range).or(match (likeness, certainty) {
                (NameLikeness::MaybeName, _) => Some("it may be a name"),
                (_, Certainty::Doubtful) => Some("another word may be right"),
                (_, Certainty::Unusual) if uses.is_there_again(&range) => {
                    Some("it is there again: it may be a term")
                }
                _ => None,
            });
            finding.help(doubt.unwrap_or_default());
            let safety = if doubt.is_some() { Safety::Review } else { Safety::Safe };
            let title = format!("write \"{right}\"").into();
            let edits = edits(post.document, &range, right);
            finding.fix(edits.map(|edits| Fix { title, safety, edits }));
        });
    }
}

/// The edits that write the right word.
fn edits(document: &Document<'_>, range: &Range<usize>, right: &str) -> Option<Vec<Edit>> {
    let prose = &document.prose;
    let span = prose.span(range.clone());
    match prose.kind_at(range.start) {
        _ if prose.has(Mark::Label, range) => relabel(document, span, &prose.text[range.clone()], right),
        PassageKind::Front => {
            let span = prose.exact_span(range.clone());
            span.and_then(|span| front_text::replace(document, span, right))
        }
        // An apostrophe would end the text if apostrophes quote it.
        PassageKind::Alt if right.contains('\'') => None,
        kind => prose.replace(range.clone(), &written(right, kind)),
    }
}

/// A right word with the apostrophe that the text writes: `don’t` rather than `don't`.
fn with_apostrophe_of(text: &str, right: &str) -> String {
    match right.contains('\'') && text.contains('’') && !text.contains('\'') {
        true => right.replace('\'', "’"),
        false => right.to_owned(),
    }
}

/// Whether a word is clipped as it is spoken: `goin'`.
fn is_clipped(text: &str, word: &Range<usize>) -> bool {
    text[word.clone()].to_ascii_lowercase().ends_with("in") && text[word.end..].starts_with(['\'', '’'])
}

/// A correction as its place demands: in a cell, a bar would end it.
fn written(right: &str, kind: PassageKind) -> Cow<'_, str> {
    match kind {
        PassageKind::Cell if right.contains('|') => right.replace('|', "\\|").into(),
        PassageKind::Html if right.contains(['<', '&']) => {
            right.replace('&', "&amp;").replace('<', "&lt;").into()
        }
        _ => right.into(),
    }
}

/// What else a change of the word would change; `None` if it is nothing but text.
fn identity(document: &Document<'_>, word: &Range<usize>) -> Option<&'static str> {
    let prose = &document.prose;
    if prose.kind_at(word.start) == PassageKind::Front
        && front_text::field_at(document, prose.span(word.clone()))
            .is_none_or(|field| !names_no_address(field))
    {
        return Some("another title may change the address of the post");
    }
    if prose.has(Mark::Label, word) {
        return Some("it is also the label of a reference: the fix changes its definition and all its uses");
    }
    if prose.has(Mark::Heading, word) {
        return Some("links to this heading follow its text: change them too");
    }
    if is_set_apart(prose, word) {
        return Some("the text may speak about the word");
    }
    if prose.marked(Mark::Link, word).is_some_and(|link| is_like_title(&prose.text[link])) {
        return Some("it may be the title of another page");
    }
    is_in_quotation(document.text, prose.span(word.clone()).start as usize)
        .then_some("it may be somebody else's words")
}

/// Whether an offset is on a line of a block quotation.
fn is_in_quotation(text: &str, at: usize) -> bool {
    // The limit keeps texts without line ends linear.
    const REACH: usize = 1 << 10;
    let start = text.floor_char_boundary(at.saturating_sub(REACH));
    let line = match text[start..at].rfind('\n') {
        Some(line_end) => start + line_end + 1,
        None if start == 0 => 0,
        None => return false,
    };
    text[line..].trim_start_matches([' ', '\t']).starts_with('>')
}

/// Whether the text of a link may be the title of the page that it leads to.
fn is_like_title(link: &str) -> bool {
    const FEWEST_WORDS: usize = 4;
    link.starts_with(|c: char| !c.is_ascii_lowercase()) && link.split_whitespace().count() >= FEWEST_WORDS
}

/// Whether a field is text that no generator makes an address of: a description, a caption.
fn names_no_address(field: &Field<'_>) -> bool {
    const TEXTS: [&str; 7] = ["description", "excerpt", "summary", "subtitle", "caption", "alt", "abstract"];
    matches!(&field.key, Key::Name(name, _) if TEXTS.iter().any(|text| text.eq_ignore_ascii_case(name)))
}

/// The edits that replace a word in a label, wherever the label is written; `None` if it is written too often.
fn relabel(document: &Document<'_>, word: Span, wrong: &str, right: &str) -> Option<Vec<Edit>> {
    const MOST: usize = 100;
    let own = document.labels.iter().find(|label| label.span.contains(word))?;
    let mut edits = Vec::new();
    for label in document.labels.iter().filter(|label| label.url == own.url) {
        let written = label.span.of(document.text);
        for (at, _) in written.to_ascii_lowercase().match_indices(&wrong.to_ascii_lowercase()) {
            let there = &written[at..at + wrong.len()];
            let span = Span::new(at, at + wrong.len()).shifted(label.span.start as usize);
            edits.push(Edit::replace(span, in_case_of(there, wrong, right)));
        }
        if edits.len() > MOST {
            return None;
        }
    }
    Some(edits)
}

/// The right word with the capitals of the place where the wrong one stands.
fn in_case_of(there: &str, wrong: &str, right: &str) -> String {
    let mut letters = right.chars();
    match (there == wrong, there.chars().next().is_some_and(char::is_uppercase), letters.next()) {
        (true, ..) | (_, _, None) => right.to_owned(),
        (_, true, Some(first)) => first.to_uppercase().chain(letters).collect(),
        (_, false, _) => right.to_lowercase(),
    }
}

/// Whether the word belongs to a bare URL or a path rather than to the text.
fn is_inside_url(text: &str, at: usize) -> bool {
    // URLs are short; the limit keeps texts without spaces linear.
    let before = &text[text.floor_char_boundary(at.saturating_sub(512))..at];
    let word_start = before
        .rfind(|c: char| c.is_whitespace() || !c.is_ascii())
        .map_or(0, |blank| before.ceil_char_boundary(blank + 1));
    before[word_start..].contains("://") || before[word_start..].contains("www.")
}
