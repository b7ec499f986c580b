//! Moves URLs: which of a post's, from where to where, and why the others stay.

mod maps;
mod proof;
mod scope;
mod target;
mod unwrap;

pub use scope::{Also, Group};

use crate::proxy::{Family, Proxied, Proxies};
use crate::site::Home;
use maps::{HostPattern, Maps};
use postmend_core::{Edit, Escaping, Patch, Span, Url};
use scope::Scope;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use target::MigrationTarget;
use unwrap::Unwrap;

/// Which URLs move, and where to. A URL is taken out of its proxy, moved by the one map that matches
/// most of it, and wrapped; each at most once.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct MigrationOptions {
    /// Proxies to take URLs out of: names, families, `all`, or templates.
    pub unwrap: Vec<String>,
    /// Hosts and the ones that take their place.
    pub hosts: Vec<(String, String)>,
    /// Starts of URLs and what takes their place.
    pub prefixes: Vec<(String, String)>,
    /// Regular expressions and what takes the place of their match.
    pub regexes: Vec<(String, String)>,
    /// Whole URLs and what takes their place.
    pub pairs: Vec<(String, String)>,
    /// Hosts whose `http` becomes `https`.
    pub https: Vec<String>,
    /// A template, or a proxy's name, that every URL ends in.
    pub to: Option<String>,
    /// The hosts whose images move; all if none is named.
    pub only: Vec<String>,
    /// The hosts whose images stay.
    pub except: Vec<String>,
    /// What moves besides images.
    pub also: Vec<Also>,
    /// The places that are left alone.
    pub skip: Vec<Group>,
    /// Whether a URL moves although its proxy does not hold all of it.
    pub lossy: bool,
}

/// A migration, ready to be asked about posts. Made once and shared by all threads.
#[derive(Debug)]
pub struct Migration {
    /// The catalogue, the site's own proxies, and those of this migration.
    proxies: Proxies,
    unwrap: Unwrap,
    maps: Maps,
    target: Option<MigrationTarget>,
    only: Vec<HostPattern>,
    except: Vec<HostPattern>,
    scope: Scope,
    lossy: bool,
}

/// What becomes of a URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It is none of this migration's.
    Unconcerned,
    /// It would move, but for this.
    Stays(Why),
    /// It moves.
    Moves(Destination),
}

/// Where a URL moves to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destination {
    /// The new URL.
    pub url: String,
    /// The URL of the image itself, between being taken out of its proxy and being wrapped.
    pub origin: String,
    /// The maps that moved it, in their order.
    pub by: String,
    /// Whether nothing about the image's address was guessed or dropped.
    pub lossless: bool,
    /// Whether a second migration would move it once more.
    pub moves_again: bool,
}

/// Why a URL stays although the migration is about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// The proxy's URL does not hold all of the image's.
    Lossy(String),
    /// The proxy's URL is damaged.
    Damaged(String),
    /// It goes through a proxy that the migration does not take away.
    Proxied(String),
    /// It says neither http nor https.
    NoScheme,
    /// The target would give another URL back.
    DoesNotFit,
    /// A template of the site makes a part of it.
    Templated,
    /// The place where it stands cannot hold the new URL.
    Place,
    /// It stands inside another URL that moves.
    Overlaps,
    /// The post would be read differently.
    Refused(String),
    /// No copy of the image could be had.
    NoCopy(String),
}

/// Where the copy of an image is found from one post, by the URL of the image and by the one that the post
/// shows it with; or why there is none.
pub type CopyFinder<'c> = dyn Fn(&str, &str) -> Result<String, String> + 'c;

/// A URL without the proxy that was taken away.
struct TakenOut<'u> {
    /// What is left.
    origin: Cow<'u, str>,
    /// The map that took it out, if one did.
    by: Vec<String>,
    /// Whether nothing was guessed.
    lossless: bool,
    /// The proxy that it still goes through.
    around: Option<Proxied<'u>>,
}

/// A URL of a post that moves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// Its bytes in the post.
    pub span: Span,
    /// How it is escaped there.
    pub escaping: Escaping,
    /// What it was.
    pub old: String,
    /// Where it goes.
    pub to: Destination,
}

/// A URL of a post that stays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// Its bytes in the post.
    pub span: Span,
    /// How it is escaped there.
    pub escaping: Escaping,
    /// What it is.
    pub url: String,
    /// Why it stays.
    pub why: Why,
}

/// What a migration does to a post.
#[derive(Debug, Default)]
pub struct Planned {
    /// The URLs that move, in the order of the text.
    pub moves: Vec<Move>,
    /// Those that should and stay, in the order of the text.
    pub left: Vec<Left>,
    /// The text afterwards, proved to differ in these URLs alone; `None` where nothing moves.
    pub text: Option<String>,
}

impl Migration {
    /// Builds a migration for a site whose own proxies have these templates.
    ///
    /// # Errors
    /// A name, template, pattern or pair that cannot be used; the message names it.
    pub fn new(options: &MigrationOptions, own_templates: &[String]) -> Result<Self, String> {
        let unwrap = Unwrap::new(&options.unwrap)?;
        let parse = |template: &String| crate::proxy::UrlTemplate::parse(template);
        let own = own_templates.iter().map(parse).collect::<Result<Vec<_>, _>>()?;
        let proxies = Proxies::catalogue().with_templates(&unwrap.templates).with_templates(&own);
        let target = options.to.as_deref().map(|to| MigrationTarget::new(to, &proxies)).transpose()?;
        let hosts = |names: &[String]| names.iter().map(|name| HostPattern::new(name)).collect();
        let migration = Self {
            proxies,
            unwrap,
            maps: Maps::new(options)?,
            target,
            only: hosts(&options.only),
            except: hosts(&options.except),
            scope: Scope::new(&options.also, &options.skip),
            lossy: options.lossy,
        };
        Ok(migration)
    }

    /// Whether anything says where URLs move to.
    pub fn moves_nothing(&self) -> bool {
        self.unwrap.is_empty() && self.maps.is_empty() && self.target.is_none()
    }

    /// Whether two images may end at one URL.
    pub fn may_collide(&self) -> bool {
        self.target.as_ref().is_some_and(|target| !target.gives_back())
    }

    /// What becomes of the URLs of a post.
    pub fn plan(&self, home: &Home<'_>, text: &str) -> Planned {
        self.plan_with(home, text, None)
    }

    /// The same, with every image that moves replaced by its copy, if there are `copies`.
    pub fn plan_with(&self, home: &Home<'_>, text: &str, copies: Option<&CopyFinder<'_>>) -> Planned {
        let document = home.read(text);
        let slug = slug(home.path);
        let mut planned = Planned::default();
        let mut edits: Vec<Edit> = Vec::new();
        for url in self.scope.urls(&document, &self.proxies).iter() {
            let old = url.value.as_ref();
            let (span, escaping) = (url.span, url.escaping);
            let why = match self.fate_with(old, slug, copies) {
                Fate::Unconcerned => continue,
                Fate::Stays(why) => why,
                Fate::Moves(_) if url.templated => Why::Templated,
                Fate::Moves(to) => match url.rewrite(text, &to.url) {
                    None => Why::Place,
                    Some(edit) if edits.last().is_some_and(|last| last.span.end > edit.span.start) => {
                        Why::Overlaps
                    }
                    Some(edit) => {
                        edits.push(edit);
                        planned.moves.push(Move { span, escaping, old: old.to_owned(), to });
                        continue;
                    }
                },
            };
            planned.left.push(Left { span, escaping, url: old.to_owned(), why });
        }
        if !edits.is_empty() {
            proof::settle(&document, home, edits, &mut planned);
        }
        planned
    }

    /// What becomes of one URL of a post with this slug.
    pub fn fate(&self, url: &str, slug: &str) -> Fate {
        self.fate_with(url, slug, None)
    }

    fn fate_with(&self, url: &str, slug: &str, copies: Option<&CopyFinder<'_>>) -> Fate {
        self.destination(url, slug, copies).map_or_else(|fate| fate, Fate::Moves)
    }

    /// Where a URL moves to; another fate is the error.
    fn destination(
        &self,
        url: &str,
        slug: &str,
        copies: Option<&CopyFinder<'_>>,
    ) -> Result<Destination, Fate> {
        let TakenOut { origin, mut by, mut lossless, around } = self.taken_out(url)?;
        let moved = self.maps.best(&origin);
        let takes_all = self.unwrap.is_empty() && self.maps.is_empty();
        if by.is_empty() && moved.is_none() && !takes_all {
            return Err(Fate::Unconcerned);
        }
        let origin = moved.map_or_else(
            || origin.clone().into_owned(),
            |(moved, map)| {
                by.push(map);
                moved
            },
        );
        let wrapped = self.wrapped(&origin, url, slug, around.as_ref(), copies)?;
        if let Some((_, gives_back)) = wrapped {
            by.push(if copies.is_some() { "copy" } else { "wrap" }.to_owned());
            lossless &= gives_back;
        }
        let moves_again = wrapped.is_none() && self.moves_again(&origin);
        let new = wrapped.map_or_else(|| origin.clone(), |(wrapped, _)| wrapped);
        if new == url {
            return Err(Fate::Unconcerned);
        }
        Ok(Destination { url: new, origin, by: by.join(", "), lossless, moves_again })
    }

    /// A URL without the proxy that is taken away, if its host is one that is wanted.
    fn taken_out<'u>(&self, url: &'u str) -> Result<TakenOut<'u>, Fate> {
        let found = self.proxies.find(url);
        if self.target.as_ref().is_some_and(|target| target.holds(url, found.as_ref())) {
            return Err(Fate::Unconcerned);
        }
        let taken = match found {
            Some(proxied) if self.unwrap.takes(&proxied) => {
                let (origin, lossless) = unwrap::origin(&proxied, url, self.lossy).map_err(|why| {
                    if self.wants(&proxied.origin) { Fate::Stays(why) } else { Fate::Unconcerned }
                })?;
                TakenOut { origin, by: vec![format!("unwrap {}", proxied.name)], lossless, around: None }
            }
            around => TakenOut { origin: Cow::Borrowed(url), by: Vec::new(), lossless: true, around },
        };
        if self.wants(&taken.origin) { Ok(taken) } else { Err(Fate::Unconcerned) }
    }

    /// The URL in the target or of the copy, and whether it gives the origin back; `None` where there is
    /// neither.
    fn wrapped(
        &self,
        origin: &str,
        url: &str,
        slug: &str,
        around: Option<&Proxied<'_>>,
        copies: Option<&CopyFinder<'_>>,
    ) -> Result<Option<(String, bool)>, Fate> {
        if copies.is_none() && self.target.is_none() {
            return Ok(None);
        }
        let others = around.filter(|proxied| copies.is_none() && proxied.family != Family::Cdn);
        if let Some(proxied) = others {
            return Err(Fate::Stays(Why::Proxied(proxied.name.to_owned())));
        }
        if !postmend_core::is_absolute(origin) {
            return Err(Fate::Unconcerned);
        }
        if origin.starts_with("//") {
            return Err(Fate::Stays(Why::NoScheme));
        }
        if let Some(copies) = copies {
            let copy = copies(origin, url).map_err(|reason| Fate::Stays(Why::NoCopy(reason)))?;
            return Ok(Some((copy, true)));
        }
        let wrapped = self.target.as_ref().map(|target| target.wrap(origin, slug, &self.proxies));
        wrapped.flatten().map(Some).ok_or(Fate::Stays(Why::DoesNotFit))
    }

    /// Whether the result of a map would be taken by a map once more.
    fn moves_again(&self, new: &str) -> bool {
        self.maps.best(new).is_some_and(|(moved, _)| moved != new)
            || self.proxies.find(new).is_some_and(|proxied| self.unwrap.takes(&proxied))
    }

    /// Whether images of this URL's host are wanted.
    fn wants(&self, url: &str) -> bool {
        if self.only.is_empty() && self.except.is_empty() {
            return true;
        }
        let host = host(url);
        let is_in = |patterns: &[HostPattern]| patterns.iter().any(|pattern| pattern.matches(host));
        (self.only.is_empty() || is_in(&self.only)) && !is_in(&self.except)
    }
}

impl Why {
    /// What reports say.
    pub fn message(&self) -> String {
        match self {
            Self::Lossy(proxy) => format!("{proxy} does not hold all of the image's URL"),
            Self::Damaged(damage) => format!("damaged: {damage}"),
            Self::Proxied(proxy) => format!("goes through another proxy ({proxy})"),
            Self::NoScheme => "says neither http nor https".to_owned(),
            Self::DoesNotFit => "the target would not give it back as it is".to_owned(),
            Self::Templated => "a template makes a part of it".to_owned(),
            Self::Place => "the new URL cannot be written where it stands".to_owned(),
            Self::Overlaps => "stands inside another URL that moves".to_owned(),
            Self::Refused(reason) => format!("refused: {reason}"),
            Self::NoCopy(reason) => reason.clone(),
        }
    }
}

/// The host of an absolute URL with its port; empty where it has none.
pub fn host(url: &str) -> &str {
    let after = url.split_once("//").filter(|(scheme, _)| !scheme.contains(['/', '?', '#']));
    let authority = after.map_or("", |(_, after)| after.split(['/', '?', '#']).next().unwrap_or_default());
    authority.rsplit('@').next().unwrap_or_default()
}

/// Where the host of an absolute URL ends, its port included; 0 where it has none.
fn host_end(url: &str) -> usize {
    match host(url) {
        "" => 0,
        host => host.as_ptr() as usize - url.as_ptr() as usize + host.len(),
    }
}

/// A post's own name: its file's without a date in front and without its ending; its folder's where the
/// file is called `index`.
pub fn slug(path: &str) -> &str {
    let (above, file) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = file.split_once('.').map_or(file, |(stem, _)| stem);
    if matches!(stem, "index" | "_index") && !above.is_empty() {
        return above.rsplit('/').next().unwrap_or(above);
    }
    let is_date = |head: &str| {
        head.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 | 10 => byte == b'-',
            _ => byte.is_ascii_digit(),
        })
    };
    match stem.split_at_checked(11) {
        Some((head, rest)) if is_date(head) && !rest.is_empty() => rest,
        _ => stem,
    }
}

/// The edit that a planned move asks for; `None` where the text does not hold its old URL there.
pub fn edit(text: &str, span: Span, escaping: Escaping, old: &str, new: &str) -> Option<Edit> {
    let raw = text.get(span.range())?;
    let value = escaping.decode(raw);
    if value != old {
        return None;
    }
    Url { span, value, escaping, role: postmend_core::Role::Image, templated: false }.rewrite(text, new)
}

/// Whether each move of a plan that somebody else made, by its bytes, its place, its old URL and its new one, is of a
/// URL that stands there for a reader of the post, to an address of the web or a path; the message says which is not.
///
/// # Errors
/// One is none.
pub fn are_of_urls(
    home: &Home<'_>,
    text: &str,
    moves: &[(Span, Escaping, &str, &str)],
) -> Result<(), String> {
    let document = home.read(text);
    let in_code = document.code_urls();
    let is_known = |urls: &[Url<'_>], (span, escaping, old, _): &(Span, Escaping, &str, &str)| {
        urls.iter()
            .any(|url| !url.templated && url.span == *span && url.escaping == *escaping && url.value == *old)
    };
    for one in moves {
        let (_, _, old, new) = one;
        // Where a URL stands, its blanks are escaped; in code they would end it.
        let is_absolute = |url: &str| postmend_core::is_absolute(url) && !url.contains(' ');
        let is_meant = is_known(&document.urls, one)
            || (is_known(&in_code, one) && is_absolute(old) && is_absolute(new));
        let is_meant = is_meant && is_address(new);
        if !is_meant {
            return Err(format!("{old} is no URL that could become {new}"));
        }
    }
    Ok(())
}

/// Whether a URL is one of the web, or a path.
fn is_address(url: &str) -> bool {
    let plain = !url.chars().any(|c| (c.is_whitespace() && c != ' ') || c.is_control());
    let scheme =
        url.split_once(':').map(|(scheme, _)| scheme).filter(|scheme| !scheme.contains(['/', '?', '#']));
    plain && scheme.is_none_or(|scheme| ["http", "https"].iter().any(|web| scheme.eq_ignore_ascii_case(web)))
}

/// Whether a patch changes nothing in a post but these URLs; the message says what else.
///
/// # Errors
/// Something else would change.
pub fn prove(home: &Home<'_>, text: &str, patch: &Patch, new: &[&str]) -> Result<String, String> {
    proof::prove(&home.read(text), home, patch, new)
}
