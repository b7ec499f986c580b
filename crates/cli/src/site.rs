//! Which generator a folder of posts belongs to, told by the files that the site keeps for it.

use postmend_core::Generator::{self, Astro, Docusaurus, Eleventy, Hexo, Hugo, Jekyll, VitePress, Zola};
use std::collections::HashMap;
use std::path::{Path, PathBuf};

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

/// Remembers what each folder's generator is.
#[derive(Debug, Default)]
pub struct Generators {
    known: HashMap<PathBuf, Generator>,
}

impl Generators {
    /// The generator of the nearest site at or above a folder; looking ends at the root of a git
    /// repository.
    pub fn of(&mut self, folder: &Path) -> Generator {
        if let Some(&generator) = self.known.get(folder) {
            return generator;
        }
        let here = of_posts(folder).unwrap_or_else(|| of_site(folder));
        let generator = match here {
            Generator::None if !folder.join(".git").exists() => {
                folder.parent().map_or(Generator::None, |above| self.of(above))
            }
            here => here,
        };
        self.known.insert(folder.to_owned(), generator);
        generator
    }
}

/// `_posts` is Jekyll's folder; `source/_posts` is Hexo's by default, but may be either's.
fn of_posts(folder: &Path) -> Option<Generator> {
    let is_named = |path: &Path, name: &str| path.file_name().is_some_and(|known| known == name);
    let above = folder.parent().filter(|above| is_named(folder, "_posts") && !is_named(above, "source"))?;
    (of_site(above) == Generator::None).then_some(Jekyll)
}

fn of_site(folder: &Path) -> Generator {
    if let Some((_, generator)) = FILES.iter().find(|(name, _)| folder.join(name).is_file()) {
        return *generator;
    }
    let mut texts: HashMap<&str, Option<String>> = HashMap::new();
    let told = WORDS.iter().find(|(name, words, _)| {
        let text = texts.entry(name).or_insert_with(|| std::fs::read_to_string(folder.join(name)).ok());
        text.as_ref().is_some_and(|text| words.iter().any(|word| text.contains(word)))
    });
    told.map_or(Generator::None, |(_, _, generator)| *generator)
}
