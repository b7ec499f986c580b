//! Tests the examples of a site's own rules.

use crate::finding::Safety;
use crate::fix_text::fix_text;
use crate::limits::{EXCEEDED_LIMIT, PostLimits};
use crate::post::Post;
use crate::post_context::PostContext;
use crate::rule_set::{REFUSED_FIX, RuleSet};
use crate::site::Site;
use crate::site_rule::{Example, SiteRule};
use postmend_core::{Format, Generator};
use std::time::Duration;

/// An example with a result other than the expected one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExampleFailure {
    /// Whether it is from the list of valid examples.
    pub is_valid: bool,
    /// Its index in its list, from 0.
    pub number: usize,
    /// How the result differs.
    pub message: String,
}

impl SiteRule {
    /// The numbers of valid and invalid examples.
    pub fn examples(&self) -> [usize; 2] {
        [self.valid.len(), self.invalid.len()]
    }

    /// Runs the examples and returns those that fail. If none fails, the rule is known to find something. All examples
    /// together may take as long as the rule may spend on one post, counted from `start`.
    pub fn failures(
        &self,
        site: &Site,
        generator: Generator,
        limits: PostLimits,
        start: Duration,
    ) -> Vec<ExampleFailure> {
        let is_over = || (limits.clock)().saturating_sub(start) > limits.own_rule;
        let rules = RuleSet::of_own(self.clone()).with_limits(limits);
        let failures = |examples: &[Example], is_valid: bool| {
            let failure = |(number, example): (usize, &Example)| {
                let message = match is_over() {
                    true => "the examples take too long".to_owned(),
                    false => failure(example, is_valid, &rules, site, generator)?,
                };
                Some(ExampleFailure { is_valid, number, message })
            };
            // The first example after the time is up is reported, the rest are skipped.
            let mut failures = Vec::new();
            for numbered in examples.iter().enumerate() {
                let was_over = is_over();
                failures.extend(failure(numbered));
                if was_over {
                    break;
                }
            }
            failures
        };
        let mut all = failures(&self.invalid, false);
        all.extend(failures(&self.valid, true));
        all
    }
}

fn failure(
    example: &Example,
    is_valid: bool,
    rules: &RuleSet,
    site: &Site,
    generator: Generator,
) -> Option<String> {
    let (text, path, fixed) = example.parts();
    let extension = path.rsplit_once('.').map_or("md", |(_, extension)| extension);
    let Some(format) = Format::of_extension(extension) else {
        return Some(format!("`{path}` is not the name of a post"));
    };
    let context = PostContext { path, ..PostContext::without_path(site, format, generator) };
    let document = context.read(text);
    let found = rules.check(&Post::new(&document, context));
    if let Some(exceeded) = found.iter().find(|finding| finding.rule == EXCEEDED_LIMIT) {
        return Some(exceeded.message.clone().into_owned());
    }
    match found.first() {
        Some(finding) if is_valid => return Some(format!("it is reported: {}", finding.message)),
        None if !is_valid => return Some("it is not reported".to_owned()),
        _ => {}
    }
    let wanted = fixed?;
    let result = fix_text(text, &context, rules, Safety::Manual, &|_| true);
    let refused = result.left.iter().find(|finding| finding.rule == REFUSED_FIX);
    match result.refused.or_else(|| refused.map(|finding| finding.message.clone().into_owned())) {
        Some(reason) => Some(format!("its fix is refused: {reason}")),
        None if result.text != wanted => Some(format!("its fix gives {:?}", result.text)),
        None => None,
    }
}
