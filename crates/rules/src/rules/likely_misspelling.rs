//! Finds Chinese characters that are likely wrong, with a model of word sequences.

use crate::finding::{Findings, Fix, Safety, Severity};
use crate::post::Post;
use crate::rule::{Constructor, Rule, RuleInfo};
use postmend_typo::{Confusion, Unlikely};
use serde::Deserialize;

pub(crate) static INFO: RuleInfo = RuleInfo {
    name: "likely-misspelling",
    severity: Severity::Warning,
    on_by_default: false,
    page: include_str!("likely_misspelling.md"),
    constructor: Constructor::post_with_options::<LikelyMisspelling>(),
};

#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
struct LikelyMisspelling {
    /// The minimum odds of a finding, as a natural logarithm; a higher value finds less, with fewer false
    /// positives.
    least_odds: f32,
}

impl Default for LikelyMisspelling {
    fn default() -> Self {
        Self { least_odds: postmend_typo::LEAST_ODDS }
    }
}

impl Rule for LikelyMisspelling {
    fn check(&self, post: &Post<'_>, findings: &mut Findings) {
        let Some(deep) = post.context.site.deep() else { return };
        let prose = &post.document.prose;
        for unlikely in deep.unlikely(&prose.text, self.least_odds) {
            let Unlikely { range, right, confusion, .. } = unlikely;
            if post.is_exempt(&range) {
                continue;
            }
            let wrong = &prose.text[range.clone()];
            let message = format!("\"{wrong}\" is probably a mistake for \"{right}\"");
            let finding = findings.add(prose.span(range.clone()), message);
            finding.help(describe_confusion(confusion));
            let edits = prose.replace(range, &right);
            let title = format!("write \"{right}\"").into();
            finding.fix(edits.map(|edits| Fix { title, safety: Safety::Manual, edits }));
        }
    }

    fn yields_to(&self) -> &'static [&'static str] {
        &["inconsistent-wording", "misspelling"]
    }
}

fn describe_confusion(confusion: Option<Confusion>) -> &'static str {
    match confusion {
        Some(Confusion::SameSound) => "they sound the same",
        Some(Confusion::NearSound) => "they sound nearly the same",
        Some(Confusion::Shape) => "they look alike",
        Some(Confusion::SameInitial) => "they begin with the same letter",
        None => "it is a fixed phrase",
    }
}
