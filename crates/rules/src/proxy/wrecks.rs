//! Tells URLs from their broken remains: placeholders, local paths, truncated names.

use super::parts::behind_scheme;
use memchr::{memchr, memchr_iter, memchr2};
use url::Url;

/// Whether a text that is not a URL is a known kind of broken URL.
pub(super) fn is_wreck(text: &str) -> bool {
    PLACEHOLDERS.contains(&text.split(['/', '?']).next().unwrap_or_default()) || is_local_path(text)
}

/// Quotation marks that may occur inside a name; one at the end of a URL does not belong to it.
pub(super) const QUOTES: [char; 4] = ['"', '\'', '“', '”'];
pub(super) const FULL_WIDTH: [char; 3] = ['：', '／', '？'];
const PLACEHOLDERS: [&str; 6] =
    ["undefined", "null", "NaN", "[object Object]", "[object%20Object]", "%5Bobject%20Object%5D"];

pub(super) fn is_url(origin: &str) -> bool {
    is_plain_url(origin)
        || Url::parse(origin).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

/// Whether an origin is a URL without any byte that occurs in damage, and the proxy's URL has no quotes and no
/// character references. True of nearly all URLs.
pub(super) fn is_sound_and_plain(origin: &str, url: &str) -> bool {
    static HARMLESS: [bool; 256] = byte_table(b"-._~/?=&%+:,;@!$*#[]()");
    let is_harmless = url.bytes().fold(true, |all, byte| all & HARMLESS[byte as usize]);
    is_harmless
        && is_plain_url(origin)
        && memchr(b'%', origin.as_bytes()).is_none()
        && memchr_iter(b'&', url.as_bytes()).all(|at| !url[at..].starts_with("&amp;"))
}

/// True of nearly all origins, which then need no URL parser.
fn is_plain_url(origin: &str) -> bool {
    static PLAIN: [bool; 256] = byte_table(b"-._~/?=&%+");
    static NAMING: [bool; 256] = byte_table(b"-.");
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

/// A table of the bytes that are ASCII letters, digits or one of `others`.
const fn byte_table(others: &[u8]) -> [bool; 256] {
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

/// Whether a path segment is a placeholder. In the query such words are harmless.
pub(super) fn has_placeholder(origin: &str) -> bool {
    let path = &origin[..memchr2(b'?', b'#', origin.as_bytes()).unwrap_or(origin.len())];
    let starts = memchr_iter(b'/', path.as_bytes()).map(|at| at + 1).chain([0]);
    let mut likely =
        starts.filter(|start| PLACEHOLDERS.iter().any(|placeholder| path[*start..].starts_with(placeholder)));
    likely.any(|start| PLACEHOLDERS.contains(&path[start..].split('/').next().unwrap_or_default()))
}

pub(super) fn is_local_path(origin: &str) -> bool {
    let mut marks = origin.chars();
    let drive = marks.next().is_some_and(|mark| mark.is_ascii_alphabetic()) && marks.next() == Some(':');
    let rest = marks.as_str();
    let after_drive = rest.starts_with(['\\', '/']) || rest.starts_with("%5C") || rest.starts_with("%5c");
    let file = origin.get(..5).is_some_and(|head| head.eq_ignore_ascii_case("file:"));
    (drive && after_drive) || file
}

/// The scheme and host, up to the slash after them.
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

/// Whether it ends in a truncated escape, has only a scheme, or ends in a hyphen after a name of words and
/// hyphens.
pub(super) fn is_truncated(origin: &str) -> bool {
    let mut end = origin.bytes().rev();
    let cut_escape = end.next() == Some(b'%') || end.next() == Some(b'%');
    let only_scheme = behind_scheme(origin).is_some_and(|rest| rest.trim_start_matches('/').is_empty());
    let name = origin.rsplit('/').next().unwrap_or_default();
    let is_slug = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    cut_escape || only_scheme || (is_slug && name.len() > 1 && name.ends_with('-'))
}

/// Whether an origin has neither a path nor a query.
pub(super) fn is_hostname(origin: &str) -> bool {
    behind_scheme(origin).is_some() && authority(origin).len() == origin.len()
}
