//! The content of VitePress and VuePress: Markdown in the source folder.

use super::layout::{ContentRoot, SiteLayout, joined};
use super::patterns::Patterns;
use super::script::ConfigScript;
use std::path::Path;

/// The folders of the config.
const CONFIGS: [&str; 2] = [".vitepress", ".vuepress"];

/// The names of the config.
const NAMES: [&str; 8] = [
    "config.js",
    "config.ts",
    "config.mts",
    "config.mjs",
    "config.cjs",
    "config/index.ts",
    "config/index.mts",
    "config/index.js",
];

/// The content of a site of VitePress or VuePress.
pub(super) fn layout(site: &Path) -> SiteLayout {
    let found = ["", "docs", "src"].into_iter().flat_map(|folder| CONFIGS.map(|config| (folder, config)));
    let Some((folder, config)) =
        found.into_iter().find(|(folder, config)| site.join(folder).join(config).is_dir())
    else {
        return SiteLayout::default();
    };
    let script = ConfigScript::read(&site.join(folder).join(config), &NAMES);
    let below = script.text("srcDir");
    let Some(source) = joined(folder, below.as_deref().unwrap_or_default()) else {
        return SiteLayout::default();
    };
    let excluded = script.list("srcExclude").unwrap_or_default();
    let root = ContentRoot {
        extensions: &["md"],
        skipped: Patterns::globs(excluded),
        excluded: Patterns::globs(["**/node_modules".to_owned(), "**/dist".to_owned()]),
        ..ContentRoot::new(&source, ".")
    };
    SiteLayout { roots: vec![root], source: below.and(script.file), ..SiteLayout::default() }
}
