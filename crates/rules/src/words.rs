//! Searches text for words that are surely wrong, in one pass for each script.

use daachorse::{CharwiseDoubleArrayAhoCorasick, CharwiseDoubleArrayAhoCorasickBuilder, MatchKind};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::ops::Range;

/// Columns: wrong, right, longer words in which the wrong one is right.
const CHINESE: &str = include_str!("../data/misspellings-zh.tsv");
/// Columns: wrong, right.
const ENGLISH: &str = include_str!("../data/misspellings-en.tsv");

/// English words are no longer than this, in bytes.
const LONGEST: usize = 24;

/// Wrong words and their right ones, ready to be searched for.
pub(crate) struct Words {
    /// Finds what is not ASCII; the value is an index into `right`.
    running: CharwiseDoubleArrayAhoCorasick<u32>,
    /// `None` where the longer word is right as it is.
    right: Vec<Option<String>>,
    /// English words in lower case.
    english: HashMap<Vec<u8>, String>,
}

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Words({} running, {} english)", self.right.len(), self.english.len())
    }
}

impl Words {
    /// The lists with a site's own words on top.
    ///
    /// # Errors
    /// A word that cannot be searched for; the message names it.
    pub(crate) fn new(replace: &BTreeMap<String, String>, allow: &[String]) -> Result<Self, String> {
        let mut running: BTreeMap<String, Option<String>> = BTreeMap::new();
        let mut english = HashMap::new();
        for [wrong, right, exceptions] in rows(CHINESE) {
            running.insert(wrong.to_owned(), Some(right.to_owned()));
            let exceptions = exceptions.split(',').filter(|exception| !exception.is_empty());
            running.extend(exceptions.map(|exception| (exception.to_owned(), None)));
        }
        for [wrong, right, _] in rows(ENGLISH) {
            english.insert(wrong.as_bytes().to_vec(), right.to_owned());
        }
        for (wrong, right) in replace {
            if wrong.trim().is_empty() || right.contains(wrong.as_str()) {
                return Err(format!("[words.replace] \"{wrong}\" = \"{right}\" would never come to an end"));
            }
            if wrong.bytes().all(|byte| byte.is_ascii_alphabetic()) {
                english.insert(wrong.to_ascii_lowercase().into_bytes(), right.clone());
            } else {
                running.insert(wrong.clone(), Some(right.clone()));
            }
        }
        for word in allow {
            english.remove(word.to_ascii_lowercase().as_bytes());
            if !word.is_ascii() {
                running.insert(word.clone(), None);
            }
        }
        let right = running.values().cloned().collect();
        let patterns = running.keys().zip(0..);
        let running = CharwiseDoubleArrayAhoCorasickBuilder::new()
            .match_kind(MatchKind::LeftmostLongest)
            .build_with_values(patterns)
            .map_err(|error| format!("[words] cannot be used: {error}"))?;
        Ok(Self { running, right, english })
    }

    /// Calls `found` for each wrong word, with the right one; first those of other scripts, then
    /// the English ones.
    pub(crate) fn find(&self, text: &str, found: &mut impl FnMut(Range<usize>, Cow<'_, str>)) {
        if !text.is_ascii() || !self.right.is_empty() {
            for hit in self.running.leftmost_find_iter(text) {
                if let Some(right) = &self.right[hit.value() as usize] {
                    found(hit.start()..hit.end(), Cow::Borrowed(right));
                }
            }
        }
        self.find_english(text, found);
    }

    fn find_english(&self, text: &str, found: &mut impl FnMut(Range<usize>, Cow<'_, str>)) {
        let bytes = text.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            if !bytes[at].is_ascii_alphabetic() {
                at += 1;
                continue;
            }
            let start = at;
            while at < bytes.len() && bytes[at].is_ascii_alphabetic() {
                at += 1;
            }
            let word = &bytes[start..at];
            if !(4..=LONGEST).contains(&word.len()) {
                continue;
            }
            let mut lower = [0; LONGEST];
            let lower = &mut lower[..word.len()];
            lower.copy_from_slice(word);
            lower.make_ascii_lowercase();
            if let Some(right) = self.english.get(&*lower)
                && stands_alone(text, start..at)
                && let Some(right) = in_case_of(word, right)
            {
                found(start..at, right);
            }
        }
    }
}

/// The rows of a list, comments left out.
fn rows(list: &str) -> impl Iterator<Item = [&str; 3]> {
    let lines = list.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| {
        let mut columns = line.split('\t');
        std::array::from_fn(|_| columns.next().unwrap_or_default())
    })
}

/// Whether a word is a word of the text, not a part of a name, an address or a foreign word.
fn stands_alone(text: &str, word: Range<usize>) -> bool {
    let before = text[..word.start].chars().next_back();
    let after = text[word.end..].chars().next();
    let joins = |c: char| c.is_ascii_digit() || "_/\\@#$&=+~".contains(c) || is_foreign_letter(c);
    if before.is_some_and(|c| joins(c) || c == '.') || after.is_some_and(joins) {
        return false;
    }
    // `recieve.js`, `recieve:x` and `recieve()` are names, `recieve.` ends a sentence.
    let mut rest = text[word.end..].chars();
    let (next, then) = (rest.next(), rest.next());
    let joined = matches!(next, Some('.' | ':')) && then.is_some_and(|c| c.is_ascii_alphanumeric());
    !joined && next != Some('(')
}

/// A letter that would make the word one of another language: `é`, but not `中`.
fn is_foreign_letter(c: char) -> bool {
    c.is_alphabetic() && !c.is_ascii() && (c as u32) < 0x2E80
}

/// The right word in the case of the wrong one; `None` for a `camelCase` name.
fn in_case_of<'r>(word: &[u8], right: &'r str) -> Option<Cow<'r, str>> {
    let capitals = word.iter().filter(|byte| byte.is_ascii_uppercase()).count();
    if capitals == 0 {
        return Some(Cow::Borrowed(right));
    }
    if capitals == word.len() {
        return Some(Cow::Owned(right.to_uppercase()));
    }
    if capitals > 1 || !word[0].is_ascii_uppercase() {
        return None;
    }
    let mut letters = right.chars();
    let first = letters.next()?;
    Some(Cow::Owned(first.to_uppercase().chain(letters).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(words: &Words, text: &str) -> Vec<(String, String)> {
        let mut list = Vec::new();
        words.find(text, &mut |range, right| list.push((text[range].to_owned(), right.into_owned())));
        list
    }

    fn standard() -> Words {
        Words::new(&BTreeMap::new(), &[]).unwrap()
    }

    #[test]
    fn finds_every_word_of_the_lists() {
        let words = standard();
        for [wrong, right, exceptions] in rows(CHINESE) {
            let text = format!("他们说{wrong}，是的。");
            assert_eq!(found(&words, &text), [(wrong.to_owned(), right.to_owned())]);
            assert_eq!(found(&words, right), [], "{right} holds a wrong word");
            for exception in exceptions.split(',').filter(|exception| !exception.is_empty()) {
                assert!(exception.contains(wrong), "{exception}");
                assert_eq!(found(&words, exception), []);
            }
        }
        for [wrong, right, _] in rows(ENGLISH) {
            assert_eq!(found(&words, &format!("the {wrong}, too")), [(wrong.to_owned(), right.to_owned())]);
            assert_eq!(found(&words, right), [], "{right} holds a wrong word");
        }
    }

    #[test]
    fn names_each_wrong_word_once() {
        for list in [CHINESE, ENGLISH] {
            let mut wrong: Vec<&str> = rows(list).map(|[wrong, ..]| wrong).collect();
            let count = wrong.len();
            wrong.sort_unstable();
            wrong.dedup();
            assert_eq!(wrong.len(), count);
        }
    }

    #[test]
    fn keeps_case_and_leaves_names_alone() {
        let words = standard();
        let cases: [(&str, &[&str]); 10] = [
            ("Recieve RECIEVE recieve", &["Receive", "RECEIVE", "receive"]),
            ("他们recieve了", &["receive"]),
            ("recieve.", &["receive"]),
            ("recieve.js", &[]),
            ("recieve() recieve:x", &[]),
            ("onRecieve reCieve", &[]),
            ("recieve_all recieve2", &[]),
            ("/recieve a@recieve", &[]),
            ("récieve", &[]),
            ("well-recieve", &["receive"]),
        ];
        for (text, expected) in cases {
            let right: Vec<String> = found(&words, text).into_iter().map(|(_, right)| right).collect();
            let expected: Vec<&str> = expected.to_vec();
            assert_eq!(right, expected, "{text}");
        }
    }

    #[test]
    fn takes_a_sites_own_words() {
        let replace = BTreeMap::from([("前瑞".to_owned(), "前端".to_owned())]);
        let words = Words::new(&replace, &["recieve".to_owned(), "开个建设".to_owned()]).unwrap();
        assert_eq!(found(&words, "前瑞 recieve 开个建设"), [("前瑞".to_owned(), "前端".to_owned())]);
        assert!(Words::new(&BTreeMap::from([("a中".to_owned(), "a中b".to_owned())]), &[]).is_err());
    }
}
