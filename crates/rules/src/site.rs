//! What the rules know of a site besides the post: its words and its proxies.

use crate::proxy::{Proxies, Template};
use crate::words::Words;
use serde::Deserialize;
use std::collections::BTreeMap;

/// A site's own words and proxies, as its config names them.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct SiteOptions {
    /// Words.
    pub words: WordOptions,
    /// Proxies.
    pub proxies: ProxyOptions,
}

/// `[words]`
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WordOptions {
    /// Words that are right here, whatever the lists say.
    pub allow: Vec<String>,
    /// Wrong words and what they should be.
    pub replace: BTreeMap<String, String>,
}

/// `[proxies]`
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ProxyOptions {
    /// Templates of the site's own proxies: `https://proxy.example/?{origin}`.
    pub templates: Vec<String>,
}

/// A site's words and proxies, ready to be searched for. Made once and shared by all threads.
#[derive(Debug)]
pub struct Site {
    /// Wrong words.
    pub(crate) words: Words,
    /// Named proxies.
    pub(crate) proxies: Proxies,
}

impl Site {
    /// Builds the searches.
    ///
    /// # Errors
    /// A template or a word that cannot be used; the message names it.
    pub fn new(options: &SiteOptions) -> Result<Self, String> {
        let words = Words::new(&options.words.replace, &options.words.allow)?;
        let templates = options.proxies.templates.iter().map(|template| Template::parse(template));
        let templates = templates.collect::<Result<Vec<_>, _>>()?;
        Ok(Self { words, proxies: Proxies::catalogue().with_templates(&templates) })
    }
}
