//! Selects the URLs of a post that a migration considers.

use crate::proxy::Proxies;
use postmend_core::{Document, Escaping, Role, Url, names_an_image};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::str::FromStr;

/// URLs that move in addition to images and links to images.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Also {
    /// All links.
    Links,
    /// Audio, video and frames.
    Media,
    /// URLs in code.
    Code,
}

/// A group of places where URLs occur.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Group {
    /// Fields of the front matter.
    FrontMatter,
    /// Markdown images, links and definitions, and URLs in running text.
    Markdown,
    /// Attributes with a single URL.
    Html,
    /// Candidates of a `srcset` attribute.
    Srcset,
    /// `url()` in a `style` attribute.
    Css,
    /// Arguments of template tags, shortcodes and includes.
    UrlTemplate,
    /// Links anywhere.
    Link,
}

impl Also {
    /// All of them, with their names.
    pub const ALL: [(&str, Self); 3] = [("links", Self::Links), ("media", Self::Media), ("code", Self::Code)];
}

impl Group {
    /// All of them, with their names.
    pub const ALL: [(&str, Self); 7] = [
        ("front-matter", Self::FrontMatter),
        ("markdown", Self::Markdown),
        ("html", Self::Html),
        ("srcset", Self::Srcset),
        ("css", Self::Css),
        ("template", Self::UrlTemplate),
        ("link", Self::Link),
    ];
}

impl FromStr for Also {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        value_named(&Self::ALL, name)
    }
}

impl FromStr for Group {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        value_named(&Self::ALL, name)
    }
}

fn value_named<T: Copy>(all: &[(&str, T)], name: &str) -> Result<T, String> {
    let found = all.iter().find(|(listed, _)| *listed == name);
    found.map(|(_, value)| *value).ok_or_else(|| format!("unknown name `{name}`"))
}

#[derive(Debug)]
pub(super) struct Scope {
    links: bool,
    media: bool,
    code: bool,
    skip: Vec<Group>,
}

impl Scope {
    pub(super) fn new(also: &[Also], skip: &[Group]) -> Self {
        let has = |wanted| also.contains(&wanted);
        let (links, media, code) = (has(Also::Links), has(Also::Media), has(Also::Code));
        Self { links, media, code, skip: skip.to_vec() }
    }

    /// The URLs that may move, in text order.
    pub(super) fn urls<'d>(&self, document: &Document<'d>, proxies: &Proxies) -> Vec<Url<'d>> {
        let has_links = !self.links && document.urls.iter().any(|url| url.role == Role::Link);
        let images = document.urls.iter().filter(|url| has_links && url.role == Role::Image);
        let images: HashSet<&str> = images.map(|url| url.value.as_ref()).collect();
        // Thumbnails often link to the full-size image.
        let is_image = |url: &Url<'_>| {
            let value = url.value.as_ref();
            let origin = || proxies.find(value).is_some_and(|proxied| names_an_image(&proxied.origin));
            images.contains(value) || names_an_image(value) || origin()
        };
        let wanted = |url: &&Url<'d>| {
            let by_role = match url.role {
                Role::Image => true,
                Role::Media => self.media,
                Role::Link => self.links || is_image(url),
            };
            by_role && !self.skips(url, document.front.body)
        };
        let mut urls: Vec<Url<'d>> = document.urls.iter().filter(wanted).cloned().collect();
        if self.code {
            urls.extend(document.code_urls());
            urls.sort_by_key(|url| url.span);
        }
        urls
    }

    fn skips(&self, url: &Url<'_>, body: usize) -> bool {
        if self.skip.is_empty() {
            return false;
        }
        let group = match url.escaping {
            _ if (url.span.start as usize) < body => Group::FrontMatter,
            Escaping::Attribute(_) => Group::Html,
            Escaping::Srcset(_) => Group::Srcset,
            Escaping::Css(_) => Group::Css,
            Escaping::Argument(_) => Group::UrlTemplate,
            _ => Group::Markdown,
        };
        self.skip.contains(&group) || (url.role == Role::Link && self.skip.contains(&Group::Link))
    }
}
