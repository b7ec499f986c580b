//! Where URLs move to: a proxy of the catalogue, or a template.

use crate::names::nearest;
use crate::proxy::{Filling, Proxied, Proxies, UrlTemplate};
use sha2::{Digest, Sha256};

/// What every moved URL is wrapped in.
#[derive(Debug)]
pub(super) enum MigrationTarget {
    /// A proxy whose URLs are built by code.
    Named(String),
    /// A template, with the proxy's name if it belongs to one in the catalogue.
    UrlTemplate(UrlTemplate, Option<String>),
}

/// Number of hexadecimal digits of a hash in a URL.
const HASH_DIGITS: usize = 32;

impl MigrationTarget {
    pub(super) fn new(to: &str, proxies: &Proxies) -> Result<Self, String> {
        if to.contains('{') || to.contains('/') {
            return Ok(Self::UrlTemplate(UrlTemplate::target(to)?, None));
        }
        if !Proxies::names().any(|name| name == to) {
            let near = nearest(to, Proxies::names()).map(|near| format!("; did you mean `{near}`?"));
            return Err(format!("`{to}` is neither a template nor a proxy{}", near.unwrap_or_default()));
        }
        if let Some(template) = proxies.template(to) {
            return Ok(Self::UrlTemplate(template, Some(to.to_owned())));
        }
        // An arbitrary origin that some proxy of this kind accepts, to test whether its URLs can be built at
        // all.
        let sample = "https://raw.githubusercontent.com/a/b/c/d.png";
        match proxies.encode(to, sample) {
            Some(_) => Ok(Self::Named(to.to_owned())),
            None => {
                Err(format!("URLs of {to} cannot be built: they are signed, or contain more than the origin"))
            }
        }
    }

    /// Whether every origin can be restored.
    pub(super) fn is_reversible(&self) -> bool {
        match self {
            Self::Named(_) => true,
            Self::UrlTemplate(template, _) => template.is_reversible(),
        }
    }

    /// Whether a URL already is in the target.
    pub(super) fn holds(&self, url: &str, found: Option<&Proxied<'_>>) -> bool {
        let is_named = |name: &str| found.is_some_and(|proxied| proxied.name == name);
        match self {
            Self::Named(name) => is_named(name),
            Self::UrlTemplate(template, name) => {
                name.as_deref().is_some_and(is_named) || template.matches(url)
            }
        }
    }

    /// The URL of an origin in the target, and whether the origin can be restored from it.
    pub(super) fn wrap(&self, origin: &str, slug: &str, proxies: &Proxies) -> Option<(String, bool)> {
        let (url, is_reversible) = match self {
            Self::Named(name) => (proxies.encode(name, origin)?, true),
            Self::UrlTemplate(template, _) if template.is_reversible() => (template.expand(origin)?, true),
            Self::UrlTemplate(template, _) => {
                let hash = if template.wants_hash() { hash(origin) } else { String::new() };
                let url = template.fill(&Filling { origin, hash: &hash, slug })?;
                let same = template.invert(&url).is_some_and(|back| back == origin);
                (url, same)
            }
        };
        // A proxy of the catalogue may read it differently from the template.
        let found = proxies.find(&url);
        if found.as_ref().is_some_and(|found| found.origin != origin) {
            return None;
        }
        // A URL that is not recognized as being in the target would be wrapped again in a second run.
        let is_known = self.holds(&url, found.as_ref());
        drop(found);
        is_known.then_some((url, is_reversible))
    }
}

/// The first digits of a URL's SHA-256.
fn hash(url: &str) -> String {
    let digits: String = Sha256::digest(url).iter().map(|byte| format!("{byte:02x}")).collect();
    digits[..HASH_DIGITS].to_owned()
}
