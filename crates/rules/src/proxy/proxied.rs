//! A URL that goes through a proxy: what it stands for, and what is broken about it.

use super::catalogue::Family;
use super::damage::Damage;
use std::borrow::Cow;

/// A URL that goes through a proxy.
#[derive(Debug, Clone, PartialEq)]
pub struct Proxied<'u> {
    /// The proxy's name in the catalogue; `configured` for the config's templates.
    pub name: &'static str,
    /// What kind of proxy it is.
    pub family: Family,
    /// The URL that the proxy is asked for, escapes of the proxy's own decoded. Borrowed where it stands
    /// in the proxy URL as it is; a path where the proxy is asked for one of its own site; empty where
    /// the proxy is asked for nothing.
    pub origin: Cow<'u, str>,
    /// Whether the origin is certain and complete.
    pub lossless: bool,
    /// What is broken or uncertain, worst first.
    pub damages: Vec<Damage>,
    /// The innermost origin of a double proxy, or the one URL that nested Markdown names twice.
    pub(super) meant: Option<String>,
}

impl Proxied<'_> {
    /// The worst of what keeps the image from being shown. An uncertain origin and a time limit, which
    /// only the caller can compare with a date, are not among these.
    pub fn breakage(&self) -> Option<Damage> {
        self.damages.iter().copied().find(|damage| damage.breaks())
    }
}
