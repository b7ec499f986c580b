//! A site's own proxy as a template, which wraps origins and takes them out again.

use super::decode::{decode_percent, encode_percent};
use std::borrow::Cow;

/// A URL with one place for the origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    head: String,
    tail: String,
    encoded: bool,
}

/// How a template may write the origin: raw or percent-encoded. The second of each is RSSHub's.
const PLACES: [(&str, bool); 4] =
    [("{origin:percent}", true), ("${href_ue}", true), ("{origin}", false), ("${href}", false)];

impl Template {
    /// Reads a template such as `https://proxy.example/?u={origin:percent}`.
    ///
    /// # Errors
    /// It has no place for the origin, more than one, or nothing before it.
    pub fn parse(source: &str) -> Result<Self, String> {
        let found = PLACES
            .iter()
            .find_map(|(place, encoded)| source.split_once(place).map(|(head, tail)| (head, tail, *encoded)));
        let Some((head, tail, encoded)) = found else {
            return Err(format!("proxy template `{source}` has no {{origin}} or {{origin:percent}}"));
        };
        let rest = [head, tail];
        if PLACES.iter().any(|(place, _)| rest.iter().any(|part| part.contains(place))) {
            return Err(format!("proxy template `{source}` has more than one origin"));
        }
        if rest.iter().any(|part| part.contains("${")) {
            return Err(format!("proxy template `{source}` has a part other than the origin"));
        }
        if !(head.starts_with("http://") || head.starts_with("https://") || head.starts_with("//")) {
            return Err(format!("proxy template `{source}` does not start with a host"));
        }
        Ok(Self { head: head.to_owned(), tail: tail.to_owned(), encoded })
    }

    /// The proxy's URL for an origin; `None` where it could not be taken out again.
    pub fn expand(&self, origin: &str) -> Option<String> {
        let written = if self.encoded { encode_percent(origin) } else { origin.to_owned() };
        let url = format!("{}{written}{}", self.head, self.tail);
        (self.invert(&url).as_deref() == Some(origin)).then_some(url)
    }

    /// The origin of one of the proxy's URLs.
    pub fn invert<'u>(&self, url: &'u str) -> Option<Cow<'u, str>> {
        let written = url.strip_prefix(self.head.as_str())?.strip_suffix(self.tail.as_str())?;
        let origin = if self.encoded { decode_percent(written)? } else { Cow::Borrowed(written) };
        let is_url =
            origin.starts_with("http://") || origin.starts_with("https://") || origin.starts_with("//");
        is_url.then_some(origin)
    }
}
