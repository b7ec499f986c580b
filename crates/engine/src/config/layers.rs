//! Reads a config and the configs that it extends, and merges them.

use super::sourced_value::{REST, SourcePosition, SourcedValue, ValueKind};
use super::{AllowedFiles, Config, Extends, mistake, mistake_elsewhere};
use crate::paths;
use crate::trouble::{Trouble, line_at};
use postmend_core::front::too_deep;
use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use toml::de::DeTable;

/// The options that are file names. A file name is relative to the folder of the config that contains it.
const FILES: [&[&str]; 2] = [&["words", "dictionary"], &["words", "model"]];

/// The maximum depth of `extends`; nobody nests configs this deeply.
const MOST_ABOVE: usize = 64;

/// A config and the configs that it extends, merged.
#[derive(Debug, Clone)]
pub struct Layers {
    /// The files, the most general one first.
    files: Vec<ConfigSource>,
    /// The merged values.
    pub settings: SourcedValue,
}

#[derive(Debug, Clone)]
struct ConfigSource {
    path: PathBuf,
    text: String,
}

impl Layers {
    /// The values that apply where there is no config.
    pub fn none() -> Self {
        let standard = SourcedValue::unwritten(ValueKind::Plain("default".into()));
        let select = SourcedValue::unwritten(ValueKind::List(vec![standard]));
        let settings = ValueKind::Table(BTreeMap::from([("select".to_owned(), select)]));
        Self { files: Vec::new(), settings: SourcedValue::unwritten(settings) }
    }

    /// Reads a config, which was named on the command line (`is_named`) or found, and those that it extends.
    ///
    /// # Errors
    /// One of them cannot be read, has an invalid value or unknown key, or extends itself.
    pub fn read(path: &Path, reach: &AllowedFiles, is_named: bool) -> Result<Self, Trouble> {
        let mut layers = Self::none();
        let text = if is_named { reach.named_text(path)? } else { reach.found_text(path)? };
        layers.add(path, text, reach, &mut Vec::new())?;
        Ok(layers)
    }

    /// Adds a config that the configs in `above` extend, after those that it extends itself.
    fn add(
        &mut self,
        path: &Path,
        text: String,
        reach: &AllowedFiles,
        above: &mut Vec<PathBuf>,
    ) -> Result<(), Trouble> {
        let wrong = |error: &toml::de::Error| match above.is_empty() {
            true => mistake(path, &text, error),
            false => mistake_elsewhere(path, &text, error),
        };
        if let Some(at) = too_deep(&text) {
            let line = line_at(&text, at);
            let message = format!("{} has a key with too many parts in line {line}", path.display());
            return Err(Trouble::new(message, "no option is nested that deeply"));
        }
        let own: Config = toml::from_str(&text).map_err(|error| wrong(&error))?;
        let values: toml::Table = toml::from_str(&text).map_err(|error| wrong(&error))?;
        let spanned = DeTable::parse(&text).map_err(|error| wrong(&error))?;
        let folder = path.parent().unwrap_or(Path::new(""));
        above.push(path.to_owned());
        for name in own.extends.names() {
            let base = shortest(folder.join(name));
            let extends_span = spanned.get_ref().get("extends").map(|value| value.span());
            let at = |trouble: Trouble| -> Trouble {
                extends_span.clone().map_or(trouble.clone(), |span| trouble.at(path, &text, span))
            };
            if above.len() > MOST_ABOVE || above.iter().any(|seen| is_same(seen, &base)) {
                let message = format!("{} extends itself", base.display());
                return Err(at(Trouble::new(message, "remove the name from `extends`")));
            }
            if !base.is_file() {
                let message = format!("cannot extend {}: there is no such file", base.display());
                return Err(at(Trouble::new(message, "paths are relative to this config's folder")));
            }
            if !self.files.iter().any(|file| is_same(&file.path, &base)) {
                let text = reach.text(&base).map_err(at)?;
                self.add(&base, text, reach, above)?;
            }
        }
        above.pop();
        let mut settings = SourcedValue::of_file(values, spanned.get_ref(), self.files.len());
        if let Some(first) = above.first() {
            name_from(folder, first.parent().unwrap_or(Path::new("")), &mut settings);
        }
        let base =
            std::mem::replace(&mut self.settings, SourcedValue::unwritten(ValueKind::List(Vec::new())));
        self.settings = base.with(settings);
        self.files.push(ConfigSource { path: path.to_owned(), text });
        Ok(())
    }

    /// The merged values as a config.
    ///
    /// # Errors
    /// The values of the files do not fit together.
    pub fn config(&self) -> Result<Config, Trouble> {
        self.read_as_config(&self.settings)
    }

    /// The values where these overrides apply, given by their indexes.
    pub fn overridden(&self, applying: &[usize]) -> SourcedValue {
        let overrides = self.settings.at(["overrides"]).map(SourcedValue::items).unwrap_or_default();
        applying.iter().filter_map(|&index| overrides.get(index)).fold(
            self.settings.clone(),
            |settings, over| {
                let mut over = over.clone();
                if let ValueKind::Table(table) = &mut over.kind {
                    table.remove("paths");
                }
                // The rules that are ignored everywhere are also ignored here.
                if let Some(SourcedValue { kind: ValueKind::List(ignored), .. }) = over.at_mut(["ignore"]) {
                    ignored.insert(0, SourcedValue::unwritten(ValueKind::Plain(REST.into())));
                }
                settings.with(over)
            },
        )
    }

    /// The values as a config.
    ///
    /// # Errors
    /// They are not a valid config.
    pub fn read_as_config(&self, settings: &SourcedValue) -> Result<Config, Trouble> {
        // From text again, so that only one reader of configs is built.
        let text = toml::to_string(&settings.value()).expect("values of TOML files can be written as TOML");
        toml::from_str(&text).map_err(|error: toml::de::Error| {
            let names: Vec<String> = self.files.iter().map(|file| file.path.display().to_string()).collect();
            let message = format!("{} conflict: {}", names.join(" and "), error.message());
            Trouble::new(message, "fix the one that is wrong")
        })
    }

    /// A position as `path:line`.
    pub fn describe_position(&self, position: &SourcePosition) -> String {
        let ConfigSource { path, text } = &self.files[position.file];
        let line = line_at(text, position.span.start);
        format!("{}:{line}", path.display())
    }

    /// The paths of the files, the most general one first.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.files.iter().map(|file| file.path.as_path())
    }

    /// Adds the position of a value to a trouble, so that it is shown in its file.
    pub fn trouble_at(&self, position: Option<&SourcePosition>, trouble: Trouble) -> Trouble {
        let Some(position) = position else { return trouble };
        let ConfigSource { path, text } = &self.files[position.file];
        trouble.at(path, text, position.span.clone())
    }
}

/// The same path without `..` where it still leads to the same file; with symlinks it may not.
fn shortest(path: PathBuf) -> PathBuf {
    let mut short = PathBuf::new();
    for part in path.components() {
        let is_back = part == Component::ParentDir
            && matches!(short.components().next_back(), Some(Component::Normal(_)));
        if !(is_back && short.pop()) {
            short.push(part);
        }
    }
    if is_same(&short, &path) { short } else { path }
}

fn is_same(a: &Path, b: &Path) -> bool {
    std::fs::canonicalize(a).ok() == std::fs::canonicalize(b).ok()
}

/// Rewrites the file names in a config, which are relative to its own folder, so that they are relative to another
/// folder; absolute if they are not below that one.
fn name_from(own: &Path, other: &Path, settings: &mut SourcedValue) {
    let named = |value: &mut SourcedValue| {
        let Some(name) = value.text() else { return };
        let path = shortest(own.join(name));
        let path = path.strip_prefix(other).map_or_else(|_| paths::absolute(&path), Path::to_owned);
        value.kind = ValueKind::Plain(path.display().to_string().into());
    };
    for path in FILES {
        settings.at_mut(path.iter().copied()).into_iter().for_each(named);
    }
    let schemas = settings.at_mut(["front-matter", "schemas"]);
    if let Some(SourcedValue { kind: ValueKind::List(schemas), .. }) = schemas {
        schemas.iter_mut().filter_map(|schema| schema.at_mut(["schema"])).for_each(named);
    }
}

impl Extends {
    fn names(&self) -> &[String] {
        match self {
            Self::One(name) => std::slice::from_ref(name),
            Self::Many(names) => names,
        }
    }
}
