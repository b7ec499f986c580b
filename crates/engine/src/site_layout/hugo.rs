//! Hugo's content: its content folders, and what is mounted there.

use super::layout::{ContentRoot, SiteLayout, joined};
use super::patterns::Patterns;
use super::settings::{Settings, texts};
use serde_yaml::Value;
use std::path::Path;

/// The files of Hugo's config, the newer ones first.
const FILES: [&str; 8] = [
    "hugo.toml",
    "hugo.yaml",
    "hugo.yml",
    "hugo.json",
    "config.toml",
    "config.yaml",
    "config.yml",
    "config.json",
];

/// The folders of the config, of which the later ones are those of a published site.
const FOLDERS: [&str; 2] = ["config/_default", "config/production"];

/// The content of a site of Hugo.
pub(super) fn layout(site: &Path) -> SiteLayout {
    let whole = Settings::read(site, &FILES);
    let mut parts = Parts { file: whole.file, ..Parts::default() };
    parts.add("", whole.whole());
    for folder in FOLDERS {
        let names = std::fs::read_dir(site.join(folder)).into_iter().flatten().flatten();
        let mut names: Vec<String> = names.filter_map(|entry| entry.file_name().into_string().ok()).collect();
        names.sort();
        for name in names {
            let stem = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem);
            let stem = if matches!(stem, "hugo" | "config") { "" } else { stem };
            if let Some(value) = Settings::of_file(&site.join(folder).join(&name)) {
                parts.file = parts.file.or(Some(folder));
                parts.add(stem, &value);
            }
        }
    }
    parts.layout()
}

/// What the files of the config say.
#[derive(Default)]
struct Parts {
    file: Option<&'static str>,
    content: Option<String>,
    /// The content folder of each language, if it has its own.
    languages: Vec<Option<String>>,
    mounts: Vec<Mount>,
}

struct Mount {
    source: String,
    target: String,
    excluded: Vec<String>,
}

impl Parts {
    /// Adds the values of a file; `about` is the key that they are about, or empty.
    fn add(&mut self, about: &str, value: &Value) {
        match about.split_once('.').map_or(about, |(about, _)| about) {
            "" => {
                self.content = text(value, "contentdir").or_else(|| self.content.take());
                field(value, "languages").into_iter().for_each(|languages| self.add("languages", languages));
                field(value, "module").into_iter().for_each(|module| self.add("module", module));
            }
            "languages" if about.contains('.') => self.languages.push(text(value, "contentdir")),
            "languages" => {
                let languages = value.as_mapping().into_iter().flat_map(|languages| languages.values());
                self.languages.extend(languages.map(|language| text(language, "contentdir")));
            }
            "module" => {
                let mounts = field(value, "mounts").and_then(Value::as_sequence).into_iter().flatten();
                self.mounts.extend(mounts.filter_map(Mount::of));
            }
            _ => {}
        }
    }

    fn layout(self) -> SiteLayout {
        let Self { file, content, languages, mounts } = self;
        let is_written = content.is_some() || languages.iter().any(Option::is_some) || !mounts.is_empty();
        let hidden = ".#";
        let root = |folder: &str, excluded: Vec<String>| {
            let folder = joined("", folder)?;
            let skipped = Patterns::globs(excluded.into_iter().chain(["**/*~".to_owned()]));
            Some(ContentRoot {
                extensions: &["md", "markdown", "html", "htm"],
                skipped,
                ..ContentRoot::new(&folder, hidden)
            })
        };
        let mut roots: Vec<ContentRoot> = Vec::new();
        // A mount of the content folder takes the place of the default.
        let is_mounted = mounts.iter().any(|mount| mount.target.split('/').next() == Some("content"));
        let has_default = languages.is_empty() || languages.iter().any(Option::is_none);
        if !is_mounted && has_default {
            roots.extend(root(content.as_deref().unwrap_or("content"), Vec::new()));
        }
        roots.extend(languages.iter().flatten().filter_map(|folder| root(folder, Vec::new())));
        roots.extend(mounts.into_iter().filter_map(|mount| root(&mount.source, mount.excluded)));
        SiteLayout { roots, source: file.filter(|_| is_written), ..SiteLayout::default() }
    }
}

impl Mount {
    /// A mount of content or assets.
    fn of(mount: &Value) -> Option<Self> {
        let (source, target) = (text(mount, "source")?, text(mount, "target")?);
        let excluded = texts(field(mount, "excludefiles"));
        let excluded = excluded.into_iter().map(|glob| glob.trim_start_matches('/').to_owned()).collect();
        let is_content = matches!(target.split('/').next(), Some("content" | "assets"));
        is_content.then_some(Self { source, target, excluded })
    }
}

/// A field; Hugo's keys may be in any case.
fn field<'v>(table: &'v Value, key: &str) -> Option<&'v Value> {
    let is_key = |name: &Value| name.as_str().is_some_and(|name| name.eq_ignore_ascii_case(key));
    table.as_mapping()?.iter().find(|(name, _)| is_key(name)).map(|(_, value)| value)
}

fn text(table: &Value, key: &str) -> Option<String> {
    field(table, key)?.as_str().map(str::to_owned)
}
