//! Which files of a site its generator reads as content, according to the site's own config.

mod astro;
mod config_file;
mod docusaurus;
mod eleventy;
mod hexo;
mod hugo;
mod jekyll;
mod layout;
mod patterns;
mod script;
mod settings;
mod vitepress;
mod zola;

pub use layout::{ContentRoot, SiteLayout};

use postmend_core::Generator;
use std::path::Path;

/// Folders of packages, which are nobody's content. With no generator, only these are left out.
const PACKAGES: [&str; 4] = ["node_modules", "bower_components", "jspm_packages", "_site"];

/// Whether a folder of this name contains packages or the output of a build, on any site.
pub fn is_package_folder(name: &str) -> bool {
    PACKAGES.contains(&name)
}

/// The layout of the site in a folder.
pub fn layout_of(generator: Generator, site: &Path) -> SiteLayout {
    let mut layout = match generator {
        Generator::None => SiteLayout::default(),
        Generator::Hexo => hexo::layout(site),
        Generator::Hugo => hugo::layout(site),
        Generator::Jekyll => jekyll::layout(site),
        Generator::Docusaurus => docusaurus::layout(site),
        Generator::Eleventy => eleventy::layout(site),
        Generator::Astro => astro::layout(site),
        Generator::VitePress => vitepress::layout(site),
        Generator::Zola => zola::layout(site),
    };
    layout.roots.retain(|root| site.join(&root.folder).exists());
    layout
}
