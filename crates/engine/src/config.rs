//! `postmend.toml`: its options, how it is found, and the messages for its errors.

mod allowed_files;
mod layers;
#[cfg(feature = "schema")]
mod rule_names;
#[cfg(feature = "schema")]
mod schema;
mod sourced_value;

pub use allowed_files::AllowedFiles;
pub use layers::Layers;
#[cfg(feature = "schema")]
pub use schema::schema;
pub use sourced_value::{SourcePosition, SourcedValue, ValueKind};

use crate::paths::display_path;
use crate::trouble::{Trouble, line_at};
use postmend_core::Generator;
use postmend_rules::{SiteOptions, SiteRuleOptions, nearest};
use serde::{Deserialize, Deserializer, de::Error};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The file name of a config, which is looked for in the folder of the posts and the folders above it.
pub const FILE_NAME: &str = "postmend.toml";

/// The settings of a repository.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Config {
    /// Configs that this one extends, relative to its folder; of several, the last one wins. Its own values are
    /// merged with theirs table by table. A list replaces theirs; `"..."` in it includes their items.
    /// Globs are relative to the folder of the extending config, file names to that of the config that
    /// contains them.
    pub extends: Extends,
    /// The generator of the site, instead of the one that its files suggest.
    #[serde(deserialize_with = "generator")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>", extend("enum" = generators())))]
    pub generator: Option<Generator>,
    /// The rules that run: names, `default`, `all`.
    #[cfg_attr(feature = "schema", schemars(schema_with = "rule_names::of_names"))]
    pub select: Vec<String>,
    /// Rules that do not run.
    #[cfg_attr(feature = "schema", schemars(schema_with = "rule_names::of_names"))]
    pub ignore: Vec<String>,
    /// Paths that are not read, as `.gitignore` writes them.
    pub exclude: Vec<String>,
    /// Folders and files that are read, relative to the config's folder, instead of what the generator reads.
    pub content: Vec<String>,
    /// Options of rules, by name.
    #[cfg_attr(feature = "schema", schemars(schema_with = "rule_names::of_rules"))]
    pub rules: BTreeMap<String, toml::Table>,
    /// Words that are correct or wrong on this site.
    pub words: postmend_rules::WordOptions,
    /// The site's own proxies.
    pub proxies: postmend_rules::ProxyOptions,
    /// Time zones, and how dates are read.
    pub dates: postmend_rules::DateOptions,
    /// Roles and schemas of front matter fields.
    pub front_matter: postmend_rules::FrontMatterOptions,
    /// Settings for some paths; later ones win.
    pub overrides: Vec<Override>,
    /// The site's own rules.
    pub rule: Vec<SiteRuleOptions>,
}

/// `[[overrides]]`: settings for some paths, merged with those of the config.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Override {
    /// Globs, relative to the config's folder.
    pub paths: Vec<String>,
    /// The generator of these paths.
    #[serde(default, deserialize_with = "generator")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>", extend("enum" = generators())))]
    pub generator: Option<Generator>,
    /// The rules that run there; `"..."` includes those that run elsewhere.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(schema_with = "rule_names::of_names"))]
    pub select: Option<Vec<String>>,
    /// Rules that do not run there, in addition to `ignore` of the config.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(schema_with = "rule_names::of_names"))]
    pub ignore: Vec<String>,
    /// Options of rules there, by name.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(schema_with = "rule_names::of_rules"))]
    pub rules: BTreeMap<String, toml::Table>,
}

/// `extends`
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged, expecting = "expected the name of a config, or a list of names")]
pub enum Extends {
    /// A config.
    One(String),
    /// Several.
    Many(Vec<String>),
}

impl Default for Extends {
    fn default() -> Self {
        Self::Many(Vec::new())
    }
}

impl Config {
    /// The nearest config at or above a folder.
    pub fn find(folder: &Path) -> Option<PathBuf> {
        std::path::absolute(folder).ok()?.ancestors().find_map(Self::within)
    }

    /// The config in a folder, as the user would write it.
    pub fn within(folder: &Path) -> Option<PathBuf> {
        let path = folder.join(FILE_NAME);
        path.is_file().then(|| display_path(&path).to_owned())
    }

    /// The options that the rules need to know about the site.
    pub fn site(&self) -> SiteOptions {
        SiteOptions {
            words: self.words.clone(),
            proxies: self.proxies.clone(),
            dates: self.dates.clone(),
            front_matter: self.front_matter.clone(),
        }
    }
}

fn generators() -> Vec<&'static str> {
    Generator::ALL.iter().map(|generator| generator.name()).collect()
}

fn generator<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Generator>, D::Error> {
    let name = String::deserialize(deserializer)?;
    let names = || generators().join("`, `");
    name.parse()
        .map(Some)
        .map_err(|_| D::Error::custom(format!("unknown generator `{name}`, expected one of `{}`", names())))
}

/// An error in a config that was found or named. Its text may be shown.
fn mistake(path: &Path, text: &str, error: &toml::de::Error) -> Trouble {
    let message = error.message();
    let help = nearest_name(message).map_or_else(
        || "`postmend init` writes a config that shows the options".to_owned(),
        |name| format!("did you mean `{name}`?"),
    );
    match error.span() {
        Some(span) => Trouble::new(message, help).at(path, text, span),
        None => Trouble::new(format!("{}: {message}", path.display()), help),
    }
}

/// An error in a file that a config extends. It may be any file, so only the line number is shown and none of its
/// text.
fn mistake_elsewhere(path: &Path, text: &str, error: &toml::de::Error) -> Trouble {
    let line = error.span().map(|span| line_at(text, span.start));
    let position = line.map_or_else(String::new, |line| format!(" in line {line}"));
    let path = path.display();
    Trouble::new(
        format!("{path} is not a config: error{position}"),
        format!("`postmend check --config {path}` shows it"),
    )
}

/// Of the names that serde lists as expected, the one most similar to the name that it got.
fn nearest_name(message: &str) -> Option<&str> {
    let mut names = message.split('`').skip(1).step_by(2);
    let got = names.next()?;
    nearest(got, names)
}
