//! Finds front matter without a closing fence.

use crate::finding::{Findings, Fix, Safety, Severity};
use crate::post::Post;
use crate::rule::{Constructor, Rule, RuleInfo};
use postmend_core::front::NearReason;
use postmend_core::{Edit, Generator};

pub(crate) static INFO: RuleInfo = RuleInfo {
    name: "unclosed-front-matter",
    severity: Severity::Error,
    on_by_default: true,
    page: include_str!("unclosed_front_matter.md"),
    constructor: Constructor::post::<UnclosedFrontMatter>(),
};

#[derive(Debug, Default)]
struct UnclosedFrontMatter;

impl Rule for UnclosedFrontMatter {
    fn check(&self, post: &Post<'_>, findings: &mut Findings) {
        let Some(near) = post.document.front.near.filter(|near| near.reason == NearReason::Unclosed) else {
            return;
        };
        let block = near.span.of(post.document.text);
        let fence = block.trim_start().lines().next().unwrap_or_default().trim_end();
        let line_end = if block.contains("\r\n") { "\r\n" } else { "\n" };
        let gap = if block.ends_with('\n') { "" } else { line_end };
        let closing = Edit::insert(near.span.end as usize, format!("{gap}{fence}{line_end}"));
        let help = match post.context.generator {
            Generator::Hexo | Generator::Jekyll | Generator::Astro => "it is shown as text",
            Generator::None => "Hexo, Jekyll and Astro show it as text, the others fail here",
            _ => "the build fails here",
        };
        findings.add(near.span, "front matter is not closed").help(help).fix(Fix::new(
            format!("close it with {fence}"),
            Safety::Manual,
            closing,
        ));
    }
}
