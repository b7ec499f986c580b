//! Finds images that are loaded through somebody's proxy, and removes the proxy.

use crate::finding::{Findings, Fix, Safety, Severity};
use crate::post::Post;
use crate::proxy::{Family, Proxied};
use crate::rule::{Constructor, Rule, RuleInfo};
use postmend_core::Url;
use serde::Deserialize;

pub(crate) static INFO: RuleInfo = RuleInfo {
    name: "proxied-url",
    severity: Severity::Warning,
    on_by_default: true,
    page: include_str!("proxied_url.md"),
    constructor: Constructor::post_with_options::<ProxiedUrl>(),
};

#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
struct ProxiedUrl {
    /// The families of proxies that are reported.
    families: Vec<Family>,
}

impl Default for ProxiedUrl {
    fn default() -> Self {
        Self { families: vec![Family::Cors, Family::Cache, Family::Mirror, Family::Own] }
    }
}

impl Rule for ProxiedUrl {
    fn check(&self, post: &Post<'_>, findings: &mut Findings) {
        for (url, proxied) in post.proxied() {
            // A damaged one is reported by `broken-proxy-url`.
            if proxied.breakage().is_none() && self.families.contains(&proxied.family) {
                let fix = unwrap(post, url, proxied);
                findings
                    .add(url.span, format!("image is fetched through a proxy ({})", proxied.name))
                    .help(format!(
                        "it breaks when the proxy shuts down; the image itself is {}",
                        proxied.origin
                    ))
                    .fix(fix);
            }
        }
    }
}

fn unwrap(post: &Post<'_>, url: &Url<'_>, proxied: &Proxied<'_>) -> Option<Fix> {
    let edit = url.rewrite(post.document.text, &proxied.origin)?;
    let safety = if proxied.lossless { Safety::Safe } else { Safety::Manual };
    let is_downgrade = url.value.starts_with("https:") && proxied.origin.starts_with("http:");
    let title =
        if is_downgrade { "use the image itself, by http instead of https" } else { "use the image itself" };
    Some(Fix::new(title, safety, edit))
}
