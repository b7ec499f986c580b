//! A URL that goes through a proxy: its origin and its damage.

use super::catalogue::Family;
use super::damage::Damage;
use std::borrow::Cow;

/// A URL that goes through a proxy.
#[derive(Debug, Clone, PartialEq)]
pub struct Proxied<'u> {
    /// The proxy's name in the catalogue, or `configured` for the config's templates.
    pub name: &'static str,
    /// The kind of proxy.
    pub family: Family,
    /// The URL that the proxy fetches, without the proxy's own encoding. Borrowed if the proxy URL contains it
    /// unchanged; a path if it is on the proxy's own site; empty if there is none.
    pub origin: Cow<'u, str>,
    /// Whether the origin is known exactly and in full.
    pub lossless: bool,
    /// Everything that is broken or uncertain, worst first.
    pub damages: Vec<Damage>,
    /// The innermost origin of a double proxy, or the single URL that nested Markdown repeats.
    pub(super) intended_origin: Option<String>,
}

impl Proxied<'_> {
    /// The worst damage that keeps the image from loading. This excludes an uncertain origin and an expiry
    /// time, which only the caller can compare with a date.
    pub fn breakage(&self) -> Option<Damage> {
        self.damages.iter().copied().find(|damage| damage.breaks())
    }
}
