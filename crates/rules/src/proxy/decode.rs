//! Extracts the origin from a proxy URL for each form, and changes no byte unless necessary.

use super::catalogue::{Proxy, ProxyForm};
use super::damage::Damage;
use super::parts::{UrlParts, behind_scheme, is_encoded, starts_like_url, starts_with_host};
use super::percent::{decode_base64, decode_hex, decode_marks, decode_percent};
use super::wrecks::is_wreck;
use std::borrow::Cow;

/// The origin in a proxy URL.
#[derive(Debug)]
pub(super) struct DecodedOrigin<'u> {
    pub(super) origin: Cow<'u, str>,
    /// Whether the origin is known exactly and in full.
    pub(super) lossless: bool,
    /// Whether the origin is a path on the proxy's own site.
    pub(super) relative: bool,
    /// The damage that shows in the proxy's URL syntax alone.
    pub(super) damages: Vec<Damage>,
}

impl<'u> DecodedOrigin<'u> {
    fn certain(origin: Cow<'u, str>) -> Self {
        Self { origin, lossless: true, relative: false, damages: Vec::new() }
    }
}

/// The origin in a proxy URL. A `shared` host also serves other things.
pub(super) fn decode<'u>(proxy: &Proxy, parts: &UrlParts<'u>, shared: bool) -> Option<DecodedOrigin<'u>> {
    let has_needed = proxy.needs.as_deref().is_none_or(|name| parts.parameter(name).is_some());
    if !proxy.takes_path(parts.path) || !has_needed {
        return None;
    }
    let mut decoded = match proxy.form {
        ProxyForm::Query => after_question_mark(parts, shared)?,
        ProxyForm::Path => after_slash(proxy, parts, shared)?,
        ProxyForm::MarkedPath => after_marker(proxy, parts)?,
        ProxyForm::Snapshot => DecodedOrigin::certain(Cow::Borrowed(after_stamp(parts.rest)?)),
        ProxyForm::Parameter => parameter(proxy, parts)?,
        ProxyForm::LastParameter => last_parameter(proxy, parts)?,
        ProxyForm::PathParameter => path_parameter(proxy, parts)?,
        ProxyForm::Photon => photon(parts)?,
        ProxyForm::Base64Path => coded(decode_base64(&decode_percent(parts.path.strip_prefix('/')?)))?,
        ProxyForm::Base64After => coded(decode_base64(parts.path.split_once(proxy.marker.as_str())?.1))?,
        ProxyForm::Camo => camo(parts)?,
        ProxyForm::GithubFile => github_file(proxy, parts)?,
    };
    decoded.damages.extend(proxy.dead.then_some(Damage::DeadHost));
    decoded.damages.extend(expiry(proxy, parts).map(Damage::ExpiredSignature));
    if decoded.origin.is_empty() {
        decoded.lossless = false;
        decoded.damages.push(Damage::NoOrigin);
    }
    Some(decoded)
}

/// A raw URL is kept; one that is percent-encoded from its scheme on is decoded once.
pub(super) fn raw_or_encoded(value: &str) -> Cow<'_, str> {
    if is_encoded(value) { decode_percent(value) } else { Cow::Borrowed(value) }
}

/// The value of a query parameter. A raw URL keeps the escapes that belong to it.
fn from_query(value: &str) -> Cow<'_, str> {
    if behind_scheme(value).is_some() { decode_marks(value) } else { decode_percent(value) }
}

fn coded<'u>(origin: Option<String>) -> Option<DecodedOrigin<'u>> {
    origin.filter(|origin| starts_like_url(origin)).map(|origin| DecodedOrigin::certain(Cow::Owned(origin)))
}

fn after_question_mark<'u>(parts: &UrlParts<'u>, shared: bool) -> Option<DecodedOrigin<'u>> {
    let value = parts.query.unwrap_or_default();
    (!shared || starts_like_url(value)).then(|| DecodedOrigin::certain(raw_or_encoded(value)))
}

fn after_slash<'u>(proxy: &Proxy, parts: &UrlParts<'u>, shared: bool) -> Option<DecodedOrigin<'u>> {
    let value = parts.rest.strip_prefix('/').unwrap_or(parts.rest);
    let fetched = |after_scheme: &str| {
        let host = after_scheme.trim_start_matches('/').split(['/', ':']).next().unwrap_or_default();
        proxy.origins.is_empty() || proxy.origins.iter().any(|origin| origin.eq_ignore_ascii_case(host))
    };
    if starts_like_url(value) {
        let origin = raw_or_encoded(value);
        return behind_scheme(&origin).is_none_or(fetched).then(|| DecodedOrigin::certain(origin));
    }
    if shared {
        return None;
    }
    if value.is_empty() || is_wreck(value) {
        return Some(DecodedOrigin::certain(Cow::Borrowed(value)));
    }
    let bare = value.strip_prefix("//").unwrap_or(value);
    let scheme = proxy.assumes.as_deref().filter(|_| starts_with_host(bare) && bare.contains('/'))?;
    let port = bare.split(['/', '?']).next().and_then(|authority| authority.split_once(':'));
    let scheme = if port.is_some_and(|(_, port)| port == "443") { "https" } else { scheme };
    fetched(bare).then(|| DecodedOrigin::certain(Cow::Owned(format!("{scheme}://{bare}"))))
}

/// Everything from the first segment after the marker that starts like a URL.
fn after_marker<'u>(proxy: &Proxy, parts: &UrlParts<'u>) -> Option<DecodedOrigin<'u>> {
    let (_, mut value) = parts.rest.split_once(proxy.marker.as_str())?;
    while !starts_like_url(value) {
        value = value.split_once('/')?.1;
    }
    let mut decoded = DecodedOrigin::certain(raw_or_encoded(value));
    // The proxy cuts the URL at an unencoded question mark.
    if value.contains('?') {
        decoded.lossless = false;
        decoded.damages.push(Damage::NestedQueryNotEncoded);
    }
    Some(decoded)
}

fn after_stamp(rest: &str) -> Option<&str> {
    let after = rest.strip_prefix("/web/")?;
    if starts_like_url(after) {
        return Some(after);
    }
    let (stamp, origin) = after.split_once('/')?;
    let digits = match stamp.split_at_checked(stamp.len().saturating_sub(3)) {
        Some((digits, mode)) if mode.ends_with('_') => digits,
        _ => stamp,
    };
    let is_stamp = digits == "*" || (digits.len() <= 14 && digits.bytes().all(|byte| byte.is_ascii_digit()));
    (is_stamp && starts_like_url(origin)).then_some(origin)
}

fn parameter<'u>(proxy: &Proxy, parts: &UrlParts<'u>) -> Option<DecodedOrigin<'u>> {
    let value = parts.parameter(&proxy.parameter)?;
    let mut decoded = DecodedOrigin::certain(from_query(value));
    let origin = decoded.origin.as_ref();
    if proxy.relative && origin.starts_with('/') && !origin.starts_with("//") {
        // For a proxy on another site, the path is on that site and not on this one.
        decoded.lossless = parts.host.is_empty();
        decoded.relative = true;
    } else if let Some(scheme) = proxy.guesses.as_deref().filter(|_| !starts_like_url(origin)) {
        let bare = origin.trim_start_matches('/');
        if let Some(secure) = origin.strip_prefix("ssl:") {
            decoded.origin = Cow::Owned(format!("https://{}", secure.trim_start_matches('/')));
        } else if starts_with_host(bare) {
            decoded.origin = Cow::Owned(format!("{scheme}://{bare}"));
            decoded.lossless = false;
            decoded.damages.push(Damage::SchemeGuessed);
        }
    }
    let nested = value.contains('?');
    decoded.lossless &= !nested || parameters_are_told_apart(proxy, parts, value);
    decoded.damages.extend(nested.then_some(Damage::SecondQuestionMark));
    let follows = parts.rest_from(&proxy.parameter).is_some_and(|rest| rest.len() > value.len());
    decoded.damages.extend((nested && follows).then_some(Damage::NestedQueryNotEncoded));
    Some(decoded)
}

/// Whether the unencoded query of the origin has none of the proxy's parameters and the proxy's query has no
/// others, so that the two cannot be confused.
fn parameters_are_told_apart(proxy: &Proxy, parts: &UrlParts<'_>, value: &str) -> bool {
    let is_own = |key: &str| proxy.own.iter().any(|own| own == key);
    let nested = value.split_once('?').map_or("", |(_, query)| query);
    !nested.contains('?')
        && !is_own(nested.split('=').next().unwrap_or_default())
        && parts.pairs().all(|(key, ..)| key == proxy.parameter || is_own(key))
}

fn last_parameter<'u>(proxy: &Proxy, parts: &UrlParts<'u>) -> Option<DecodedOrigin<'u>> {
    let value = parts.parameter(&proxy.parameter)?;
    if is_encoded(value) {
        return Some(DecodedOrigin::certain(decode_percent(value)));
    }
    let rest = parts.rest_from(&proxy.parameter)?;
    let is_own = |pair: &str| {
        let key = pair.strip_prefix("amp;").unwrap_or(pair).split('=').next().unwrap_or_default();
        proxy.own.iter().any(|own| own == key)
    };
    let cut = rest.match_indices('&').map(|(at, _)| at).find(|at| is_own(first_pair(&rest[at + 1..])));
    // Only their names show that the following parameters belong to the proxy.
    let mut decoded = DecodedOrigin::certain(Cow::Borrowed(&rest[..cut.unwrap_or(rest.len())]));
    decoded.lossless = cut.is_none() || !decoded.origin.contains('?');
    Some(decoded)
}

fn first_pair(query: &str) -> &str {
    query.split('&').next().unwrap_or_default()
}

fn path_parameter<'u>(proxy: &Proxy, parts: &UrlParts<'u>) -> Option<DecodedOrigin<'u>> {
    let (_, rest) = parts.rest.split_once(proxy.parameter.as_str())?;
    Some(DecodedOrigin::certain(from_query(first_pair(rest.strip_prefix('=')?))))
}

/// The service drops the query of its origin except for `q`, and keeps the scheme only as `ssl=1`.
fn photon<'u>(parts: &UrlParts<'u>) -> Option<DecodedOrigin<'u>> {
    let path = parts.path.strip_prefix('/').filter(|path| starts_with_host(path) && path.contains('/'))?;
    let secure = parts.parameter("ssl") == Some("1");
    let scheme = if secure { "https" } else { "http" };
    let query = parts.parameter("q").map(|query| format!("?{}", decode_percent(query))).unwrap_or_default();
    let mut damages = Vec::new();
    damages.extend((!secure).then_some(Damage::SchemeGuessed));
    damages
        .extend(parts.query.is_some_and(|query| query.contains('?')).then_some(Damage::SecondQuestionMark));
    let origin = Cow::Owned(format!("{scheme}://{path}{query}"));
    Some(DecodedOrigin { origin, lossless: false, relative: false, damages })
}

/// `/digest/code`: the digest in hex or base64, and the URL in hex, in base64, or in the older form `?url=`.
fn camo<'u>(parts: &UrlParts<'u>) -> Option<DecodedOrigin<'u>> {
    let path = parts.path.strip_prefix('/')?;
    let (digest, code) = path.split_once('/').unwrap_or((path, ""));
    let in_hex = matches!(digest.len(), 40 | 64) && digest.bytes().all(|byte| byte.is_ascii_hexdigit());
    match (in_hex, code, digest.len()) {
        (true, "", _) => coded(parts.parameter("url").map(|url| from_query(url).into_owned())),
        (true, ..) => coded(decode_hex(code)),
        (false, _, 27 | 43) => coded(decode_base64(code)),
        _ => None,
    }
}

/// `/gh/user/repository@reference/path`, or `/gh/user/repository/reference/path` on hosts that use that form.
fn github_file<'u>(proxy: &Proxy, parts: &UrlParts<'u>) -> Option<DecodedOrigin<'u>> {
    let (user, rest) = parts.path.strip_prefix("/gh/")?.split_once('/')?;
    let (repository, file) = rest.split_once('/').filter(|(_, file)| !file.is_empty())?;
    let (name, reference) = match repository.split_once('@') {
        Some((name, reference)) => (name, format!("/{reference}")),
        None if proxy.reference_in_path => (repository, String::new()),
        None => (repository, "/HEAD".to_owned()),
    };
    // A version may be a range, and its tag may be spelled differently.
    let version = reference.trim_start_matches(['/', 'v', '^', '~']);
    let is_version = version.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let lossless = reference.is_empty() || !(is_version || matches!(version, "HEAD" | "latest"));
    let origin = Cow::Owned(format!("https://raw.githubusercontent.com/{user}/{name}{reference}/{file}"));
    Some(DecodedOrigin { lossless, ..DecodedOrigin::certain(origin) })
}

/// The expiry time of the proxy's signature in Unix seconds.
fn expiry(proxy: &Proxy, parts: &UrlParts<'_>) -> Option<i64> {
    // Larger numbers are not seconds.
    parts
        .parameter(proxy.expiry.as_deref()?)?
        .parse()
        .ok()
        .filter(|seconds| (0..100_000_000_000).contains(seconds))
}
