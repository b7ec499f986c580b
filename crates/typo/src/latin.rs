//! Words in Latin letters, and what stands around them in a text.

use crate::runs::{LENGTHS, Runs};
use crate::vocabulary::{Commonness, Vocabulary};
use std::borrow::Cow;
use std::ops::Range;

/// The runs of ASCII letters whose length is within the limits for a lookup.
pub(crate) fn words(runs: &Runs<'_>) -> impl Iterator<Item = Range<usize>> {
    all_words(runs).filter(|word| LENGTHS.contains(&word.len()))
}

/// The runs of at least two ASCII letters.
pub(crate) fn all_words(runs: &Runs<'_>) -> impl Iterator<Item = Range<usize>> {
    runs.words.iter().map(|(start, end)| start..end)
}

/// Short words in capitals are names: UDID is not a typo for UUID.
pub(crate) fn is_acronym(word: &[u8]) -> bool {
    word.len() < 6 && word.iter().all(u8::is_ascii_uppercase)
}

/// The right word in the letter case of the wrong one; `None` for a `camelCase` name.
pub(crate) fn in_case_of<'r>(word: &[u8], right: &'r str) -> Option<Cow<'r, str>> {
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

/// Whether a word is a word of the text, and not part of a name, a URL or a foreign word.
pub(crate) fn stands_alone(text: &str, word: &Range<usize>) -> bool {
    is_word_of_text(text, word, false)
}

/// As [`stands_alone`], also before `'s`: the name of something that owns.
pub(crate) fn stands_alone_or_owns(text: &str, word: &Range<usize>) -> bool {
    is_word_of_text(text, word, true)
}

fn is_word_of_text(text: &str, word: &Range<usize>, may_own: bool) -> bool {
    let joins = |c: char| c.is_ascii_digit() || "_/\\@#$&=+~\u{FFFC}".contains(c) || is_foreign_letter(c);
    let is_joined = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let mut before = text[..word.start].chars().rev();
    let stands_before = match before.next() {
        Some('.') => false,
        Some('\'' | '’') => !is_joined(before.next()),
        other => !other.is_some_and(joins),
    };
    // `recieve.js`, `recieve:x` and `recieve()` are names, `recieve.` ends a sentence.
    let mut after = text[word.end..].chars();
    let stands_after = match after.next() {
        Some('(') => false,
        Some('\'' | '’') => match after.next() {
            Some('s') if may_own => !is_joined(after.next()),
            other => !is_joined(other),
        },
        Some('.' | ':') => !is_joined(after.next()),
        other => !other.is_some_and(joins),
    };
    stands_before && stands_after && !is_in_name(text, word)
}

/// Whether the line is a comment in code, or most of its words are separated by no-break spaces, as in code listings
/// that some editors turn into paragraphs.
pub(crate) fn is_in_listing(text: &str, word: &Range<usize>) -> bool {
    // Lines of code are short; the limit keeps texts without line endings linear.
    const MOST: usize = 1 << 9;
    let before = &text[text.floor_char_boundary(word.start.saturating_sub(MOST))..word.start];
    let after = &text[word.end..text.ceil_char_boundary((word.end + MOST).min(text.len()))];
    let start = word.start - before.len() + before.rfind('\n').map_or(0, |line_end| line_end + 1);
    let end = word.end + after.find('\n').unwrap_or(after.len());
    // A comment in code that nothing marks as code.
    if ["//", "/*", "*/"].iter().any(|mark| text[start..end].trim_start().starts_with(mark)) {
        return true;
    }
    let is_gap = |c: char| c == ' ' || c == '\u{A0}';
    // The gaps between the words.
    let gaps = text[start..end].trim_matches(is_gap).split(|c| !is_gap(c)).filter(|gap| !gap.is_empty());
    let (wide, all) =
        gaps.fold((0, 0), |(wide, all), gap| (wide + usize::from(gap.contains('\u{A0}')), all + 1));
    wide >= 2 && 2 * wide > all
}

/// Whether the word is part of `:a-name:`, `#a-name`, `a-name.gif` or `a-longer-name`.
fn is_in_name(text: &str, word: &Range<usize>) -> bool {
    let joins = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'-';
    let bytes = text.as_bytes();
    // Names are short; the limit keeps texts without spaces linear.
    let start =
        word.start - bytes[..word.start].iter().rev().take(128).take_while(|byte| joins(byte)).count();
    let end = word.end + bytes[word.end..].iter().take(128).take_while(|byte| joins(byte)).count();
    let (before, after) = (text[..start].chars().next_back(), text[end..].chars().next());
    let hyphens = bytes[start..end].iter().filter(|byte| **byte == b'-').count();
    let is_file = text[end..]
        .strip_prefix('.')
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphanumeric()));
    is_file || before == Some('#') || (before == Some(':') && after == Some(':')) || hyphens >= 3
}

/// Whether a letter makes the word one of another language: `é` does, `中` does not.
fn is_foreign_letter(c: char) -> bool {
    c.is_alphabetic() && !c.is_ascii() && (c as u32) < 0x2E80
}

/// Whether an apostrophe after the word makes it the possessive of a plural, and not the end of a quotation: `childs'`.
pub(crate) fn is_possessive(text: &str, word: &Range<usize>) -> bool {
    let quote = text[word.end..].chars().next().filter(|c| ['\'', '’'].contains(c));
    let Some(quote) = quote.filter(|_| text[word.clone()].ends_with(['s', 'S'])) else { return false };
    // A quotation is opened on the same line, and not far away.
    const REACH: usize = 200;
    let before = &text[text.floor_char_boundary(word.start.saturating_sub(REACH))..word.start];
    let line = before.rsplit('\n').next().unwrap_or_default();
    let opening = if quote == '’' { '‘' } else { '\'' };
    let opens = |(at, c): (usize, char)| {
        c == opening && !line[..at].chars().next_back().is_some_and(char::is_alphanumeric)
    };
    !line.char_indices().any(opens)
}

/// The other part of a compound, before or after the word: `left-` of `left-hander`.
fn compound_parts<'t>(text: &'t str, word: &Range<usize>) -> [Option<&'t str>; 2] {
    let before = text[..word.start].strip_suffix('-').map(|before| {
        let start = before.bytes().rev().take_while(u8::is_ascii_alphabetic).count();
        &before[before.len() - start..]
    });
    let after = text[word.end..].strip_prefix('-').map(|after| {
        let end = after.bytes().take_while(u8::is_ascii_alphabetic).count();
        &after[..end]
    });
    [before, after].map(|part| part.filter(|part| !part.is_empty()))
}

/// Whether a hyphen joins the word to another one.
pub(crate) fn is_hyphen_joined(text: &str, word: &Range<usize>) -> bool {
    compound_parts(text, word).iter().any(Option::is_some)
}

/// Whether the word is made of a known one for a compound: `hander` is a word in `left-hander` alone.
pub(crate) fn is_derived_in_compound(text: &str, word: &Range<usize>) -> bool {
    const ENDINGS: [&str; 8] = ["er", "ers", "ed", "ing", "y", "ish", "able", "ly"];
    if !is_hyphen_joined(text, word) {
        return false;
    }
    let lower = text[word.clone()].to_ascii_lowercase();
    let is_known = |stem: &str| Vocabulary::embedded().commonness(stem.as_bytes()) >= Some(Commonness(1));
    let stems = ENDINGS.iter().filter_map(|ending| lower.strip_suffix(ending));
    stems.into_iter().any(|stem| is_known(stem) || is_known(&format!("{stem}e")))
}
