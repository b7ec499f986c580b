//! `postmend.toml`: what it may say, where it is found, and what is said about its mistakes.

use crate::trouble::Trouble;
use postmend_core::Generator;
use postmend_rules::{SiteOptions, nearest};
use serde::{Deserialize, Deserializer, de::Error};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The name that is looked for, in the folder of the posts and upwards.
pub const FILE_NAME: &str = "postmend.toml";

/// A whole config.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Config {
    /// The generator, instead of the one that the site's files name.
    #[serde(deserialize_with = "generator")]
    pub generator: Option<Generator>,
    /// The rules that run: names, `default`, `all`.
    pub select: Option<Vec<String>>,
    /// Rules that do not run.
    pub ignore: Vec<String>,
    /// Paths that are not read, as `.gitignore` writes them.
    pub exclude: Vec<String>,
    /// Options of rules, by name.
    pub rules: BTreeMap<String, toml::Table>,
    /// Words that are right or wrong here.
    pub words: postmend_rules::WordOptions,
    /// The site's own proxies.
    pub proxies: postmend_rules::ProxyOptions,
    /// How dates are meant and read.
    pub dates: postmend_rules::DateOptions,
    /// What fields of front matter are for.
    pub front_matter: postmend_rules::FrontMatterOptions,
    /// What is different for some paths; later ones win.
    pub overrides: Vec<Override>,
}

/// `[[overrides]]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Override {
    /// Globs, relative to the config's folder.
    pub paths: Vec<String>,
    /// The generator of these paths.
    #[serde(default, deserialize_with = "generator")]
    pub generator: Option<Generator>,
    /// The rules that run there.
    pub select: Option<Vec<String>>,
    /// Rules that do not run there, besides those that run nowhere.
    #[serde(default)]
    pub ignore: Vec<String>,
}

impl Config {
    /// Reads a config file.
    ///
    /// # Errors
    /// It cannot be read, or says something that no config may say.
    pub fn read(path: &Path) -> Result<Self, Trouble> {
        let text = std::fs::read_to_string(path).map_err(|error| Trouble::with_path("read", path, &error))?;
        toml::from_str(&text).map_err(|error| mistake(path, &text, &error))
    }

    /// The nearest config at or above a folder.
    pub fn find(folder: &Path) -> Option<PathBuf> {
        let folder = std::path::absolute(folder).ok()?;
        let found = folder.ancestors().map(|above| above.join(FILE_NAME)).find(|path| path.is_file())?;
        // Shown as the user would write it.
        let here = std::path::absolute(".").ok()?;
        Some(found.strip_prefix(here).map_or_else(|_| found.clone(), Path::to_owned))
    }

    /// What the rules want to know of the site.
    pub fn site(&self) -> SiteOptions {
        SiteOptions {
            words: self.words.clone(),
            proxies: self.proxies.clone(),
            dates: self.dates.clone(),
            front_matter: self.front_matter.clone(),
        }
    }
}

fn generator<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Generator>, D::Error> {
    let name = String::deserialize(deserializer)?;
    let names = || Generator::ALL.iter().map(|generator| generator.name()).collect::<Vec<_>>().join("`, `");
    name.parse()
        .map(Some)
        .map_err(|_| D::Error::custom(format!("unknown generator `{name}`, expected one of `{}`", names())))
}

fn mistake(path: &Path, text: &str, error: &toml::de::Error) -> Trouble {
    let message = error.message();
    let help = nearest_name(message).map_or_else(
        || "`postmend init` writes a config that shows what may be said".to_owned(),
        |name| format!("did you mean `{name}`?"),
    );
    match error.span() {
        Some(span) => Trouble::new(message, help).at(path, text, span),
        None => Trouble::new(format!("{}: {message}", path.display()), help),
    }
}

/// Of the names that serde says it expected, the one most like the one it got.
fn nearest_name(message: &str) -> Option<&str> {
    let mut names = message.split('`').skip(1).step_by(2);
    let got = names.next()?;
    nearest(got, names)
}
