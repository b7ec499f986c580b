//! Finds images with content whose alternative text is declared empty.

use crate::finding::{Findings, Severity};
use crate::post::Post;
use crate::rule::{Constructor, Rule, RuleInfo};
use postmend_core::{Alt, Company, ImageSyntax};

pub(crate) static INFO: RuleInfo = RuleInfo {
    name: "empty-alt",
    severity: Severity::Warning,
    on_by_default: false,
    page: include_str!("empty_alt.md"),
    constructor: Constructor::post::<EmptyAlt>(),
};

#[derive(Debug, Default)]
struct EmptyAlt;

impl Rule for EmptyAlt {
    fn check(&self, post: &Post<'_>, findings: &mut Findings) {
        let empty = post
            .document
            .images
            .iter()
            .filter(|image| matches!(image.alt, Alt::Empty(_)) && !image.hidden && !image.labelled);
        for image in empty {
            let (message, help) = match (image.company, image.syntax) {
                (Company::AloneInLink, _) => (
                    "link contains only an image without alternative text",
                    "say in the alternative text where the link leads",
                ),
                (Company::AloneInParagraph, ImageSyntax::Markdown) => (
                    "image is a whole paragraph but has no alternative text",
                    "say what it shows: `![here](…)`",
                ),
                _ => continue,
            };
            findings.add(image.span, message).help(help);
        }
    }
}
