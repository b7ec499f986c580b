//! The part of a post's address that is made of its date, so that another date moves the post.

use super::Dated;
use crate::post_context::PostContext;
use postmend_core::date::{Instant, Outcome};
use postmend_core::front::Key;
use postmend_core::{Document, Generator};

/// Where a post moves to if its date is read differently.
pub(crate) struct AddressChange {
    /// Its address now; `None` if the generator makes it from the time of the file.
    pub(crate) from: Option<String>,
    /// Its address afterwards.
    pub(crate) to: String,
}

/// The permalinks that generators have by default, and those that Jekyll has names for.
const HEXO: &str = ":year/:month/:day/:title/";
const JEKYLL: [(&str, &str); 5] = [
    ("date", "/:year/:month/:day/:title.html"),
    ("pretty", "/:year/:month/:day/:title/"),
    ("ordinal", "/:year/:y_day/:title.html"),
    ("weekdate", "/:year/:month/:day/:title.html"),
    ("none", "/:title.html"),
];

impl AddressChange {
    /// The change of the address if the date becomes `to`, written as `text`; `None` if the address stays, as far as
    /// that is known.
    pub(crate) fn of(
        dated: &Dated<'_>,
        document: &Document<'_>,
        context: &PostContext<'_>,
        (to, text): (Instant, &str),
    ) -> Option<Self> {
        let matter = document.front.matter.as_ref()?;
        let Key::Name(key, _) = &dated.field.key else { return None };
        // Hugo takes another date of the post if it has no `date`.
        let is_date = key.eq_ignore_ascii_case("date")
            || (context.generator == Generator::Hugo && matter.top("date").is_none());
        let permalink = permalink(context).filter(|_| is_date && dated.field.parent.is_none())?;
        let has_own = ["permalink", "url", "redirect_to"].iter().any(|name| matter.top(name).is_some());
        let name = context.path.rsplit('/').next().unwrap_or_default();
        let name = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        let name =
            if super::starts_with_date(name.as_bytes()) { name[10..].trim_start_matches('-') } else { name };
        let name = if context.path.is_empty() { ":title" } else { name };
        let clock = |instant: Instant| instant.clock_in(context.zones().site_or_machine());
        // A post whose date stops the build has no address yet.
        let [(_, outcome)] = dated.outcomes[..] else { return None };
        if outcome == Outcome::Error {
            return None;
        }
        let now = outcome.instant();
        let (now, then) = match context.generator {
            // It takes the day and time as they are written, in whatever time zone.
            Generator::Hugo => (now.and(dated.written.civil).map(|civil| civil.to_string()), text.to_owned()),
            _ => (now.and_then(clock), clock(to)?),
        };
        let from = now.and_then(|clock| filled_in(permalink, name, &clock));
        let to = filled_in(permalink, name, &then)?;
        (!has_own && to.contains(|c: char| c.is_ascii_digit()) && from.as_ref() != Some(&to))
            .then_some(Self { from, to })
    }

    /// The change as a clause.
    pub(crate) fn describe(&self) -> String {
        let from = self.from.as_deref().unwrap_or("an address with the time of the file");
        format!("which moves the post from {from} to {}", self.to)
    }
}

/// The permalink of the site, if it can contain a date of this post.
fn permalink<'c>(context: &'c PostContext<'_>) -> Option<&'c str> {
    let is_post = context.path.is_empty() || context.is_below("_posts");
    let permalink = match (context.generator, context.permalink) {
        (Generator::Hexo, own) if is_post => own.unwrap_or(HEXO),
        (Generator::Jekyll, own) if is_post => {
            let own = own.unwrap_or("date");
            JEKYLL.iter().find(|(name, _)| *name == own).map_or(own, |(_, permalink)| permalink)
        }
        (Generator::Hugo, own) => own?,
        _ => return None,
    };
    is_dated_permalink(permalink).then_some(permalink)
}

/// Whether a permalink has parts of the post's date.
pub fn is_dated_permalink(permalink: &str) -> bool {
    PARTS.iter().any(|(name, _)| permalink.contains(name))
}

/// The names of parts of a date in permalinks, longer ones first, and where each is in `2022-02-07 15:06:26`. Hugo
/// has the numbers, as in the layouts of Go.
const PARTS: [(&str, std::ops::Range<usize>); 16] = [
    (":short_year", 2..4),
    (":short_month", 5..7),
    (":yearday", 5..10),
    (":i_month", 5..7),
    (":i_day", 8..10),
    (":y_day", 5..10),
    (":minute", 14..16),
    (":second", 17..19),
    (":year", 0..4),
    (":month", 5..7),
    (":hour", 11..13),
    (":day", 8..10),
    (":2006", 0..4),
    (":01", 5..7),
    (":02", 8..10),
    (":06", 2..4),
];

/// A permalink with the parts of a date and the name of the post; what else it has is left as it is.
fn filled_in(permalink: &str, name: &str, clock: &str) -> Option<String> {
    let mut address = permalink.to_owned();
    for (part, range) in PARTS {
        address = address.replace(part, clock.get(range)?);
    }
    Some(address.replace(":title", name).replace(":categories/", ""))
}
