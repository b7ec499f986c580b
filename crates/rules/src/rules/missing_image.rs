//! Finds images whose file is not in the repository.

use crate::finding::{Findings, Severity};
use crate::local_links::broken_links;
use crate::post::Post;
use crate::rule::{Constructor, Rule, RuleInfo};
use postmend_core::Role;

pub(crate) static INFO: RuleInfo = RuleInfo {
    name: "missing-image",
    severity: Severity::Error,
    on_by_default: true,
    page: include_str!("missing_image.md"),
    constructor: Constructor::post::<MissingImage>(),
};

#[derive(Debug, Default)]
struct MissingImage;

impl Rule for MissingImage {
    fn check(&self, post: &Post<'_>, findings: &mut Findings) {
        for link in broken_links(post, Role::Image, |_| true) {
            findings
                .add(link.url.span, format!("there is no file {}", link.path))
                .help("the path starts at the folder of the post, and capital letters count");
        }
    }
}
