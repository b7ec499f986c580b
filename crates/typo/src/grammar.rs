//! Finds small mistakes of English grammar that need no more than the next word: articles, ordinals, "could of".

use crate::language::Language;
use crate::latin::{all_words, is_in_listing};
use crate::runs::Runs;
use crate::vocabulary::{Commonness, Vocabulary};
use std::ops::Range;

/// A phrase that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrongPhrase {
    /// The byte range of what is wrong in it.
    pub range: Range<usize>,
    /// What to write there: nothing if one word is too many, and more than one if that is not clear.
    pub right: Vec<&'static str>,
}

/// Words after the letter `a` where it is a name and no article: "if a is greater".
const AFTER_A_NAME: &[&str] = &[
    "and",
    "are",
    "any",
    "all",
    "also",
    "already",
    "always",
    "after",
    "above",
    "again",
    "against",
    "added",
    "assigned",
    "appears",
    "applies",
    "else",
    "equals",
    "even",
    "each",
    "either",
    "every",
    "exists",
    "except",
    "ends",
    "into",
    "implies",
    "if",
    "in",
    "is",
    "it",
    "inside",
    "instead",
    "isn",
    "of",
    "on",
    "or",
    "once",
    "one",
    "ones",
    "onto",
    "only",
    "other",
    "otherwise",
    "out",
    "over",
    "occurs",
    "until",
    "under",
    "unless",
    "upon",
    "at",
    "as",
    "an",
    "am",
    "its",
    "our",
    "us",
    "up",
    "use",
    "used",
    "user",
    "occurred",
];

/// Words that are read letter by letter, or otherwise than they are written.
const READ_OTHERWISE: &[&str] = &[
    "led",
    "lan",
    "rest",
    "fifo",
    "lifo",
    "ram",
    "rom",
    "sas",
    "xor",
    "mit",
    "sso",
    "nas",
    "mvp",
    "lua",
    "rpm",
    "heir",
    "heirloom",
    "honest",
    "honestly",
    "honesty",
    "hour",
    "hourly",
    "hourglass",
    "honor",
    "honour",
    "honorary",
    "honorable",
    "honourable",
    "herb",
    "herbal",
    "homage",
    "historic",
    "historical",
    "historian",
    "heroic",
    "hotel",
    "hors",
    "html",
    "http",
    "https",
    "yttrium",
    "one",
    "once",
    "oneself",
    "ewe",
    "ouija",
    "mit",
    "nth",
    "xml",
    "max",
    "min",
    "int",
    "io",
    "ios",
    "ide",
    "api",
    "apis",
];

/// A word before or after which an article is judged must be at least this common.
const COMMON: Commonness = Commonness(4);

/// Calls `found` for each article that does not fit the next word: "a anchor", "an map", "a the".
pub fn wrong_articles(runs: &Runs<'_>, mut found: impl FnMut(WrongPhrase)) {
    let (text, bytes) = (runs.text, runs.text.as_bytes());
    let mut language = Language::of(text);
    for word in all_words(runs) {
        let Some(article) = article_before(bytes, word.start) else { continue };
        let is_capital = bytes[article.start] == b'A';
        let right: &[&str] = match (article.len(), bytes[word.start]) {
            _ if ["the", "an", "another"].iter().any(|other| is_word(bytes, &word, other)) => &[],
            (1, b'a' | b'e' | b'i' | b'o' | b'u') if has_vowel_sound(text, &word) => &["an", "An"],
            // "Up an running" is meant to be "up and running".
            (2, b'b'..=b'z') if has_consonant_sound(text, &word) => &["a", "and", "A", "And"],
            _ => continue,
        };
        let right = right.iter().copied().filter(|right| right.starts_with('A') == is_capital).collect();
        let is_other =
            article_before(bytes, article.start).is_some() || is_after_determiner(text, article.start);
        if !is_other && !is_in_listing(text, &word) && language.is_clearly_english_at(word.start) {
            let range = if Vec::is_empty(&right) { article.start..word.end } else { article };
            found(WrongPhrase { range, right });
        }
    }
}

/// Whether the letter `a` at this offset is a name: "the a element".
fn is_after_determiner(text: &str, at: usize) -> bool {
    const DETERMINERS: [&str; 7] = ["the", "this", "each", "every", "your", "no", "any"];
    let before = text[..at].strip_suffix(' ').unwrap_or_default();
    DETERMINERS.iter().any(|word| before.ends_with(word))
}

/// The article `a` or `an` that ends before a word.
#[inline]
fn article_before(bytes: &[u8], word: usize) -> Option<Range<usize>> {
    let end = word.checked_sub(1).filter(|end| bytes[*end] == b' ')?;
    let is_a = |at: Option<usize>| at.is_some_and(|at| bytes[at] | 0x20 == b'a');
    let start = match bytes.get(end.checked_sub(1)?)? {
        b'a' | b'A' => end - 1,
        b'n' if is_a(end.checked_sub(2)) => end - 2,
        _ => return None,
    };
    let is_free = start.checked_sub(1).is_none_or(|before| b" \n(\"".contains(&bytes[before]));
    // "Class A operation", "if A includes B"
    let is_name = bytes[start] == b'A' && start > 0 && !is_begin(bytes, start);
    (is_free && !is_name).then_some(start..end)
}

/// Whether a sentence begins at an offset.
fn is_begin(bytes: &[u8], at: usize) -> bool {
    matches!(bytes[..at], [] | [.., b'\n'] | [.., b'.' | b'!' | b'?' | b':', b' '])
}

fn is_word(bytes: &[u8], word: &Range<usize>, other: &str) -> bool {
    &bytes[word.clone()] == other.as_bytes() && bytes.get(word.end).is_some_and(|byte| *byte == b' ')
}

/// Whether a word is one in lower case that is read as it is written.
fn is_plain(text: &str, word: &Range<usize>) -> bool {
    let written = &text[word.clone()];
    let after = text[word.end..].chars().next();
    let ends = after.is_none_or(|c| c.is_whitespace() || ".,;:!?)\"”".contains(c));
    ends && written.len() >= 3
        && written.bytes().all(|byte| byte.is_ascii_lowercase())
        && written[..3].contains(['a', 'e', 'i', 'o', 'u', 'y'])
        && !READ_OTHERWISE.contains(&written)
        && Vocabulary::embedded().commonness(written.as_bytes()) >= Some(COMMON)
}

fn has_vowel_sound(text: &str, word: &Range<usize>) -> bool {
    let written = &text[word.clone()];
    let sounds = match written.as_bytes() {
        [b'e', b'u', ..] => false,
        // "use" and "unit" begin with the sound of "you".
        [b'u', second, third, ..] => match second {
            b'n' => !b"aeiou".contains(third),
            b'p' | b'g' | b'l' => *third == b'd' || *third == b'p' || *third == b'l' || *third == b't',
            _ => false,
        },
        _ => true,
    };
    sounds && written.len() >= 4 && !AFTER_A_NAME.contains(&written) && is_plain(text, word)
}

fn has_consonant_sound(text: &str, word: &Range<usize>) -> bool {
    let written = &text[word.clone()];
    !b"aeiou".contains(&written.as_bytes()[0])
        && has_onset(written)
        && (written.len() >= 4
            || Vocabulary::embedded().commonness(written.as_bytes()) >= Some(Commonness(8)))
        && is_plain(text, word)
}

/// Whether the consonants at the beginning of a word are spoken as they are written: not those of "fsync", "nginx" or
/// "hypothesis", which has two articles.
fn has_onset(word: &str) -> bool {
    const ONSETS: &[&str] = &[
        "bl", "br", "ch", "cl", "cr", "dr", "dw", "fl", "fr", "gl", "gr", "kn", "pl", "pr", "qu", "sc", "sh",
        "sk", "sl", "sm", "sn", "sp", "sq", "st", "sw", "th", "tr", "tw", "wh", "wr",
    ];
    let is_vowel = |at: usize| word.as_bytes().get(at).is_some_and(|byte| b"aeiouy".contains(byte));
    !word.starts_with('h') && (is_vowel(1) || (ONSETS.iter().any(|onset| word.starts_with(onset))))
}

/// Calls `found` for each number with the ending of another ordinal: "21th".
pub fn wrong_ordinals(runs: &Runs<'_>, mut found: impl FnMut(WrongPhrase)) {
    let (text, bytes) = (runs.text, runs.text.as_bytes());
    for ending in all_words(runs).filter(|word| word.len() == 2) {
        let Some(last) = ending.start.checked_sub(1).filter(|at| bytes[*at].is_ascii_digit()) else {
            continue;
        };
        let length = bytes[..=last].iter().rev().take(8).take_while(|byte| byte.is_ascii_digit()).count();
        let start = ending.start - length;
        let is_free = start.checked_sub(1).is_none_or(|at| b" \n(\"".contains(&bytes[at]))
            && bytes.get(ending.end).is_none_or(|byte| b" \n.,;:!?)\"".contains(byte));
        let right = ordinal_ending(&bytes[start..ending.start]);
        if is_free
            && length <= 4
            && ["st", "nd", "rd", "th"].contains(&&text[ending.clone()])
            && text[ending.clone()] != *right
        {
            found(WrongPhrase { range: ending, right: vec![right] });
        }
    }
}

fn ordinal_ending(digits: &[u8]) -> &'static str {
    match digits {
        [.., b'1', b'1' | b'2' | b'3'] => "th",
        [.., b'1'] => "st",
        [.., b'2'] => "nd",
        [.., b'3'] => "rd",
        _ => "th",
    }
}

/// Participles that are not made with `-ed`.
const PARTICIPLES: &[&str] = &[
    "been",
    "had",
    "done",
    "gone",
    "made",
    "known",
    "seen",
    "taken",
    "written",
    "given",
    "come",
    "become",
    "been",
    "built",
    "bought",
    "brought",
    "caught",
    "chosen",
    "cost",
    "cut",
    "drawn",
    "eaten",
    "fallen",
    "felt",
    "found",
    "forgotten",
    "gotten",
    "got",
    "grown",
    "heard",
    "held",
    "kept",
    "left",
    "let",
    "lost",
    "meant",
    "met",
    "paid",
    "put",
    "read",
    "run",
    "said",
    "sent",
    "set",
    "shown",
    "spent",
    "spoken",
    "told",
    "thought",
    "thrown",
    "understood",
    "won",
    "broken",
    "begun",
    "just",
    "never",
    "easily",
    "simply",
];

/// Calls `found` for each "of" that is written for "have": "could of been".
pub fn of_for_have(runs: &Runs<'_>, mut found: impl FnMut(WrongPhrase)) {
    let (text, bytes) = (runs.text, runs.text.as_bytes());
    let mut before = 0..0;
    let mut of: Option<Range<usize>> = None;
    for word in all_words(runs) {
        if let Some(range) = of.take().filter(|of| of.end + 1 == word.start && bytes[of.end] == b' ') {
            let next = &text[word.clone()];
            if PARTICIPLES.contains(&next) || (next.len() > 4 && next.ends_with("ed")) {
                found(WrongPhrase { range, right: vec!["have"] });
            }
        }
        let is_modal = || {
            let modal = text[before.clone()].to_ascii_lowercase();
            ["could", "should", "would", "might", "must"].contains(&modal.as_str())
        };
        if word.len() == 2
            && &bytes[word.clone()] == b"of"
            && before.end + 1 == word.start
            && bytes[before.end] == b' '
            && is_modal()
        {
            of = Some(word.clone());
        }
        before = word;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        let mut list = Vec::new();
        let mut add = |phrase: WrongPhrase| {
            list.push(format!("{} {}", &text[phrase.range], phrase.right.join("|")).trim_end().to_owned());
        };
        let runs = Runs::of(text);
        wrong_articles(&runs, &mut add);
        wrong_ordinals(&runs, &mut add);
        of_for_have(&runs, &mut add);
        list
    }

    #[test]
    fn finds_what_does_not_fit() {
        for (text, expected) in [
            ("You have to take a anchor with you.", "a an"),
            ("You have to take an map with you.", "an a|and"),
            ("A update of the map is what you have.", "A An"),
            ("This is a the boat that you have.", "a the"),
            ("This is a another boat that you have.", "a another"),
            ("On October 21th.", "th st"),
            ("It was the 11st, 12th and 112th time.", "st th"),
            ("They could of been here, could of course.", "of have"),
        ] {
            assert_eq!(found(text), [expected], "{text}");
        }
    }

    #[test]
    fn leaves_right_text_alone() {
        for text in [
            "It takes an hour to use a unit of the European and a one-way map.",
            "If a is greater than b, and a equals it, this is an LED or an led.",
            "A user has an honest view of the 1st, 2nd, 3rd, 4th, 11th, 101st time.",
            "La casa es de a anchor y a other.",
            "This is an x86 and a 8-bit, v21th, 0x1th of it.",
        ] {
            assert_eq!(found(text), [""; 0], "{text}");
        }
    }
}
