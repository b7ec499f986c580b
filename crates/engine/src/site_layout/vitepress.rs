//! The content of VitePress and VuePress: Markdown in the source folder.

use super::layout::{ContentRoot, SiteLayout, normal};
use super::script::ConfigScript;
use std::path::Path;

/// The folders of the config, the names of its files in it.
const CONFIGS: [&str; 2] = [".vitepress", ".vuepress"];
const NAMES: [&str; 7] = [
    "config.js",
    "config.ts",
    "config.mts",
    "config.mjs",
    "config.cjs",
    "config/index.ts",
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
    let source = normal(&format!("{folder}/{}", below.as_deref().unwrap_or_default()));
    let excluded = script.list("srcExclude").unwrap_or_default();
    let root = ContentRoot { extensions: &["md"], ..ContentRoot::new(&source.unwrap_or_default(), ".") };
    let root = root.excluding(excluded.into_iter().chain(["**/node_modules".to_owned()]));
    SiteLayout { roots: vec![root], source: below.and(script.file), ..SiteLayout::default() }
}
