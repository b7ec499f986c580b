//! Values that must be unique among the posts of a site, such as an address or a name. The claims of each post
//! are collected in the pass that checks it, and compared after the last post has been read.

use crate::post_context::PostContext;
use postmend_core::Span;
use postmend_core::front::{Field, FrontMatter, Value};
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// A value that only one post may have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The value that must differ from those of all other posts.
    pub key: String,
    /// How messages call it.
    pub name: String,
    /// Where the post defines it.
    pub span: Span,
}

/// A rule that compares the posts of a site. The implementing struct holds the rule's options.
pub trait CrossPostRule: Send + Sync {
    /// The value that a post claims, if any.
    fn claim(&self, context: &PostContext<'_>, text: &str, matter: &FrontMatter<'_>) -> Option<Claim>;

    /// The message if the post at path `other` claims the same.
    fn message(&self, claim: &Claim, other: &str) -> String;

    /// The help text: the consequence of the conflict.
    fn help(&self) -> &'static str;
}

/// A claim as a hash instead of its text, since a great many are kept in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct ClaimHash {
    hash: u64,
    post: u32,
    rule: u16,
}

/// The claims of all posts.
#[derive(Debug, Default)]
pub struct Claims {
    entries: Vec<ClaimHash>,
    rules: Vec<&'static str>,
}

/// A conflict between two posts that claim the same value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contest {
    /// The rule that made the claim.
    pub rule: &'static str,
    /// The number of another post that claims the same value.
    pub other: usize,
}

impl Claims {
    /// Adds a claim of a post. Posts with different `site` numbers cannot conflict.
    pub fn add(&mut self, post: usize, site: usize, rule: &'static str, key: &str) {
        let index = self.rules.iter().position(|name| *name == rule);
        let number = index.unwrap_or_else(|| {
            self.rules.push(rule);
            self.rules.len() - 1
        });
        let mut hasher = DefaultHasher::new();
        (site, rule, key).hash(&mut hasher);
        self.entries.push(ClaimHash { hash: hasher.finish(), post: post as u32, rule: number as u16 });
    }

    /// The conflicts of each post, by post number in ascending order.
    pub fn contested(&mut self) -> BTreeMap<usize, Vec<Contest>> {
        self.entries.sort_unstable();
        let mut contested: BTreeMap<usize, Vec<Contest>> = BTreeMap::new();
        for group in self.entries.chunk_by(|a, b| a.hash == b.hash).filter(|group| group.len() > 1) {
            for entry in group {
                let other = if entry.post == group[0].post { group[1].post } else { group[0].post };
                let contest = Contest { rule: self.rules[entry.rule as usize], other: other as usize };
                contested.entry(entry.post as usize).or_default().push(contest);
            }
        }
        contested.values_mut().for_each(|list| list.sort_by_key(|contest| contest.rule));
        contested
    }
}

/// Whether the generator does not publish the post.
pub(crate) fn is_unpublished(matter: &FrontMatter<'_>) -> bool {
    let is_set_to =
        |name: &str, wanted: bool| matter.top(name).is_some_and(|field| field.value == Value::Bool(wanted));
    is_set_to("draft", true) || is_set_to("published", false)
}

/// The language in a path: `index.zh.md`, `content/en/…`, `i18n/zh-cn/…`; empty if there is none. Posts in two
/// languages have two addresses.
pub(crate) fn language(path: &str) -> &str {
    let (folders, file) = path.rsplit_once('/').unwrap_or(("", path));
    let (_, suffix) = stem_and_language(file);
    suffix.into_iter().chain(folders.split('/')).find(|part| is_language(part)).unwrap_or("")
}

/// The name of a file without its extension and its language, and the language: `index` and `zh` of `index.zh.md`.
pub(crate) fn stem_and_language(file: &str) -> (&str, Option<&str>) {
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    match stem.rsplit_once('.') {
        Some((stem, language)) if is_language(language) => (stem, Some(language)),
        _ => (stem, None),
    }
}

fn is_language(part: &str) -> bool {
    let (language, region) = part.split_once('-').unwrap_or((part, "xx"));
    let letters = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphabetic());
    language.len() == 2 && letters(language) && (2..=4).contains(&region.len()) && letters(region)
}

/// A field's value if it is text without template syntax.
pub(crate) fn plain_text<'m>(field: &'m Field<'_>) -> Option<&'m str> {
    match &field.value {
        Value::Text(text) if !["{{", "{%", ":"].iter().any(|mark| text.contains(mark)) => Some(text),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_language_of_a_path() {
        let cases = [
            ("content/posts/a.md", ""),
            ("content/posts/a.zh.md", "zh"),
            ("content/zh-cn/posts/a.md", "zh-cn"),
            ("i18n/pt-BR/a.md", "pt-BR"),
            ("v1.2/a.md", ""),
            ("docs/js/a.md", "js"),
        ];
        for (path, language) in cases {
            assert_eq!(super::language(path), language, "{path}");
        }
    }

    #[test]
    fn names_have_dots() {
        let cases = [
            ("a.md", "a"),
            ("a.zh.md", "a"),
            ("a.zh-Hant.md", "a"),
            ("from_3.5_to_3.6.md", "from_3.5_to_3.6"),
            ("v1.2.en.md", "v1.2"),
            ("a", "a"),
        ];
        for (file, stem) in cases {
            assert_eq!(stem_and_language(file).0, stem, "{file}");
        }
    }

    #[test]
    fn posts_of_other_sites_do_not_meet() {
        let mut claims = Claims::default();
        for (post, site, key) in [(0, 7, "a"), (1, 7, "b"), (2, 8, "a"), (3, 7, "a"), (4, 7, "a")] {
            claims.add(post, site, "duplicate-title", key);
        }
        let contested = claims.contested();
        let others: Vec<(usize, usize)> =
            contested.iter().map(|(post, list)| (*post, list[0].other)).collect();
        assert_eq!(others, [(0, 3), (3, 0), (4, 0)]);
    }
}
