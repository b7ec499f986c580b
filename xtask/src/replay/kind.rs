//! What kind of mistake a change puts right, as far as its lines say so.

use super::diff::Hunk;

/// A kind of mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum MistakeKind {
    EnglishWord,
    ChineseWord,
    /// A word that was doubled, missing or too much.
    WordCount,
    Link,
    Image,
    Markup,
    Date,
    FrontMatter,
    Other,
}

impl MistakeKind {
    pub(super) const ALL: [(Self, &str); 9] = [
        (Self::EnglishWord, "wrong word, English"),
        (Self::ChineseWord, "wrong word, Chinese"),
        (Self::WordCount, "doubled, missing or surplus word"),
        (Self::Link, "link"),
        (Self::Image, "image"),
        (Self::Markup, "markup"),
        (Self::Date, "date"),
        (Self::FrontMatter, "front matter"),
        (Self::Other, "other"),
    ];
}

/// The kind of a change; `None` if it is more than a small mistake. `body` is the number of the first line after the
/// front matter.
pub(super) fn kind_of(hunk: &Hunk, body: usize) -> Option<MistakeKind> {
    let [old] = hunk.removed.as_slice() else { return None };
    let [new] = hunk.added.as_slice() else { return None };
    let ChangedPart { before, old: old_part, new: new_part } = ChangedPart::between(old, new)?;
    if hunk.first < body {
        let is_date = old
            .trim_start()
            .to_ascii_lowercase()
            .split(':')
            .next()
            .is_some_and(|key| key.contains("date") || key.contains("updated"));
        return Some(if is_date {
            MistakeKind::Date
        } else {
            kind_of_text(old_part, new_part).unwrap_or(MistakeKind::FrontMatter)
        });
    }
    if let Some(kind) = address_at(old, before).or_else(|| address_at(new, before)) {
        return Some(kind);
    }
    kind_of_text(old_part, new_part)
}

/// The kind of a change of text; `None` if it is a change of wording.
fn kind_of_text(old: &str, new: &str) -> Option<MistakeKind> {
    let is_markup = |text: &str| text.chars().all(|c| c.is_ascii_punctuation() || c.is_whitespace());
    let is_latin = |text: &str| text.chars().all(|c| c.is_ascii_alphabetic() || c == '\'' || c == '-');
    let is_chinese = |text: &str| text.chars().all(|c| matches!(c, '\u{4E00}'..='\u{9FFF}'));
    let (old, new) = (old.trim(), new.trim());
    let words = |text: &str| text.split_whitespace().count();
    match (old.is_empty(), new.is_empty()) {
        (true, true) => Some(MistakeKind::Markup),
        _ if is_markup(old) && is_markup(new) => Some(MistakeKind::Markup),
        (true, false) | (false, true) => {
            let text = if old.is_empty() { new } else { old };
            let is_small = words(text) <= 2 && text.chars().count() <= 12;
            is_small.then_some(MistakeKind::WordCount)
        }
        _ if is_latin(old) && is_latin(new) => {
            let (a, b) = (old.to_ascii_lowercase(), new.to_ascii_lowercase());
            (distance(&a, &b) <= 3.min(a.len().max(b.len()) / 2).max(1)).then_some(MistakeKind::EnglishWord)
        }
        _ if is_chinese(old) && is_chinese(new) => {
            let (a, b) = (old.chars().count(), new.chars().count());
            (a.max(b) <= 3).then_some(MistakeKind::ChineseWord)
        }
        _ => None,
    }
}

/// The part of a line that changes, as whole words.
struct ChangedPart<'l> {
    /// The length in bytes of what stays before it.
    before: usize,
    old: &'l str,
    new: &'l str,
}

impl<'l> ChangedPart<'l> {
    fn between(old: &'l str, new: &'l str) -> Option<Self> {
        let same = |(a, b): &(char, char)| a == b;
        let mut before: usize =
            old.chars().zip(new.chars()).take_while(same).map(|(a, _)| a.len_utf8()).sum();
        let (old_rest, new_rest) = (&old[before..], &new[before..]);
        let mut after: usize = old_rest
            .chars()
            .rev()
            .zip(new_rest.chars().rev())
            .take_while(same)
            .map(|(a, _)| a.len_utf8())
            .sum();
        // Words in letters are compared as a whole.
        let is_letter = |c: char| c.is_ascii_alphabetic() || c == '\'';
        let parts = [&old[before..old.len() - after], &new[before..new.len() - after]];
        if parts.iter().any(|part| part.starts_with(is_letter)) {
            before = old[..before].trim_end_matches(is_letter).len();
        }
        if parts.iter().any(|part| part.ends_with(is_letter)) {
            after = old[old.len() - after..].trim_start_matches(is_letter).len();
        }
        let (old_part, new_part) = (&old[before..old.len() - after], &new[before..new.len() - after]);
        (old_part != new_part).then_some(Self { before, old: old_part, new: new_part })
    }
}

/// Whether an offset in a line is in the address of a link or an image.
fn address_at(line: &str, at: usize) -> Option<MistakeKind> {
    let mut at = at.min(line.len());
    while !line.is_char_boundary(at) {
        at -= 1;
    }
    let start = line[..at]
        .rfind(|c: char| c.is_whitespace() || matches!(c, '(' | '"' | '\'' | '<' | '['))
        .map_or(0, |before| before + 1);
    let lead = line[..start].trim_end_matches(['"', '\'', '<']);
    let rest = &line[start..];
    let end = rest
        .find(|c: char| c.is_whitespace() || matches!(c, ')' | '"' | '\'' | '>' | ']'))
        .unwrap_or(rest.len());
    let address = &rest[..end];
    let is_address = address.contains("://")
        || lead.ends_with("](")
        || lead.ends_with("src=")
        || lead.ends_with("href=")
        || (lead.ends_with("]:") && !address.is_empty());
    if !is_address {
        return None;
    }
    let path = address.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    let names_image = IMAGES.iter().any(|ending| path.ends_with(ending));
    let label = lead.strip_suffix("](").and_then(|lead| lead.rfind('[').map(|at| &lead[..at]));
    let is_image = names_image || label.is_some_and(|lead| lead.ends_with('!')) || lead.contains("<img");
    Some(if is_image { MistakeKind::Image } else { MistakeKind::Link })
}

/// Endings of images.
const IMAGES: [&str; 6] = [".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg"];

/// The number of letters to add, remove, replace or swap.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for (i, row) in rows.iter_mut().enumerate() {
        row[0] = i;
    }
    rows[0] = (0..=b.len()).collect();
    for i in 1..=a.len() {
        for j in 1..=b.len() {
            let replaced = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = replaced.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            rows[i][j] = least;
        }
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_have_kinds() {
        let kind = |old: &str, new: &str| {
            kind_of(&Hunk { first: 9, removed: vec![old.to_owned()], added: vec![new.to_owned()] }, 5)
        };
        use MistakeKind::{ChineseWord, EnglishWord, Image, Link, Markup, WordCount};
        for (old, new, expected) in [
            ("They recieve it.", "They receive it.", Some(EnglishWord)),
            ("the the boat", "the boat", Some(WordCount)),
            ("港口开个建设", "港口开工建设", Some(ChineseWord)),
            ("see [it](http://a.example/x)", "see [it](https://a.example/x)", Some(Link)),
            ("![a](a/pier.png)", "![a](b/pier.png)", Some(Image)),
            ("**bold*", "**bold**", Some(Markup)),
            ("They went home early.", "Nobody stayed for long.", None),
        ] {
            assert_eq!(kind(old, new), expected, "{old}");
        }
        let date =
            Hunk { first: 3, removed: vec!["date: 2020-1-2".into()], added: vec!["date: 2020-01-02".into()] };
        assert_eq!(kind_of(&date, 5), Some(MistakeKind::Date));
    }
}
