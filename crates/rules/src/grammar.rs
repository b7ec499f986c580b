//! Findings about phrases that are wrong by grammar.

use crate::finding::{Findings, Fix, Safety};
use crate::mention::is_set_apart;
use crate::post::Post;
use crate::quoted_title::is_in_quoted_title;
use postmend_core::PassageKind;
use postmend_typo::WrongPhrase;

/// Adds a finding about a phrase, unless it is no text of the post's own.
pub(crate) fn add_wrong_phrase(post: &Post<'_>, findings: &mut Findings, phrase: &WrongPhrase) {
    let prose = &post.document.prose;
    let range = &phrase.range;
    let span = prose.span(range.clone());
    if post.is_no_word(range)
        || is_set_apart(prose, range)
        || is_in_quoted_title(post.document.text, span.start as usize)
    {
        return;
    }
    let wrong = &prose.text[range.clone()];
    let listed = phrase.right.join("\" or \"");
    let message = match phrase.right.is_empty() {
        true => format!("\"{wrong}\" has one word too many"),
        false => format!("\"{wrong}\" should be \"{listed}\" here"),
    };
    let finding = findings.add(span, message);
    let [right] = phrase.right.as_slice() else { return };
    let is_fixable = prose.kind_at(range.start) != PassageKind::Front;
    let edits = is_fixable.then(|| prose.replace(range.clone(), right)).flatten();
    let title = format!("write \"{right}\"").into();
    finding.fix(edits.map(|edits| Fix { title, safety: Safety::Review, edits }));
}
