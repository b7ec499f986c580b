//! Eleventy's content: its input folder, without layouts, data and output.

use super::config_file::text_of;
use super::layout::{ContentRoot, SiteLayout, joined};
use super::patterns::Patterns;
use super::script::ConfigScript;
use super::settings::Settings;
use std::path::Path;

/// The content of a site of Eleventy.
pub(super) fn layout(site: &Path) -> SiteLayout {
    let config = ConfigScript::read(
        site,
        &[".eleventy.js", "eleventy.config.js", "eleventy.config.mjs", "eleventy.config.cjs"],
    );
    let dir = config.objects("dir").into_iter().next().unwrap_or_default();
    let setting =
        |key: &str, setter: &str| dir.text(key).or_else(|| config.arguments(setter).into_iter().next());
    let input = setting("input", "setInputDirectory").or_else(|| input_of_scripts(site));
    let Some(folder) = joined("", input.as_deref().unwrap_or_default()) else { return SiteLayout::default() };
    // Layouts and data are relative to the input folder, the output is not.
    let layouts = setting("layouts", "setLayoutsDirectory");
    let includes = setting("includes", "setIncludesDirectory").unwrap_or_else(|| "_includes".to_owned());
    let data = setting("data", "setDataDirectory").unwrap_or_else(|| "_data".to_owned());
    let apart =
        [Some(includes), layouts, Some(data)].into_iter().flatten().filter_map(|path| joined(&folder, &path));
    let output = setting("output", "setOutputDirectory").unwrap_or_else(|| "_site".to_owned());
    let folders = apart.chain(joined("", &output)).filter(|path| !path.is_empty() && *path != folder);
    let ignored = text_of(&site.join(".eleventyignore")).unwrap_or_default();
    let ignored = ignored.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let ignored = ignored.map(str::to_owned).chain(config.arguments("ignores.add"));
    let ignored = ignored.map(|glob| glob.trim_matches('/').to_owned());
    let globs = folders.chain(ignored).chain(["**/node_modules".to_owned()]);
    let formats = config.list("templateFormats");
    let reads =
        |format: &str| formats.as_ref().is_none_or(|formats| formats.iter().any(|listed| listed == format));
    let root = ContentRoot {
        extensions: if reads("html") { &["md", "html"] } else { &["md"] },
        // The globs are relative to the site, the paths to the input folder.
        excluded: Patterns::globs(globs.filter_map(|glob| relative_to(&folder, &glob))),
        ..ContentRoot::new(&folder, ".")
    };
    SiteLayout { roots: vec![root], source: input.and(config.file), ..SiteLayout::default() }
}

/// A glob that is relative to the site, relative to a folder of the site; `None` if it matches nothing there.
fn relative_to(folder: &str, glob: &str) -> Option<String> {
    let glob = glob.trim_start_matches("./");
    if folder.is_empty() || glob.starts_with("**/") {
        return Some(glob.to_owned());
    }
    glob.strip_prefix(folder)?.strip_prefix('/').map(str::to_owned)
}

/// The input folder that a script of the package passes: `eleventy --input=src`.
fn input_of_scripts(site: &Path) -> Option<String> {
    let package = Settings::read(site, &["package.json"]);
    let scripts = package.at(&["scripts"])?.as_mapping()?;
    scripts
        .values()
        .filter_map(|script| script.as_str())
        .filter(|script| script.contains("eleventy"))
        .find_map(|script| {
            let (_, rest) = script.split_once("--input")?;
            let rest = rest.strip_prefix(['=', ' '])?.trim_start();
            rest.split_whitespace().next().map(|folder| folder.trim_matches(['"', '\'']).to_owned())
        })
}
