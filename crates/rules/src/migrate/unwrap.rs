//! Which proxies a migration removes from URLs, and which URLs remain.

use super::address::host_end;
use super::fate::Why;
use crate::names::nearest;
use crate::proxy::{Family, Proxied, Proxies, UrlTemplate};
use std::borrow::Cow;

/// The proxies that are removed.
#[derive(Debug, Default)]
pub(super) struct Unwrap {
    names: Vec<String>,
    families: Vec<Family>,
    pub(super) templates: Vec<UrlTemplate>,
}

/// Names of the families. `all` stands for all but the last, since archives are used on purpose.
const FAMILIES: [(&str, Family); 7] = [
    ("cors", Family::Cors),
    ("cache", Family::Cache),
    ("mirror", Family::Mirror),
    ("resizer", Family::Resizer),
    ("cdn", Family::Cdn),
    ("own", Family::Own),
    ("archive", Family::Archive),
];

impl Unwrap {
    pub(super) fn new(accepted: &[String]) -> Result<Self, String> {
        let mut unwrap = Self::default();
        for name in accepted {
            if name == "all" {
                unwrap.families.extend(FAMILIES[..6].iter().map(|(_, family)| *family));
            } else if let Some((_, family)) = FAMILIES.iter().find(|(listed, _)| listed == name) {
                unwrap.families.push(*family);
            } else if name.contains('{') {
                unwrap.templates.push(UrlTemplate::parse(name)?);
                unwrap.families.push(Family::Own);
            } else if Proxies::names().any(|proxy| proxy == name) {
                unwrap.names.push(name.clone());
            } else {
                return Err(unknown(name));
            }
        }
        Ok(unwrap)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.names.is_empty() && self.families.is_empty()
    }

    pub(super) fn takes(&self, proxied: &Proxied<'_>) -> bool {
        self.families.contains(&proxied.family) || self.names.iter().any(|name| name == proxied.name)
    }
}

fn unknown(name: &str) -> String {
    let names = Proxies::names().chain(FAMILIES.iter().map(|(name, _)| *name));
    let near = nearest(name, names).map(|near| format!("; did you mean `{near}`?"));
    format!("unknown proxy `{name}`{}", near.unwrap_or_default())
}

/// The URL of the image behind a proxied URL, and whether it is certain.
pub(super) fn origin<'u>(proxied: &Proxied<'u>, url: &str, lossy: bool) -> Result<(Cow<'u, str>, bool), Why> {
    if proxied.damages.is_empty() && proxied.origin.starts_with('/') {
        // A path on the proxy's own site, so its host comes before it.
        return Ok((Cow::Owned(format!("{}{}", &url[..host_end(url)], proxied.origin)), true));
    }
    if let Some(intended_url) = proxied.intended_url() {
        return Ok((Cow::Owned(intended_url), true));
    }
    match proxied.breakage() {
        Some(damage) => Err(Why::Damaged(damage.message())),
        None if lossy => Ok((proxied.origin.clone(), false)),
        None => Err(Why::Lossy(proxied.name.to_owned())),
    }
}
