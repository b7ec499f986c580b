//! Hugo's content: its content folders, and what is mounted there.

use super::layout::{ContentRoot, SiteLayout, normal};
use super::settings::Settings;
use serde_yaml::Value;
use std::path::Path;

/// The files of Hugo's config, the newer ones first.
const FILES: [&str; 9] = [
    "hugo.toml",
    "hugo.yaml",
    "hugo.yml",
    "hugo.json",
    "config.toml",
    "config.yaml",
    "config.yml",
    "config.json",
    "config/_default/hugo.toml",
];

/// The files of a config folder, with the key that each of them is about.
const PARTS: [(&str, &[&str]); 3] = [
    (
        "",
        &[
            "config/_default/hugo.toml",
            "config/_default/config.toml",
            "config/_default/hugo.yaml",
            "config/_default/config.yaml",
        ],
    ),
    ("languages", &["config/_default/languages.toml", "config/_default/languages.yaml"]),
    ("module", &["config/_default/module.toml", "config/_default/module.yaml"]),
];

/// The content of a site of Hugo.
pub(super) fn layout(site: &Path) -> SiteLayout {
    let whole = Settings::read(site, &FILES);
    let [main, languages, module] = PARTS.map(|(_, files)| Settings::read(site, files));
    let file = whole.file.or(main.file);
    let of_key = |key: &str| [&whole, &main].into_iter().find_map(|settings| value(settings, key).cloned());
    let languages =
        languages.at(&[]).filter(|_| languages.file.is_some()).cloned().or_else(|| of_key("languages"));
    let module = module.at(&[]).filter(|_| module.file.is_some()).cloned().or_else(|| of_key("module"));
    let mut folders: Vec<String> = languages
        .iter()
        .filter_map(|languages| languages.as_mapping())
        .flat_map(|languages| languages.values())
        .filter_map(|language| text(language, "contentdir"))
        .collect();
    let named = of_key("contentdir").and_then(|folder| folder.as_str().map(str::to_owned));
    let mounts = module.as_ref().map(mounts).unwrap_or_default();
    let source = (named.is_some() || !folders.is_empty() || !mounts.is_empty()).then_some(file).flatten();
    // A mount of the content folder takes the place of the default.
    if !mounts.iter().any(|(_, target)| target.split('/').next() == Some("content")) {
        folders.push(named.unwrap_or_else(|| "content".to_owned()));
    }
    folders.extend(mounts.into_iter().map(|(source, _)| source));
    let roots = folders
        .iter()
        .filter_map(|folder| normal(folder))
        .map(|folder| ContentRoot::new(&folder, ".#").excluding(["**/*~".to_owned()]));
    SiteLayout { roots: roots.collect(), source, ..SiteLayout::default() }
}

/// The source and target of each mount of content or assets.
fn mounts(module: &Value) -> Vec<(String, String)> {
    let mounts = field(module, "mounts").and_then(Value::as_sequence);
    let mounts = mounts
        .into_iter()
        .flatten()
        .filter_map(|mount| Some((text(mount, "source")?, text(mount, "target")?)));
    mounts.filter(|(_, target)| matches!(target.split('/').next(), Some("content" | "assets"))).collect()
}

fn value<'v>(settings: &'v Settings, key: &str) -> Option<&'v Value> {
    field(settings.at(&[])?, key)
}

/// A field; Hugo's keys may be in any case.
fn field<'v>(table: &'v Value, key: &str) -> Option<&'v Value> {
    let is_key = |name: &Value| name.as_str().is_some_and(|name| name.eq_ignore_ascii_case(key));
    table.as_mapping()?.iter().find(|(name, _)| is_key(name)).map(|(_, value)| value)
}

fn text(table: &Value, key: &str) -> Option<String> {
    field(table, key)?.as_str().map(str::to_owned)
}
