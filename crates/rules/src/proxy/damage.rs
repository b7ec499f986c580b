//! What can be broken about a proxy URL: each kind with its own message, and its mending if sure.

use super::Proxied;
use super::catalogue::{Form, Proxies, Proxy};
use super::decode::{Parts, decode_percent};
use url::Url;

/// A way in which a proxy URL is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Damage {
    /// The proxy is asked for a proxy's URL.
    DoubleProxy,
    /// `http:/host`
    CollapsedSlash,
    /// `http:///host`
    ExtraSlash,
    /// `//host`: the proxy has no page whose scheme it could take.
    SchemeMissing,
    /// A quote got into the URL.
    StrayQuote,
    /// A second `?` in the proxy's own query.
    SecondQuestionMark,
    /// The origin's `&` is read as the proxy's.
    NestedQueryNotEncoded,
    /// `%253A`
    DoubleEncoded,
    /// `&amp;` where no place decodes it.
    HtmlEntity,
    /// A blank in the origin.
    SpaceInUrl,
    /// `：` or `／` in the origin's scheme or host.
    FullWidthCharacter,
    /// The URL ends in the middle.
    Truncated,
    /// `undefined`, `null`, `NaN` or `[object Object]` instead of a value.
    PlaceholderSegment,
    /// `D:\photo` or `file:`.
    LocalPath,
    /// The origin is no URL.
    NotAUrl,
    /// The service is gone.
    DeadHost,
}

/// Every kind with its name and its message, worst first.
const TABLE: [(Damage, &str, &str); 16] = [
    (
        Damage::PlaceholderSegment,
        "placeholder-segment",
        "proxy is asked for a value that a script left undefined",
    ),
    (Damage::LocalPath, "local-path", "proxy is asked for a file of somebody's own disk"),
    (Damage::DoubleProxy, "double-proxy", "image goes through two proxies, one inside the other"),
    (Damage::CollapsedSlash, "collapsed-slash", "the URL inside the proxy's has lost a slash: http:/…"),
    (Damage::ExtraSlash, "extra-slash", "the URL inside the proxy's has a slash too many: http:///…"),
    (Damage::SchemeMissing, "scheme-missing", "the URL inside the proxy's has no http: or https:"),
    (Damage::StrayQuote, "stray-quote", "a quote got into the proxy's URL"),
    (
        Damage::FullWidthCharacter,
        "full-width-character",
        "the URL inside the proxy's has a full-width : or /",
    ),
    (Damage::DoubleEncoded, "double-encoded", "the URL inside the proxy's is percent-encoded twice"),
    (Damage::HtmlEntity, "html-entity", "the proxy's URL holds &amp; where nothing decodes it"),
    (Damage::SpaceInUrl, "space-in-url", "the URL inside the proxy's holds a blank"),
    (Damage::SecondQuestionMark, "second-question-mark", "the proxy's options follow a second question mark"),
    (
        Damage::NestedQueryNotEncoded,
        "nested-query-not-encoded",
        "the image's own query is not encoded, so the proxy takes it for its options",
    ),
    (Damage::Truncated, "truncated", "the URL inside the proxy's ends in the middle"),
    (Damage::NotAUrl, "not-a-url", "the proxy is asked for something that is no URL"),
    (Damage::DeadHost, "dead-host", "the proxy's service has been shut down"),
];

impl Damage {
    /// Its name in reports.
    pub fn name(self) -> &'static str {
        self.row().1
    }

    /// What a finding says.
    pub fn message(self) -> &'static str {
        self.row().2
    }

    fn row(self) -> &'static (Self, &'static str, &'static str) {
        TABLE.iter().find(|(damage, ..)| *damage == self).expect("the table names every kind")
    }
}

/// Adds what is broken to a proxied URL.
pub(super) fn examine<'u>(
    mut proxied: Proxied<'u>,
    url: &str,
    known: Option<(&Proxy, Parts<'_>)>,
    proxies: &Proxies,
) -> Proxied<'u> {
    let origin = proxied.origin.as_ref();
    let relative = known.is_some_and(|(proxy, _)| proxy.relative) && origin.starts_with('/');
    let owns_query = known.is_some_and(|(proxy, _)| proxy.form == Form::Parameter);
    let encoded = url.contains("%3A%2F%2F") || url.contains("%3a%2f%2f");
    let finds = |damage| match damage {
        Damage::PlaceholderSegment => has_placeholder(origin),
        Damage::LocalPath => is_local_path(origin),
        Damage::DoubleProxy => !relative && is_proxied(origin, proxies),
        Damage::CollapsedSlash => {
            scheme_rest(origin).is_some_and(|rest| rest.starts_with('/') && !rest.starts_with("//"))
        }
        Damage::ExtraSlash => scheme_rest(origin).is_some_and(|rest| rest.starts_with("///")),
        Damage::SchemeMissing => !relative && origin.starts_with("//"),
        Damage::StrayQuote => url.contains(['"', '\'']) && !encoded,
        Damage::FullWidthCharacter => {
            origin.get(..12.min(origin.len())).unwrap_or(origin).contains(['：', '／'])
        }
        Damage::DoubleEncoded => origin.starts_with("http%") || origin.starts_with("https%"),
        Damage::HtmlEntity => url.contains("&amp;"),
        Damage::SpaceInUrl => origin.trim().contains(' '),
        Damage::SecondQuestionMark => owns_query && !encoded && url.matches('?').count() > 1,
        Damage::NestedQueryNotEncoded => owns_query && !encoded && known.is_some_and(takes_origins_query),
        Damage::Truncated => {
            origin.ends_with('%')
                || (origin.len() > 2
                    && origin[origin.floor_char_boundary(origin.len() - 2)..].starts_with('%'))
        }
        Damage::NotAUrl => !relative && !is_url(origin),
        Damage::DeadHost => known.is_some_and(|(proxy, _)| proxy.dead),
    };
    let damages: Vec<Damage> =
        TABLE.iter().map(|(damage, ..)| *damage).filter(|damage| finds(*damage)).collect();
    proxied.damages = damages;
    proxied
}

fn is_proxied(origin: &str, proxies: &Proxies) -> bool {
    proxies.recognise(origin).is_some_and(|(inner, _)| {
        matches!(inner.family, super::Family::Cors | super::Family::Own | super::Family::Mirror)
    })
}

/// What follows `http:` or `https:`.
fn scheme_rest(origin: &str) -> Option<&str> {
    origin.strip_prefix("http:").or_else(|| origin.strip_prefix("https:"))
}

fn has_placeholder(origin: &str) -> bool {
    let values = ["undefined", "null", "NaN", "[object Object]", "%5Bobject%20Object%5D"];
    origin.split(['/', '?', '&', '=']).skip(2).any(|part| values.contains(&part))
}

fn is_local_path(origin: &str) -> bool {
    let bytes = origin.as_bytes();
    let drive = bytes.len() > 2
        && bytes[0].is_ascii_alphabetic()
        && bytes[1] == b':'
        && matches!(bytes[2], b'\\' | b'/');
    drive || origin.starts_with("file:")
}

/// Whether the raw origin has a query of its own, and more follows that may be meant for it.
fn takes_origins_query((proxy, parts): (&Proxy, Parts<'_>)) -> bool {
    let value = parts.parameter(&proxy.parameter).unwrap_or_default();
    let behind = parts.query.and_then(|query| query.split_once(value)).map_or("", |(_, behind)| behind);
    value.contains('?') && behind.starts_with('&')
}

fn is_url(origin: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/?=&%+".contains(&byte);
    let after_scheme = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
    // Nearly all look like this, and need no parser.
    if let Some(rest) = after_scheme
        && rest.bytes().all(plain)
    {
        let host = rest.split(['/', '?']).next().unwrap_or_default();
        let named =
            host.contains('.') && !host.starts_with(['.', '-']) && !host.contains(['%', '=', '&', '+', '~']);
        if named && host.bytes().next_back().is_some_and(|byte| byte.is_ascii_alphabetic()) {
            return true;
        }
    }
    Url::parse(origin).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

/// The one URL that was surely meant, where the damage leaves no doubt.
pub fn mended(proxied: &Proxied<'_>) -> Option<String> {
    let origin = proxied.origin.as_ref();
    let fixed = match proxied.damages.as_slice() {
        [Damage::CollapsedSlash, ..] | [Damage::ExtraSlash, ..] => {
            let (scheme, rest) = origin.split_once(':')?;
            format!("{scheme}://{}", rest.trim_start_matches('/'))
        }
        [Damage::DoubleProxy, ..] => innermost(origin)?,
        [Damage::DoubleEncoded, ..] => {
            let once = decode_percent(origin)?;
            decode_percent(&once)
                .filter(|_| once.contains("%3A"))
                .map_or(once.to_string(), |twice| twice.into_owned())
        }
        [Damage::DeadHost] if proxied.lossless => origin.to_owned(),
        _ => return None,
    };
    is_url(&fixed).then_some(fixed)
}

/// What the last proxy in a row of proxies is asked for.
fn innermost(origin: &str) -> Option<String> {
    let at = ["http://", "https://"].iter().filter_map(|scheme| origin.rfind(scheme)).max()?;
    (at > 0).then(|| origin[at..].to_owned())
}
