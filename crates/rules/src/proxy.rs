//! Image proxies known by name: what origin a proxy URL stands for, and what is broken about it.

mod catalogue;
mod damage;
mod decode;
mod template;

pub use catalogue::{Family, Proxies};
pub use damage::{Damage, mended};
pub use template::Template;

use std::borrow::Cow;

/// A URL that goes through a proxy.
#[derive(Debug, Clone, PartialEq)]
pub struct Proxied<'u> {
    /// The proxy's name in the catalogue; `configured` for the config's templates.
    pub name: &'u str,
    /// What kind of proxy it is.
    pub family: Family,
    /// The URL that the proxy is asked for, escapes of the proxy's own decoded.
    pub origin: Cow<'u, str>,
    /// Whether the origin is certain and complete.
    pub lossless: bool,
    /// What is broken, worst first.
    pub damages: Vec<Damage>,
}
