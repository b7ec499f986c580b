//! The known findings of posts, which are parsed when a post is looked for: a commit has few posts, and a baseline many.

use super::file::{END, KnownPosts, NoBaseline, START, parse, parse_line};
use super::known::KnownFinding;
use memchr::memchr2;
use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::ops::{Index, Range};

/// The known findings of each post.
#[derive(Default)]
pub(super) struct StoredPosts {
    /// The first line that is no finding, of those that were parsed.
    damaged: OnceCell<String>,
    text: String,
    posts: BTreeMap<String, StoredPost>,
}

struct StoredPost {
    /// Its lines in the text.
    lines: Range<usize>,
    known: OnceCell<Vec<KnownFinding>>,
}

impl StoredPosts {
    /// Reads a baseline.
    pub(super) fn read(text: Vec<u8>) -> Result<Self, NoBaseline> {
        let text = match String::from_utf8(text) {
            Ok(text) => text,
            Err(error) => return parse(error.as_bytes()).map(Self::of),
        };
        match posts_in(&text) {
            Some(posts) => Ok(Self { damaged: OnceCell::new(), text, posts }),
            // Somebody else wrote it.
            None => parse(text.as_bytes()).map(Self::of),
        }
    }

    /// The findings of these posts.
    pub(super) fn of(posts: KnownPosts) -> Self {
        let stored = |(post, known)| (post, StoredPost { lines: 0..0, known: OnceCell::from(known) });
        let posts = posts.into_iter().map(stored).collect();
        Self { damaged: OnceCell::new(), text: String::new(), posts }
    }

    /// A line that was parsed and is no finding.
    pub(super) fn damaged(&self) -> Option<&str> {
        self.damaged.get().map(String::as_str)
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.posts.is_empty()
    }

    /// Whether there are any of a post.
    pub(super) fn has(&self, post: &str) -> bool {
        self.posts.contains_key(post)
    }

    /// Those of a post.
    pub(super) fn get(&self, post: &str) -> Option<&[KnownFinding]> {
        self.posts.get(post).map(|stored| self.known(stored))
    }

    /// The paths of the posts.
    pub(super) fn paths(&self) -> impl Iterator<Item = &str> {
        self.posts.keys().map(String::as_str)
    }

    /// All, by post.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &[KnownFinding])> {
        self.posts.iter().map(|(post, stored)| (post.as_str(), self.known(stored)))
    }

    fn known<'s>(&'s self, stored: &'s StoredPost) -> &'s [KnownFinding] {
        stored.known.get_or_init(|| {
            let lines = self.text[stored.lines.clone()].lines();
            let parsed = |line: &str| {
                let parsed = parse_line(line);
                if parsed.is_none() {
                    let _ = self.damaged.set(line.to_owned());
                }
                parsed
            };
            let mut known: Vec<_> = lines.filter_map(parsed).map(|(_, known)| known).collect();
            known.sort_unstable();
            known
        })
    }
}

impl Index<&str> for StoredPosts {
    type Output = [KnownFinding];

    fn index(&self, post: &str) -> &[KnownFinding] {
        self.get(post).unwrap_or_default()
    }
}

/// The lines of each post in a baseline as postmend writes it; `None` if it has another form.
fn posts_in(text: &str) -> Option<BTreeMap<String, StoredPost>> {
    let list = text.strip_prefix(START)?.strip_suffix(END)?;
    let mut groups: Vec<(&str, Range<usize>)> = Vec::new();
    let mut at = START.len();
    for line in list.split_inclusive('\n') {
        let (post, end) = (post_of(line)?, at + line.len());
        match groups.last_mut() {
            Some((last, lines)) if *last == post => lines.end = end,
            _ => groups.push((post, at..end)),
        }
        at = end;
    }
    let mut posts = BTreeMap::new();
    for (post, lines) in groups {
        let post: String = serde_json::from_str(post).ok()?;
        let before = posts.insert(post, StoredPost { lines, known: OnceCell::new() });
        // The lines of a post are together, unless somebody else wrote it.
        if before.is_some() {
            return None;
        }
    }
    Some(posts)
}

/// The first part of a line, with its quotes; `None` if it is no line of a finding. The other parts are read with the
/// findings of its post.
fn post_of(line: &str) -> Option<&str> {
    let inside = line.strip_prefix('[')?.strip_suffix("\"],\n")?;
    let (post, others) = inside.split_at(length_of_string(inside)?);
    others.starts_with(",\"").then_some(post)
}

/// The length of the JSON string at the start of a text, with its quotes.
fn length_of_string(text: &str) -> Option<usize> {
    let mut at = text.starts_with('"').then_some(1)?;
    loop {
        at += memchr2(b'"', b'\\', text.as_bytes().get(at..)?)?;
        if text.as_bytes()[at] == b'"' {
            return Some(at + 1);
        }
        at += 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_split_as_json() {
        assert_eq!(post_of("[\"a \\\"b\\\\\",\"r\",\"[,]\",\"\",\"\"],\n"), Some("\"a \\\"b\\\\\""));
        for other in ["[\"a\"],\n", "[\"a\",\"b\",\"c\"]\n", "[\"a\\\",\"b],\n", "[\"a\",\"b\\", ""] {
            assert_eq!(post_of(other), None, "{other}");
        }
    }
}
