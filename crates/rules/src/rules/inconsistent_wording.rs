//! Finds a Chinese phrase that the post writes otherwise everywhere else.

use crate::card::{Card, Rule, build};
use crate::check::Post;
use crate::finding::{Findings, Fix, Safety, Severity};
use serde::Deserialize;

pub(crate) const CARD: Card = Card {
    name: "inconsistent-wording",
    severity: Severity::Warning,
    on_by_default: true,
    page: include_str!("inconsistent_wording.md"),
    build: build::<InconsistentWording>,
};

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
struct InconsistentWording {
    /// Leaves what stands in quotation marks alone.
    skip_quotations: bool,
}

impl Rule for InconsistentWording {
    fn check(&self, post: &Post<'_>, findings: &mut Findings) {
        let prose = &post.document.prose;
        for one in post.inconsistencies() {
            if self.skip_quotations && is_quoted(&prose.text, one.odd.start) {
                continue;
            }
            let odd = &prose.text[one.range.clone()];
            let (usual, times) = (&one.usual, one.times);
            let message = format!("\"{odd}\" stands once, \"{usual}\" stands {times} times in this post");
            let finding = findings.add(prose.span(one.range.clone()), message);
            finding.help("one of the two may be a mistake");
            finding.evidence(one.places.iter().map(|place| prose.span(place.clone())));
            let edits = prose.replace(one.range.clone(), usual);
            let title = format!("write \"{usual}\"").into();
            finding.fix(edits.map(|edits| Fix { title, safety: Safety::Manual, edits }));
        }
    }
}

/// Whether the nearest quotation mark before is an opening one.
fn is_quoted(text: &str, at: usize) -> bool {
    let block = text[..at].rfind('\n').map_or(0, |line_end| line_end + 1);
    let mark = text[block..at].chars().rev().find(|c| "“”‘’「」『』《》".contains(*c));
    mark.is_some_and(|mark| "“‘「『《".contains(mark))
}
