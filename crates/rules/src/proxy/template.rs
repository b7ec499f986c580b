//! A site's own proxy as a template, which wraps origins and takes them out again.

use super::damage::is_wreck;
use super::decode::raw_or_encoded;
use super::parts::{behind_scheme, starts_like_url};
use super::percent::{decode_percent, encode_percent, is_component};
use std::borrow::Cow;

/// A proxy's URL with a place for the origin, or with one for each part of it.
///
/// The whole origin is `{origin}` or, percent-encoded, `{origin:percent}`. RSSHub's names are known too:
/// `${href}` is the whole, `${protocol}` (with its colon), `${host}`, `${pathname}` and `${search}` (with
/// its question mark) are parts, and `_ue` behind a name encodes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// Empty for a path of the same site.
    host: String,
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Place(Part, bool),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Whole,
    Protocol,
    Host,
    Pathname,
    Search,
}

/// How a template names the parts of an origin, and whether it encodes them.
const PLACES: [(&str, Part, bool); 12] = [
    ("{origin:percent}", Part::Whole, true),
    ("{origin}", Part::Whole, false),
    ("${href_ue}", Part::Whole, true),
    ("${href}", Part::Whole, false),
    ("${protocol_ue}", Part::Protocol, true),
    ("${protocol}", Part::Protocol, false),
    ("${host_ue}", Part::Host, true),
    ("${host}", Part::Host, false),
    ("${pathname_ue}", Part::Pathname, true),
    ("${pathname}", Part::Pathname, false),
    ("${search_ue}", Part::Search, true),
    ("${search}", Part::Search, false),
];

/// An origin cut into what RSSHub's names stand for; nothing is normalised.
#[derive(Default)]
struct Pieces<'o> {
    protocol: Cow<'o, str>,
    host: Cow<'o, str>,
    pathname: Cow<'o, str>,
    search: Cow<'o, str>,
}

impl Template {
    /// Reads a template such as `https://proxy.example/?u={origin:percent}`.
    ///
    /// # Errors
    /// A message that quotes the template: it has no origin or more than one, a name that is not known,
    /// or no host before the origin.
    pub fn parse(source: &str) -> Result<Self, String> {
        let fault = |what: &str| format!("proxy template `{source}` {what}");
        let (host, rest) = split_head(source).ok_or_else(|| fault("does not start with a host"))?;
        let template = Self { host: host.to_owned(), pieces: pieces_of(rest).map_err(|what| fault(&what))? };
        match template.flaw() {
            Some(what) => Err(fault(what)),
            None => Ok(template),
        }
    }

    /// The proxy's URL for an absolute http or https origin; `None` where it could not be taken out again
    /// as it went in.
    pub fn expand(&self, origin: &str) -> Option<String> {
        let parts = Pieces::of(origin)?;
        let mut url = if self.host.is_empty() { String::new() } else { format!("https://{}", self.host) };
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => url.push_str(text),
                Piece::Place(part, true) => url.push_str(&encode_percent(parts.part(*part, origin))),
                Piece::Place(part, false) => url.push_str(parts.part(*part, origin)),
            }
        }
        (self.invert(&url).as_deref() == Some(origin)).then_some(url)
    }

    /// The origin of one of the proxy's URLs, with any scheme and any case of the proxy's host. Without
    /// a place for the protocol it is `http:`.
    pub fn invert<'u>(&self, url: &'u str) -> Option<Cow<'u, str>> {
        self.unwrap(url).filter(|origin| Pieces::of(origin).is_some())
    }

    /// The same, and be the origin broken.
    pub(super) fn unwrap<'u>(&self, url: &'u str) -> Option<Cow<'u, str>> {
        let rest = self.behind_host(url)?;
        match self.whole() {
            Some(encoded) => self.whole_origin(rest, encoded),
            None => self.assembled_origin(rest),
        }
    }

    /// Whether the scheme of the origin cannot be told from the proxy's URL.
    pub(super) fn guesses_scheme(&self) -> bool {
        self.whole().is_none() && !self.has(Part::Protocol) && self.literal_scheme().is_none()
    }

    /// Whether the proxy's URL holds all of the origin.
    pub(super) fn is_complete(&self) -> bool {
        self.whole().is_some() || (!self.guesses_scheme() && self.has(Part::Search))
    }

    fn has(&self, wanted: Part) -> bool {
        self.pieces.iter().any(|piece| matches!(piece, Piece::Place(part, _) if *part == wanted))
    }

    /// Whether the one place for the whole origin, if there is one, encodes it.
    fn whole(&self) -> Option<bool> {
        self.pieces.iter().find_map(|piece| match piece {
            Piece::Place(Part::Whole, encoded) => Some(*encoded),
            _ => None,
        })
    }

    /// What cannot be taken apart again.
    fn flaw(&self) -> Option<&'static str> {
        let places: Vec<Part> = self.pieces.iter().filter_map(Piece::part).collect();
        let twice = places.iter().enumerate().any(|(at, part)| places[..at].contains(part));
        let encoded_pair = |pair: &[Piece]| matches!(pair, [Piece::Place(_, true), Piece::Place(..)]);
        if places.is_empty() {
            return Some("has no {origin} or {origin:percent}");
        }
        if twice || (self.whole().is_some() && places.len() > 1) {
            return Some("has more than one origin");
        }
        if self.whole().is_none() && !(self.has(Part::Host) && self.has(Part::Pathname)) {
            return Some("needs both ${host} and ${pathname}");
        }
        self.pieces.windows(2).any(encoded_pair).then_some("has an encoded part with nothing behind it")
    }

    /// The scheme that stands as text right before the host.
    fn literal_scheme(&self) -> Option<&'static str> {
        let at = self.pieces.iter().position(|piece| piece.part() == Some(Part::Host))?;
        let Some(Piece::Text(text)) = self.pieces.get(at.checked_sub(1)?) else { return None };
        let known = [("https:", ["https://", "https%3A%2F%2F"]), ("http:", ["http://", "http%3A%2F%2F"])];
        known.iter().find(|(_, ends)| ends.iter().any(|end| text.ends_with(end))).map(|(scheme, _)| *scheme)
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
            Some(Piece::Text(text)) => text.as_str(),
            _ => "",
        };
        let written = rest.strip_prefix(text(0))?.strip_suffix(text(2))?;
        // An encoded origin has no `&`: what follows one is a parameter that the template does not know.
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
                Piece::Text(text) => {
                    rest = rest.strip_prefix(text.as_str())?;
                    continue;
                }
                Piece::Place(part, encoded) => (*part, *encoded),
            };
            let next = match self.pieces.get(at + 1) {
                Some(Piece::Text(text)) => text.as_str(),
                _ => "",
            };
            let (value, after) = rest.split_at(part.length(rest, encoded, next)?);
            *parts.slot(part)? = if encoded { decode_percent(value) } else { Cow::Borrowed(value) };
            rest = after;
        }
        let protocol = match parts.protocol.as_ref() {
            "" => self.literal_scheme().unwrap_or("http:"),
            known => known,
        };
        rest.is_empty()
            .then(|| Cow::Owned(format!("{protocol}//{}{}{}", parts.host, parts.pathname, parts.search)))
    }
}

impl Piece {
    fn part(&self) -> Option<Part> {
        match self {
            Self::Place(part, _) => Some(*part),
            Self::Text(_) => None,
        }
    }
}

impl Part {
    /// How much of `rest` belongs to this part, which `next` follows.
    fn length(self, rest: &str, encoded: bool, next: &str) -> Option<usize> {
        let end_at = |ends: &[char]| rest.find(ends).unwrap_or(rest.len());
        let text_end = || if next.is_empty() { rest.len() } else { rest.find(next).unwrap_or(rest.len()) };
        if encoded {
            let is_code = |byte: &u8| is_component(*byte) || *byte == b'%';
            return Some(rest.bytes().position(|byte| !is_code(&byte)).unwrap_or(rest.len()).min(text_end()));
        }
        match self {
            Self::Whole => None,
            Self::Protocol => behind_scheme(rest).map(|after| rest.len() - after.len()),
            Self::Host => Some(end_at(&['/', '?', '#', '&'])),
            Self::Pathname => rest.starts_with('/').then(|| end_at(&['?', '#']).min(text_end())),
            Self::Search => Some(if rest.starts_with('?') { text_end() } else { 0 }),
        }
    }
}

impl<'o> Pieces<'o> {
    /// Cuts an absolute http or https URL with a host.
    fn of(origin: &'o str) -> Option<Self> {
        let after = behind_scheme(origin)?;
        let protocol = &origin[..origin.len() - after.len()];
        let after = after.strip_prefix("//")?;
        let (host, rest) = after.split_at(after.find(['/', '?', '#']).unwrap_or(after.len()));
        let (pathname, search) = rest.split_at(rest.find('?').unwrap_or(rest.len()));
        let [protocol, host, pathname, search] = [protocol, host, pathname, search].map(Cow::Borrowed);
        (!host.is_empty()).then_some(Self { protocol, host, pathname, search })
    }

    fn part<'a>(&'a self, part: Part, whole: &'a str) -> &'a str {
        match part {
            Part::Whole => whole,
            Part::Protocol => &self.protocol,
            Part::Host => &self.host,
            Part::Pathname => &self.pathname,
            Part::Search => &self.search,
        }
    }

    fn slot(&mut self, part: Part) -> Option<&mut Cow<'o, str>> {
        match part {
            Part::Whole => None,
            Part::Protocol => Some(&mut self.protocol),
            Part::Host => Some(&mut self.host),
            Part::Pathname => Some(&mut self.pathname),
            Part::Search => Some(&mut self.search),
        }
    }
}

/// The host, empty for a path of the same site, and what follows it.
fn split_head(source: &str) -> Option<(&str, &str)> {
    let Some(after) = behind_scheme(source).unwrap_or(source).strip_prefix("//") else {
        return source.starts_with('/').then_some(("", source));
    };
    let (host, rest) = after.split_at(after.find(['/', '?'])?);
    (!host.is_empty() && !host.contains(['{', '$'])).then_some((host, rest))
}

fn pieces_of(mut rest: &str) -> Result<Vec<Piece>, String> {
    let mut pieces = Vec::new();
    while !rest.is_empty() {
        let found = PLACES.iter().filter_map(|place| Some((rest.find(place.0)?, place)));
        // `${origin}` would be RSSHub's, which is only a part.
        let next = found.min_by_key(|(at, _)| *at);
        let (text, after) = match next {
            Some((at, (name, ..))) => (&rest[..at], &rest[at + name.len()..]),
            None => (rest, ""),
        };
        if let Some(unknown) = text.find("${").or_else(|| text.ends_with('$').then(|| text.len() - 1)) {
            let name = rest[unknown..].split_inclusive('}').next().unwrap_or_default();
            return Err(format!("has `{name}`, which is not known"));
        }
        if !text.is_empty() {
            pieces.push(Piece::Text(text.to_owned()));
        }
        if let Some((_, (_, part, encoded))) = next {
            pieces.push(Piece::Place(*part, *encoded));
        }
        rest = after;
    }
    Ok(pieces)
}
