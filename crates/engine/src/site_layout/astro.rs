//! Astro's content: pages, and the folders of its content collections.

use super::layout::{ContentRoot, MARKDOWN_AND_MDX, SiteLayout, joined};
use super::script::ConfigScript;
use std::path::Path;

/// The files that define collections, relative to the source folder.
const COLLECTIONS: [&str; 8] = [
    "content.config.ts",
    "content.config.mts",
    "content.config.mjs",
    "content.config.js",
    "content/config.ts",
    "content/config.mts",
    "content/config.mjs",
    "content/config.js",
];

/// The content of a site of Astro.
pub(super) fn layout(site: &Path) -> SiteLayout {
    let config = ConfigScript::read(
        site,
        &["astro.config.mjs", "astro.config.ts", "astro.config.js", "astro.config.mts"],
    );
    let source =
        config.text("srcDir").and_then(|folder| joined("", &folder)).unwrap_or_else(|| "src".to_owned());
    let collections = ConfigScript::read(&site.join(&source), &COLLECTIONS);
    let loaders = collections.calls("glob");
    let bases = collections.texts("base");
    if loaders > bases.len() {
        // A loader without a base, or with one that is computed, may read anything.
        return SiteLayout::default();
    }
    // A loader reads names with `_` too, the older collections do not.
    let hidden = if loaders > 0 { "." } else { "._" };
    let content = ContentRoot {
        extensions: MARKDOWN_AND_MDX,
        ..ContentRoot::new(&format!("{source}/content"), hidden)
    };
    let pages = ContentRoot {
        extensions: &["md", "markdown", "mdx", "html"],
        ..ContentRoot::new(&format!("{source}/pages"), "._")
    };
    let bases = bases.iter().filter_map(|base| joined("", base));
    let bases = bases
        .map(|base| ContentRoot { extensions: &["md", "markdown", "mdx"], ..ContentRoot::new(&base, ".") });
    let source = collections.file.filter(|_| loaders > 0);
    SiteLayout { roots: bases.chain([pages, content]).collect(), source, ..SiteLayout::default() }
}
