//! Docusaurus' content: docs, blog and pages, their versions and translations.

use super::layout::{ContentRoot, MARKDOWN_AND_MDX, SiteLayout, normal};
use super::script::ConfigScript;
use super::settings::Settings;
use std::path::Path;

/// What Docusaurus excludes by default: partials and tests.
const EXCLUDED: [&str; 4] = ["**/_*.{md,mdx}", "**/_*/**", "**/*.test.{md,mdx}", "**/__tests__/**"];

/// The plugins that read content, with the folder that each reads by default.
const PLUGINS: [(&str, &str); 3] = [("docs", "docs"), ("blog", "blog"), ("pages", "src/pages")];

/// The content of a site of Docusaurus.
pub(super) fn layout(site: &Path) -> SiteLayout {
    let config = ConfigScript::read(
        site,
        &["docusaurus.config.js", "docusaurus.config.ts", "docusaurus.config.mjs", "docusaurus.config.cjs"],
    );
    let mut roots = Vec::new();
    let mut source = None;
    for (plugin, default) in PLUGINS {
        let preset = config.objects(plugin);
        let instances = preset.into_iter().chain(config.objects_after(&format!("plugin-content-{plugin}")));
        let mut is_default = !config.is_off(plugin);
        for options in instances {
            let Some(folder) = options.text("path").and_then(|path| normal(&path)) else { continue };
            // Another instance has its own folder beside that of the preset.
            is_default &= options.text("id").is_some();
            source = config.file;
            roots.push(root(&folder, options.list("exclude")));
        }
        if is_default {
            roots.push(root(default, None));
        }
    }
    let folders = std::fs::read_dir(site).into_iter().flatten().flatten();
    let versions = folders.filter_map(|entry| entry.file_name().into_string().ok());
    roots.extend(versions.filter(|name| name.ends_with("versioned_docs")).map(|name| root(&name, None)));
    roots.push(root("i18n", None));
    let format = config.objects("markdown").iter().find_map(|markdown| markdown.text("format"));
    let reads_md_as_mdx = format.is_none_or(|format| format == "mdx") && is_mdx_version(site);
    SiteLayout { roots, source, reads_md_as_mdx, ..SiteLayout::default() }
}

fn root(folder: &str, excluded: Option<Vec<String>>) -> ContentRoot {
    let root = ContentRoot { extensions: MARKDOWN_AND_MDX, ..ContentRoot::new(folder, ".") };
    root.excluding(excluded.unwrap_or_else(|| EXCLUDED.map(str::to_owned).into()))
}

/// Whether it is version 3 or later, the first whose Markdown is MDX as it is now.
fn is_mdx_version(site: &Path) -> bool {
    let package = Settings::read(site, &["package.json"]);
    let version = package.text(&["dependencies", "@docusaurus/core"]);
    let major = version.and_then(|version| {
        let digits = version.trim_start_matches(|c: char| !c.is_ascii_digit());
        digits.split(|c: char| !c.is_ascii_digit()).next()?.parse::<u32>().ok()
    });
    major.is_none_or(|major| major >= 3)
}
