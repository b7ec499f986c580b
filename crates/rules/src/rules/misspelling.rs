//! Finds words that are certainly wrong, in Chinese and English, even across tags.

use crate::finding::{Findings, Fix, Safety, Severity};
use crate::post::Post;
use crate::rule::{Constructor, Rule, RuleInfo};
use postmend_core::PassageKind;
use postmend_typo::WrongWord;

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
        post.context.site.words.find(post.runs(), |WrongWord { range, right }| {
            let wrong = &text[range.clone()];
            if is_inside_url(text, range.start) || prose.is_listing(range.start) {
                return;
            }
            let span = prose.span(range.clone());
            let [right] = right.as_slice() else {
                let right = right.join("\" or \"");
                findings.add(span, format!("\"{wrong}\" should be \"{right}\""));
                return;
            };
            let finding = findings.add(span, format!("\"{wrong}\" should be \"{right}\""));
            // A different title may change the post's URL.
            let in_front = prose.kind_at(range.start) == PassageKind::Front;
            let safety = if in_front { Safety::Review } else { Safety::Safe };
            let title = format!("write \"{right}\"");
            let edits = prose.replace(range, right);
            finding.fix(edits.map(|edits| Fix { title: title.into(), safety, edits }));
        });
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
