//! Finds `<img>` elements without alternative text.

use crate::finding::{Findings, Severity};
use crate::post::Post;
use crate::rule::{Constructor, Rule, RuleInfo};
use crate::selector::{CheckedSelector, TooCostly};
use postmend_core::{Alt, ImageSyntax, Span};
use serde::Deserialize;
use std::collections::HashSet;

pub(crate) static INFO: RuleInfo = RuleInfo {
    name: "missing-alt",
    severity: Severity::Error,
    on_by_default: true,
    page: include_str!("missing_alt.md"),
    constructor: Constructor::post_with_options::<MissingAlt>(),
};

#[derive(Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
struct MissingAlt {
    /// CSS selectors of elements that need no alternative text, such as emoji and badges.
    #[cfg_attr(feature = "schema", schemars(with = "Vec<String>"))]
    except: Vec<CheckedSelector>,
}

impl Rule for MissingAlt {
    fn check(&self, post: &Post<'_>, findings: &mut Findings) {
        let document = post.document;
        let missing = document.images.iter().filter(|image| {
            let is_missing = match (image.syntax, &image.alt) {
                (ImageSyntax::Html | ImageSyntax::Control | ImageSyntax::Template, Alt::Absent) => true,
                (ImageSyntax::Control, Alt::Empty(_)) => true,
                (ImageSyntax::Html | ImageSyntax::Control, Alt::Text(_, text)) => is_blank(text),
                _ => false,
            };
            is_missing && !image.hidden && !image.labelled
        });
        let mut exempt_images: Option<HashSet<Span>> = None;
        for image in missing {
            // The exceptions are computed once, and only for posts with an image to report.
            let exempt_images = exempt_images.get_or_insert_with(|| self.exempt_images(post, findings));
            if exempt_images.contains(&image.span) {
                continue;
            }
            let (message, help) = match (image.syntax, &image.alt) {
                (ImageSyntax::Control, _) => (
                    "link or button that is an image has no alternative text",
                    "say in `alt=\"…\"` where it leads or what it does",
                ),
                (_, Alt::Text(..)) => (
                    "alternative text has only spaces",
                    "say what the image shows, or declare it decorative with `alt=\"\"`",
                ),
                (ImageSyntax::Template, _) => (
                    "figure has neither alternative text nor a caption",
                    "say what it shows in `alt=\"…\"`, or declare it decorative with `alt=\"\"`",
                ),
                _ => (
                    "image has no alternative text",
                    "say what it shows in `alt=\"…\"`, or declare it decorative with `alt=\"\"`",
                ),
            };
            findings.add(image.span, message).help(help);
        }
    }
}

/// Whether a text has nothing to read.
fn is_blank(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_whitespace() || "\u{200B}\u{2060}\u{FEFF}".contains(c))
}

impl MissingAlt {
    fn exempt_images(&self, post: &Post<'_>, findings: &mut Findings) -> HashSet<Span> {
        let mut exempt_images = HashSet::new();
        for selector in &self.except {
            match selector.tags(post.elements()) {
                Ok(tags) => exempt_images.extend(tags),
                Err(TooCostly { message, help }) => {
                    findings.add(Span::point(post.document.front.body), message).help(help);
                }
            }
        }
        exempt_images
    }
}
