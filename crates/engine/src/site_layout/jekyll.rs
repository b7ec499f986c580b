//! Jekyll's content: posts, drafts, collections, and pages with front matter.

use super::config_file::text_of;
use super::layout::{ContentRoot, ShownFolder, SiteLayout, joined};
use super::patterns::Patterns;
use super::settings::{Settings, texts};
use std::path::Path;

/// What Jekyll excludes by default.
const EXCLUDED: [&str; 8] = [
    ".sass-cache/",
    ".jekyll-cache/",
    "gemfiles/",
    "node_modules/",
    "vendor/bundle/",
    "vendor/cache/",
    "vendor/gems/",
    "vendor/ruby/",
];

/// The plugin that makes pages of files without front matter; GitHub Pages has it by default.
const OPTIONAL_FRONT_MATTER: &str = "jekyll-optional-front-matter";

/// The content of a site of Jekyll.
pub(super) fn layout(site: &Path) -> SiteLayout {
    let settings = Settings::read(site, &["_config.yml", "_config.yaml", "_config.toml"]);
    let folder = settings.text(&["source"]);
    let excluded = settings.list(&["exclude"]).into_iter().chain(EXCLUDED.map(str::to_owned));
    let output = settings.text(&["destination"]).and_then(|folder| joined("", &folder));
    let output = output.filter(|folder| !folder.is_empty()).unwrap_or_else(|| "_site".to_owned());
    let source = ContentRoot {
        shown: shown(&settings),
        included: Patterns::of_jekyll(settings.list(&["include"])),
        includes_names: true,
        excluded: Patterns::of_jekyll(excluded.chain([format!("{output}/")])),
        needs_front_matter: !has_optional_front_matter(site, &settings),
        ..ContentRoot::new(folder.as_deref().unwrap_or_default(), "._#~")
    };
    SiteLayout { roots: vec![source], source: settings.file, ..SiteLayout::default() }
}

/// The folders of posts, drafts and collections.
fn shown(settings: &Settings) -> Vec<ShownFolder> {
    let home = settings.text(&["collections_dir"]).and_then(|folder| joined("", &folder));
    let home = home.unwrap_or_default();
    let within = (!home.is_empty()).then(|| home.clone());
    let posts = ["_posts", "_drafts"].map(|name| ShownFolder {
        name: name.to_owned(),
        within: within.clone(),
        has_posts: true,
    });
    let collections = settings.at(&["collections"]);
    let keys =
        collections.and_then(|collections| collections.as_mapping()).into_iter().flat_map(|map| map.keys());
    let names = keys.filter_map(|name| name.as_str().map(str::to_owned)).chain(texts(collections));
    let collections = names.map(|name| ShownFolder {
        name: format!("_{name}"),
        within: Some(home.clone()),
        has_posts: false,
    });
    // The folder of the collections may have a hidden name itself.
    let folder =
        within.clone().map(|name| ShownFolder { name, within: Some(String::new()), has_posts: false });
    posts.into_iter().chain(collections).chain(folder).collect()
}

fn has_optional_front_matter(site: &Path, settings: &Settings) -> bool {
    let gemfile = || text_of(&site.join("Gemfile")).unwrap_or_default();
    let plugins = ["plugins", "gems", "whitelist"].into_iter().flat_map(|key| settings.list(&[key]));
    let is_plugin = |plugin: String| plugin == OPTIONAL_FRONT_MATTER || plugin == "github-pages";
    let mut plugins = plugins.map(is_plugin);
    plugins.any(|is_plugin| is_plugin)
        || [OPTIONAL_FRONT_MATTER, "github-pages"].iter().any(|name| gemfile().contains(name))
}
