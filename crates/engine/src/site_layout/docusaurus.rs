//! Docusaurus' content: docs, blog and pages, their versions and translations.

use super::layout::{ContentRoot, MARKDOWN_AND_MDX, SiteLayout, joined};
use super::patterns::Patterns;
use super::script::{ConfigScript, Member};
use super::settings::Settings;
use std::path::Path;

/// What Docusaurus excludes by default: partials and tests.
const EXCLUDED: [&str; 3] = ["**/_*.{md,mdx}", "**/_*/**", "**/__tests__/**"];

/// The plugins that read content, with the folder that each reads by default.
const PLUGINS: [(&str, &str); 3] = [("docs", "docs"), ("blog", "blog"), ("pages", "src/pages")];

/// The content of a site of Docusaurus.
pub(super) fn layout(site: &Path) -> SiteLayout {
    let config = ConfigScript::read(
        site,
        &["docusaurus.config.js", "docusaurus.config.ts", "docusaurus.config.mjs", "docusaurus.config.cjs"],
    );
    let format = config.objects("markdown").iter().find_map(|markdown| markdown.own_text("format"));
    let reads_md_as_mdx = format.is_none_or(|format| format == "mdx") && is_mdx_version(site);
    let layout = SiteLayout { reads_md_as_mdx, ..SiteLayout::default() };
    let Some((mut roots, is_written, excluded)) = roots(&config) else { return layout };
    let folders = std::fs::read_dir(site).into_iter().flatten().flatten();
    let names = folders.filter_map(|entry| entry.file_name().into_string().ok());
    let translations = config.objects("i18n").iter().find_map(|i18n| i18n.own_text("path"));
    let translations = translations.and_then(|path| joined("", &path)).unwrap_or_else(|| "i18n".to_owned());
    let versions = names.filter(|name| name.ends_with("versioned_docs"));
    roots.extend(versions.chain([translations]).map(|folder| root(&folder, excluded.clone())));
    SiteLayout { roots, source: config.file.filter(|_| is_written), ..layout }
}

/// The folders of all plugins, whether the config names any, and what it excludes from docs; `None` if the config
/// computes one of them.
fn roots(config: &ConfigScript) -> Option<(Vec<ContentRoot>, bool, Option<Vec<String>>)> {
    let preset =
        ["preset-classic", "classic"].iter().find_map(|name| config.objects_after(name).into_iter().next());
    let (mut roots, mut is_written, mut of_docs) = (Vec::new(), false, None);
    for (plugin, default) in PLUGINS {
        let mut instances = config.objects_after(&format!("content-{plugin}"));
        match preset.as_ref().map_or(Member::Missing, |preset| preset.member(plugin)) {
            Member::Object(options) => instances.insert(0, options),
            Member::Missing => roots.push(root(default, None)),
            Member::Off => {}
            Member::Other => return None,
        }
        for options in instances {
            let folder = match options.member("path") {
                Member::Missing => default.to_owned(),
                _ => options.own_text("path")?,
            };
            is_written |= folder != default;
            let excluded = options.own_list("exclude");
            if plugin == "docs" {
                of_docs = of_docs.or_else(|| excluded.clone());
            }
            roots.extend(joined("", &folder).map(|folder| root(&folder, excluded)));
        }
    }
    Some((roots, is_written, of_docs))
}

fn root(folder: &str, excluded: Option<Vec<String>>) -> ContentRoot {
    let excluded = excluded.unwrap_or_else(|| EXCLUDED.map(str::to_owned).into());
    // Patterns of docs are relative to a version, which is some folders deeper in translations.
    let deeper = excluded.iter().filter(|glob| !glob.starts_with("**/")).map(|glob| format!("**/{glob}"));
    let is_apart = folder.ends_with("versioned_docs") || folder == "i18n";
    let deeper: Vec<String> = deeper.filter(|_| is_apart).collect();
    let skipped = Patterns::globs(excluded.into_iter().chain(deeper));
    ContentRoot { extensions: MARKDOWN_AND_MDX, skipped, ..ContentRoot::new(folder, ".") }
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
