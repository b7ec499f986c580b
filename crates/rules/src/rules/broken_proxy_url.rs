//! Finds proxy URLs whose inner URL is damaged, with a message for each kind of damage.

use crate::finding::{Findings, Fix, Safety, Severity};
use crate::post::Post;
use crate::proxy::repaired_url;
use crate::rule::{Constructor, Rule, RuleInfo};

pub(crate) static INFO: RuleInfo = RuleInfo {
    name: "broken-proxy-url",
    severity: Severity::Error,
    on_by_default: true,
    page: include_str!("broken_proxy_url.md"),
    constructor: Constructor::post::<BrokenProxyUrl>(),
};

#[derive(Debug, Default)]
struct BrokenProxyUrl;

impl Rule for BrokenProxyUrl {
    fn check(&self, post: &Post<'_>, findings: &mut Findings) {
        for (url, proxied) in post.proxied() {
            let Some(damage) = proxied.breakage() else { continue };
            let origin = repaired_url(proxied);
            let edit = origin.as_deref().and_then(|origin| url.rewrite(post.document.text, origin));
            let help = match &origin {
                Some(origin) => format!("the image is {origin}"),
                None => format!("find the intended image; the proxy is requested to load {}", proxied.origin),
            };
            findings
                .add(url.span, damage.message())
                .help(help)
                .fix(edit.map(|edit| Fix::new("use the image itself", Safety::Review, edit)));
        }
    }
}
