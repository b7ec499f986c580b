//! Jekyll's content: posts, drafts, collections, and pages with front matter.

use super::layout::{ContentRoot, SiteLayout, normal};
use super::settings::{Settings, texts};
use globset::{GlobBuilder, GlobSetBuilder};
use std::path::Path;

/// What Jekyll excludes by default.
const EXCLUDED: [&str; 8] = [
    ".sass-cache",
    ".jekyll-cache",
    "gemfiles",
    "node_modules",
    "vendor/bundle/",
    "vendor/cache/",
    "vendor/gems/",
    "vendor/ruby/",
];

/// The content of a site of Jekyll.
pub(super) fn layout(site: &Path) -> SiteLayout {
    let settings = Settings::read(site, &["_config.yml", "_config.yaml", "_config.toml"]);
    let folder = settings.text(&["source"]);
    let collections = settings.at(&["collections"]);
    let named = collections.and_then(|collections| collections.as_mapping());
    let named = named
        .into_iter()
        .flat_map(|collections| collections.keys().filter_map(|name| name.as_str().map(str::to_owned)));
    let named = named.chain(texts(collections)).map(|name| format!("_{name}"));
    let included = settings.list(&["include"]);
    let shown = named.chain(["_posts".to_owned(), "_drafts".to_owned()]).chain(included).collect();
    let excluded = settings.list(&["exclude"]).into_iter().chain(EXCLUDED.map(str::to_owned));
    let output = settings.text(&["destination"]).and_then(|folder| normal(&folder));
    let source = ContentRoot {
        shown,
        excluded: starting_with(excluded.chain(output).chain(["_site".to_owned()])),
        needs_front_matter: true,
        ..ContentRoot::new(folder.as_deref().unwrap_or_default(), "._#~")
    };
    SiteLayout { roots: vec![source], source: settings.file, ..SiteLayout::default() }
}

/// Jekyll excludes what matches a pattern, in which `*` stands for slashes too, and every path that starts with it.
fn starting_with(patterns: impl Iterator<Item = String>) -> globset::GlobSet {
    let mut set = GlobSetBuilder::new();
    for pattern in patterns
        .take(super::layout::MOST_GLOBS)
        .filter(|pattern| crate::glob_limits::is_sane(pattern.as_bytes()))
    {
        let pattern = pattern.trim_start_matches(['.', '/']).trim_end_matches('/').to_owned();
        if pattern.is_empty() {
            continue;
        }
        let starts = format!("{}*", globset::escape(&pattern));
        for glob in [pattern, starts] {
            let glob = GlobBuilder::new(&glob).literal_separator(false).build();
            glob.into_iter().for_each(|glob| {
                set.add(glob);
            });
        }
    }
    set.build().unwrap_or_default()
}
