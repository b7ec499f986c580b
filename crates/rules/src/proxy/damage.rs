//! What can be broken about a proxy URL: each kind with its own message, worst first.

use super::Proxied;
use super::parts::{behind_scheme, is_encoded, starts_with_host};
use memchr::{memchr, memchr_iter, memchr2};
use url::Url;

/// A way in which a proxy URL is broken, or in which its origin is not certain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Damage {
    /// `?` and nothing behind it.
    NoOrigin,
    /// `undefined`, `null`, `NaN` or `[object Object]` instead of a value.
    PlaceholderSegment,
    /// `D:\photo` or `file:`.
    LocalPath,
    /// `[label](target)` instead of a URL.
    NestedMarkdown,
    /// The proxy is asked for a proxy's URL.
    DoubleProxy,
    /// `http:/host`
    CollapsedSlash,
    /// `http:///host`
    ExtraSlash,
    /// `//host`, or a host alone: the proxy has no page whose scheme it could take.
    SchemeMissing,
    /// A quote got into the URL.
    StrayQuote,
    /// `：`, `／` or `？` in the origin's scheme or host.
    FullWidthCharacter,
    /// `%253A`
    DoubleEncoded,
    /// `&amp;` where no place decodes it.
    HtmlEntity,
    /// A blank or a line break in the origin.
    SpaceInUrl,
    /// A bracket that is opened and not closed, or the other way round.
    UnbalancedParenthesis,
    /// A second `?` in the proxy's own query.
    SecondQuestionMark,
    /// The origin's query is read as the proxy's.
    NestedQueryNotEncoded,
    /// The URL ends in the middle.
    Truncated,
    /// The origin is no absolute http or https URL, and nothing above says why.
    NotAUrl,
    /// The service is gone.
    DeadHost,
    /// The signature holds until these unix seconds. Whether they are over is for the caller to say.
    ExpiredSignature(i64),
    /// The proxy's URL does not say whether the origin is http or https.
    SchemeGuessed,
}

/// Every kind with its name and its message, worst first.
const TABLE: [(Damage, &str, &str); 21] = [
    (Damage::NoOrigin, "no-origin", "the proxy is asked for nothing"),
    (
        Damage::PlaceholderSegment,
        "placeholder-segment",
        "proxy is asked for a value that a script left undefined",
    ),
    (Damage::LocalPath, "local-path", "proxy is asked for a file of somebody's own disk"),
    (Damage::NestedMarkdown, "nested-markdown", "a Markdown link stands where the proxy's URL should be"),
    (Damage::DoubleProxy, "double-proxy", "image goes through two proxies, one inside the other"),
    (Damage::CollapsedSlash, "collapsed-slash", "the URL inside the proxy's has lost a slash: http:/…"),
    (Damage::ExtraSlash, "extra-slash", "the URL inside the proxy's has a slash too many: http:///…"),
    (Damage::SchemeMissing, "scheme-missing", "the URL inside the proxy's has no http: or https:"),
    (Damage::StrayQuote, "stray-quote", "a quote got into the proxy's URL"),
    (
        Damage::FullWidthCharacter,
        "full-width-character",
        "the URL inside the proxy's has a full-width :, / or ?",
    ),
    (Damage::DoubleEncoded, "double-encoded", "the URL inside the proxy's is percent-encoded twice"),
    (Damage::HtmlEntity, "html-entity", "the proxy's URL holds &amp; where nothing decodes it"),
    (Damage::SpaceInUrl, "space-in-url", "the URL inside the proxy's holds a blank"),
    (
        Damage::UnbalancedParenthesis,
        "unbalanced-parenthesis",
        "the URL inside the proxy's has a parenthesis without its other half",
    ),
    (Damage::SecondQuestionMark, "second-question-mark", "the proxy's options follow a second question mark"),
    (
        Damage::NestedQueryNotEncoded,
        "nested-query-not-encoded",
        "the image's own query is not encoded, so the proxy takes it for its options",
    ),
    (Damage::Truncated, "truncated", "the URL inside the proxy's ends in the middle"),
    (Damage::NotAUrl, "not-a-url", "the proxy is asked for something that is no URL"),
    (Damage::DeadHost, "dead-host", "the proxy's service has been shut down"),
    (Damage::ExpiredSignature(0), "expired-signature", "the proxy's URL is signed, and only until"),
    (
        Damage::SchemeGuessed,
        "scheme-guessed",
        "the proxy's URL does not say whether the image's is http or https",
    ),
];

impl Damage {
    /// Its name in reports.
    pub fn name(self) -> &'static str {
        TABLE[self.place()].1
    }

    /// What a finding says.
    pub fn message(self) -> String {
        let message = TABLE[self.place()].2;
        match self {
            Self::ExpiredSignature(seconds) => format!("{message} {}", day_of(seconds)),
            _ => message.to_owned(),
        }
    }

    /// Whether it keeps the image from being shown. An uncertain scheme does not, and of a signature
    /// only the caller knows.
    pub fn breaks(self) -> bool {
        !matches!(self, Self::SchemeGuessed | Self::ExpiredSignature(_))
    }

    fn place(self) -> usize {
        let kind = std::mem::discriminant(&self);
        let is_kind = |row: &(Self, &str, &str)| std::mem::discriminant(&row.0) == kind;
        TABLE.iter().position(is_kind).expect("the table names every kind")
    }
}

/// Adds what is broken about the origin, and sorts all damage worst first.
pub(super) fn examine(proxied: &mut Proxied<'_>, url: &str, relative: bool, doubled: bool) {
    let origin = proxied.origin.as_ref();
    if !relative && !doubled && is_sound_and_plain(origin, url) {
        proxied.damages.sort_by_key(|damage| damage.place());
        let truncated = is_hostname(origin) && proxied.family.doubles();
        if !truncated && !has_placeholder(origin) && !is_truncated(origin) {
            return;
        }
    }
    let after_scheme = behind_scheme(origin);
    let slashes = after_scheme.map(|rest| rest.len() - rest.trim_start_matches('/').len());
    let bare = !relative && after_scheme.is_none();
    let checks = [
        (Damage::PlaceholderSegment, has_placeholder(origin)),
        (Damage::LocalPath, is_local_path(origin)),
        (Damage::NestedMarkdown, origin.contains("](") || origin.contains("%5D(")),
        (Damage::DoubleProxy, doubled),
        (Damage::CollapsedSlash, slashes == Some(1)),
        (Damage::ExtraSlash, slashes > Some(2)),
        (Damage::SchemeMissing, bare && (origin.starts_with("//") || starts_with_host(origin))),
        (Damage::StrayQuote, url.contains('"') || url.ends_with(QUOTES)),
        (Damage::FullWidthCharacter, authority(origin).contains(FULL_WIDTH)),
        (Damage::DoubleEncoded, is_encoded(origin)),
        (Damage::HtmlEntity, url.contains("&amp;")),
        (Damage::SpaceInUrl, origin.contains(|mark: char| mark.is_ascii_whitespace())),
        (Damage::UnbalancedParenthesis, !is_balanced(origin)),
        (Damage::Truncated, is_truncated(origin) || (is_hostname(origin) && proxied.family.doubles())),
    ];
    let mut damages = std::mem::take(&mut proxied.damages);
    damages.extend(checks.iter().filter(|(_, found)| *found).map(|(damage, _)| *damage));
    let explained = damages.iter().any(|damage| damage.breaks() && *damage != Damage::DeadHost);
    if !relative && !explained && !is_url(origin) {
        damages.push(Damage::NotAUrl);
    }
    damages.sort_by_key(|damage| damage.place());
    proxied.damages = damages;
}

/// Whether a text that is no URL is one of the known wrecks of one.
pub(super) fn is_wreck(text: &str) -> bool {
    PLACEHOLDERS.contains(&text.split(['/', '?']).next().unwrap_or_default()) || is_local_path(text)
}

/// Quotes that may stand in a name; one at the end of a URL is nevertheless none of its own.
pub(super) const QUOTES: [char; 4] = ['"', '\'', '“', '”'];
const FULL_WIDTH: [char; 3] = ['：', '／', '？'];
const PLACEHOLDERS: [&str; 6] =
    ["undefined", "null", "NaN", "[object Object]", "[object%20Object]", "%5Bobject%20Object%5D"];

pub(super) fn is_url(origin: &str) -> bool {
    is_plain_url(origin)
        || Url::parse(origin).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

/// Whether an origin is a URL without a byte that any damage needs, and the proxy's URL has no quote and no
/// reference. Nearly all are so.
fn is_sound_and_plain(origin: &str, url: &str) -> bool {
    static HARMLESS: [bool; 256] = letters_and(b"-._~/?=&%+:,;@!$*#[]()");
    let is_harmless = url.bytes().fold(true, |all, byte| all & HARMLESS[byte as usize]);
    is_harmless
        && is_plain_url(origin)
        && memchr(b'%', origin.as_bytes()).is_none()
        && memchr_iter(b'&', url.as_bytes()).all(|at| !url[at..].starts_with("&amp;"))
}

/// Nearly all origins look like this, and need no parser.
fn is_plain_url(origin: &str) -> bool {
    static PLAIN: [bool; 256] = letters_and(b"-._~/?=&%+");
    static NAMING: [bool; 256] = letters_and(b"-.");
    let rest = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
    let is_plain = |rest: &&str| rest.bytes().fold(true, |all, byte| all & PLAIN[byte as usize]);
    let Some(rest) = rest.filter(is_plain) else { return false };
    let host = &rest[..memchr2(b'/', b'?', rest.as_bytes()).unwrap_or(rest.len())];
    host.bytes().all(|byte| NAMING[byte as usize])
        && host.contains('.')
        && !host.contains("..")
        && !host.contains("xn--")
        && !host.starts_with(['.', '-'])
        && host.ends_with(|mark: char| mark.is_ascii_alphabetic())
}

/// Which bytes are ASCII letters, digits or one of these.
const fn letters_and(others: &[u8]) -> [bool; 256] {
    let (mut table, mut at) = ([false; 256], 0);
    while at < 256 {
        table[at] = (at as u8).is_ascii_alphanumeric();
        at += 1;
    }
    at = 0;
    while at < others.len() {
        table[others[at] as usize] = true;
        at += 1;
    }
    table
}

/// A segment of the path, not a value of the query: there such words are harmless.
fn has_placeholder(origin: &str) -> bool {
    let path = &origin[..memchr2(b'?', b'#', origin.as_bytes()).unwrap_or(origin.len())];
    let starts = memchr_iter(b'/', path.as_bytes()).map(|at| at + 1).chain([0]);
    let mut likely =
        starts.filter(|start| PLACEHOLDERS.iter().any(|known| path[*start..].starts_with(known)));
    likely.any(|start| PLACEHOLDERS.contains(&path[start..].split('/').next().unwrap_or_default()))
}

fn is_local_path(origin: &str) -> bool {
    let mut marks = origin.chars();
    let drive = marks.next().is_some_and(|mark| mark.is_ascii_alphabetic()) && marks.next() == Some(':');
    let rest = marks.as_str();
    let after_drive = rest.starts_with(['\\', '/']) || rest.starts_with("%5C") || rest.starts_with("%5c");
    let file = origin.get(..5).is_some_and(|head| head.eq_ignore_ascii_case("file:"));
    (drive && after_drive) || file
}

/// The scheme and the host, to the slash that ends it.
pub(super) fn authority(origin: &str) -> &str {
    let start = behind_scheme(origin).map_or(0, |rest| origin.len() - rest.trim_start_matches('/').len());
    let end = origin[start..].find(['/', '?', '#']).map_or(origin.len(), |end| start + end);
    &origin[..end]
}

pub(super) fn is_balanced(origin: &str) -> bool {
    let depth = origin.bytes().try_fold(0usize, |depth, byte| match byte {
        b'(' => Some(depth + 1),
        b')' => depth.checked_sub(1),
        _ => Some(depth),
    });
    depth == Some(0)
}

/// A cut escape, a cut name of a host, or a name of words and hyphens that ends in a hyphen.
fn is_truncated(origin: &str) -> bool {
    let mut end = origin.bytes().rev();
    let cut_escape = end.next() == Some(b'%') || end.next() == Some(b'%');
    let only_scheme = behind_scheme(origin).is_some_and(|rest| rest.trim_start_matches('/').is_empty());
    let name = origin.rsplit('/').next().unwrap_or_default();
    let is_slug = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    cut_escape || only_scheme || (is_slug && name.len() > 1 && name.ends_with('-'))
}

/// Whether an origin has neither a path nor a query.
fn is_hostname(origin: &str) -> bool {
    behind_scheme(origin).is_some() && authority(origin).len() == origin.len()
}

/// The day of some unix seconds as year, month and day.
fn day_of(seconds: i64) -> String {
    // Days since 1 March of the year 0, in eras of 400 years.
    let days = seconds.div_euclid(86_400).saturating_add(719_468);
    let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (month, carry) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    format!("{:04}-{month:02}-{day:02}", year + era * 400 + carry)
}
