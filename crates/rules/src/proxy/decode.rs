//! Takes the origin out of a proxy URL, form by form, without changing a byte that need not change.

use super::catalogue::{Form, Proxy};
use std::borrow::Cow;

/// A URL cut at its marks; nothing is normalised.
#[derive(Debug, Clone, Copy)]
pub(super) struct Parts<'u> {
    /// Empty for a path of the same site.
    pub(super) host: &'u str,
    pub(super) path: &'u str,
    /// Behind the first `?`; `None` if there is none.
    pub(super) query: Option<&'u str>,
    /// The path and what follows it.
    rest: &'u str,
}

impl<'u> Parts<'u> {
    /// `http(s)://host…`, `//host…` and `/path…`; nothing else can be a proxy URL.
    pub(super) fn of(url: &'u str) -> Option<Self> {
        let after = match url.split_once("//") {
            Some(("" | "http:" | "https:" | "HTTP:" | "HTTPS:", after)) => after,
            _ if url.starts_with('/') => url,
            _ => return None,
        };
        let has_host = after.len() < url.len();
        let host_end = if has_host { after.find(['/', '?', '#']).unwrap_or(after.len()) } else { 0 };
        let (authority, rest) = after.split_at(host_end);
        let host = authority.rsplit('@').next().unwrap_or_default().split(':').next().unwrap_or_default();
        let (path, query) = rest.split_once('?').map_or((rest, None), |(path, query)| (path, Some(query)));
        Some(Self { host, path, query, rest })
    }

    /// The raw value of a parameter, to the next `&`.
    pub(super) fn parameter(&self, name: &str) -> Option<&'u str> {
        self.query?.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
    }

    /// The raw rest of the query from the value of a parameter on.
    fn last_parameter(&self, name: &str) -> Option<&'u str> {
        let query = self.query?;
        let starts = |at: &usize| *at == 0 || query[..*at].ends_with(['&', ';']);
        let mark = format!("{name}=");
        query.match_indices(&mark).map(|(at, _)| at).find(starts).map(|at| &query[at + mark.len()..])
    }
}

/// The origin that a proxy URL holds, and whether it is certain.
pub(super) fn decode<'u>(proxy: &Proxy, parts: &Parts<'u>) -> Option<(Cow<'u, str>, bool)> {
    let (origin, lossless) = match proxy.form {
        Form::AfterQuestionMark => (raw_or_encoded(parts.query?)?, true),
        Form::AfterSlash => (raw_or_encoded(parts.rest.get(1..)?)?, true),
        Form::AfterSegment => (Cow::Borrowed(after_segment(parts.rest)?), true),
        Form::AfterMarker => {
            let (_, behind) = parts.rest.split_once(proxy.marker.as_str())?;
            let at = ["http://", "https://", "http%3A", "https%3A", "http%3a", "https%3a"];
            let at = at.iter().filter_map(|scheme| behind.find(scheme)).min()?;
            (raw_or_encoded(&behind[at..])?, true)
        }
        Form::Parameter => parameter(proxy, parts)?,
        Form::LastParameter => {
            let value = parts.last_parameter(&proxy.parameter)?;
            (
                raw_or_encoded(value.split('&').next().filter(|first| is_encoded(first)).unwrap_or(value))?,
                true,
            )
        }
        Form::PathParameter => {
            let (_, value) = parts.rest.split_once(&format!("{}=", proxy.parameter))?;
            (decode_percent(value.split('&').next()?)?, true)
        }
        Form::Photon => photon(parts)?,
        Form::Base64Path => (Cow::Owned(decode_base64(parts.path.strip_prefix('/')?)?), true),
        Form::Base64After => {
            let (_, behind) = parts.path.split_once(proxy.marker.as_str())?;
            (Cow::Owned(decode_base64(behind)?), true)
        }
        Form::Camo => (Cow::Owned(camo(parts.path)?), true),
        Form::GithubFile => github_file(parts.path)?,
    };
    (!origin.is_empty()).then_some((origin, lossless))
}

/// A raw URL stays as it is; one that is encoded from its scheme on is decoded once.
fn raw_or_encoded(value: &str) -> Option<Cow<'_, str>> {
    if is_encoded(value) {
        return decode_percent(value);
    }
    let lower = value.get(..8.min(value.len())).map(str::to_ascii_lowercase).unwrap_or_default();
    let is_url = ["http:/", "https:/", "//"].iter().any(|scheme| lower.starts_with(scheme));
    // Twice encoded: reported as damage, and left as it is.
    let twice = lower.starts_with("http%253") || lower.starts_with("https%25");
    (is_url || twice).then_some(Cow::Borrowed(value))
}

fn is_encoded(value: &str) -> bool {
    let head = value.get(..8.min(value.len())).map(str::to_ascii_lowercase).unwrap_or_default();
    head.starts_with("http%3a") || head.starts_with("https%3a")
}

fn after_segment(rest: &str) -> Option<&str> {
    let at = ["http://", "https://"].iter().filter_map(|scheme| rest.find(scheme)).min()?;
    let stamp = rest[..at].strip_prefix("/web/")?.strip_suffix('/')?;
    let digits = stamp.trim_end_matches(|c: char| c == '_' || c.is_ascii_lowercase());
    (digits == "*" || digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(&rest[at..])
}

fn parameter<'u>(proxy: &Proxy, parts: &Parts<'u>) -> Option<(Cow<'u, str>, bool)> {
    let value = parts.parameter(&proxy.parameter)?;
    let decoded = decode_percent(value)?;
    if proxy.relative && decoded.starts_with('/') {
        return Some((decoded, false));
    }
    if !proxy.guesses_scheme {
        let whole = decoded.contains("://");
        return (whole || decoded.starts_with("http")).then_some((decoded, whole));
    }
    if let Some(rest) = decoded.strip_prefix("ssl:") {
        return Some((Cow::Owned(format!("https://{}", rest.trim_start_matches('/'))), true));
    }
    if decoded.starts_with("http://") || decoded.starts_with("https://") {
        // A raw origin loses what stands behind its own `&` to the proxy.
        let whole = is_encoded(value) || !decoded.contains('?');
        return Some((decoded, whole));
    }
    let rest = decoded.trim_start_matches('/');
    (rest.contains('.')).then(|| (Cow::Owned(format!("http://{rest}")), false))
}

/// Photon drops the query of its origin and keeps the scheme only as `ssl=1`.
fn photon<'u>(parts: &Parts<'u>) -> Option<(Cow<'u, str>, bool)> {
    let path = parts.path.strip_prefix('/')?;
    let (host, _) = path.split_once('/')?;
    let secure = parts.parameter("ssl") == Some("1");
    let scheme = if secure { "https" } else { "http" };
    host.contains('.').then(|| (Cow::Owned(format!("{scheme}://{path}")), false))
}

fn camo(path: &str) -> Option<String> {
    let (signature, hex) = path.strip_prefix('/')?.split_once('/')?;
    let is_hex = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !(matches!(signature.len(), 40 | 64) && is_hex(signature) && is_hex(hex) && hex.len() % 2 == 0) {
        return None;
    }
    let bytes = (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).ok());
    String::from_utf8(bytes.collect::<Option<Vec<u8>>>()?).ok()
}

/// `/gh/user/repository@ref/path`, or `/gh/user/repository/ref/path` where the host writes it so.
fn github_file<'u>(path: &'u str) -> Option<(Cow<'u, str>, bool)> {
    let (user, rest) = path.strip_prefix("/gh/")?.split_once('/')?;
    let (repository, file) = rest.split_once('/')?;
    let (repository, reference) =
        repository.split_once('@').map_or((repository, None), |(name, at)| (name, Some(at)));
    let reference_text = reference.unwrap_or("HEAD");
    let origin = format!("https://raw.githubusercontent.com/{user}/{repository}/{reference_text}/{file}");
    Some((Cow::Owned(origin), reference.is_some()))
}

/// Percent escapes decoded once; `None` where the result is no text.
pub(super) fn decode_percent(value: &str) -> Option<Cow<'_, str>> {
    if !value.contains('%') {
        return Some(Cow::Borrowed(value));
    }
    let bytes = value.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let code = (bytes[at] == b'%').then(|| value.get(at + 1..at + 3)).flatten();
        match code.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8(out).ok().map(Cow::Owned)
}

/// What JavaScript's `encodeURIComponent` makes of a text.
pub(super) fn encode_percent(value: &str) -> String {
    let mut out = String::with_capacity(value.len() * 3 / 2);
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.!~*'()".contains(&byte) {
            out.push(byte as char);
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// Base64 of either alphabet, padded or not, of an http URL.
fn decode_base64(text: &str) -> Option<String> {
    let mut out = Vec::with_capacity(text.len() * 3 / 4);
    let (mut bits, mut count) = (0u32, 0);
    for byte in text.trim_end_matches('=').bytes() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count & 0xFF) as u8);
        }
    }
    String::from_utf8(out).ok().filter(|url| url.starts_with("http"))
}
