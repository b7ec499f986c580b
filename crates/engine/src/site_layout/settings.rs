//! The values in a generator's config in YAML, TOML or JSON.

use super::config_file::{first_of, text_of};
use serde_yaml::Value;
use std::path::Path;

/// The config of a generator. One that cannot be read has no values.
#[derive(Debug, Default)]
pub(super) struct Settings {
    /// The name of its file, if there is one.
    pub(super) file: Option<&'static str>,
    value: Value,
}

impl Settings {
    /// The first of these files that exists, relative to the site's folder.
    pub(super) fn read(site: &Path, names: &[&'static str]) -> Self {
        first_of(site, names)
            .map_or_else(Self::default, |(name, text)| Self { file: Some(name), value: parsed(name, &text) })
    }

    /// The values of one file, whose extension names its format; `None` if it cannot be read.
    pub(super) fn of_file(path: &Path) -> Option<Value> {
        let name = path.file_name()?.to_str()?;
        let is_known = [".toml", ".yaml", ".yml", ".json"].iter().any(|ending| name.ends_with(ending));
        is_known.then(|| text_of(path).map(|text| parsed(name, &text)))?
    }

    /// All values.
    pub(super) fn whole(&self) -> &Value {
        &self.value
    }

    /// The value at a path of keys.
    pub(super) fn at(&self, keys: &[&str]) -> Option<&Value> {
        keys.iter().try_fold(&self.value, |value, key| value.get(key))
    }

    /// The text at a path of keys.
    pub(super) fn text(&self, keys: &[&str]) -> Option<String> {
        self.at(keys)?.as_str().map(str::to_owned)
    }

    /// The texts in a list; a single text counts as a list of one.
    pub(super) fn list(&self, keys: &[&str]) -> Vec<String> {
        texts(self.at(keys))
    }
}

/// The texts in a list; a single text counts as a list of one.
pub(super) fn texts(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::String(text)) => vec![text.clone()],
        Some(Value::Sequence(items)) => {
            items.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect()
        }
        _ => Vec::new(),
    }
}

fn parsed(name: &str, text: &str) -> Value {
    let value = match name.rsplit_once('.') {
        Some((_, "toml")) => toml::from_str(text).ok(),
        _ => serde_yaml::from_str(text).ok(),
    };
    value.unwrap_or_default()
}
