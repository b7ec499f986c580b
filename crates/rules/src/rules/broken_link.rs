//! Finds links to posts that are not in the repository.

use crate::finding::{Findings, Severity};
use crate::local_links::broken_links;
use crate::post::Post;
use crate::rule::{Constructor, Rule, RuleInfo};
use postmend_core::{Format, Role};

pub(crate) static INFO: RuleInfo = RuleInfo {
    name: "broken-link",
    severity: Severity::Error,
    on_by_default: true,
    page: include_str!("broken_link.md"),
    constructor: Constructor::post::<BrokenLink>(),
};

#[derive(Debug, Default)]
struct BrokenLink;

impl Rule for BrokenLink {
    fn check(&self, post: &Post<'_>, findings: &mut Findings) {
        // Other links may lead to what a build makes.
        let is_post = |path: &str| matches!(Format::of_path(path), Ok(Format::Markdown | Format::Mdx));
        for link in broken_links(post, Role::Link, is_post) {
            findings
                .add(link.url.span, format!("there is no file {}", link.path))
                .help("the path starts at the folder of the post, and capital letters count");
        }
    }
}
