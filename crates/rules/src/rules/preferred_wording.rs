//! Finds Chinese words for which editors prefer another form.

use crate::finding::{Findings, Fix, Safety, Severity};
use crate::mention::{is_mentioned, is_set_apart};
use crate::post::Post;
use crate::rule::{Constructor, Rule, RuleInfo};
use postmend_core::PassageKind;
use postmend_typo::preferred_wording;

pub(crate) static INFO: RuleInfo = RuleInfo {
    name: "preferred-wording",
    severity: Severity::Info,
    on_by_default: false,
    page: include_str!("preferred_wording.md"),
    constructor: Constructor::post::<PreferredWording>(),
};

#[derive(Debug, Default)]
struct PreferredWording;

impl Rule for PreferredWording {
    fn check(&self, post: &Post<'_>, findings: &mut Findings) {
        let prose = &post.document.prose;
        preferred_wording(post.runs(), |range, preferred| {
            let right = [preferred.to_owned()];
            if post.is_exempt(&range) || is_mentioned(prose, &range, &right) || is_set_apart(prose, &range) {
                return;
            }
            let written = &prose.text[range.clone()];
            let message = format!("\"{written}\" is better written \"{preferred}\"");
            let finding = findings.add(prose.span(range.clone()), message);
            let is_fixable = prose.kind_at(range.start) != PassageKind::Front;
            let edits = is_fixable.then(|| prose.replace(range, preferred)).flatten();
            let title = format!("write \"{preferred}\"").into();
            finding.fix(edits.map(|edits| Fix { title, safety: Safety::Review, edits }));
        });
    }
}
