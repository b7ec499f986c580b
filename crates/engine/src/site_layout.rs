//! Which files of a site its generator reads as content, according to the site's own config.

mod docusaurus;
mod eleventy;
mod hugo;
mod jekyll;
mod layout;
mod script;
mod settings;
mod vitepress;

pub use layout::{ContentRoot, SiteLayout};

use layout::{MARKDOWN_AND_MDX, normal};
use postmend_core::Generator;
use settings::Settings;
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
        Generator::Hexo => hexo(site),
        Generator::Hugo => hugo::layout(site),
        Generator::Jekyll => jekyll::layout(site),
        Generator::Docusaurus => docusaurus::layout(site),
        Generator::Eleventy => eleventy::layout(site),
        Generator::Astro => astro(site),
        Generator::VitePress => vitepress::layout(site),
        Generator::Zola => zola(site),
    };
    layout.roots.retain(|root| site.join(&root.folder).is_dir());
    layout
}

/// Hexo reads its source folder, where names with `_` are data but for posts and drafts.
fn hexo(site: &Path) -> SiteLayout {
    let settings = Settings::read(site, &["_config.yml", "_config.yaml", "_config.json"]);
    let folder = settings.text(&["source_dir"]);
    let globs = ["skip_render", "exclude", "ignore"].into_iter().flat_map(|key| settings.list(&[key]));
    let source = ContentRoot {
        shown: ["_posts", "_drafts"].map(str::to_owned).into(),
        ..ContentRoot::new(folder.as_deref().unwrap_or("source"), "._")
    };
    let source = source.excluding(globs.chain(["**/*~".to_owned()]));
    SiteLayout { roots: vec![source], source: folder.and(settings.file), ..SiteLayout::default() }
}

/// Zola reads `content`.
fn zola(site: &Path) -> SiteLayout {
    let settings = Settings::read(site, &["config.toml", "zola.toml"]);
    let ignored = settings.list(&["ignored_content"]).into_iter().map(|glob| format!("**/{glob}"));
    let content = ContentRoot { extensions: &["md"], ..ContentRoot::new("content", ".") };
    SiteLayout { roots: vec![content.excluding(ignored)], ..SiteLayout::default() }
}

/// Astro reads pages, and the folders of its content collections.
fn astro(site: &Path) -> SiteLayout {
    let config =
        script::ConfigScript::read(site, &["astro.config.mjs", "astro.config.ts", "astro.config.js"]);
    let source = config.text("srcDir").and_then(|folder| normal(&folder)).unwrap_or_else(|| "src".to_owned());
    let pages = ContentRoot::new(&format!("{source}/pages"), "._");
    let content =
        ContentRoot { extensions: MARKDOWN_AND_MDX, ..ContentRoot::new(&format!("{source}/content"), "._") };
    let files = [
        "content.config.ts",
        "content.config.mjs",
        "content.config.js",
        "content/config.ts",
        "content/config.js",
    ];
    let collections = script::ConfigScript::read(&site.join(&source), &files);
    let bases = collections.texts("base").into_iter().filter_map(|base| normal(&base));
    let bases =
        bases.map(|base| ContentRoot { extensions: MARKDOWN_AND_MDX, ..ContentRoot::new(&base, ".") });
    SiteLayout { roots: bases.chain([pages, content]).collect(), ..SiteLayout::default() }
}
