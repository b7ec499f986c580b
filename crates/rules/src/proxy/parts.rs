//! Splits a URL at its delimiters without copying, and classifies the start of a text that may be a URL.

use memchr::{memchr, memchr3};

/// A URL split at its delimiters; nothing is normalized.
#[derive(Debug, Clone, Copy)]
pub(super) struct UrlParts<'u> {
    /// The host without user and port; empty for a path on the same site.
    pub(super) host: &'u str,
    pub(super) path: &'u str,
    /// The part after the first `?`.
    pub(super) query: Option<&'u str>,
    /// The path and everything after it.
    pub(super) rest: &'u str,
}

impl<'u> UrlParts<'u> {
    /// Splits `http(s)://host…`, `//host…` and `/path…`; no other text can be a proxy URL.
    pub(super) fn of(url: &'u str) -> Option<Self> {
        let after = behind_scheme(url).unwrap_or(url);
        let (authority, rest) = match after.strip_prefix("//") {
            Some(after) => after.split_at(memchr3(b'/', b'?', b'#', after.as_bytes()).unwrap_or(after.len())),
            None if url.starts_with('/') => ("", url),
            None => return None,
        };
        let host = authority.rsplit('@').next().unwrap_or_default().split(':').next().unwrap_or_default();
        let mark = memchr(b'?', rest.as_bytes());
        let (path, query) = mark.map_or((rest, None), |mark| (&rest[..mark], Some(&rest[mark + 1..])));
        Some(Self { host, path, query, rest })
    }

    /// The query parameters as name, value, and the rest of the query from the value on. A name after an
    /// undecoded `&amp;` counts as well.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (&'u str, &'u str, &'u str)> {
        let mut rest = self.query;
        std::iter::from_fn(move || {
            let query = rest?;
            let pair = query.split('&').next()?;
            rest = query.get(pair.len() + 1..);
            let key = pair.split('=').next()?;
            let after = query.get(key.len() + 1..).filter(|_| key.len() < pair.len()).unwrap_or_default();
            let value = pair.get(key.len() + 1..).unwrap_or_default();
            Some((key.strip_prefix("amp;").unwrap_or(key), value, after))
        })
    }

    /// The raw value of a parameter, up to the next `&`.
    pub(super) fn parameter(&self, name: &str) -> Option<&'u str> {
        self.pairs().find_map(|(key, value, _)| (key == name).then_some(value))
    }

    /// The rest of the query from the value of a parameter on.
    pub(super) fn rest_from(&self, name: &str) -> Option<&'u str> {
        self.pairs().find_map(|(key, _, after)| (key == name).then_some(after))
    }
}

/// The part after `http:` or `https:`.
pub(super) fn behind_scheme(url: &str) -> Option<&str> {
    let head = |length: usize, scheme: &str| {
        url.get(..length).is_some_and(|head| head.eq_ignore_ascii_case(scheme)).then(|| &url[length..])
    };
    head(5, "http:").or_else(|| head(6, "https:"))
}

/// Whether a text is a URL that is percent-encoded from its scheme on, at least once.
pub(super) fn is_encoded(text: &str) -> bool {
    let head = text.as_bytes().get(..4).is_some_and(|head| head.eq_ignore_ascii_case(b"http"));
    let after = text.get(4..).unwrap_or_default();
    let after = after.strip_prefix(['s', 'S']).unwrap_or(after);
    let code = after.strip_prefix('%').map(|code| code.trim_start_matches("25")).unwrap_or_default();
    head && code.get(..2).is_some_and(|code| code.eq_ignore_ascii_case("3a"))
}

/// Whether a text starts like a URL, encoded or not, even if a slash is missing.
pub(super) fn starts_like_url(text: &str) -> bool {
    behind_scheme(text).is_some_and(|rest| rest.starts_with('/')) || is_encoded(text)
}

/// Whether a text without a scheme starts with a host name.
pub(super) fn starts_with_host(text: &str) -> bool {
    let host = text.split(['/', '?', '#', ':']).next().unwrap_or_default();
    let is_label = |label: &str| {
        !label.is_empty() && label.chars().all(|mark| mark.is_alphanumeric() || matches!(mark, '-' | '_'))
    };
    let Some((names, top)) = host.rsplit_once('.') else { return false };
    let is_top = top.chars().count() >= 2 && top.chars().all(char::is_alphabetic);
    is_top && names.split('.').all(is_label)
}
