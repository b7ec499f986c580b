//! The named proxies, loaded from data and found by host.

use serde::Deserialize;
use std::collections::HashMap;
use std::sync::LazyLock;

/// The kind of a proxy, which determines how harmful it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Family {
    /// Gets around CORS and hotlink protection; run by an individual and rarely for long.
    Cors,
    /// The cache of a search engine or forum, not intended for others.
    Cache,
    /// A mirror of GitHub's files.
    Mirror,
    /// Resizes images; usually used on purpose.
    Resizer,
    /// A content delivery network for files of repositories; usually used on purpose.
    Cdn,
    /// An archive; used on purpose.
    Archive,
    /// Defined by the site's config.
    Own,
}

impl Family {
    /// Whether it is redundant inside another proxy. Caches and resizers are not: they do something to the
    /// image.
    pub(super) fn doubles(self) -> bool {
        matches!(self, Self::Cors | Self::Mirror | Self::Own)
    }
}

/// How a proxy's URL contains its origin.
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
    /// `?url=origin&…`; whatever follows the `&` belongs to the proxy.
    Parameter,
    /// `?…&url=origin` to the end.
    LastParameter,
    /// `/src=origin&…`
    PathParameter,
    /// `https://i0.wp.com/host/path?ssl=1`
    Photon,
    /// The path is the origin in base64.
    Base64Path,
    /// The part after a marker is the origin in base64.
    Base64After,
    /// `/signature/hex`
    Camo,
    /// `/gh/user/repository@reference/path`
    GithubFile,
}

/// A proxy as described in the data file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Proxy {
    pub(super) name: String,
    pub(super) family: Family,
    /// Hosts that serve nothing else. A single `*` matches any text.
    #[serde(default)]
    hosts: Vec<String>,
    /// Hosts that also serve other things, so that an origin must start like a URL.
    #[serde(default)]
    shared_hosts: Vec<String>,
    /// The path must equal one of these, or start with one that ends in `/` or `=`.
    #[serde(default)]
    paths: Vec<String>,
    /// The path must end with this.
    #[serde(default)]
    path_end: String,
    pub(super) form: ProxyForm,
    /// The query parameter that contains the origin.
    #[serde(default)]
    pub(super) parameter: String,
    /// A query parameter that every URL of the proxy has.
    pub(super) needs: Option<String>,
    /// The other query parameters of the proxy.
    #[serde(default)]
    pub(super) own: Vec<String>,
    /// The text before the origin in the path.
    #[serde(default)]
    pub(super) marker: String,
    /// The scheme that the service is documented to use for an origin without one.
    pub(super) assumes: Option<String>,
    /// The most likely scheme of an origin without one.
    pub(super) guesses: Option<String>,
    /// The only hosts from which the service fetches.
    #[serde(default)]
    pub(super) origins: Vec<String>,
    /// Whether its origin may be a path on the same site.
    #[serde(default)]
    pub(super) relative: bool,
    /// Whether a GitHub reference is the segment after the repository instead of following an `@`.
    #[serde(default)]
    pub(super) reference_in_path: bool,
    /// The query parameter with the expiry time of the signature in Unix seconds.
    pub(super) expiry: Option<String>,
    /// Whether the service has shut down.
    #[serde(default)]
    pub(super) dead: bool,
    /// The template with which its URLs are built.
    pub(super) encode: Option<String>,
}

impl Proxy {
    /// Whether a path can belong to this proxy.
    pub(super) fn takes_path(&self, path: &str) -> bool {
        let path = if path.is_empty() { "/" } else { path };
        if !self.path_end.is_empty() {
            return path.strip_suffix('/').unwrap_or(path).ends_with(&self.path_end);
        }
        let fits = |listed: &String| match listed.as_str() {
            start if start.len() > 1 && start.ends_with(['/', '=']) => path.starts_with(start),
            whole => path == whole,
        };
        self.paths.is_empty() || self.paths.iter().any(fits)
    }

    /// The first host without a `*`.
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

/// A proxy at one of its hosts, and whether that host also serves other things.
type ProxyAtHost = (&'static Proxy, bool);

/// All named proxies, indexed by host.
#[derive(Debug)]
pub(super) struct Catalogue {
    by_name: HashMap<&'static str, &'static Proxy>,
    by_host: HashMap<&'static str, Vec<ProxyAtHost>>,
    /// Hosts with a `*`, as the text before and after it.
    by_pattern: Vec<(&'static str, &'static str, ProxyAtHost)>,
}

/// Maximum length of a host name in bytes; longer ones are invalid.
const LONGEST_HOST: usize = 253;

impl Catalogue {
    /// The catalogue, loaded once.
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
                let entry = (proxy, is_shared);
                match host.split_once('*') {
                    Some((head, tail)) => catalogue.by_pattern.push((head, tail, entry)),
                    None => catalogue.by_host.entry(host).or_default().push(entry),
                }
            }
        }
        catalogue
    }

    /// All names, in no particular order.
    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.by_name.keys().copied()
    }

    /// The proxy with that name.
    pub(super) fn proxy_named(&self, name: &str) -> Option<&'static Proxy> {
        self.by_name.get(name).copied()
    }

    /// The first `Some` that `question` returns for the proxies at a host; hosts without a `*` come first.
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
        exact.chain(matching.map(|(.., entry)| entry)).find_map(|(proxy, shared)| question(proxy, *shared))
    }
}
