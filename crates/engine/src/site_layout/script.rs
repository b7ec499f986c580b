//! The values in a generator's config that is a program in JavaScript or TypeScript. It is never run: only what is
//! written out in it is known.

use super::config_file::first_of;
use std::path::Path;

/// Maximum number of places in which a key is looked at, so that a hostile script costs little.
const MOST_VALUES: usize = 32;

/// A script without its comments.
#[derive(Debug, Default)]
pub(super) struct ConfigScript {
    /// The name of its file, if there is one.
    pub(super) file: Option<&'static str>,
    text: String,
}

impl ConfigScript {
    /// The first of these files that exists, relative to a folder.
    pub(super) fn read(folder: &Path, names: &[&'static str]) -> Self {
        first_of(folder, names).map_or_else(Self::default, |(name, text)| Self {
            file: Some(name),
            text: without_comments(&text),
        })
    }

    /// The first text that a key has: `key: "text"`.
    pub(super) fn text(&self, key: &str) -> Option<String> {
        self.texts(key).into_iter().next()
    }

    /// Every text that a key has.
    pub(super) fn texts(&self, key: &str) -> Vec<String> {
        values(&self.text, key).filter_map(|value| quoted(value).map(str::to_owned)).collect()
    }

    /// Every text that a function is called with: `name("text")`.
    pub(super) fn arguments(&self, name: &str) -> Vec<String> {
        let calls = self.text.match_indices(name).map(|(at, _)| self.text[at + name.len()..].trim_start());
        let inside = calls.filter_map(|rest| rest.strip_prefix('('));
        inside.filter_map(|rest| quoted(rest.trim_start()).map(str::to_owned)).collect()
    }

    /// The texts in the list that a key has: `key: ["a", "b"]`.
    pub(super) fn list(&self, key: &str) -> Option<Vec<String>> {
        let value = values(&self.text, key).find(|value| value.starts_with('['))?;
        Some(all_quoted(balanced(value)?))
    }

    /// The objects that a key has: `key: { … }`.
    pub(super) fn objects(&self, key: &str) -> Vec<ConfigScript> {
        self.of(values(&self.text, key).filter(|value| value.starts_with('{')))
    }

    /// The objects after a text: `"name", { … }`.
    pub(super) fn objects_after(&self, name: &str) -> Vec<ConfigScript> {
        let rests = self.text.match_indices(name).map(|(at, _)| &self.text[at + name.len()..]);
        let rests =
            rests.map(|rest| rest.trim_start_matches(|c: char| c.is_whitespace() || "\"'`(),".contains(c)));
        self.of(rests.filter(|rest| rest.starts_with('{')))
    }

    fn of<'s>(&self, values: impl Iterator<Item = &'s str>) -> Vec<ConfigScript> {
        let objects = values.take(MOST_VALUES).filter_map(balanced);
        objects.map(|text| ConfigScript { file: self.file, text: text.to_owned() }).collect()
    }

    /// What an object has at a key, not counting objects in it.
    pub(super) fn member(&self, key: &str) -> Member {
        match self.own_value(key) {
            None if self.has_shorthand(key) => Member::Other,
            None => Member::Missing,
            Some(value) if value.starts_with("false") => Member::Off,
            Some(value) if value.starts_with('{') => {
                let object = balanced(value).map(|text| Self { file: self.file, text: text.to_owned() });
                object.map_or(Member::Other, Member::Object)
            }
            Some(_) => Member::Other,
        }
    }

    /// The text that an object has at a key.
    pub(super) fn own_text(&self, key: &str) -> Option<String> {
        self.own_value(key).and_then(quoted).map(str::to_owned)
    }

    /// The texts in the list that an object has at a key.
    pub(super) fn own_list(&self, key: &str) -> Option<Vec<String>> {
        let value = self.own_value(key).filter(|value| value.starts_with('['))?;
        Some(all_quoted(balanced(value)?))
    }

    /// The number of calls of a function.
    pub(super) fn calls(&self, name: &str) -> usize {
        let is_name = |c: char| c.is_alphanumeric() || "_$.".contains(c);
        let is_call = |at: &usize| {
            !self.text[..*at].ends_with(is_name) && self.text[at + name.len()..].trim_start().starts_with('(')
        };
        self.text.match_indices(name).filter(|(at, _)| is_call(at)).count()
    }

    /// The rest of an object after a `key:` that is its own.
    fn own_value(&self, key: &str) -> Option<&str> {
        let mut values = values(&self.text, key).take(MOST_VALUES);
        values.find(|value| self.depth(self.text.len() - value.len()) == 1)
    }

    /// Whether an object has a key whose value is a variable of that name: `{ key }`.
    fn has_shorthand(&self, key: &str) -> bool {
        self.text.match_indices(key).take(MOST_VALUES).any(|(at, key)| {
            let before = self.text[..at].trim_end();
            let after = self.text[at + key.len()..].trim_start();
            before.ends_with(['{', ',']) && after.starts_with(['}', ',']) && self.depth(at) == 1
        })
    }

    /// The number of brackets that are open at an offset.
    fn depth(&self, at: usize) -> usize {
        brackets(&self.text[..at]).last().map_or(0, |(_, depth)| depth)
    }
}

/// What an object has at a key.
#[derive(Debug)]
pub(super) enum Member {
    /// Nothing.
    Missing,
    /// `false`.
    Off,
    /// An object that is written out.
    Object(ConfigScript),
    /// Anything else.
    Other,
}

/// The rest of the text after each `key:`.
fn values<'t>(text: &'t str, key: &str) -> impl Iterator<Item = &'t str> {
    let is_name = |c: char| c.is_alphanumeric() || "_$".contains(c);
    text.match_indices(key).filter_map(move |(at, key)| {
        let rest = &text[at + key.len()..];
        let rest = rest.strip_prefix(['"', '\'']).unwrap_or(rest).trim_start();
        (!text[..at].ends_with(is_name)).then(|| rest.strip_prefix(':').map(str::trim_start))?
    })
}

/// The text between the quotes at the start.
fn quoted(text: &str) -> Option<&str> {
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'))?;
    text[1..].split_once(quote).map(|(inside, _)| inside)
}

/// Every text in quotes.
fn all_quoted(mut text: &str) -> Vec<String> {
    let mut found = Vec::new();
    while let Some(at) = text.find(['"', '\'', '`']) {
        let Some(inside) = quoted(&text[at..]) else { break };
        found.push(inside.to_owned());
        text = &text[at + inside.len() + 2..];
    }
    found
}

/// The object or list at the start, up to the bracket that closes it.
fn balanced(text: &str) -> Option<&str> {
    brackets(text).find(|(_, depth)| *depth == 0).map(|(end, _)| &text[..end])
}

/// The end of each character, and the number of brackets that are open there.
fn brackets(text: &str) -> impl Iterator<Item = (usize, usize)> {
    text.char_indices().scan((0_usize, None), |(depth, quote), (at, c)| {
        match (*quote, c) {
            (Some(open), _) if open == c => *quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'' | '`') => *quote = Some(c),
            (None, '{' | '[' | '(') => *depth += 1,
            (None, '}' | ']' | ')') => *depth = depth.saturating_sub(1),
            _ => {}
        }
        Some((at + c.len_utf8(), *depth))
    })
}

/// A script without `//` and `/* */`, which may hold values that are not used.
fn without_comments(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut rest, mut quote) = (text, None);
    while let Some(c) = rest.chars().next() {
        let comment_end = match (quote, rest.get(..2)) {
            (None, Some("//")) => rest.find('\n'),
            (None, Some("/*")) => rest.find("*/").map(|end| end + 2),
            _ => Some(0),
        };
        match (comment_end, quote) {
            (None, _) => break,
            (Some(end), _) if end > 0 => {
                rest = &rest[end..];
                continue;
            }
            (_, Some(open)) if open == c || (c == '\n' && open != '`') => quote = None,
            (_, None) if matches!(c, '"' | '\'' | '`') => quote = Some(c),
            _ => {}
        }
        out.push(c);
        rest = &rest[c.len_utf8()..];
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_is_written_out() {
        let text = without_comments(
            "// docs: { path: 'old' }\nexport default { docs: { path: \"guide\", exclude: ['a/**', \"b\"] },\n \
             blog: false, url: 'https://a.example' /* x: 'y' */, plugins: [['plugin', { path: `more` }]] }\n\
             config.ignores.add(\"drafts/**\");",
        );
        let script = ConfigScript { file: None, text };
        let docs = script.objects("docs");
        assert_eq!(docs.len(), 1);
        assert_eq!(docs[0].text("path").as_deref(), Some("guide"));
        assert_eq!(docs[0].list("exclude"), Some(vec!["a/**".to_owned(), "b".to_owned()]));
        let whole = script.objects_after("default").remove(0);
        assert!(
            matches!(whole.member("blog"), Member::Off) && matches!(whole.member("docs"), Member::Object(_))
        );
        assert!(
            matches!(whole.member("path"), Member::Missing) && matches!(whole.member("url"), Member::Other)
        );
        assert_eq!(script.text("url").as_deref(), Some("https://a.example"));
        assert_eq!(script.text("x"), None);
        assert_eq!(script.objects_after("plugin")[0].text("path").as_deref(), Some("more"));
        assert_eq!(script.arguments("ignores.add"), ["drafts/**"]);
    }
}
