//! Searches text for words that are certainly wrong, in one pass for each script.

use crate::certainty::Certainty;
use crate::chinese::{Listed, ListedWords, listed, rows};
use crate::english::{English, RightWords};
use crate::language::Language;
use crate::latin::{
    in_case_of, is_acronym, is_derived_in_compound, is_hyphen_joined, is_in_listing, is_possessive,
    stands_alone, stands_alone_or_owns, words,
};
use crate::runs::{LENGTHS, Runs};
use std::collections::HashMap;
use std::fmt;
use std::iter;
use std::ops::Range;
use std::sync::LazyLock;

/// The Chinese words that are known to be wrong.
const CHINESE: &str = include_str!("../data/misspellings-zh.tsv");

/// Chinese words that are right, with the forms that editors prefer.
static PREFERRED: LazyLock<ListedWords> = LazyLock::new(|| {
    ListedWords::new(listed(include_str!("../data/preferred-zh.tsv")))
        .expect("the words in the binary are right")
});

/// Calls `found` for each Chinese word that has a preferred form, with that form.
pub fn preferred_wording(runs: &Runs<'_>, mut found: impl FnMut(Range<usize>, &'static str)) {
    PREFERRED.find(runs, |range, preferred, _| found(range, preferred));
}

/// Wrong words and their corrections, ready for searching.
pub struct Words {
    /// Words that are not ASCII.
    listed: ListedWords,
    /// The configured English words, by their form in lower case.
    own: HashMap<String, OwnWord>,
    /// Whether a configured word is too short or too long to be found among the words of a text.
    has_odd_lengths: bool,
}

/// An English word of the config.
#[derive(Debug, Clone)]
enum OwnWord {
    /// It is right.
    Allowed,
    /// It is wrong in these spellings, each with its correction.
    Wrong(Vec<(String, String)>),
}

impl OwnWord {
    /// The correction of a word; `None` if it is right in this spelling.
    fn right(&self, word: &str) -> Option<String> {
        let Self::Wrong(pairs) = self else { return None };
        let is_plain = |text: &str| !text.bytes().any(|byte| byte.is_ascii_uppercase());
        let exact = pairs.iter().find(|(wrong, _)| wrong == word);
        let right = match (exact, pairs.iter().find(|(wrong, _)| is_plain(wrong))) {
            (Some((_, right)), _) => right.clone(),
            (None, Some((_, right))) if is_plain(right) => in_case_of(word.as_bytes(), right)?.into_owned(),
            // A name has its own capitals, also at the start of a sentence.
            (None, Some((wrong, right))) if word[1..] == wrong[1..] => right.clone(),
            _ => return None,
        };
        (right != word).then_some(right)
    }
}

/// A wrong word in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrongWord {
    /// Its byte range.
    pub range: Range<usize>,
    /// The corrections, the most likely first; never empty.
    pub right: Vec<String>,
    /// How sure that is.
    pub certainty: Certainty,
}

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Words({} listed, {} own)", self.listed.len(), self.own.len())
    }
}

impl Words {
    /// The built-in lists, plus own words that take precedence: wrong words with their corrections, and allowed
    /// words.
    ///
    /// # Errors
    /// A word cannot be searched for; the message names it.
    pub fn new<'w>(
        replace: impl Iterator<Item = (&'w str, &'w str)>,
        allow: impl Iterator<Item = &'w str>,
    ) -> Result<Self, String> {
        let mut words = listed(CHINESE);
        let mut own = HashMap::new();
        for (wrong, right) in replace {
            let is_word = wrong.bytes().all(|byte| byte.is_ascii_alphabetic());
            let own_word = || OwnWord::Wrong(vec![(wrong.to_owned(), right.to_owned())]);
            let is_endless = if is_word {
                let mut words = right.split(|c: char| !c.is_ascii_alphabetic());
                words.any(|word| word.eq_ignore_ascii_case(wrong) && own_word().right(word).is_some())
            } else {
                right.contains(wrong)
            };
            if wrong.trim().is_empty() || is_endless {
                return Err(format!("\"{wrong}\" = \"{right}\" would be replaced again and again"));
            }
            if is_word {
                let word = own.entry(wrong.to_ascii_lowercase()).or_insert(OwnWord::Wrong(Vec::new()));
                if let OwnWord::Wrong(pairs) = word {
                    pairs.push((wrong.to_owned(), right.to_owned()));
                }
            } else {
                words.insert(wrong, Listed::AlwaysWrong(right.to_owned()));
            }
        }
        for word in allow {
            if word.is_ascii() {
                own.insert(word.to_ascii_lowercase(), OwnWord::Allowed);
            } else {
                words.insert(word, Listed::Allowed);
            }
        }
        let has_odd_lengths = own.keys().any(|word| !LENGTHS.contains(&word.len()));
        Ok(Self { listed: ListedWords::new(words)?, own, has_odd_lengths })
    }

    /// Whether the config says something about a word in lower case.
    pub(crate) fn has_own(&self, lower: &str) -> bool {
        self.own.contains_key(lower)
    }

    /// Calls `found` for each wrong word: first those in other scripts, then English ones, and those
    /// of the config last.
    pub fn find(&self, runs: &Runs<'_>, mut found: impl FnMut(WrongWord)) {
        let text = runs.text;
        self.listed.find(runs, |range, right, certainty| {
            found(WrongWord { range, right: vec![right.to_owned()], certainty });
        });
        let mut language = Language::of(text);
        let mut report = |range: Range<usize>, right: RightWords| {
            if is_word_of_prose(text, &range, &right)
                && language.is_english_at(range.start)
                && let Some(words) = cased(&text.as_bytes()[range.clone()], &right.words)
            {
                let certainty = match (right.is_doubtful, right.are_names, right.is_unusual) {
                    (true, ..) => Certainty::Doubtful,
                    (_, true, _) => Certainty::SureName,
                    (_, _, true) => Certainty::Unusual,
                    _ => Certainty::Sure,
                };
                found(WrongWord { range, right: words, certainty });
            }
        };
        if self.own.is_empty() {
            return English::embedded().search(runs, report);
        }
        let mut own = Vec::new();
        let odd = self.has_odd_lengths.then(|| odd_words(text)).into_iter().flatten();
        for range in words(runs).chain(odd) {
            let lower = text[range.clone()].to_ascii_lowercase();
            match self.own.get(&lower) {
                Some(word) => {
                    let right = word.right(&text[range.clone()]);
                    let is_word = || stands_alone_or_owns(text, &range) && !is_in_listing(text, &range);
                    let right = right.filter(|_| is_word());
                    let certainty = Certainty::Own;
                    own.extend(right.map(|right| WrongWord { range, right: vec![right], certainty }));
                }
                None => {
                    if let Some(right) = English::embedded().right(lower.as_bytes()) {
                        report(range, right);
                    }
                }
            }
        }
        own.into_iter().for_each(found);
    }
}

/// Whether a listed English word is a word of the text that its corrections can replace.
fn is_word_of_prose(text: &str, range: &Range<usize>, right: &RightWords) -> bool {
    !is_acronym(&text.as_bytes()[range.clone()])
        && stands_alone(text, range)
        && !is_in_listing(text, range)
        && !is_derived_in_compound(text, range)
        && !is_broken_contraction(text, range, right)
        && (!is_possessive(text, range)
            || right.words.iter().all(|right| right.ends_with('s') && !right.contains('\'')))
}

/// Whether a contraction would get a second apostrophe, `didnt'`, or is part of a name, `test-dont`.
fn is_broken_contraction(text: &str, range: &Range<usize>, right: &RightWords) -> bool {
    let is_contraction = right.words.iter().any(|right| right.contains('\''));
    is_contraction && (text[range.end..].starts_with(['\'', '’']) || is_hyphen_joined(text, range))
}

/// The right words in the letter case of the wrong one; `None` for a `camelCase` name.
fn cased(word: &[u8], rights: &[String]) -> Option<Vec<String>> {
    rights.iter().map(|right| in_case_of(word, right).map(|right| right.into_owned())).collect()
}

/// The words in Latin letters whose lengths are not those of the list.
fn odd_words(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut from = 0;
    iter::from_fn(move || {
        let start = from + text[from..].find(|c: char| c.is_ascii_alphabetic())?;
        let rest = &text[start..];
        from = start + rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
        Some(start..from)
    })
    .filter(|word| !LENGTHS.contains(&word.len()))
}

/// The Chinese words that are known to be wrong, with their corrections.
pub(crate) fn chinese() -> impl Iterator<Item = (&'static str, &'static str)> {
    rows(CHINESE).map(|[wrong, right, ..]| (wrong, right))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::iter::empty;

    fn found(words: &Words, text: &str) -> Vec<(String, String)> {
        let mut list = Vec::new();
        words.find(&Runs::of(text), |wrong| list.push((text[wrong.range].to_owned(), wrong.right.join(" "))));
        list
    }

    fn standard() -> Words {
        Words::new(empty(), empty()).unwrap()
    }

    #[test]
    fn finds_every_word_of_the_list() {
        let words = standard();
        for [wrong, right, exceptions, sentence, guard] in rows(CHINESE) {
            let expected = [(wrong.to_owned(), right.to_owned())];
            assert_eq!(found(&words, sentence), expected, "{sentence}");
            assert_eq!(found(&words, right), [], "{right} holds a wrong word");
            assert_eq!(found(&words, guard), [], "{guard}");
            for exception in exceptions.split(',').filter(|exception| !exception.is_empty()) {
                assert!(exception.contains(wrong), "{exception}");
                assert_eq!(found(&words, exception), []);
            }
        }
    }

    #[test]
    fn the_list_is_long_and_names_each_wrong_word_once() {
        let wrong: Vec<&str> = rows(CHINESE).map(|[wrong, ..]| wrong).collect();
        assert!(wrong.len() >= 600, "{}", wrong.len());
        assert!(wrong.is_sorted_by(|a, b| a < b), "sorted, each once");
    }

    #[test]
    fn keeps_case_and_leaves_names_alone() {
        let words = standard();
        let cases: [(&str, &[&str]); 18] = [
            ("Recieve RECIEVE recieve", &["Receive", "RECEIVE", "receive"]),
            ("他们recieve了", &["receive"]),
            ("recieve.", &["receive"]),
            ("'recieve'", &["receive"]),
            ("recieve.js", &[]),
            ("recieve() recieve:x", &[]),
            ("onRecieve reCieve", &[]),
            ("recieve_all recieve2", &[]),
            ("/recieve a@recieve", &[]),
            ("récieve", &[]),
            ("recieve's l'recieve", &[]),
            ("e6f1recieve9b", &[]),
            ("cmVjaWV2ZQ== recieve=", &[]),
            ("well-recieve", &["receive"]),
            (":recieve-it: #recieve-it if-we-recieve-it", &[]),
            ("\u{A0}\u{A0}static\u{A0}void\u{A0}Main(string[]\u{A0}recieve)", &[]),
            ("58: \u{A0} \u{A0} printf \u{A0} (\"m, please \u{A0} recieve \u{A0} it)\nrecieve", &["receive"]),
            ("\u{A0}\u{A0}\u{A0}They will\u{A0}recieve it", &["receive"]),
        ];
        for (text, expected) in cases {
            let right: Vec<String> = found(&words, text).into_iter().map(|(_, right)| right).collect();
            assert_eq!(right, expected, "{text}");
        }
    }

    #[test]
    fn writes_names_as_the_config_does() {
        let replace = [
            ("Iphone", "iPhone"),
            ("Npm", "npm"),
            ("github", "GitHub"),
            ("colour", "color"),
            ("JavaSript", "JavaScript"),
        ];
        let words = Words::new(replace.into_iter(), empty()).unwrap();
        for (text, right) in [
            ("Iphone", Some("iPhone")),
            ("iPhone IPHONE iphone", None),
            ("Npm", Some("npm")),
            ("npm NPM", None),
            ("github", Some("GitHub")),
            ("Github", Some("GitHub")),
            ("GitHub GITHUB", None),
            ("Colour", Some("Color")),
            ("COLOUR", Some("COLOR")),
            ("用JavaSript写", Some("JavaScript")),
        ] {
            let rights: Vec<String> = found(&words, text).into_iter().map(|(_, right)| right).collect();
            assert_eq!(rights, right.into_iter().collect::<Vec<_>>(), "{text}");
        }
    }

    #[test]
    fn takes_own_words() {
        let replace = [("前瑞", "前端"), ("postmand", "postmend")];
        let allow = ["recieve", "开个建设"];
        let words = Words::new(replace.into_iter(), allow.into_iter()).unwrap();
        let expected = [("前瑞", "前端"), ("seperate", "separate"), ("Postmand", "Postmend")];
        let expected = expected.map(|(wrong, right)| (wrong.to_owned(), right.to_owned()));
        assert_eq!(found(&words, "前瑞 recieve 开个建设 Postmand seperate"), expected);
        assert!(Words::new([("a中", "a中b")].into_iter(), empty()).is_err());
    }
}
