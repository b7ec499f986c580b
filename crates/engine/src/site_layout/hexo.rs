//! Hexo's content: its source folder, where names with `_` are data but for posts and drafts.

use super::layout::{ContentRoot, ShownFolder, SiteLayout};
use super::patterns::Patterns;
use super::settings::Settings;
use std::path::Path;

/// The content of a site of Hexo.
pub(super) fn layout(site: &Path) -> SiteLayout {
    let settings = Settings::read(site, &["_config.yml", "_config.yaml", "_config.json"]);
    let folder = settings.text(&["source_dir"]);
    let shown = ["_posts", "_drafts"].map(|name| ShownFolder {
        name: name.to_owned(),
        within: Some(String::new()),
        has_posts: true,
    });
    // These are matched against absolute paths.
    let ignored = settings.list(&["ignore"]).into_iter().filter(|glob| glob.starts_with("**/"));
    let source = ContentRoot {
        extensions: &["md", "markdown", "html", "htm"],
        shown: shown.into(),
        included: Patterns::globs(settings.list(&["include"])),
        skipped: Patterns::globs(
            settings.list(&["skip_render"]).into_iter().chain(ignored).chain(["**/*~".to_owned()]),
        ),
        skipped_pages: Patterns::globs(settings.list(&["exclude"])),
        ..ContentRoot::new(folder.as_deref().unwrap_or("source"), "._")
    };
    SiteLayout { roots: vec![source], source: folder.and(settings.file), ..SiteLayout::default() }
}
