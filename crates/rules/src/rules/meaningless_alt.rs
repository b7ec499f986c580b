//! Finds alternative texts that say nothing: file names, hashes, an editor's placeholder.

use crate::finding::{Findings, Severity};
use crate::meaningless::meaningless;
use crate::post::Post;
use crate::rule::{Constructor, Rule, RuleInfo};
use postmend_core::Alt;
use serde::Deserialize;

pub(crate) static INFO: RuleInfo = RuleInfo {
    name: "meaningless-alt",
    severity: Severity::Warning,
    on_by_default: true,
    page: include_str!("meaningless_alt.md"),
    constructor: Constructor::post_with_options::<MeaninglessAlt>(),
};

#[derive(Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
struct MeaninglessAlt {
    /// More texts that say nothing on this site, compared without regard to case.
    words: Vec<String>,
}

impl Rule for MeaninglessAlt {
    fn check(&self, post: &Post<'_>, findings: &mut Findings) {
        for image in post.document.images.iter().filter(|image| !image.hidden && !image.labelled) {
            let Alt::Text(span, text) = &image.alt else { continue };
            let own = || self.words.iter().any(|word| word.to_lowercase() == text.trim().to_lowercase());
            let problem = match meaningless(text) {
                Some(meaningless) => meaningless.description(),
                None if own() => "says nothing",
                None => continue,
            };
            findings
                .add(*span, format!("alternative text {problem}: \"{}\"", text.trim()))
                .help("say what the image shows to somebody who cannot see it");
        }
    }
}
