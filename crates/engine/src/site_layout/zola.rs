//! Zola's content: Markdown in `content`.

use super::layout::{ContentRoot, SiteLayout};
use super::patterns::Patterns;
use super::settings::Settings;
use std::path::Path;

/// The content of a site of Zola.
pub(super) fn layout(site: &Path) -> SiteLayout {
    let settings = Settings::read(site, &["zola.toml", "config.toml"]);
    let content = ContentRoot {
        extensions: &["md"],
        // Patterns are matched against absolute paths.
        skipped: Patterns::absolute_globs(settings.list(&["ignored_content"]), "/site/content/"),
        ..ContentRoot::new("content", ".")
    };
    SiteLayout { roots: vec![content], ..SiteLayout::default() }
}
