//! Licence texts, each kept once, with the crates that use it.

use std::collections::{BTreeMap, BTreeSet};

/// Texts by title and content; white space makes no difference.
#[derive(Default)]
pub(super) struct LicenceTexts(BTreeMap<(String, String), LicenceText>);

struct LicenceText {
    text: String,
    users: BTreeSet<String>,
}

impl LicenceTexts {
    pub(super) fn add(&mut self, title: &str, text: &str, users: impl IntoIterator<Item = String>) {
        let words: Vec<&str> = text.split_whitespace().collect();
        let text = tidy(text);
        let entry = self.0.entry((title.to_owned(), words.join(" ")));
        let known = entry.or_insert_with(|| LicenceText { text: text.clone(), users: BTreeSet::new() });
        // Whichever comes first, the same one is kept.
        if text < known.text {
            known.text = text;
        }
        known.users.extend(users);
    }

    /// All texts, sorted by title, then by their first crate.
    pub(super) fn section(&self) -> String {
        let mut texts: Vec<(&str, &LicenceText)> =
            self.0.iter().map(|((title, _), text)| (title.as_str(), text)).collect();
        texts.sort_by_key(|(title, text)| (*title, text.users.first(), &text.text));
        let mut out = String::new();
        for (title, LicenceText { text, users }) in texts {
            let users: Vec<&str> = users.iter().map(String::as_str).collect();
            out += &format!("\n{}\n{title}, for {}\n\n{text}\n", "-".repeat(80), users.join(", "));
        }
        out
    }
}

/// A text without trailing spaces, and without empty lines at its start and end.
fn tidy(text: &str) -> String {
    let lines: Vec<&str> = text.trim_start_matches('\u{FEFF}').lines().map(str::trim_end).collect();
    lines.join("\n").trim_matches('\n').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_stands_once() {
        let (mut texts, mut other) = (LicenceTexts::default(), LicenceTexts::default());
        let rows = [
            ("MIT", "\r\nCopyright a \r\nPermission\r\n", "b 1"),
            ("MIT", "Copyright a\n  Permission", "a 1"),
        ];
        let rows = rows.into_iter().chain([("Apache-2.0", "Apache", "c 1"), ("MIT", "Copyright b", "a 0")]);
        for (title, text, user) in rows.clone() {
            texts.add(title, text, [user.to_owned()]);
        }
        for (title, text, user) in rows.rev() {
            other.add(title, text, [user.to_owned()]);
        }
        let section = texts.section();
        assert_eq!(section, other.section());
        let line = "-".repeat(80);
        let expected = format!(
            "\n{line}\nApache-2.0, for c 1\n\nApache\n\n{line}\nMIT, for a 0\n\nCopyright b\n\
             \n{line}\nMIT, for a 1, b 1\n\nCopyright a\n  Permission\n"
        );
        assert_eq!(section, expected);
    }
}
