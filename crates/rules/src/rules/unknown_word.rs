//! Finds English words that no list of words has, one slip away from a common one.

use crate::finding::{Findings, Fix, Safety, Severity};
use crate::mention::is_mentioned;
use crate::post::Post;
use crate::quoted_title::is_in_quoted_title;
use crate::rule::{Constructor, Rule, RuleInfo};
use crate::word_use::{NameLikeness, WordUse};
use postmend_core::PassageKind;
use postmend_typo::LikelySlip;

pub(crate) static INFO: RuleInfo = RuleInfo {
    name: "unknown-word",
    severity: Severity::Warning,
    on_by_default: true,
    page: include_str!("unknown_word.md"),
    constructor: Constructor::post::<UnknownWord>(),
};

#[derive(Debug, Default)]
struct UnknownWord;

impl Rule for UnknownWord {
    fn check(&self, post: &Post<'_>, findings: &mut Findings) {
        let prose = &post.document.prose;
        let mut uses = WordUse::of(post.document);
        post.context.site.words.find_unknown(post.runs(), |LikelySlip { range, meant }| {
            let meant = [meant];
            if post.is_no_word(&range)
                || is_mentioned(prose, &range, &meant)
                || uses.likeness(&range, false) != NameLikeness::Word
            {
                return;
            }
            let span = prose.span(range.clone());
            if is_in_quoted_title(post.document.text, span.start as usize) {
                return;
            }
            let [meant] = meant;
            let word = &prose.text[range.clone()];
            let finding =
                findings.add(span, format!("\"{word}\" is unknown, and may be a typo for \"{meant}\""));
            finding.help("a word that is right on this site goes into the config's `[words] allow`");
            let is_fixable = prose.kind_at(range.start) != PassageKind::Front;
            let edits = is_fixable.then(|| prose.replace(range, &meant)).flatten();
            let title = format!("write \"{meant}\"").into();
            finding.fix(edits.map(|edits| Fix { title, safety: Safety::Review, edits }));
        });
    }
}
