//! Moves URLs: which URLs of a post move, where to, and why the others stay.

mod address;
mod fate;
mod maps;
mod options;
mod proof;
mod scope;
mod target;
mod unwrap;

pub use address::{host, slug};
pub use fate::{Destination, Fate, Left, Move, Planned, Why};
pub use options::MigrationOptions;
pub use scope::{Also, Group};

use crate::post_context::PostContext;
use crate::proxy::{Family, Proxied, Proxies};
use address::is_address;
use maps::{HostPattern, Maps};
use postmend_core::{Edit, Escaping, Patch, Span, Url};
use scope::Scope;
use std::borrow::Cow;
use target::MigrationTarget;
use unwrap::Unwrap;

/// A migration, ready to be applied to posts. Built once and shared by all threads.
#[derive(Debug)]
pub struct Migration {
    /// The proxies of the catalogue, the site's own, and those of this migration.
    proxies: Proxies,
    unwrap: Unwrap,
    maps: Maps,
    target: Option<MigrationTarget>,
    only: Vec<HostPattern>,
    except: Vec<HostPattern>,
    scope: Scope,
    lossy: bool,
}

/// Returns the URL of an image's copy as seen from one post, given the URL of the image itself and the URL in
/// the post. The error says why there is no copy.
pub type CopyFinder<'c> = dyn Fn(&str, &str) -> Result<String, String> + 'c;

/// A URL after its proxy was removed.
struct TakenOut<'u> {
    /// The remaining URL.
    origin: Cow<'u, str>,
    /// The label of the removed proxy, if there was one.
    by: Vec<String>,
    /// Whether no part of it was guessed.
    lossless: bool,
    /// The proxy that it still goes through.
    around: Option<Proxied<'u>>,
}

impl Migration {
    /// Creates a migration for a site whose own proxies have these templates.
    ///
    /// # Errors
    /// A name, template, pattern or pair is invalid; the message names it.
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

    /// Whether the options name nothing that moves URLs: no proxy to remove, no map and no target.
    pub fn moves_nothing(&self) -> bool {
        self.unwrap.is_empty() && self.maps.is_empty() && self.target.is_none()
    }

    /// Whether two images may end up at the same URL.
    pub fn may_collide(&self) -> bool {
        self.target.as_ref().is_some_and(|target| !target.is_reversible())
    }

    /// Plans what happens to the URLs of a post.
    pub fn plan(&self, context: &PostContext<'_>, text: &str) -> Planned {
        self.plan_with(context, text, None)
    }

    /// The same, but if there are `copies`, every image that moves is replaced by its copy.
    pub fn plan_with(
        &self,
        context: &PostContext<'_>,
        text: &str,
        copies: Option<&CopyFinder<'_>>,
    ) -> Planned {
        let document = context.read(text);
        let slug = slug(context.path);
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
            proof::apply_moves(&document, context, edits, &mut planned);
        }
        planned
    }

    /// What happens to one URL of a post with this slug.
    pub fn fate(&self, url: &str, slug: &str) -> Fate {
        self.fate_with(url, slug, None)
    }

    fn fate_with(&self, url: &str, slug: &str, copies: Option<&CopyFinder<'_>>) -> Fate {
        self.destination(url, slug, copies).map_or_else(|fate| fate, Fate::Moves)
    }

    /// Where a URL moves to; the error is its fate if it does not move.
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
            // The image behind a proxy that is kept is still fetched from its old address.
            let hidden = around.filter(|proxied| self.maps.best(&proxied.origin).is_some());
            let stays = hidden.map(|proxied| Fate::Stays(Why::Proxied(proxied.name.to_owned())));
            return Err(stays.unwrap_or(Fate::Unconcerned));
        }
        let origin = moved.map_or_else(
            || origin.clone().into_owned(),
            |(moved, map)| {
                by.push(map);
                moved
            },
        );
        let wrapped = self.wrapped(&origin, url, slug, around.as_ref(), copies)?;
        if let Some((_, is_reversible)) = wrapped {
            by.push(if copies.is_some() { "copy" } else { "wrap" }.to_owned());
            lossless &= is_reversible;
        }
        let moves_again = wrapped.is_none() && self.moves_again(&origin);
        let new = wrapped.map_or_else(|| origin.clone(), |(wrapped, _)| wrapped);
        if new == url {
            return Err(Fate::Unconcerned);
        }
        Ok(Destination { url: new, origin, by: by.join(", "), lossless, moves_again })
    }

    /// The URL without the proxy that the migration removes, if its host is selected; otherwise the error is its fate.
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

    /// The URL wrapped in the target or the URL of the copy, and whether the original URL can be restored from
    /// it; `None` if there is neither a target nor copies.
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

    /// Whether a second migration would move the new URL again.
    fn moves_again(&self, new: &str) -> bool {
        self.maps.best(new).is_some_and(|(moved, _)| moved != new)
            || self.proxies.find(new).is_some_and(|proxied| self.unwrap.takes(&proxied))
    }

    /// Whether images on this URL's host are selected.
    fn wants(&self, url: &str) -> bool {
        if self.only.is_empty() && self.except.is_empty() {
            return true;
        }
        let host = host(url);
        let is_in = |patterns: &[HostPattern]| patterns.iter().any(|pattern| pattern.matches(host));
        (self.only.is_empty() || is_in(&self.only)) && !is_in(&self.except)
    }
}

/// The edit for a planned move; `None` if the text does not have the old URL at that span.
pub fn edit(text: &str, span: Span, escaping: Escaping, old: &str, new: &str) -> Option<Edit> {
    let raw = text.get(span.range())?;
    let value = escaping.decode(raw);
    if value != old {
        return None;
    }
    Url { span, value, escaping, role: postmend_core::Role::Image, templated: false }.rewrite(text, new)
}

/// Checks the moves of a plan that was made elsewhere, given as byte span, escaping, old URL and new URL. Each
/// must be about a URL that the post has there, and lead to a web address or a path.
///
/// # Errors
/// A move is not like that; the message names it.
pub fn are_of_urls(
    context: &PostContext<'_>,
    text: &str,
    moves: &[(Span, Escaping, &str, &str)],
) -> Result<(), String> {
    let document = context.read(text);
    let in_code = document.code_urls();
    let is_known = |urls: &[Url<'_>], (span, escaping, old, _): &(Span, Escaping, &str, &str)| {
        urls.iter()
            .any(|url| !url.templated && url.span == *span && url.escaping == *escaping && url.value == *old)
    };
    for url_move in moves {
        let (_, _, old, new) = url_move;
        // In a real URL spaces are escaped; in code they would end the URL.
        let is_absolute = |url: &str| postmend_core::is_absolute(url) && !url.contains(' ');
        let is_allowed = is_known(&document.urls, url_move)
            || (is_known(&in_code, url_move) && is_absolute(old) && is_absolute(new));
        let is_allowed = is_allowed && is_address(new);
        if !is_allowed {
            return Err(format!("{old} is not a URL that can become {new}"));
        }
    }
    Ok(())
}

/// Applies a patch and verifies that it changes nothing in the post but URLs, to the values in `new`. Returns
/// the new text.
///
/// # Errors
/// Something else would change; the message says what.
pub fn prove(context: &PostContext<'_>, text: &str, patch: &Patch, new: &[&str]) -> Result<String, String> {
    proof::prove(&context.read(text), context, patch, new)
}
