//! Finds words that stand twice in a row by mistake, in English and Chinese.

use crate::language::Language;
use crate::latin::{all_words, is_in_listing};
use crate::lexicon::CharIndex;
use crate::model::Model;
use crate::runs::{Runs, WIDTH};
use crate::segment::segment;
use crate::vocabulary::{Commonness, Vocabulary};
use std::iter;
use std::ops::Range;

/// A word that stands twice in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repetition {
    /// The byte range of the first one.
    pub first: Range<usize>,
    /// The byte range of the second one.
    pub second: Range<usize>,
}

/// English words that hardly any right sentence has twice in a row.
const NEVER_TWICE: &[&str] = &[
    "the", "to", "of", "and", "an", "is", "in", "for", "with", "on", "at", "by", "from", "this", "these",
    "those", "as", "be", "are", "was", "were", "we", "your", "our", "their", "will", "would", "can",
    "should", "have", "has", "if", "or", "but", "not", "when", "which", "into", "use", "using", "then",
    "also", "been", "its", "because", "any", "each", "some", "than", "they", "may", "must", "need",
    "between", "through", "during", "about", "after", "before", "only", "other", "want", "make", "could",
    "his", "my", "every", "such", "while", "since", "via",
];

/// Words that are often twice in a row on purpose.
const OFTEN_TWICE: &[&str] = &[
    "had", "that", "very", "really", "so", "no", "yes", "bye", "ha", "la", "blah", "many", "much", "far",
    "long", "more", "again", "too", "now", "here", "well", "out", "big", "old", "tick", "ping", "knock",
    "hear", "please", "never", "ever", "always", "round", "over", "little", "high", "deep", "years", "days",
    "her", "you", "do", "did", "up", "down", "off", "wait", "never", "test", "foo", "bar", "baz", "echo",
    "yada", "chop", "cross", "double", "step", "line", "face", "side", "hand", "back", "word", "time",
    "dark", "great", "good", "bad", "sad", "hot", "cold", "small", "huge", "tiny", "hard", "fast", "slow",
];

/// Words after verbs that belong to the verb: "log in in a moment" is right.
const PARTICLES: &[&str] = &["in", "on"];

/// Verbs and nouns before a particle that belongs to them.
const WITH_PARTICLE: &[&str] = &[
    "log", "logs", "logged", "logging", "sign", "signs", "signed", "signing", "opt", "opted", "built",
    "build", "plug", "plugs", "plugged", "check", "checks", "checked", "come", "comes", "came", "coming",
    "go", "goes", "went", "going", "gone", "turn", "turns", "turned", "carry", "carried", "hold", "stay",
    "jump", "zoom", "zoomed", "fill", "filled", "step", "kick", "kicks", "drop", "dial", "move", "moved",
    "move", "type", "typed", "bring", "read", "add", "give", "pass", "passed", "passes", "work", "worked",
    "working", "live", "lived", "early", "later", "earlier", "look", "looking", "looked", "refer",
    "referred", "run", "what", "talk", "talked", "think", "care", "all", "tune", "chime", "weigh", "join",
    "called", "get", "got",
];

/// Words between a verb and its particle.
const OBJECTS: &[&str] = &["it", "them", "him", "her", "me", "us", "you", "this", "that", "as"];

/// Chinese characters that no right sentence has twice in a row as words of their own.
const CHINESE_NEVER_TWICE: &str = "的了是在就也把被这那很都还给向";
/// Chinese words of two characters, the same.
const CHINESE_WORDS: &[&str] = &[
    "我们", "他们", "你们", "它们", "因为", "所以", "但是", "如果", "进行", "以及", "通过", "对于", "并且",
    "或者", "根据", "由于", "为了", "关于", "其中", "虽然", "而且", "使用", "可以", "这种", "这些", "那么",
    "由于", "已经", "能够", "应该", "需要", "不能", "其他", "同时", "此时", "从而", "即可", "属于", "位于",
    "例如", "比如",
];

/// Calls `found` for each word that stands twice in a row by mistake: English ones first.
pub fn repeated_words(runs: &Runs<'_>, mut found: impl FnMut(Repetition)) {
    find_english(runs, &mut found);
    find_chinese(runs, &mut found);
}

fn find_english(runs: &Runs<'_>, found: &mut impl FnMut(Repetition)) {
    let (text, bytes) = (runs.text, runs.text.as_bytes());
    let mut language = Language::of(text);
    let mut last = 0..0;
    for word in all_words(runs) {
        let first = std::mem::replace(&mut last, word.clone());
        let gap = word.start - first.end;
        if first.len() != word.len() || gap == 0 || gap > 3 || (gap > 1 && bytes[first.end] != b'\n') {
            continue;
        }
        if bytes[first.clone()].eq_ignore_ascii_case(&bytes[word.clone()])
            && is_mistake(text, &first, &word, &mut language)
        {
            found(Repetition { first, second: word });
        }
    }
}

/// Whether a word that is there twice is so by mistake.
fn is_mistake(text: &str, first: &Range<usize>, second: &Range<usize>, language: &mut Language<'_>) -> bool {
    let is_gap = text[first.end..second.start].bytes().all(|byte| b" \n\r".contains(&byte));
    // A second capital letter begins another sentence, or a name; so does the first one within a sentence.
    let is_small = |word: &Range<usize>| text[word.clone()].bytes().all(|byte| byte.is_ascii_lowercase());
    let before = text[..first.start].trim_end_matches([' ', '"', '“', '(']).chars().next_back();
    let is_begin = before.is_none_or(|c| "\n.!?:".contains(c));
    if !is_gap
        || !is_small(second)
        || !(is_small(first) || is_begin)
        || !are_free(text, first, second)
        || is_in_listing(text, second)
    {
        return false;
    }
    let word = &text[second.clone()];
    if OFTEN_TWICE.contains(&word) || is_third(text, first, second) {
        return false;
    }
    if NEVER_TWICE.contains(&word) {
        return language.is_english_at(second.start) && !is_right_by_grammar(text, first, word);
    }
    let is_common = || {
        let commonness = Vocabulary::embedded().commonness(word.as_bytes());
        word.len() >= 4 && commonness >= Some(Commonness(5))
    };
    is_common() && is_amid_words(text, first, second) && language.is_clearly_english_at(second.start)
}

/// Whether nothing joins either of two words to another one.
fn are_free(text: &str, first: &Range<usize>, second: &Range<usize>) -> bool {
    let before = text[..first.start].chars().next_back();
    let mut after = text[second.end..].chars();
    let is_open = |c: char| c.is_whitespace() || "\"“‘([*_,;:—–，。（“\u{FFFC}".contains(c);
    let ends = match after.next() {
        None => true,
        Some('.' | ':') => !after.next().is_some_and(char::is_alphanumeric),
        Some(c) => c.is_whitespace() || "\"”,;!?)]—–，。）”…".contains(c),
    };
    before.is_none_or(is_open) && ends
}

/// Whether the word stands there a third time, which is on purpose.
fn is_third(text: &str, first: &Range<usize>, second: &Range<usize>) -> bool {
    let word = &text[second.clone()];
    let before = text[..first.start].trim_end();
    let after = text[second.end..].trim_start_matches([' ', ',']);
    let last = before.len().checked_sub(word.len()).map(|start| &before.as_bytes()[start..]);
    after.starts_with(word) || last.is_some_and(|last| last.eq_ignore_ascii_case(word.as_bytes()))
}

/// The word before an offset, in lower case, if only a space is between them.
fn word_before(text: &str, at: usize) -> Option<String> {
    let before = text[..at].strip_suffix([' ', '\n'])?;
    let length = before.bytes().rev().take_while(u8::is_ascii_alphabetic).count();
    (length > 0).then(|| before[before.len() - length..].to_ascii_lowercase())
}

/// Whether grammar allows the word twice: "what it is is", "log in in a moment".
fn is_right_by_grammar(text: &str, first: &Range<usize>, word: &str) -> bool {
    let before = word_before(text, first.start);
    let before = before.as_deref().unwrap_or_default();
    match word {
        "is" if before == "as" => true,
        "is" | "was" => {
            // The limit keeps texts without sentences linear.
            let start = text.floor_char_boundary(first.start.saturating_sub(80));
            let sentence = text[start..first.start].rsplit(['.', '!', '?', ':']).next().unwrap_or_default();
            let mut words = sentence.split(|c: char| !c.is_ascii_alphabetic());
            words.any(|word| {
                ["what", "all", "who", "where", "how", "why"].iter().any(|w| word.eq_ignore_ascii_case(w))
            })
        }
        // "Do this this way" is right.
        "this" => !["in", "of", "for", "with", "by", "from", "to", "at", "on"].contains(&before),
        // "The list that it was added to to keep order."
        "to" => is_stranded(before),
        // "Turn it on on the first day."
        word if PARTICLES.contains(&word) => WITH_PARTICLE.contains(&before) || OBJECTS.contains(&before),
        _ => false,
    }
}

/// Whether a word may end a clause with the "to" that belongs to it.
fn is_stranded(before: &str) -> bool {
    const VERBS: [&str; 12] = [
        "subscribe",
        "link",
        "refer",
        "listen",
        "connect",
        "talk",
        "write",
        "belong",
        "respond",
        "reply",
        "map",
        "point",
    ];
    const WITH_INFINITIVE: [&str; 11] = [
        "going", "used", "need", "needed", "trying", "wanted", "having", "starting", "supposed", "allowed",
        "started",
    ];
    let is_participle = ["ed", "en", "ing"].iter().any(|ending| before.ends_with(ending));
    VERBS.contains(&before) || (is_participle && !WITH_INFINITIVE.contains(&before))
}

/// Whether other words stand before and after two words on their line.
fn is_amid_words(text: &str, first: &Range<usize>, second: &Range<usize>) -> bool {
    let before = word_before(text, first.start);
    let after = text[second.end..].strip_prefix([' ', '\n']).and_then(|rest| rest.chars().next());
    before.is_some_and(|word| word.len() > 1) && after.is_some_and(|c| c.is_ascii_lowercase())
}

fn find_chinese(runs: &Runs<'_>, found: &mut impl FnMut(Repetition)) {
    let model = Model::embedded();
    let codes = &runs.codes;
    let mut hits: Vec<(u32, Range<usize>, usize)> = Vec::new();
    for start in (0..codes.len()).step_by(BLOCK) {
        if has_repeat(codes, start) {
            for at in start..(start + BLOCK).min(codes.len()) {
                hits.extend(repeat_at(runs, at, model));
            }
        }
    }
    if hits.is_empty() {
        return;
    }
    let repeats = runs.repeats();
    for (index, range, middle) in hits {
        let first = runs.different[index as usize].start;
        for start in iter::once(first).chain(repeats.of(index)).map(|start| start as usize) {
            let middle = start + middle;
            found(Repetition { first: start + range.start..middle, second: middle..start + range.end });
        }
    }
}

/// Number of code points that are looked at together.
const BLOCK: usize = 32;

/// Whether a code point of a block is there again next to it, or after the next one.
fn has_repeat(codes: &[u16], start: usize) -> bool {
    // A loop without a branch, which compilers turn into instructions for many code points.
    match codes[start..].first_chunk::<{ BLOCK + 2 }>() {
        Some(block) => {
            let is_again = |at: usize| (block[at] == block[at + 1]) | (block[at] == block[at + 2]);
            (0..BLOCK).fold(false, |any, at| any | is_again(at))
        }
        None => true,
    }
}

/// The repeated word of one or two characters at a code point: see [`chinese_repeat`].
fn repeat_at(runs: &Runs<'_>, at: usize, model: &Model<'_>) -> Option<(u32, Range<usize>, usize)> {
    let code = |at: usize| runs.codes.get(at).copied().unwrap_or_default();
    let first = code(at);
    if first == 0 {
        return None;
    }
    match (first == code(at + 1), first == code(at + 2) && code(at + 1) == code(at + 3)) {
        (true, _) => chinese_repeat(runs, at, 1, model),
        (false, true) => chinese_repeat(runs, at, 2, model),
        (false, false) => None,
    }
}

/// The place of a repeated word of `length` characters at a code point, if it is one: the index of its run, and its
/// byte range in the run with its middle.
fn chinese_repeat(
    runs: &Runs<'_>,
    at: usize,
    length: usize,
    model: &Model<'_>,
) -> Option<(u32, Range<usize>, usize)> {
    let character = |code: u16| char::from_u32(u32::from(code));
    let word: String = runs.codes[at..at + length].iter().filter_map(|code| character(*code)).collect();
    let is_listed = match length {
        1 => CHINESE_NEVER_TWICE.contains(&word),
        _ => CHINESE_WORDS.contains(&word.as_str()),
    };
    if !is_listed {
        return None;
    }
    let index = runs.run_at(at);
    let run = runs.different[index];
    let (start, end) = (run.codes.0 as usize, run.codes.1 as usize);
    let code = |at: usize| (start..end).contains(&at).then(|| runs.codes[at]);
    let is_third = |other: Option<usize>| {
        other.is_some_and(|other| (0..length).all(|step| code(other + step) == Some(runs.codes[at + step])))
    };
    let next = code(at + 2 * length).and_then(character);
    let before = at.checked_sub(1).and_then(code).and_then(character);
    if is_third(at.checked_sub(length)) || is_third(Some(at + 2 * length)) || !may_stand(&word, before, next)
    {
        return None;
    }
    const CONTEXT: usize = 6;
    let from = at.saturating_sub(CONTEXT).max(start);
    let to = (at + 2 * length + CONTEXT).min(end);
    let indexes: Option<Vec<CharIndex>> =
        runs.codes[from..to].iter().map(|code| model.index_of_code(*code)).collect();
    let indexes = indexes?;
    let segments = segment(&indexes, model);
    let here = at - from;
    // 好在在路上: another word may end or begin there; 了 follows any verb.
    let is_in_word = |at: usize| length == 1 && word != "了" && model.lexicon.has_word_over(&indexes, at);
    if is_in_word(here) || is_in_word(here + 1) {
        return None;
    }
    let is_cut = segments.are_cut_at(&(here..here + length))
        && segments.are_cut_at(&(here + length..here + 2 * length));
    let byte = |code: usize| (code - start) * WIDTH;
    is_cut.then(|| (index as u32, byte(at)..byte(at + 2 * length), byte(at + length)))
}

/// Whether a repeated word between these characters is a mistake: 了 is also a verb, as in 了了心愿 and 明了了.
fn may_stand(word: &str, before: Option<char>, next: Option<char>) -> bool {
    match word {
        "了" if before.is_some_and(|before| "明除罢终".contains(before)) => false,
        "了" => next.is_none_or(|next| "吗呢吧啊的".contains(next)),
        "的" => next != Some('确') && next != Some('士'),
        "是" => next != Some('非'),
        "给" | "向" | "那" | "这" | "很" | "都" => next.is_some(),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        let mut list = Vec::new();
        repeated_words(&Runs::of(text), |word| list.push(&text[word.first.start..word.second.end]));
        list
    }

    #[test]
    fn finds_words_that_stand_twice() {
        for (text, expected) in [
            ("Walk along the the pier at night.", "the the"),
            ("It is is a long way.", "is is"),
            ("They went to\nto the pier.", "to\nto"),
            ("You can use the value value of this town.", "value value"),
            ("这是一个具体的的类。", "的的"),
            ("他们已经走了了。", "了了"),
            ("因为因为下雨，船没有来。", "因为因为"),
        ] {
            assert_eq!(found(text), [expected], "{text}");
        }
    }

    #[test]
    fn leaves_right_repetitions_alone() {
        for text in [
            "He had had enough of that that day.",
            "What it is is a boat. You can log in in a moment. Turn it on on the day. It works as is is enough.",
            "They sang la la la, and it was very very late. Bye bye!",
            "The The sang. The-the the.the the_the 'the' the",
            "Der Hund, der der Katze folgt, und die die Katze sieht.",
            "the the the",
            "你说说看，现在在哪里，为了了解他，目的的确是是非。",
            "他实实在在地做事，是不是是非太多。",
            "了了心愿，的的确确。",
            "研究研究，我的的士到了。",
        ] {
            assert_eq!(found(text), [""; 0], "{text}");
        }
    }
}
