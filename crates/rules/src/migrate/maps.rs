//! The maps of a migration. A URL is moved by the map that matches most of it.

use super::address::{host, host_end};
use super::options::MigrationOptions;
use regex::Regex;
use std::collections::HashMap;

/// All maps.
#[derive(Debug, Default)]
pub(super) struct Maps {
    pairs: HashMap<String, String>,
    others: Vec<Map>,
}

#[derive(Debug)]
enum Map {
    Host(HostPattern, NewHost),
    Prefix(String, String),
    Regex(Regex, String),
    Https(HostPattern),
}

/// A host pattern from the user: `a.example`, `a.example:8080`, or `*.a.example` for all of its subdomains.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct HostPattern {
    name: String,
    below: bool,
}

/// The host that replaces another, with a scheme if that changes too.
#[derive(Debug)]
struct NewHost {
    scheme: Option<String>,
    host: String,
}

impl Maps {
    pub(super) fn new(options: &MigrationOptions) -> Result<Self, String> {
        let mut maps = Self::default();
        for (old, new) in &options.pairs {
            if let Some(other) = maps.pairs.insert(old.clone(), new.clone())
                && other != *new
            {
                return Err(format!("`{old}` has two targets, `{other}` and `{new}`"));
            }
        }
        for (old, new) in &options.prefixes {
            maps.others.push(prefix(old, new)?);
        }
        for (pattern, new) in &options.regexes {
            let regex = Regex::new(pattern).map_err(|error| format!("`{pattern}`: {error}"))?;
            maps.others.push(Map::Regex(regex, new.clone()));
        }
        for (old, new) in &options.hosts {
            maps.others.push(Map::Host(HostPattern::new(old), NewHost::new(new)?));
        }
        maps.others.extend(options.https.iter().map(|name| Map::Https(HostPattern::new(name))));
        Ok(maps)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.pairs.is_empty() && self.others.is_empty()
    }

    /// The result of the map that matches most of a URL, and that map's name. If two match the same number of
    /// bytes, the first one wins.
    pub(super) fn best(&self, url: &str) -> Option<(String, String)> {
        if let Some(new) = self.pairs.get(url) {
            return Some((new.clone(), "pair".to_owned()));
        }
        let matches = self.others.iter().filter_map(|map| Some((map.match_length(url)?, map)));
        // `max_by_key` would pick the last.
        let (_, map) = matches.reduce(|best, next| if next.0 > best.0 { next } else { best })?;
        Some((map.apply(url)?, map.name()))
    }
}

fn prefix(old: &str, new: &str) -> Result<Map, String> {
    if old.is_empty() {
        return Err("a prefix is empty".to_owned());
    }
    if old.ends_with('/') && !new.ends_with(['/', '=', '?']) {
        return Err(format!("`{old}` ends with a slash and `{new}` does not"));
    }
    Ok(Map::Prefix(old.to_owned(), new.to_owned()))
}

impl Map {
    /// Number of bytes of the URL that it matches; `None` if it does not match, or if the URL already is its
    /// result.
    fn match_length(&self, url: &str) -> Option<usize> {
        match self {
            Self::Host(pattern, _) => {
                let host = host(url);
                pattern.matches(host).then(|| host_end(url))
            }
            Self::Https(pattern) => {
                let host = host(url);
                let is_http = url.get(..7).is_some_and(|head| head.eq_ignore_ascii_case("http://"));
                (is_http && pattern.matches(host)).then(|| host_end(url))
            }
            Self::Prefix(old, new) => {
                let is_there = has_prefix(new, old) && has_prefix(url, new);
                (has_prefix(url, old) && !is_there).then_some(old.len())
            }
            Self::Regex(regex, _) => regex.find(url).map(|found| found.len()),
        }
    }

    fn apply(&self, url: &str) -> Option<String> {
        match self {
            Self::Host(_, new) => {
                let host = host(url);
                let end = host_end(url);
                let scheme = new.scheme.as_deref().unwrap_or(&url[..end - host.len()]);
                Some(format!("{scheme}{}{}", new.host, &url[end..]))
            }
            Self::Https(_) => Some(format!("https{}", &url[4..])),
            Self::Prefix(old, new) => Some(format!("{new}{}", &url[old.len()..])),
            Self::Regex(regex, new) => {
                let captures = regex.captures(url)?;
                let whole = captures.get(0)?;
                let mut moved = url[..whole.start()].to_owned();
                captures.expand(new, &mut moved);
                moved.push_str(&url[whole.end()..]);
                Some(moved)
            }
        }
    }

    fn name(&self) -> String {
        match self {
            Self::Host(pattern, _) => format!("host {}", pattern.display()),
            Self::Https(pattern) => format!("https {}", pattern.display()),
            Self::Prefix(old, _) => format!("prefix {old}"),
            Self::Regex(regex, _) => format!("regex {regex}"),
        }
    }
}

/// Whether a URL starts with a prefix that ends at a delimiter. Scheme and host are compared without regard to
/// case.
fn has_prefix(url: &str, prefix: &str) -> bool {
    let head_length = host_end(prefix);
    let (Some(head), Some(rest)) = (url.get(..head_length), url.get(head_length..)) else { return false };
    if !head.eq_ignore_ascii_case(&prefix[..head_length]) {
        return false;
    }
    let Some(after) = rest.strip_prefix(&prefix[head_length..]) else { return false };
    const MARKS: [char; 5] = ['/', '?', '#', '=', '&'];
    prefix.ends_with(MARKS) || after.is_empty() || after.starts_with(MARKS)
}

impl HostPattern {
    /// Parses a pattern.
    pub(super) fn new(name: &str) -> Self {
        let bare = name.strip_prefix("*.");
        Self { name: bare.unwrap_or(name).to_ascii_lowercase(), below: bare.is_some() }
    }

    /// Whether it matches a host. The port matters only if the pattern has one.
    pub(super) fn matches(&self, host: &str) -> bool {
        let bare = host.rsplit_once(':').filter(|_| !self.name.contains(':')).map_or(host, |(bare, _)| bare);
        let Some(start) = bare.len().checked_sub(self.name.len()) else { return false };
        let ends_so = bare.get(start..).is_some_and(|end| end.eq_ignore_ascii_case(&self.name));
        ends_so && if self.below { bare[..start].ends_with('.') } else { start == 0 && !bare.is_empty() }
    }

    fn display(&self) -> String {
        format!("{}{}", if self.below { "*." } else { "" }, self.name)
    }
}

impl NewHost {
    fn new(written: &str) -> Result<Self, String> {
        let (scheme, host) = match written.split_once("//") {
            Some((scheme, host)) => (Some(format!("{scheme}//")), host),
            None => (None, written),
        };
        if host.is_empty() || host.contains(['/', '?', '#', '*', ' ']) {
            return Err(format!("`{written}` is not a host; use a prefix for a path"));
        }
        Ok(Self { scheme, host: host.to_owned() })
    }
}
