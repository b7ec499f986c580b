//! The named proxies as data, found by host.

use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::LazyLock;

/// What kind of proxy it is, which says how much it hurts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Family {
    /// Made to get around CORS and hotlink protection; run by somebody for a while.
    Cors,
    /// A search engine's or forum's cache, never meant for others.
    Cache,
    /// A mirror of GitHub's files.
    Mirror,
    /// Scales images; mostly there on purpose.
    Resizer,
    /// A content network for a repository's files; mostly there on purpose.
    Cdn,
    /// An archive; there on purpose.
    Archive,
    /// Named by the site's config.
    Own,
}

impl Family {
    /// Whether one of these inside another proxy is one too many. Caches and resizers do something to
    /// the image of their own.
    pub(super) fn doubles(self) -> bool {
        matches!(self, Self::Cors | Self::Mirror | Self::Own)
    }
}

/// How a proxy's URL holds its origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum ProxyForm {
    /// `https://host/?origin`
    Query,
    /// `https://host/origin`
    Path,
    /// `…/image/fetch/options/origin`
    MarkedPath,
    /// `https://host/web/20220101im_/origin`
    Snapshot,
    /// `?url=origin&…`; what follows `&` is the proxy's.
    Parameter,
    /// `?…&url=origin` to the end.
    LastParameter,
    /// `/src=origin&…`
    PathParameter,
    /// `https://i0.wp.com/host/path?ssl=1`
    Photon,
    /// The path is base64.
    Base64Path,
    /// What follows a marker is base64.
    Base64After,
    /// `/signature/hex`
    Camo,
    /// `/gh/user/repository@reference/path`
    GithubFile,
}

/// A proxy as the data file describes it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Proxy {
    pub(super) name: String,
    pub(super) family: Family,
    /// Hosts that do nothing else. One `*` stands for any text.
    #[serde(default)]
    hosts: Vec<String>,
    /// Hosts that serve other things too, so that only what starts like a URL is an origin.
    #[serde(default)]
    shared_hosts: Vec<String>,
    /// The path must be one of these, or start with one that ends in `/` or `=`.
    #[serde(default)]
    paths: Vec<String>,
    /// The path must end so.
    #[serde(default)]
    path_end: String,
    pub(super) form: ProxyForm,
    /// The parameter that holds the origin.
    #[serde(default)]
    pub(super) parameter: String,
    /// A parameter without which it is something else.
    pub(super) needs: Option<String>,
    /// The proxy's other parameters.
    #[serde(default)]
    pub(super) own: Vec<String>,
    /// What stands in front of the origin in the path.
    #[serde(default)]
    pub(super) marker: String,
    /// The scheme that the service is documented to use for an origin without one.
    pub(super) assumes: Option<String>,
    /// The scheme that an origin without one most likely had.
    pub(super) guesses: Option<String>,
    /// The only hosts that the service fetches from.
    #[serde(default)]
    pub(super) origins: Vec<String>,
    /// Its origin may be a path of the same site.
    #[serde(default)]
    pub(super) relative: bool,
    /// A GitHub reference without `@` is the first segment behind the repository.
    #[serde(default)]
    pub(super) reference_in_path: bool,
    /// The parameter that says in unix seconds how long the signature holds.
    pub(super) expiry: Option<String>,
    /// The service is gone.
    #[serde(default)]
    pub(super) dead: bool,
    /// The template that makes its URLs.
    pub(super) encode: Option<String>,
}

impl Proxy {
    /// Whether a path can be one of this proxy's.
    pub(super) fn takes_path(&self, path: &str) -> bool {
        let path = if path.is_empty() { "/" } else { path };
        if !self.path_end.is_empty() {
            return path.strip_suffix('/').unwrap_or(path).ends_with(&self.path_end);
        }
        let fits = |known: &String| match known.as_str() {
            start if start.len() > 1 && start.ends_with(['/', '=']) => path.starts_with(start),
            whole => path == whole,
        };
        self.paths.is_empty() || self.paths.iter().any(fits)
    }

    /// The first host that is written in full.
    pub(super) fn main_host(&self) -> Option<&str> {
        self.hosts.iter().map(String::as_str).find(|host| !host.contains('*'))
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CatalogueFile {
    #[serde(rename = "source")]
    _source: String,
    proxies: Vec<Proxy>,
}

/// A proxy at one of its hosts, and whether that host serves other things too.
type ProxyAtHost = (&'static Proxy, bool);

/// All named proxies, indexed by host.
#[derive(Debug)]
pub(super) struct Catalogue {
    by_name: HashMap<&'static str, &'static Proxy>,
    by_host: HashMap<&'static str, Vec<ProxyAtHost>>,
    /// Hosts with a `*`: what stands before and behind it.
    by_pattern: Vec<(&'static str, &'static str, ProxyAtHost)>,
}

/// Longer names are no hosts.
const LONGEST_HOST: usize = 253;

impl Catalogue {
    /// The catalogue, read once.
    pub(super) fn shared() -> &'static Self {
        static FILE: LazyLock<CatalogueFile> = LazyLock::new(|| {
            serde_json::from_str(include_str!("../../data/proxies.json")).expect("the embedded file is valid")
        });
        static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::of(&FILE.proxies));
        &CATALOGUE
    }

    fn of(proxies: &'static [Proxy]) -> Self {
        let by_name = proxies.iter().map(|proxy| (proxy.name.as_str(), proxy)).collect();
        let mut catalogue = Self { by_name, by_host: HashMap::new(), by_pattern: Vec::new() };
        for proxy in proxies {
            let own = proxy.hosts.iter().map(|host| (host, false));
            let shared = proxy.shared_hosts.iter().map(|host| (host, true));
            for (host, is_shared) in own.chain(shared) {
                let place = (proxy, is_shared);
                match host.split_once('*') {
                    Some((head, tail)) => catalogue.by_pattern.push((head, tail, place)),
                    None => catalogue.by_host.entry(host).or_default().push(place),
                }
            }
        }
        catalogue
    }

    /// All names, in no order.
    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.by_name.keys().copied()
    }

    /// The proxy of that name.
    pub(super) fn named(&self, name: &str) -> Option<&'static Proxy> {
        self.by_name.get(name).copied()
    }

    /// The first answer of a question put to the proxies at a host; written-out hosts come first.
    pub(super) fn at<T>(
        &self,
        host: &str,
        question: impl Fn(&'static Proxy, bool) -> Option<T>,
    ) -> Option<T> {
        let mut lower = [0; LONGEST_HOST];
        let lower = lower.get_mut(..host.len())?;
        lower.copy_from_slice(host.as_bytes());
        lower.make_ascii_lowercase();
        let host = std::str::from_utf8(lower).ok()?;
        let exact = self.by_host.get(host).into_iter().flatten();
        let matching = self.by_pattern.iter().filter(|(head, tail, _)| {
            host.len() >= head.len() + tail.len() && host.starts_with(head) && host.ends_with(tail)
        });
        exact.chain(matching.map(|(.., place)| place)).find_map(|(proxy, shared)| question(proxy, *shared))
    }
}
