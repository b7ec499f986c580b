//! Builds proxy URLs, including for forms that a template cannot express.

use super::catalogue::{Proxy, ProxyForm};
use super::url_template::UrlTemplate;

/// A proxy's URL for an origin, not yet verified to decode to the same origin.
pub(super) fn encode(proxy: &Proxy, origin: &str) -> Option<String> {
    match proxy.form {
        ProxyForm::Photon => photon(proxy, origin),
        ProxyForm::GithubFile => github_file(proxy, origin),
        _ => template(proxy)?.expand(origin),
    }
}

/// The template of a proxy whose URLs can be built from one.
pub(super) fn template(proxy: &Proxy) -> Option<UrlTemplate> {
    UrlTemplate::parse(proxy.encode.as_deref()?).ok()
}

fn photon(proxy: &Proxy, origin: &str) -> Option<String> {
    let host = proxy.main_host()?;
    match origin.strip_prefix("https://") {
        Some(rest) => Some(format!("https://{host}/{rest}?ssl=1")),
        None => Some(format!("https://{host}/{}", origin.strip_prefix("http://")?)),
    }
}

fn github_file(proxy: &Proxy, origin: &str) -> Option<String> {
    let host = proxy.main_host()?;
    let file = origin.strip_prefix("https://raw.githubusercontent.com/")?;
    if proxy.reference_in_path {
        return Some(format!("https://{host}/gh/{file}"));
    }
    let mut segments = file.splitn(4, '/');
    let (user, repository) = (segments.next()?, segments.next()?);
    let (reference, path) = (segments.next()?, segments.next()?);
    match reference {
        // In `refs/heads/…` the end of the reference cannot be determined.
        "refs" => None,
        "HEAD" => Some(format!("https://{host}/gh/{user}/{repository}/{path}")),
        _ => Some(format!("https://{host}/gh/{user}/{repository}@{reference}/{path}")),
    }
}
