//! Finds English words that no list of words has and that are one slip away from a common one.

use crate::english::English;
use crate::language::Language;
use crate::latin::{in_case_of, is_hyphen_joined, is_in_listing, stands_alone, words};
use crate::runs::Runs;
use crate::vocabulary::{Commonness, Vocabulary};
use crate::words::Words;
use std::collections::HashMap;
use std::ops::Range;

/// A word that is not known, and the common one that is likely meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LikelySlip {
    /// Its byte range.
    pub range: Range<usize>,
    /// The common word.
    pub meant: String,
}

/// Minimum length of an unknown word in letters: a shorter one is as likely an abbreviation.
const SHORTEST: usize = 6;
/// Minimum length of one with a capital letter, which may be a name.
const SHORTEST_CAPITAL: usize = 8;
/// Minimum commonness of the word that is meant: fewer words are one slip away from a longer one.
fn least_commonness(length: usize) -> Commonness {
    Commonness(match length {
        0..=6 => 8,
        7..=8 => 6,
        9..=10 => 4,
        _ => 2,
    })
}

/// By how much it must be more common than any other word that is one slip away.
const LEAD: u8 = Commonness::TENFOLD;

impl Words {
    /// Calls `found` for each unknown word that a text has once, in English prose: one in lower case, or with a capital
    /// letter at the beginning of a line or sentence.
    pub fn find_unknown(&self, runs: &Runs<'_>, mut found: impl FnMut(LikelySlip)) {
        let (text, vocabulary) = (runs.text, Vocabulary::embedded());
        let mut times: HashMap<String, u32> = HashMap::new();
        let mut unknown: Vec<Range<usize>> = Vec::new();
        for range in words(runs).filter(|word| word.len() >= SHORTEST) {
            if vocabulary.commonness_at(text.as_bytes(), &range).is_none() {
                *times.entry(text[range.clone()].to_ascii_lowercase()).or_default() += 1;
                unknown.push(range);
            }
        }
        let mut language = Language::of(text);
        for range in unknown {
            let lower = text[range.clone()].to_ascii_lowercase();
            let word = lower.as_str();
            let is_plain = text[range.clone()] == lower || is_capital_at_begin(text, &range);
            if !is_plain || times[word] > 1 {
                continue;
            }
            let is_word_of_prose = stands_alone(text, &range)
                && !is_hyphen_joined(text, &range)
                && !is_in_listing(text, &range)
                && !self.has_own(word)
                && English::embedded().right(word.as_bytes()).is_none()
                && language.is_clearly_english_at(range.start);
            let meant = is_word_of_prose.then(|| meant(word)).flatten();
            if let Some(meant) =
                meant.as_deref().and_then(|meant| in_case_of(text[range.clone()].as_bytes(), meant))
            {
                found(LikelySlip { meant: meant.into_owned(), range });
            }
        }
    }
}

/// Whether a long word has one capital letter, as it is the first one of a line or sentence.
fn is_capital_at_begin(text: &str, word: &Range<usize>) -> bool {
    let (first, rest) = text[word.clone()].split_at(1);
    let is_capital = first.bytes().all(|byte| byte.is_ascii_uppercase())
        && rest.bytes().all(|byte| byte.is_ascii_lowercase());
    let before = &text[..word.start];
    let is_begin = before.is_empty() || ["\n", ". ", "! ", "? "].iter().any(|end| before.ends_with(end));
    word.len() >= SHORTEST_CAPITAL && is_capital && is_begin
}

/// The common word of which an unknown one is a slip: no other word is one slip away that is nearly as common, and the
/// unknown one is not made of known parts.
fn meant(word: &str) -> Option<String> {
    let vocabulary = Vocabulary::embedded();
    let mut candidates: Vec<(Commonness, Vec<u8>)> = Vec::new();
    each_slip(word.as_bytes(), |other| {
        if let Some(commonness) = vocabulary.commonness(other) {
            candidates.push((commonness, other.to_vec()));
        }
    });
    candidates.sort_unstable_by(|a, b| b.cmp(a));
    candidates.dedup();
    let (commonness, best) = candidates.first()?;
    let has_rival = candidates.get(1).is_some_and(|(rival, _)| rival.0 + LEAD > commonness.0);
    let is_slip = *commonness >= least_commonness(word.len()) && !has_rival && best[0] == word.as_bytes()[0];
    if !is_slip || is_made_of_words(word) {
        return None;
    }
    String::from_utf8(best.clone()).ok()
}

/// Calls `found` for each word that one slip away: a letter left out, added or mistaken, or two neighbours swapped.
pub fn each_slip(word: &[u8], mut found: impl FnMut(&[u8])) {
    let mut slip = Vec::with_capacity(word.len() + 1);
    for at in 0..word.len() {
        slip.clear();
        slip.extend(word[..at].iter().chain(&word[at + 1..]));
        found(&slip);
    }
    for at in 1..word.len() {
        slip.clear();
        slip.extend(word);
        slip.swap(at - 1, at);
        found(&slip);
    }
    for letter in b'a'..=b'z' {
        for at in 0..word.len() {
            slip.clear();
            slip.extend(word);
            slip[at] = letter;
            if letter != word[at] {
                found(&slip);
            }
        }
        for at in 0..=word.len() {
            slip.clear();
            slip.extend(word);
            slip.insert(at, letter);
            found(&slip);
        }
    }
}

/// What stands before words to make others.
const BEFORE: &[&str] = &[
    "un", "re", "pre", "non", "sub", "super", "multi", "anti", "auto", "micro", "inter", "intra", "over",
    "under", "out", "mis", "de", "dis", "co", "cross", "hyper", "meta", "mega", "mini", "nano", "pseudo",
    "self", "semi", "trans", "ultra", "up", "down", "back", "post", "bi", "tri", "uni", "geo", "bio", "eco",
    "cyber", "crypto", "tele", "photo", "video", "e",
];

/// What stands after words to make others.
const AFTER: &[&str] = &[
    "s",
    "es",
    "ed",
    "d",
    "er",
    "r",
    "ers",
    "rs",
    "ing",
    "able",
    "ability",
    "ish",
    "less",
    "ness",
    "like",
    "ly",
    "y",
    "ie",
    "ies",
    "ism",
    "ist",
    "ists",
    "ize",
    "ized",
    "izes",
    "izing",
    "izer",
    "ise",
    "ised",
    "ising",
    "ization",
    "isation",
    "ify",
    "ified",
    "ifies",
    "ic",
    "ical",
    "ment",
    "al",
    "ally",
    "ation",
    "ful",
    "hood",
    "ship",
    "wise",
    "ware",
    "ian",
    "esque",
    "ification",
    "ability",
];

/// Whether a word is a coinage: known parts joined, with an ending or a beginning.
fn is_made_of_words(word: &str) -> bool {
    let commonness = |part: &str| Vocabulary::embedded().commonness(part.as_bytes());
    let is_word = |part: &str| part.len() >= 3 && commonness(part) >= Some(Commonness(1));
    let is_stem = |stem: &str| {
        let undoubled = stem.strip_suffix(|c: char| stem.as_bytes().iter().rev().nth(1) == Some(&(c as u8)));
        is_word(stem) || is_word(&format!("{stem}e")) || undoubled.is_some_and(is_word)
    };
    let is_joint = |at: usize| {
        let (first, second) = word.split_at(at);
        let is_common = |part: &str| match part.len() {
            0..3 => false,
            3 => commonness(part) >= Some(Commonness(4)),
            _ => commonness(part) >= Some(Commonness(2)),
        };
        is_common(first) && is_common(second)
    };
    BEFORE.iter().filter_map(|before| word.strip_prefix(before)).any(is_stem)
        || AFTER.iter().filter_map(|after| word.strip_suffix(after)).any(is_stem)
        || (3..word.len().saturating_sub(2)).any(is_joint)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::iter::empty;

    fn found(text: &str) -> Vec<String> {
        let words = Words::new(empty(), ["harbourr"].into_iter()).unwrap();
        let mut list = Vec::new();
        words.find_unknown(&Runs::of(text), |word| {
            list.push(format!("{} {}", &text[word.range], word.meant));
        });
        list
    }

    #[test]
    fn finds_slips_of_common_words() {
        for (sentence, expected) in [
            ("You can see a boundray of the harbour with it.", "boundray boundary"),
            ("They are good. Extrernal boats are what we want here.", "Extrernal External"),
            ("This is the customm colour that we use for it.", "customm custom"),
        ] {
            assert_eq!(found(sentence), [expected], "{sentence}");
        }
    }

    #[test]
    fn leaves_words_alone() {
        for sentence in [
            "This is the colour of the dotfiles that the kubelets use.",
            "We have the reparseable and unmemoizable values of the function.",
            // Twice is on purpose.
            "The customm is the customm that we have for it.",
            // A name, code, another language, allowed.
            "This is the Customm of the harbour, and it is good.",
            "Customm is the name of the harbour, and it is good.",
            "This is the customm.js of the harbour, and it is good.",
            "El customm de la clase es el mejor de todos los que hay.",
            "This is the harbourr of the town, and it is good.",
        ] {
            assert_eq!(found(sentence), [""; 0], "{sentence}");
        }
    }

    #[test]
    fn a_slip_is_one_letter_or_two_neighbours() {
        let mut slips = Vec::new();
        each_slip(b"ab", |slip| slips.push(String::from_utf8(slip.to_vec()).unwrap()));
        assert_eq!(slips.len(), 2 + 1 + 2 * 25 + 3 * 26);
        for slip in ["a", "b", "ba", "ac", "zb", "abc", "xab", "axb"] {
            assert!(slips.iter().any(|other| other == slip), "{slip}");
        }
    }
}
