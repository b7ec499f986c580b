//! Which generator a folder of posts belongs to, and in which time zone, told by the files that the
//! site keeps for it.

use postmend_core::Generator::{self, Astro, Docusaurus, Eleventy, Hexo, Hugo, Jekyll, VitePress, Zola};
use postmend_core::date::TimeZone;
use postmend_rules::time_zone;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// Files that only one generator has.
const FILES: [(&str, Generator); 27] = [
    ("hugo.toml", Hugo),
    ("hugo.yaml", Hugo),
    ("hugo.yml", Hugo),
    ("hugo.json", Hugo),
    ("config/_default/hugo.toml", Hugo),
    ("config/_default/config.toml", Hugo),
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
    (".vuepress/config.js", VitePress),
    (".vuepress/config.ts", VitePress),
    ("docs/.vitepress/config.js", VitePress),
    ("docs/.vitepress/config.ts", VitePress),
    ("docs/.vitepress/config.mts", VitePress),
    ("docs/.vuepress/config.js", VitePress),
    ("_config.toml", Jekyll),
];

/// Files that several generators have, and the words in them that tell which.
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

/// Files that name the site's time zone, and how they call it.
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
        ],
        "timezone",
    ),
];

/// The files that tell something of a site, by their own names.
pub fn telling_files() -> BTreeSet<&'static str> {
    let words = WORDS.iter().map(|(name, ..)| *name);
    let zones = TIME_ZONES.iter().flat_map(|(_, names, _)| *names).copied();
    let paths = FILES.iter().map(|(name, _)| *name).chain(words).chain(zones);
    paths.filter_map(|path| path.rsplit('/').next()).collect()
}

/// What a site's own files tell.
#[derive(Debug, Clone)]
pub struct SiteFacts {
    /// Who turns the posts into pages.
    pub generator: Generator,
    /// The time zone of the dates.
    pub time_zone: Option<TimeZone>,
    /// The folder that tells.
    pub root: Option<PathBuf>,
}

impl SiteFacts {
    /// Nothing is told.
    pub const NONE: Self = Self { generator: Generator::None, time_zone: None, root: None };
}

/// Remembers what is known of each folder's site.
#[derive(Debug, Default)]
pub struct Sites {
    known: HashMap<PathBuf, SiteFacts>,
}

impl Sites {
    /// The nearest site at or above a folder; looking ends at the root of a git repository.
    pub fn of(&mut self, folder: &Path) -> SiteFacts {
        if let Some(facts) = self.known.get(folder) {
            return facts.clone();
        }
        let generator = of_posts(folder).unwrap_or_else(|| of_site(folder));
        let above = folder.parent().filter(|_| generator == Generator::None && !folder.join(".git").exists());
        let facts = match above {
            Some(above) => self.of(above),
            None => {
                let root = (generator != Generator::None).then(|| folder.to_owned());
                SiteFacts { generator, time_zone: zone_of(folder, generator), root }
            }
        };
        self.known.insert(folder.to_owned(), facts.clone());
        facts
    }
}

/// Whether a file may tell something of its site.
pub fn tells_of_site(path: &Path) -> bool {
    let names = FILES.iter().map(|(name, _)| name).chain(WORDS.iter().map(|(name, ..)| name));
    names.chain(TIME_ZONES.iter().flat_map(|(_, names, _)| *names)).any(|name| path.ends_with(name))
}

/// The time zone that a site's config names, if it is one that is known. `_posts` has its config
/// above it.
fn zone_of(folder: &Path, generator: Generator) -> Option<TimeZone> {
    let (_, files, key) = TIME_ZONES.iter().find(|(known, ..)| *known == generator)?;
    let root =
        if folder.file_name().is_some_and(|name| name == "_posts") { folder.parent()? } else { folder };
    files.iter().find_map(|file| {
        let text = text_of(&root.join(file))?;
        text.lines().find_map(|line| {
            let (name, value) = line.split_once([':', '='])?;
            let value = value.split('#').next()?.trim().trim_matches(['"', '\'']);
            if name.trim_end().eq_ignore_ascii_case(key) { time_zone(value).ok() } else { None }
        })
    })
}

/// The bytes that a site's config may have.
const LARGEST: u64 = 16_000_000;

/// What a file holds. A pipe of its name may have no end.
fn text_of(path: &Path) -> Option<String> {
    crate::disk::read_text(path, LARGEST).ok()
}

/// `_posts` is Jekyll's folder; `source/_posts` is Hexo's by default, but may be either's.
fn of_posts(folder: &Path) -> Option<Generator> {
    let is_named = |path: &Path, name: &str| path.file_name().is_some_and(|known| known == name);
    let above = folder.parent().filter(|above| is_named(folder, "_posts") && !is_named(above, "source"))?;
    (of_site(above) == Generator::None).then_some(Jekyll)
}

fn of_site(folder: &Path) -> Generator {
    let there = there(folder);
    let may_be_there = |name: &str| there.contains(first(name));
    let is_file = |name: &str| may_be_there(name) && folder.join(name).is_file();
    if let Some((_, generator)) = FILES.iter().find(|(name, _)| is_file(name)) {
        return *generator;
    }
    let mut texts: HashMap<&str, Option<String>> = HashMap::new();
    let told = WORDS.iter().filter(|(name, ..)| may_be_there(name)).find(|(name, words, _)| {
        let text = texts.entry(name).or_insert_with(|| text_of(&folder.join(name)));
        text.as_ref().is_some_and(|text| words.iter().any(|word| text.contains(word)))
    });
    told.map_or(Generator::None, |(_, _, generator)| *generator)
}

/// Of all names that tell something, those that are in a folder: one look at it costs less than a question for each.
fn there(folder: &Path) -> HashSet<&'static str> {
    static TELLING: LazyLock<HashSet<&str>> = LazyLock::new(|| {
        FILES.iter().map(|(name, _)| first(name)).chain(WORDS.iter().map(|(name, ..)| first(name))).collect()
    });
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter_map(|entry| TELLING.get(entry.file_name().to_str()?).copied()).collect()
}

/// The first part of a path.
fn first(path: &str) -> &str {
    path.split('/').next().unwrap_or(path)
}
