//! Mistakes that are spoken about: quoted, struck out, or beside their correction.

use postmend_core::{Mark, Prose};
use std::ops::Range;

/// Whether the text speaks about a wrong word instead of making the mistake: `"recieve" instead of "receive"`,
/// `~~recieve~~ receive`, `recieve → receive`, `recieve [sic]`.
pub(crate) fn is_mentioned(prose: &Prose, wrong: &Range<usize>, right: &[String]) -> bool {
    prose.has(Mark::Struck, wrong)
        || is_marked_as_found(&prose.text, wrong)
        || right.iter().any(|right| is_beside(&prose.text, wrong, right))
}

const QUOTES: [(char, char); 9] = [
    ('"', '"'),
    ('\'', '\''),
    ('“', '”'),
    ('‘', '’'),
    ('„', '“'),
    ('«', '»'),
    ('「', '」'),
    ('『', '』'),
    ('‹', '›'),
];

/// Whether a word is alone in quotation marks or in emphasis: some texts speak about it, most make the mistake.
pub(crate) fn is_set_apart(prose: &Prose, word: &Range<usize>) -> bool {
    prose.is_whole(Mark::Emphasis, word) || is_alone_in_quotes(&prose.text, word)
}

fn is_alone_in_quotes(text: &str, word: &Range<usize>) -> bool {
    let before = text[..word.start].chars().next_back();
    let after = text[word.end..].chars().next();
    QUOTES.iter().any(|(open, close)| before == Some(*open) && after == Some(*close))
}

/// Whether `[sic]` follows in the same sentence.
fn is_marked_as_found(text: &str, word: &Range<usize>) -> bool {
    const REACH: usize = 80;
    let after = &text[word.end..text.floor_char_boundary((word.end + REACH).min(text.len()))];
    let sentence = after.split(['\n', '。', '!', '?', '！', '？']).next().unwrap_or_default();
    let sentence = sentence.split(". ").next().unwrap_or_default();
    ["[sic", "(sic", "（sic", "原文如此"].iter().any(|mark| sentence.contains(mark))
}

/// Whether the correction stands beside the word, with nothing but a connective between them.
fn is_beside(text: &str, wrong: &Range<usize>, right: &str) -> bool {
    let reach = right.len() + 24;
    let before = &text[text.floor_char_boundary(wrong.start.saturating_sub(reach))..wrong.start];
    let after = &text[wrong.end..text.ceil_char_boundary((wrong.end + reach).min(text.len()))];
    // Capitals count if they are the mistake: `github, Github`.
    let is_case = text[wrong.clone()].eq_ignore_ascii_case(right);
    let folded = |text: &str| if is_case { text.to_owned() } else { text.to_ascii_lowercase() };
    let folded_right = folded(right);
    let followed = folded(after).find(&folded_right).is_some_and(|at| is_connective(&after[..at]));
    let preceded =
        folded(before).rfind(&folded_right).is_some_and(|at| is_connective(&before[at + right.len()..]));
    followed || preceded
}

/// What stands between a mistake and its correction.
const CONNECTIVES: [&str; 30] = [
    "->",
    "-->",
    "=>",
    "→",
    "⇒",
    "➜",
    "➡",
    ">",
    "/",
    "|",
    "vs",
    "vs.",
    "not",
    "for",
    "instead of",
    "rather than",
    "should be",
    "is now",
    "becomes",
    "corrected to",
    "changed to",
    "应为",
    "应是",
    "应该是",
    "应该为",
    "改为",
    "改成",
    "误为",
    "误写为",
    "而不是",
];

fn is_connective(between: &str) -> bool {
    let is_around =
        |c: char| c.is_whitespace() || "\"'“”‘’„«»「」『』()（）[]【】,，、:：;*_`~\u{FFFC}".contains(c);
    let word = between.trim_matches(is_around);
    // Two words side by side are a repetition, unless a mark stands between them.
    let is_marked =
        || between.contains(['"', '“', '”', '(', '（', '[', ',', '，', '、', '「', ':', '：', '\n']);
    match word.is_empty() {
        true => is_marked(),
        false => CONNECTIVES.iter().any(|connective| word.eq_ignore_ascii_case(connective)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use postmend_core::{Document, Format, Generator};

    fn mentioned(source: &str, wrong: &str, right: &str) -> bool {
        let document = Document::read(source, Format::Markdown, Generator::None);
        let at = document.prose.text.find(wrong).unwrap();
        is_mentioned(&document.prose, &(at..at + wrong.len()), &[right.to_owned()])
    }

    #[test]
    fn tells_mentions_from_mistakes() {
        for source in [
            "He said “I recieve it” [sic] to us.",
            "They ~~recieve~~ receive it.",
            "<del>recieve</del> it",
            "recieve → receive",
            "- recieve -> receive",
            "Write receive instead of recieve.",
            "receive, not recieve",
            "recieve (receive)",
            "| recieve | receive |\n|-|-|\n",
        ] {
            assert!(mentioned(source, "recieve", "receive"), "{source}");
        }
        for source in [
            "They recieve it.",
            "Many write \"recieve\" here.",
            "He said “I recieve it” to us. [sic] is Latin.",
            "They receive mail and recieve it again.",
            "<ins>recieve</ins> it",
            "to receive recieve",
        ] {
            assert!(!mentioned(source, "recieve", "receive"), "{source}");
        }
        assert!(!mentioned("I use github, Github and more", "github", "GitHub"));
        assert!(mentioned("github, GitHub", "github", "GitHub"));
        assert!(mentioned("“开个建设”应为“开工建设”", "开个建设", "开工建设"));
        assert!(mentioned("把开个建设改为开工建设", "开个建设", "开工建设"));
    }
}
