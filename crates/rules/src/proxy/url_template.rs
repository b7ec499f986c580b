//! URL templates: of proxies, which wrap origins and give them back, or of the place where images move to.

use super::decode::raw_or_encoded;
use super::parts::{behind_scheme, starts_like_url};
use super::percent::{decode_percent, encode_percent, is_component};
use super::wrecks::is_wreck;
use std::borrow::Cow;

/// A URL with a placeholder for the origin, or with placeholders for its parts.
///
/// The whole origin is `{origin}`; its parts are `{scheme}` (without the colon), `{host}` (with the port),
/// `{path}` (without the first slash) and `{query}` (with the question mark). Parts of the path are `{file}`,
/// `{stem}` and `{ext}`; `{hash}` and `{slug}` are independent of the origin's parts. `:percent` after a name
/// percent-encodes the value. RSSHub's names are supported: `${href}` is the whole origin, `${protocol}` (with
/// the colon), `${host}`, `${pathname}` (with the slash) and `${search}` are parts, and `_ue` encodes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UrlTemplate {
    /// The scheme, slashes and host as written; empty for a path on the same site.
    head: String,
    /// Empty for a path on the same site.
    host: String,
    pieces: Vec<TemplatePiece>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum TemplatePiece {
    Text(String),
    Placeholder(OriginPart, bool),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum OriginPart {
    Whole,
    Protocol,
    Scheme,
    Host,
    Pathname,
    Path,
    Search,
    File,
    Stem,
    Extension,
    Hash,
    Slug,
}

/// The names of an origin's parts in templates.
const NAMES: [(&str, OriginPart); 10] = [
    ("origin", OriginPart::Whole),
    ("scheme", OriginPart::Scheme),
    ("host", OriginPart::Host),
    ("path", OriginPart::Path),
    ("query", OriginPart::Search),
    ("file", OriginPart::File),
    ("stem", OriginPart::Stem),
    ("ext", OriginPart::Extension),
    ("hash", OriginPart::Hash),
    ("slug", OriginPart::Slug),
];

/// RSSHub's names for them, after a `$`.
const RSSHUB_NAMES: [(&str, OriginPart); 5] = [
    ("href", OriginPart::Whole),
    ("protocol", OriginPart::Protocol),
    ("host", OriginPart::Host),
    ("pathname", OriginPart::Pathname),
    ("search", OriginPart::Search),
];

/// The values to fill into a template.
#[derive(Debug, Clone, Copy)]
pub struct Filling<'f> {
    /// An absolute http or https URL.
    pub origin: &'f str,
    /// A hash of the image, or of its URL, in hexadecimal digits.
    pub hash: &'f str,
    /// The post's slug.
    pub slug: &'f str,
}

/// An origin split into the parts that have names; nothing is normalized.
#[derive(Default)]
struct Pieces<'o> {
    protocol: Cow<'o, str>,
    host: Cow<'o, str>,
    pathname: Cow<'o, str>,
    search: Cow<'o, str>,
}

impl UrlTemplate {
    /// Parses a proxy's template such as `https://proxy.example/?u={origin:percent}`.
    ///
    /// # Errors
    /// A message that quotes the template: it has no origin or more than one, an unknown name, no host before
    /// the origin, or a placeholder from which the origin cannot be restored.
    pub fn parse(source: &str) -> Result<Self, String> {
        let template = Self::target(source)?;
        match template.flaw() {
            Some(what) => Err(fault(source, what)),
            None => Ok(template),
        }
    }

    /// Parses a template for the place where images move to; the origin need not be restorable from it.
    ///
    /// # Errors
    /// A message that quotes the template: it has no placeholder, an unknown name, or no host before the first
    /// placeholder.
    pub fn target(source: &str) -> Result<Self, String> {
        let does_not_start = || fault(source, "does not start with a host");
        let (head, host, rest) = split_head(source).ok_or_else(does_not_start)?;
        let pieces = pieces_of(rest).map_err(|what| fault(source, &what))?;
        if pieces.iter().all(|piece| piece.part().is_none()) {
            return Err(fault(source, "has no {origin} or {origin:percent}"));
        }
        Ok(Self { head: head.to_owned(), host: host.to_owned(), pieces })
    }

    /// The URL for an absolute http or https origin; `None` if the origin could not be restored unchanged.
    pub fn expand(&self, origin: &str) -> Option<String> {
        let url = self.fill(&Filling { origin, hash: "", slug: "" })?;
        (self.invert(&url).as_deref() == Some(origin)).then_some(url)
    }

    /// The URL with all placeholders filled in, whether or not the origin can be restored; `None` if the origin
    /// is not an absolute http or https URL.
    pub fn fill(&self, filling: &Filling<'_>) -> Option<String> {
        let parts = Pieces::of(filling.origin)?;
        let mut url = self.head.clone();
        for piece in &self.pieces {
            match piece {
                TemplatePiece::Text(text) => url.push_str(text),
                TemplatePiece::Placeholder(part, true) => {
                    url.push_str(&encode_percent(parts.part(*part, filling)))
                }
                TemplatePiece::Placeholder(part, false) => url.push_str(parts.part(*part, filling)),
            }
        }
        Some(url)
    }

    /// Whether every origin can be restored.
    pub fn is_reversible(&self) -> bool {
        self.flaw().is_none() && self.is_complete()
    }

    /// Whether a URL may have been made from it.
    pub fn matches(&self, url: &str) -> bool {
        if self.flaw().is_none() {
            return self.invert(url).is_some();
        }
        let text = |piece: Option<&TemplatePiece>| match piece {
            Some(TemplatePiece::Text(text)) => text.clone(),
            _ => String::new(),
        };
        let (start, end) = (text(self.pieces.first()), text(self.pieces.last()));
        self.behind_host(url).is_some_and(|rest| rest.starts_with(&start) && rest.ends_with(&end))
    }

    /// Whether it contains the hash.
    pub fn wants_hash(&self) -> bool {
        self.has(OriginPart::Hash)
    }

    /// The origin in one of the proxy's URLs, whatever the scheme and the case of the proxy's host. Without a
    /// placeholder for the protocol it is `http:`.
    pub fn invert<'u>(&self, url: &'u str) -> Option<Cow<'u, str>> {
        self.unwrap(url).filter(|origin| Pieces::of(origin).is_some())
    }

    /// The same, even if the origin is damaged.
    pub(super) fn unwrap<'u>(&self, url: &'u str) -> Option<Cow<'u, str>> {
        let rest = self.behind_host(url)?;
        match self.whole() {
            Some(encoded) => self.whole_origin(rest, encoded),
            None => self.assembled_origin(rest),
        }
    }

    /// Whether the proxy's URL does not show the origin's scheme.
    pub(super) fn guesses_scheme(&self) -> bool {
        let named = self.has(OriginPart::Protocol) || self.has(OriginPart::Scheme);
        self.whole().is_none() && !named && self.literal_scheme().is_none()
    }

    /// Whether the proxy's URL contains all of the origin.
    pub(super) fn is_complete(&self) -> bool {
        self.whole().is_some() || (!self.guesses_scheme() && self.has(OriginPart::Search))
    }

    fn has(&self, wanted: OriginPart) -> bool {
        self.pieces
            .iter()
            .any(|piece| matches!(piece, TemplatePiece::Placeholder(part, _) if *part == wanted))
    }

    /// Whether the placeholder for the whole origin encodes it; `None` if there is no such placeholder.
    fn whole(&self) -> Option<bool> {
        self.pieces.iter().find_map(|piece| match piece {
            TemplatePiece::Placeholder(OriginPart::Whole, encoded) => Some(*encoded),
            _ => None,
        })
    }

    /// Why origins cannot be restored from its URLs, if they cannot.
    fn flaw(&self) -> Option<&'static str> {
        let parts: Vec<OriginPart> = self.pieces.iter().filter_map(TemplatePiece::part).collect();
        let twice = parts.iter().enumerate().any(|(at, part)| parts[..at].contains(part));
        let encoded_pair = |pair: &[TemplatePiece]| {
            matches!(pair, [TemplatePiece::Placeholder(_, true), TemplatePiece::Placeholder(..)])
        };
        if parts.iter().any(|part| part.is_lossy()) {
            return Some("has a placeholder from which the origin cannot be restored");
        }
        if twice || (self.whole().is_some() && parts.len() > 1) {
            return Some("has more than one origin");
        }
        let has_path = self.has(OriginPart::Pathname) || self.has(OriginPart::Path);
        if self.whole().is_none() && !(self.has(OriginPart::Host) && has_path) {
            return Some("needs both the host and the path");
        }
        self.pieces.windows(2).any(encoded_pair).then_some("has an encoded part with nothing after it")
    }

    /// The scheme that is written as text directly before the host.
    fn literal_scheme(&self) -> Option<&'static str> {
        let at = self.pieces.iter().position(|piece| piece.part() == Some(OriginPart::Host))?;
        let Some(TemplatePiece::Text(text)) = self.pieces.get(at.checked_sub(1)?) else { return None };
        let schemes = [("https:", ["https://", "https%3A%2F%2F"]), ("http:", ["http://", "http%3A%2F%2F"])];
        schemes.iter().find(|(_, ends)| ends.iter().any(|end| text.ends_with(end))).map(|(scheme, _)| *scheme)
    }

    fn behind_host<'u>(&self, url: &'u str) -> Option<&'u str> {
        if self.host.is_empty() {
            return Some(url);
        }
        let after = behind_scheme(url).unwrap_or(url).strip_prefix("//")?;
        let host = after.get(..self.host.len())?;
        host.eq_ignore_ascii_case(&self.host).then(|| &after[host.len()..])
    }

    fn whole_origin<'u>(&self, rest: &'u str, encoded: bool) -> Option<Cow<'u, str>> {
        let text = |at: usize| match self.pieces.get(at) {
            Some(TemplatePiece::Text(text)) => text.as_str(),
            _ => "",
        };
        let written = rest.strip_prefix(text(0))?.strip_suffix(text(2))?;
        // An encoded origin contains no `&`: after one comes a parameter that the template does not know.
        if encoded && written.contains(['&', '#']) {
            return None;
        }
        let origin = if encoded { decode_percent(written) } else { raw_or_encoded(written) };
        let is_origin = starts_like_url(&origin) || origin.starts_with("//") || is_wreck(&origin);
        is_origin.then_some(origin)
    }

    fn assembled_origin<'u>(&self, mut rest: &'u str) -> Option<Cow<'u, str>> {
        let mut parts = Pieces::default();
        for (at, piece) in self.pieces.iter().enumerate() {
            let (part, encoded) = match piece {
                TemplatePiece::Text(text) => {
                    rest = rest.strip_prefix(text.as_str())?;
                    continue;
                }
                TemplatePiece::Placeholder(part, encoded) => (*part, *encoded),
            };
            let next = match self.pieces.get(at + 1) {
                Some(TemplatePiece::Text(text)) => text.as_str(),
                _ => "",
            };
            let (value, after) = rest.split_at(part.length(rest, encoded, next)?);
            let value = if encoded { decode_percent(value) } else { Cow::Borrowed(value) };
            parts.put(part, value)?;
            rest = after;
        }
        let protocol = match parts.protocol.as_ref() {
            "" => self.literal_scheme().unwrap_or("http:"),
            protocol => protocol,
        };
        rest.is_empty()
            .then(|| Cow::Owned(format!("{protocol}//{}{}{}", parts.host, parts.pathname, parts.search)))
    }
}

impl TemplatePiece {
    fn part(&self) -> Option<OriginPart> {
        match self {
            Self::Placeholder(part, _) => Some(*part),
            Self::Text(_) => None,
        }
    }
}

impl OriginPart {
    /// Number of bytes of `rest` that belong to this part, which is followed by the text `next`.
    fn length(self, rest: &str, encoded: bool, next: &str) -> Option<usize> {
        let end_at = |ends: &[char]| rest.find(ends).unwrap_or(rest.len());
        let text_end = || if next.is_empty() { rest.len() } else { rest.find(next).unwrap_or(rest.len()) };
        if encoded {
            let is_code = |byte: &u8| is_component(*byte) || *byte == b'%';
            return Some(rest.bytes().position(|byte| !is_code(&byte)).unwrap_or(rest.len()).min(text_end()));
        }
        match self {
            Self::Protocol => behind_scheme(rest).map(|after| rest.len() - after.len()),
            Self::Scheme => Some(rest.bytes().take_while(u8::is_ascii_alphabetic).count()),
            Self::Host => Some(end_at(&['/', '?', '#', '&'])),
            Self::Pathname => rest.starts_with('/').then(|| end_at(&['?', '#']).min(text_end())),
            Self::Path => Some(end_at(&['?', '#']).min(text_end())),
            Self::Search => Some(if rest.starts_with('?') { text_end() } else { 0 }),
            _ => None,
        }
    }

    /// Whether it keeps too little of the origin to restore it.
    fn is_lossy(self) -> bool {
        matches!(self, Self::File | Self::Stem | Self::Extension | Self::Hash | Self::Slug)
    }
}

impl<'o> Pieces<'o> {
    /// Splits an absolute http or https URL with a host.
    fn of(origin: &'o str) -> Option<Self> {
        let after = behind_scheme(origin)?;
        let protocol = &origin[..origin.len() - after.len()];
        let after = after.strip_prefix("//")?;
        let (host, rest) = after.split_at(after.find(['/', '?', '#']).unwrap_or(after.len()));
        let (pathname, search) = rest.split_at(rest.find('?').unwrap_or(rest.len()));
        let [protocol, host, pathname, search] = [protocol, host, pathname, search].map(Cow::Borrowed);
        (!host.is_empty()).then_some(Self { protocol, host, pathname, search })
    }

    fn part<'a>(&'a self, part: OriginPart, filling: &Filling<'a>) -> &'a str {
        let file = || self.pathname.rsplit('/').next().unwrap_or_default();
        match part {
            OriginPart::Whole => filling.origin,
            OriginPart::Protocol => &self.protocol,
            OriginPart::Scheme => self.protocol.trim_end_matches(':'),
            OriginPart::Host => &self.host,
            OriginPart::Pathname => &self.pathname,
            OriginPart::Path => self.pathname.strip_prefix('/').unwrap_or(&self.pathname),
            OriginPart::Search => &self.search,
            OriginPart::File => file(),
            OriginPart::Stem => file().rsplit_once('.').map_or(file(), |(stem, _)| stem),
            OriginPart::Extension => file().rsplit_once('.').map_or("", |(_, extension)| extension),
            OriginPart::Hash => filling.hash,
            OriginPart::Slug => filling.slug,
        }
    }

    fn put(&mut self, part: OriginPart, value: Cow<'o, str>) -> Option<()> {
        match part {
            OriginPart::Protocol => self.protocol = value,
            OriginPart::Scheme => self.protocol = Cow::Owned(format!("{value}:")),
            OriginPart::Host => self.host = value,
            OriginPart::Pathname => self.pathname = value,
            OriginPart::Path => self.pathname = Cow::Owned(format!("/{value}")),
            OriginPart::Search => self.search = value,
            _ => return None,
        }
        Some(())
    }
}

fn fault(source: &str, what: &str) -> String {
    format!("template `{source}` {what}")
}

/// Splits a template into the scheme and host as written, the host alone, and the rest. The first two are empty
/// for a path on the same site.
fn split_head(source: &str) -> Option<(&str, &str, &str)> {
    let Some(after) = behind_scheme(source).unwrap_or(source).strip_prefix("//") else {
        return source.starts_with('/').then_some(("", "", source));
    };
    let (host, rest) = after.split_at(after.find(['/', '?'])?);
    let head = &source[..source.len() - rest.len()];
    (!host.is_empty() && !host.contains(['{', '$'])).then_some((head, host, rest))
}

fn pieces_of(mut rest: &str) -> Result<Vec<TemplatePiece>, String> {
    let mut pieces = Vec::new();
    while let Some(at) = rest.find('{') {
        let is_rsshub = rest[..at].ends_with('$');
        let start = at - usize::from(is_rsshub);
        let length = rest[at..].find('}').ok_or_else(|| format!("has an unclosed `{}`", &rest[start..]))?;
        let end = at + length + 1;
        let name = &rest[at + 1..end - 1];
        let (part, encoded) = placeholder_named(name, is_rsshub)
            .ok_or_else(|| format!("has the unknown placeholder `{}`", &rest[start..end]))?;
        if start > 0 {
            pieces.push(TemplatePiece::Text(rest[..start].to_owned()));
        }
        pieces.push(TemplatePiece::Placeholder(part, encoded));
        rest = &rest[end..];
    }
    if !rest.is_empty() {
        pieces.push(TemplatePiece::Text(rest.to_owned()));
    }
    Ok(pieces)
}

/// The part with that name, and whether it is encoded.
fn placeholder_named(name: &str, is_rsshub: bool) -> Option<(OriginPart, bool)> {
    let (names, mark): (&[_], _) = if is_rsshub { (&RSSHUB_NAMES, "_ue") } else { (&NAMES, ":percent") };
    let bare = name.strip_suffix(mark);
    let (_, part) = names.iter().find(|(listed, _)| *listed == bare.unwrap_or(name))?;
    Some((*part, bare.is_some()))
}
