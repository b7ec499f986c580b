//! The named proxies as data, found by host.

use super::Proxied;
use super::damage::examine;
use super::decode::{Parts, decode};
use super::template::Template;
use serde::Deserialize;
use std::collections::HashMap;

/// What kind of proxy it is, which says how much it hurts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
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

/// How a proxy's URL holds its origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Form {
    /// `https://host/?origin`
    AfterQuestionMark,
    /// `https://host/origin`
    AfterSlash,
    /// `https://host/web/20220101im_/origin`
    AfterSegment,
    /// `…/image/fetch/options/origin`
    AfterMarker,
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
    /// `/gh/user/repository@ref/path`
    GithubFile,
}

/// A proxy as the data file describes it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Proxy {
    pub(super) name: String,
    pub(super) family: Family,
    hosts: Vec<String>,
    /// The path must start with one of these; any path will do where there are none.
    #[serde(default)]
    pub(super) paths: Vec<String>,
    pub(super) form: Form,
    #[serde(default)]
    pub(super) parameter: String,
    #[serde(default)]
    pub(super) marker: String,
    /// Parameters without which it is something else.
    #[serde(default)]
    needs: Vec<String>,
    /// It takes an origin without a scheme for http.
    #[serde(default)]
    pub(super) guesses_scheme: bool,
    /// Its origin may be a path of the same site.
    #[serde(default)]
    pub(super) relative: bool,
    /// The service is gone.
    #[serde(default)]
    pub(super) dead: bool,
    #[serde(default)]
    encode: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "source")]
    _source: String,
    proxies: Vec<Proxy>,
}

/// A proxy URL, and what the catalogue says of its proxy.
pub(super) type Recognised<'u> = (Proxied<'u>, Option<(&'u Proxy, Parts<'u>)>);

impl Proxy {
    fn recognise<'u>(&'u self, parts: Parts<'u>) -> Option<Recognised<'u>> {
        // A path that ends in `/` or `=` is the start of one.
        let fits = |path: &String| match path.len() {
            2.. if path.ends_with(['/', '=']) => parts.path.starts_with(path.as_str()),
            _ => parts.path == path,
        };
        let path_fits = self.paths.is_empty() || self.paths.iter().any(fits);
        let has_needed = self.needs.iter().all(|name| parts.parameter(name).is_some());
        if !path_fits || !has_needed {
            return None;
        }
        let (origin, lossless) = decode(self, &parts)?;
        let proxied =
            Proxied { name: &self.name, family: self.family, origin, lossless, damages: Vec::new() };
        Some((proxied, Some((self, parts))))
    }
}

/// The catalogue and the site's own templates, indexed by host.
#[derive(Debug)]
pub struct Proxies {
    list: Vec<Proxy>,
    /// Exact hosts, in lower case.
    by_host: HashMap<String, Vec<usize>>,
    /// Hosts with a `*`: what stands before and behind it.
    by_pattern: Vec<(String, String, usize)>,
    own: Vec<Template>,
}

impl Proxies {
    /// The named proxies.
    pub fn catalogue() -> Self {
        let file: File = serde_json::from_str(include_str!("../../data/proxies.json"))
            .expect("the embedded file is read by a test");
        let mut proxies =
            Self { list: file.proxies, by_host: HashMap::new(), by_pattern: Vec::new(), own: Vec::new() };
        for (index, proxy) in proxies.list.iter().enumerate() {
            for host in &proxy.hosts {
                match host.split_once('*') {
                    Some((head, tail)) => proxies.by_pattern.push((head.to_owned(), tail.to_owned(), index)),
                    None => proxies.by_host.entry(host.clone()).or_default().push(index),
                }
            }
        }
        proxies
    }

    /// The same with a site's own templates, which are tried first.
    pub fn with_templates(mut self, templates: &[Template]) -> Self {
        self.own.extend_from_slice(templates);
        self
    }

    /// The proxy that a URL goes through, if one is known by name.
    pub fn find<'u>(&'u self, url: &'u str) -> Option<Proxied<'u>> {
        let (proxied, known) = self.recognise(url)?;
        Some(examine(proxied, url, known, self))
    }

    /// The same without a look for damage, and what the catalogue says of the proxy.
    pub(super) fn recognise<'u>(&'u self, url: &'u str) -> Option<Recognised<'u>> {
        if let Some(origin) = self.own.iter().find_map(|template| template.invert(url)) {
            let own = Proxied {
                name: "configured",
                family: Family::Own,
                origin,
                lossless: true,
                damages: Vec::new(),
            };
            return Some((own, None));
        }
        let parts = Parts::of(url)?;
        let mut lower = [0; 253];
        let host = lower.get_mut(..parts.host.len())?;
        host.copy_from_slice(parts.host.as_bytes());
        host.make_ascii_lowercase();
        let host = std::str::from_utf8(host).ok()?;
        let exact = self.by_host.get(host).into_iter().flatten().copied();
        let matching = |(head, tail, _): &&(String, String, usize)| {
            host.len() >= head.len() + tail.len()
                && host.starts_with(head.as_str())
                && host.ends_with(tail.as_str())
        };
        let by_pattern = self.by_pattern.iter().filter(matching).map(|(.., index)| *index);
        exact.chain(by_pattern).find_map(|index| self.list[index].recognise(parts))
    }

    /// The URL that fetches `origin` through a proxy; `None` where the proxy signs its URLs or its
    /// grammar cannot hold the origin.
    pub fn encode(&self, name: &str, origin: &str) -> Option<String> {
        let proxy = self.list.iter().find(|proxy| proxy.name == name)?;
        let host = proxy.hosts.iter().find(|host| !host.contains('*'))?;
        let template = match proxy.form {
            Form::AfterQuestionMark => {
                format!("https://{host}{}?{{origin}}", proxy.paths.first().map_or("/", String::as_str))
            }
            Form::AfterSlash => format!("https://{host}/{{origin}}"),
            _ if !proxy.encode.is_empty() => proxy.encode.replace("{host}", host),
            _ => return None,
        };
        Template::parse(&template).ok()?.expand(origin)
    }
}
