//! Finds the proxy that a URL goes through, either in the catalogue or by a template.

use super::catalogue::{Catalogue, Family, Proxy};
use super::damage::Damage;
use super::decode::{DecodedOrigin, decode};
use super::encode;
use super::examine::examine;
use super::parts::UrlParts;
use super::proxied::Proxied;
use super::url_template::UrlTemplate;

/// The name of proxies from the config.
const CONFIGURED: &str = "configured";

/// Maximum nesting depth of proxies to look through.
const DEEPEST: u8 = 8;

/// The catalogue of named proxies and a site's own templates.
#[derive(Debug, Clone)]
pub struct Proxies {
    named: &'static Catalogue,
    own: Vec<UrlTemplate>,
}

impl Proxies {
    /// The proxies of the catalogue.
    pub fn catalogue() -> Self {
        Self { named: Catalogue::shared(), own: Vec::new() }
    }

    /// Adds a site's own templates, which are tried first.
    pub fn with_templates(mut self, templates: &[UrlTemplate]) -> Self {
        self.own.extend_from_slice(templates);
        self
    }

    /// The names in the catalogue.
    pub fn names() -> impl Iterator<Item = &'static str> {
        Catalogue::shared().names()
    }

    /// The template that builds a named proxy's URLs, if there is one.
    pub fn template(&self, name: &str) -> Option<UrlTemplate> {
        encode::template(self.named.proxy_named(name)?)
    }

    /// The proxy that a URL goes through, if the catalogue or a template identifies it. That a URL contains
    /// another URL proves nothing.
    pub fn find<'u>(&self, url: &'u str) -> Option<Proxied<'u>> {
        self.find_within(url.trim_ascii(), DEEPEST)
    }

    /// The URL that fetches `origin` through a proxy; `None` if the proxy signs its URLs, needs more than the
    /// origin, or has no URL from which this origin is restored unchanged.
    pub fn encode(&self, name: &str, origin: &str) -> Option<String> {
        let url = match name {
            CONFIGURED => self.own.iter().find_map(|template| template.expand(origin))?,
            _ => encode::encode(self.named.proxy_named(name)?, origin)?,
        };
        let found = self.find(&url)?;
        let sound = found.damages.iter().all(|damage| *damage == Damage::SchemeGuessed);
        (sound && found.name == name && found.origin == origin).then_some(url)
    }

    fn find_within<'u>(&self, url: &'u str, depth: u8) -> Option<Proxied<'u>> {
        if depth == 0 {
            return None;
        }
        if let Some(inside) = url.strip_prefix('[') {
            return self.find_in_markdown(inside, depth);
        }
        let (mut proxied, relative) = self.recognise(url)?;
        let inner = match relative {
            true => None,
            false => self.find_within(&proxied.origin, depth - 1).filter(|inner| inner.family.doubles()),
        };
        let (doubled, intended) = (inner.is_some(), inner.as_ref().and_then(Proxied::intended_url));
        drop(inner);
        proxied.intended_origin = intended;
        examine(&mut proxied, url, relative, doubled);
        Some(proxied)
    }

    /// `[label](target)` in place of a URL: the result of converting an image inside a link.
    fn find_in_markdown<'u>(&self, inside: &'u str, depth: u8) -> Option<Proxied<'u>> {
        let (label, target) = inside.split_once("](")?;
        let target = target.strip_suffix(')').unwrap_or(target);
        let mut proxied = self.find_within(target, depth - 1)?;
        let agree = label == target || label == proxied.origin;
        proxied.intended_origin = proxied.intended_url().filter(|_| agree);
        proxied.damages.insert(0, Damage::NestedMarkdown);
        Some(proxied)
    }

    /// The proxied URL, not yet examined for damage to its origin, and whether the origin is a path.
    fn recognise<'u>(&self, url: &'u str) -> Option<(Proxied<'u>, bool)> {
        if let Some((origin, template)) =
            self.own.iter().find_map(|template| Some((template.unwrap(url)?, template)))
        {
            let damages = if template.guesses_scheme() { vec![Damage::SchemeGuessed] } else { Vec::new() };
            let decoded =
                DecodedOrigin { origin, lossless: template.is_complete(), relative: false, damages };
            return Some(proxied(CONFIGURED, Family::Own, decoded));
        }
        let parts = UrlParts::of(url)?;
        let recognised = |proxy: &'static Proxy, shared| {
            let decoded = decode(proxy, &parts, shared)?;
            Some(proxied(&proxy.name, proxy.family, decoded))
        };
        self.named.at(parts.host, recognised)
    }
}

fn proxied<'u>(name: &'static str, family: Family, decoded: DecodedOrigin<'u>) -> (Proxied<'u>, bool) {
    let DecodedOrigin { origin, lossless, relative, damages } = decoded;
    (Proxied { name, family, origin, lossless, damages, intended_origin: None }, relative)
}
