//! Detects which generator a folder of posts belongs to, and its time zone, from the files of the site.

use postmend_core::Generator::{self, Astro, Docusaurus, Eleventy, Hexo, Hugo, Jekyll, VitePress, Zola};
use postmend_core::date::TimeZone;
use postmend_rules::{is_dated_permalink, time_zone};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// Files that only one generator has.
const FILES: [(&str, Generator); 37] = [
    ("hugo.toml", Hugo),
    ("hugo.yaml", Hugo),
    ("hugo.yml", Hugo),
    ("hugo.json", Hugo),
    ("config/_default/hugo.toml", Hugo),
    ("config/_default/config.toml", Hugo),
    ("config/_default/hugo.yaml", Hugo),
    ("config/_default/hugo.yml", Hugo),
    ("config/_default/hugo.json", Hugo),
    ("config/_default/config.yaml", Hugo),
    ("config/_default/config.yml", Hugo),
    ("config/_default/config.json", Hugo),
    ("zola.toml", Zola),
    ("docusaurus.config.js", Docusaurus),
    ("docusaurus.config.ts", Docusaurus),
    ("docusaurus.config.mjs", Docusaurus),
    ("astro.config.mjs", Astro),
    ("astro.config.ts", Astro),
    ("astro.config.js", Astro),
    (".eleventy.js", Eleventy),
    ("eleventy.config.js", Eleventy),
    ("eleventy.config.mjs", Eleventy),
    ("eleventy.config.cjs", Eleventy),
    (".vitepress/config.js", VitePress),
    (".vitepress/config.ts", VitePress),
    (".vitepress/config.mts", VitePress),
    (".vitepress/config.mjs", VitePress),
    (".vitepress/config/index.ts", VitePress),
    (".vitepress/config/index.mts", VitePress),
    (".vitepress/config/index.js", VitePress),
    (".vuepress/config.js", VitePress),
    (".vuepress/config.ts", VitePress),
    ("docs/.vitepress/config.js", VitePress),
    ("docs/.vitepress/config.ts", VitePress),
    ("docs/.vitepress/config.mts", VitePress),
    ("docs/.vuepress/config.js", VitePress),
    ("_config.toml", Jekyll),
];

/// Files that several generators have, and the strings in them that identify one; an empty string always matches.
const WORDS: [(&str, &[&str], Generator); 12] = [
    ("package.json", &["\"hexo\""], Hexo),
    ("_config.yml", &["new_post_name", "permalink_defaults", "skip_render", "per_page:\ntheme"], Hexo),
    ("Gemfile", &["jekyll", "github-pages"], Jekyll),
    ("_config.yml", &[""], Jekyll),
    ("config.toml", &["base_url", "compile_sass", "[markdown]"], Zola),
    ("config.toml", &["baseURL", "baseurl", "languageCode"], Hugo),
    ("config.yaml", &["baseURL", "baseurl", "languageCode"], Hugo),
    ("config.yml", &["baseURL", "baseurl", "languageCode"], Hugo),
    ("package.json", &["@11ty/eleventy"], Eleventy),
    ("package.json", &["@docusaurus/core"], Docusaurus),
    ("package.json", &["\"astro\""], Astro),
    ("package.json", &["\"vitepress\"", "\"vuepress\""], VitePress),
];

/// Files that contain the site's time zone, and the key that it has there.
const TIME_ZONES: [(Generator, &[&str], &str); 3] = [
    (Hexo, &["_config.yml"], "timezone"),
    (Jekyll, &["_config.yml"], "timezone"),
    (
        Hugo,
        &[
            "hugo.toml",
            "hugo.yaml",
            "hugo.yml",
            "config.toml",
            "config.yaml",
            "config.yml",
            "config/_default/hugo.toml",
            "config/_default/config.toml",
            "config/_default/hugo.yaml",
            "config/_default/config.yaml",
            "config/_default/permalinks.toml",
            "config/_default/permalinks.yaml",
        ],
        "timezone",
    ),
];

/// The names, without folders, of the files that identify a generator or contain a time zone.
pub fn evidence_files() -> BTreeSet<&'static str> {
    let words = WORDS.iter().map(|(name, ..)| *name);
    let zones = TIME_ZONES.iter().flat_map(|(_, names, _)| *names).copied();
    let paths = FILES.iter().map(|(name, _)| *name).chain(words).chain(zones);
    paths.filter_map(|path| path.rsplit('/').next()).collect()
}

/// What a site's own files say about it.
#[derive(Debug, Clone)]
pub struct SiteFacts {
    /// The generator that turns the posts into pages.
    pub generator: Generator,
    /// Whether a file says so that only a site has, and no theme or package.
    pub is_certain: bool,
    /// The time zone of the dates.
    pub time_zone: Option<TimeZone>,
    /// The permalink of the posts.
    pub permalink: Option<String>,
    /// The folder with the files that identified the generator.
    pub root: Option<PathBuf>,
}

impl SiteFacts {
    /// No generator and no time zone.
    pub const NONE: Self =
        Self { generator: Generator::None, is_certain: false, time_zone: None, permalink: None, root: None };
}

/// Detects the sites of folders, and caches the results.
#[derive(Debug, Default)]
pub struct Sites {
    cached: HashMap<PathBuf, SiteFacts>,
}

impl Sites {
    /// The nearest site at or above a folder. The search stops at the root of a git repository.
    pub fn of(&mut self, folder: &Path) -> SiteFacts {
        if let Some(facts) = self.cached.get(folder) {
            return facts.clone();
        }
        let (generator, is_certain) = of_site(folder);
        let above = folder.parent().filter(|_| generator == Generator::None && !folder.join(".git").exists());
        let above = above.map(|above| self.of(above));
        let is_theirs = |facts: &SiteFacts| !is_posts(folder) || matches!(facts.generator, Hexo | Jekyll);
        let generator =
            if above.as_ref().is_some_and(|facts| !is_theirs(facts)) { Jekyll } else { generator };
        let facts = match above.filter(is_theirs) {
            Some(above) => above,
            None => {
                let root = (generator != Generator::None).then(|| folder.to_owned());
                let lines = lines_of(folder, generator);
                SiteFacts {
                    generator,
                    is_certain,
                    time_zone: zone_of(&lines, generator),
                    permalink: permalink_of(&lines, generator),
                    root,
                }
            }
        };
        self.cached.insert(folder.to_owned(), facts.clone());
        facts
    }
}

/// Whether a file may say something about its site.
pub fn is_evidence_file(path: &Path) -> bool {
    let names = FILES.iter().map(|(name, _)| name).chain(WORDS.iter().map(|(name, ..)| name));
    names.chain(TIME_ZONES.iter().flat_map(|(_, names, _)| *names)).any(|name| path.ends_with(name))
}

/// A key and its value on a line of a site's config.
struct ConfigLine {
    /// Whether it is within another key, by its indentation.
    is_nested: bool,
    name: String,
    value: String,
}

/// The time zone in a site's config, if it is a known one.
fn zone_of(lines: &[ConfigLine], generator: Generator) -> Option<TimeZone> {
    let (.., key) = TIME_ZONES.iter().find(|(listed, ..)| *listed == generator)?;
    let mut named = lines.iter().filter(|line| line.name.eq_ignore_ascii_case(key));
    named.find_map(|line| time_zone(&line.value).ok())
}

/// The permalink in a site's config. Hugo has one for each section and Jekyll one for each collection and scope beside
/// that of all posts, of which the first with a date counts.
fn permalink_of(lines: &[ConfigLine], generator: Generator) -> Option<String> {
    if generator == Hugo {
        return lines.iter().find_map(|line| dated_pattern(&line.value)).map(str::to_owned);
    }
    let mut all = lines.iter().filter(|line| line.name == "permalink");
    let whole = all.clone().find(|line| !line.is_nested);
    let is_named = |line: &&ConfigLine| !line.value.contains([':', '/']) && line.value != "none";
    let part = all.find(|line| line.is_nested && dated_pattern(&line.value).is_some());
    let chosen = whole.filter(|line| is_named(line) || dated_pattern(&line.value).is_some());
    chosen.or(part).or(whole).map(|line| line.value.clone())
}

/// The address with parts of a date in a value, which may be a table of several.
fn dated_pattern(value: &str) -> Option<&str> {
    value.split(['"', '\'', ' ', ',', '{', '}']).find(|pattern| is_dated_permalink(pattern))
}

/// The lines with a key and a value of the config of a site, if it is of a generator whose time zone is looked for
/// there. The config of `_posts` is in the folder above it.
fn lines_of(folder: &Path, generator: Generator) -> Vec<ConfigLine> {
    let is_posts = folder.file_name().is_some_and(|name| name == "_posts");
    let root = folder.parent().filter(|_| is_posts).unwrap_or(folder);
    let files =
        TIME_ZONES.iter().filter(|(listed, ..)| *listed == generator).flat_map(|(_, files, _)| *files);
    let mut lines = Vec::new();
    for text in files.filter_map(|file| text_of(&root.join(file))) {
        lines.extend(text.lines().filter_map(|line| {
            let (name, value) = line.split_once([':', '='])?;
            let value = value.split('#').next()?.trim().trim_matches(['"', '\'']);
            let is_nested = name.starts_with([' ', '\t', '-']);
            Some(ConfigLine { is_nested, name: name.trim().to_owned(), value: value.to_owned() })
        }));
    }
    lines
}

/// The maximum size of a site's config in bytes.
const LARGEST: u64 = 16_000_000;

/// The text of a file. It must be a regular file, because a pipe may never end.
fn text_of(path: &Path) -> Option<String> {
    crate::disk::read_text(path, LARGEST).ok()
}

/// Whether a folder is one that Jekyll reads posts from, as does Hexo in its source folder.
fn is_posts(folder: &Path) -> bool {
    let is_named = |path: &Path, name: &str| path.file_name().is_some_and(|file_name| file_name == name);
    is_named(folder, "_posts") && folder.parent().is_some_and(|above| !is_named(above, "source"))
}

/// The generator of the site in a folder, and whether that is certain: themes and packages have a `package.json` or a
/// bare `_config.yml` too.
fn of_site(folder: &Path) -> (Generator, bool) {
    let existing = existing_names(folder);
    let may_exist = |name: &str| existing.contains(first(name));
    let is_file = |name: &str| may_exist(name) && folder.join(name).is_file();
    if let Some((_, generator)) = FILES.iter().find(|(name, _)| is_file(name)) {
        return (*generator, true);
    }
    let mut texts: HashMap<&str, Option<String>> = HashMap::new();
    let says = |(name, words, generator): &(&'static str, &[&str], Generator)| {
        let text = texts.entry(name).or_insert_with(|| text_of(&folder.join(name)));
        let is_said = text.as_ref().is_some_and(|text| words.iter().any(|word| text.contains(word)));
        is_said.then(|| (*generator, *name != "package.json" && **words != [""]))
    };
    let mut said = WORDS.iter().filter(|(name, ..)| may_exist(name)).filter_map(says);
    let Some((generator, is_own)) = said.next() else { return (Generator::None, false) };
    let is_certain = is_own
        || said.any(|(other, is_own)| other == generator && is_own)
        || (generator == Jekyll && folder.join("_posts").is_dir());
    (generator, is_certain)
}

/// The names from `FILES` and `WORDS` that exist in a folder: one listing is cheaper than a check for each name.
fn existing_names(folder: &Path) -> HashSet<&'static str> {
    static NAMES: LazyLock<HashSet<&str>> = LazyLock::new(|| {
        FILES.iter().map(|(name, _)| first(name)).chain(WORDS.iter().map(|(name, ..)| first(name))).collect()
    });
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter_map(|entry| NAMES.get(entry.file_name().to_str()?).copied()).collect()
}

/// The first component of a path.
fn first(path: &str) -> &str {
    path.split('/').next().unwrap_or(path)
}
