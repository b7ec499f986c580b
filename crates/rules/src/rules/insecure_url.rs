//! Finds images that are loaded without encryption.

use crate::finding::{Findings, Fix, Safety, Severity};
use crate::post::Post;
use crate::rule::{Constructor, Rule, RuleInfo};
use postmend_core::{Edit, Role, Span};
use serde::Deserialize;

pub(crate) static INFO: RuleInfo = RuleInfo {
    name: "insecure-url",
    severity: Severity::Warning,
    on_by_default: false,
    page: include_str!("insecure_url.md"),
    constructor: Constructor::post_with_options::<InsecureUrl>(),
};

#[derive(Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
struct InsecureUrl {
    /// Hosts that are known to support https, so that the fix is safe for them.
    https_hosts: Vec<String>,
}

impl Rule for InsecureUrl {
    fn check(&self, post: &Post<'_>, findings: &mut Findings) {
        for url in post.document.urls.iter().filter(|url| url.role == Role::Image && !url.templated) {
            let Some(rest) = url.value.get(..7).filter(|head| head.eq_ignore_ascii_case("http://")) else {
                continue;
            };
            let host = host(&url.value[rest.len()..]);
            if is_local(host) {
                continue;
            }
            let is_https_host = self.https_hosts.iter().any(|listed| listed.eq_ignore_ascii_case(host));
            let after_http = url.span.start as usize + 4;
            let spelled = post.document.text[url.span.range()]
                .as_bytes()
                .get(..5)
                .is_some_and(|head| head.eq_ignore_ascii_case(b"http:"));
            let fix = spelled.then(|| {
                let safety = if is_https_host { Safety::Safe } else { Safety::Review };
                Fix::new(
                    "fetch it with https",
                    safety,
                    Edit { span: Span::point(after_http), text: "s".to_owned() },
                )
            });
            findings
                .add(url.span, format!("image is fetched without encryption from {host}"))
                .help("browsers block or upgrade it on an https page; check that the host supports https")
                .fix(fix);
        }
    }
}

/// The host, without port and path.
fn host(after_scheme: &str) -> &str {
    after_scheme.split(['/', '?', '#', ':']).next().unwrap_or_default()
}

fn is_local(host: &str) -> bool {
    matches!(host, "" | "localhost" | "127.0.0.1" | "0.0.0.0")
}
