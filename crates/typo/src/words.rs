//! Searches text for words that are certainly wrong, in one pass for each script.

use crate::english::{
    English, in_case_of, is_acronym, is_in_listing, stands_alone, stands_alone_or_owns, words,
};
use crate::language::Language;
use crate::runs::{LENGTHS, Runs, WIDTH, code, is_first};
use daachorse::{CharwiseDoubleArrayAhoCorasick, CharwiseDoubleArrayAhoCorasickBuilder, MatchKind};
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::iter;
use std::ops::Range;

/// Columns: the wrong word, the right word, longer words in which the wrong one is correct, a sentence with the
/// wrong word.
const CHINESE: &str = include_str!("../data/misspellings-zh.tsv");

/// Wrong words and their corrections, ready for searching.
pub struct Words {
    /// Detects where such a word may begin.
    filter: Filter,
    /// Finds words that are not ASCII; the value is an index into `right`.
    running: CharwiseDoubleArrayAhoCorasick<u32>,
    /// `None` if the longer word is correct as it is.
    right: Vec<Option<String>>,
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
}

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Words({} running, {} own)", self.right.len(), self.own.len())
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
        let mut running: BTreeMap<&str, Option<&str>> = BTreeMap::new();
        let mut own = HashMap::new();
        for [wrong, right, exceptions, _] in rows(CHINESE) {
            running.insert(wrong, Some(right));
            let exceptions = exceptions.split(',').filter(|exception| !exception.is_empty());
            running.extend(exceptions.map(|exception| (exception, None)));
        }
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
                running.insert(wrong, Some(right));
            }
        }
        for word in allow {
            if word.is_ascii() {
                own.insert(word.to_ascii_lowercase(), OwnWord::Allowed);
            } else {
                running.insert(word, None);
            }
        }
        let filter = Filter::of(running.keys().copied());
        let right = running.values().map(|right| right.map(str::to_owned)).collect();
        let running = CharwiseDoubleArrayAhoCorasickBuilder::new()
            .match_kind(MatchKind::LeftmostLongest)
            .build_with_values(running.keys().zip(0..))
            .map_err(|error| format!("the words cannot be searched: {error}"))?;
        let has_odd_lengths = own.keys().any(|word| !LENGTHS.contains(&word.len()));
        Ok(Self { filter, running, right, own, has_odd_lengths })
    }

    /// Calls `found` for each wrong word: first those in other scripts, then English ones, and those
    /// of the config last.
    pub fn find(&self, runs: &Runs<'_>, mut found: impl FnMut(WrongWord)) {
        let text = runs.text;
        self.find_running(runs, |range, right| found(WrongWord { range, right: vec![right.to_owned()] }));
        let mut language = Language::of(text);
        let mut report = |range: Range<usize>, rights: Vec<String>| {
            let word = &text.as_bytes()[range.clone()];
            let is_word = !is_acronym(word) && stands_alone(text, &range) && !is_in_listing(text, &range);
            if !is_word || !language.is_english_at(range.start) {
                return;
            }
            let cased = rights.iter().map(|right| in_case_of(word, right).map(|right| right.into_owned()));
            if let Some(right) = cased.collect::<Option<Vec<String>>>() {
                found(WrongWord { range, right });
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
                    own.extend(right.map(|right| WrongWord { range, right: vec![right] }));
                }
                None if !LENGTHS.contains(&lower.len()) => {}
                None => {
                    let rights = English::embedded().right(lower.as_bytes());
                    if !rights.is_empty() {
                        report(range, rights);
                    }
                }
            }
        }
        own.into_iter().for_each(found);
    }

    /// Calls `found` for each wrong word in a script other than Latin.
    fn find_running<'s>(&'s self, runs: &Runs<'_>, mut found: impl FnMut(Range<usize>, &'s str)) {
        if self.filter.has_other {
            return self.find_in(runs.text, &mut found);
        }
        // Words within runs: a hit in a run holds for all occurrences of the run.
        let mut hits: Vec<(u32, Range<usize>, &str)> = Vec::new();
        let mut next = 0;
        for (at, two) in runs.codes.windows(2).enumerate() {
            let third = || runs.codes.get(at + 2).copied().unwrap_or_default();
            if self.filter.may_begin(two[0], two[1])
                && at >= next
                && self.filter.may_go_on([two[0], two[1], third()])
            {
                let index = runs.run_at(at);
                let run = runs.different[index];
                let mut hit = |range, right| hits.push((index as u32, range, right));
                self.find_in(&runs.text[run.range()], &mut hit);
                next = run.codes.1 as usize;
            }
        }
        if hits.is_empty() {
            return;
        }
        let repeats = runs.repeats();
        for (index, range, right) in hits {
            let first = runs.different[index as usize].start;
            for start in iter::once(first).chain(repeats.of(index)).map(|start| start as usize) {
                found(start + range.start..start + range.end, right);
            }
        }
    }

    fn find_in<'s>(&'s self, text: &str, found: &mut impl FnMut(Range<usize>, &'s str)) {
        for hit in self.running.leftmost_find_iter(text) {
            if let Some(right) = &self.right[hit.value() as usize] {
                found(hit.start()..hit.end(), right);
            }
        }
    }
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

/// The first characters of all words, to skip most of a text quickly.
struct Filter {
    /// The first two characters of each word.
    twos: Box<Bits>,
    /// The first three characters of each word, or two and a zero.
    threes: Box<Bits>,
    /// Whether a word has characters that do not occur in runs, so that the filter cannot be used.
    has_other: bool,
}

/// A set of hashes that may have false positives.
type Bits = [u64; 1 << 10];

impl Filter {
    fn of<'w>(words: impl Iterator<Item = &'w str>) -> Self {
        let bits = || Box::new([0; 1 << 10]);
        let mut filter = Self { twos: bits(), threes: bits(), has_other: false };
        for word in words {
            if word.len() < 2 * WIDTH || !word.bytes().step_by(WIDTH).all(is_first) {
                filter.has_other = true;
                continue;
            }
            let mut codes = word.as_bytes().chunks_exact(WIDTH).map(code);
            let [first, second, third] = std::array::from_fn(|_| codes.next().unwrap_or_default());
            let (slot, bit) = slot_and_bit(hash_of_two(first, second));
            filter.twos[slot] |= 1 << bit;
            let (slot, bit) = slot_and_bit(hash_of_three(first, second, third));
            filter.threes[slot] |= 1 << bit;
        }
        filter
    }

    /// Whether a word may begin with these two code points.
    #[inline]
    fn may_begin(&self, first: u16, second: u16) -> bool {
        has(&self.twos, hash_of_two(first, second))
    }

    /// Whether a word may begin with these three code points, or consist of the first two.
    fn may_go_on(&self, [first, second, third]: [u16; 3]) -> bool {
        has(&self.threes, hash_of_three(first, second, third))
            || has(&self.threes, hash_of_three(first, second, 0))
    }
}

#[inline]
fn hash_of_two(first: u16, second: u16) -> u32 {
    (u32::from(first) << 16 | u32::from(second)).wrapping_mul(0x9E37_79B1)
}

fn hash_of_three(first: u16, second: u16, third: u16) -> u32 {
    (hash_of_two(first, second) ^ u32::from(third)).wrapping_mul(0x85EB_CA6B)
}

#[inline]
fn has(bits: &Bits, hash: u32) -> bool {
    let (slot, bit) = slot_and_bit(hash);
    bits[slot] >> bit & 1 != 0
}

#[inline]
fn slot_and_bit(hash: u32) -> (usize, u32) {
    ((hash >> 22) as usize, hash >> 16 & 63)
}

/// The Chinese words that are known to be wrong, with their corrections.
pub(crate) fn chinese() -> impl Iterator<Item = (&'static str, &'static str)> {
    rows(CHINESE).map(|[wrong, right, ..]| (wrong, right))
}

/// The rows of a list, without comments.
fn rows(list: &str) -> impl Iterator<Item = [&str; 4]> {
    let lines = list.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| {
        let mut columns = line.split('\t');
        std::array::from_fn(|_| columns.next().unwrap_or_default())
    })
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
        for [wrong, right, exceptions, sentence] in rows(CHINESE) {
            let expected = [(wrong.to_owned(), right.to_owned())];
            assert_eq!(found(&words, sentence), expected, "{sentence}");
            assert_eq!(found(&words, right), [], "{right} holds a wrong word");
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
