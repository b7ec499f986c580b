//! Finds text of the body that Hexo reads as front matter.

use crate::finding::{Findings, Fix, Safety, Severity};
use crate::post::Post;
use crate::rule::{Constructor, Rule, RuleInfo};
use postmend_core::Edit;
use postmend_core::front::NearReason;

pub(crate) static INFO: RuleInfo = RuleInfo {
    name: "swallowed-body",
    severity: Severity::Error,
    on_by_default: true,
    page: include_str!("swallowed_body.md"),
    constructor: Constructor::post::<SwallowedBody>(),
};

#[derive(Debug, Default)]
struct SwallowedBody;

impl Rule for SwallowedBody {
    fn check(&self, post: &Post<'_>, findings: &mut Findings) {
        let near = post.document.front.near.filter(|near| near.reason == NearReason::SwallowedBody);
        let Some(near) = near else { return };
        let start = near.span.start as usize;
        findings
            .add(near.span, "Hexo reads this text as front matter and does not show it")
            .help("it ends at a line of dashes; start the post with front matter")
            .fix(Fix::new(
                "add empty front matter before it",
                Safety::Manual,
                Edit::insert(start, "---\ntitle:\n---\n\n"),
            ));
    }
}
