//! Finds Chinese phrases that are written differently everywhere else in the post.

use crate::finding::{Findings, Fix, Safety, Severity};
use crate::mention::is_mentioned;
use crate::post::Post;
use crate::rule::{Constructor, Rule, RuleInfo};
use crate::site::SiteUsage;
use postmend_core::lines::line_start;
use postmend_typo::Model;
use serde::Deserialize;
use std::ops::Range;

pub(crate) static INFO: RuleInfo = RuleInfo {
    name: "inconsistent-wording",
    severity: Severity::Warning,
    on_by_default: false,
    page: include_str!("inconsistent_wording.md"),
    constructor: Constructor::post_with_options::<InconsistentWording>(),
};

#[derive(Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
struct InconsistentWording {
    /// Ignores text in quotation marks.
    skip_quotations: bool,
    /// Also compares with the wording of many other posts of the site.
    repository: bool,
}

impl Rule for InconsistentWording {
    fn check(&self, post: &Post<'_>, findings: &mut Findings) {
        let prose = &post.document.prose;
        for inconsistency in post.inconsistencies() {
            if self.skips(&prose.text, &inconsistency.odd) {
                continue;
            }
            let (usual, times) = (&inconsistency.usual, inconsistency.times);
            if is_mentioned(prose, &inconsistency.range, std::slice::from_ref(usual)) {
                continue;
            }
            let odd = &prose.text[inconsistency.range.clone()];
            let message = format!("\"{odd}\" appears once, \"{usual}\" appears {times} times in this post");
            let finding = findings.add(prose.span(inconsistency.range.clone()), message);
            finding.help("one of the two may be a mistake");
            finding.evidence(inconsistency.usual_ranges.iter().map(|range| prose.span(range.clone())));
            let edits = prose.replace(inconsistency.range.clone(), usual);
            let title = format!("write \"{usual}\"").into();
            finding.fix(edits.map(|edits| Fix { title, safety: Safety::Manual, edits }));
        }
        if let Some(usage) = post.context.site.usage().filter(|_| self.repository) {
            self.compare(post, usage, findings);
        }
    }

    fn needs_usage(&self) -> bool {
        self.repository
    }

    fn yields_to(&self) -> &'static [&'static str] {
        &["misspelling"]
    }
}

impl InconsistentWording {
    fn skips(&self, text: &str, odd: &Range<usize>) -> bool {
        self.skip_quotations && is_quoted(text, odd.start)
    }

    /// Finds phrases that other posts write differently.
    fn compare(&self, post: &Post<'_>, usage: &SiteUsage, findings: &mut Findings) {
        let prose = &post.document.prose;
        let is_settled = |odd: &Range<usize>| {
            post.is_exempt(odd)
                || self.skips(&prose.text, odd)
                || post.inconsistencies().iter().any(|other| other.odd == *odd)
        };
        for deviation in usage.phrases.deviations(post.runs(), Model::embedded(), is_settled) {
            let odd = &prose.text[deviation.range.clone()];
            let (usual, texts) = (&deviation.usual, deviation.texts);
            let message = format!("\"{odd}\" appears once, \"{usual}\" appears in {texts} posts");
            let finding = findings.add(prose.span(deviation.range.clone()), message);
            let first = usage.paths.get(deviation.first as usize);
            let see_path = first.map(|path| format!("; see {path}")).unwrap_or_default();
            finding.help(format!("one of the two may be a mistake{see_path}"));
            let edits = prose.replace(deviation.range.clone(), usual);
            let title = format!("write \"{usual}\"").into();
            finding.fix(edits.map(|edits| Fix { title, safety: Safety::Manual, edits }));
        }
    }
}

/// Whether the nearest quotation mark before the offset is an opening one.
fn is_quoted(text: &str, at: usize) -> bool {
    let block = line_start(text, at);
    let mark = text[block..at].chars().rev().find(|c| "“”‘’「」『』《》".contains(*c));
    mark.is_some_and(|mark| "“‘「『《".contains(mark))
}
