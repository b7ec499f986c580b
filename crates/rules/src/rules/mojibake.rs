//! Finds text that was read in the wrong encoding, and written again.

use crate::finding::{Findings, Fix, Safety, Severity};
use crate::front_text;
use crate::mention::{is_mentioned, is_set_apart};
use crate::misread_utf8::{Misread, misread_parts};
use crate::post::Post;
use crate::rule::{Constructor, Rule, RuleInfo};
use memchr::memmem::Finder;
use postmend_core::{Edit, Mark, PassageKind, Prose};
use std::ops::Range;
use std::slice;
use std::sync::LazyLock;

pub(crate) static INFO: RuleInfo = RuleInfo {
    name: "mojibake",
    severity: Severity::Warning,
    on_by_default: true,
    page: include_str!("mojibake.md"),
    constructor: Constructor::post::<Mojibake>(),
};

#[derive(Debug, Default)]
struct Mojibake;

impl Rule for Mojibake {
    fn check(&self, post: &Post<'_>, findings: &mut Findings) {
        let text = &post.document.prose.text;
        let parts = misread_parts(text);
        let lost = lost_characters(text);
        if parts.is_empty() && lost.is_empty() || speaks_about(text, &OF_A_POST) {
            return;
        }
        for word in parts.chunk_by(|left, right| is_one_word(text, left.range.end..right.range.start)) {
            report(post, word, findings);
        }
        for range in lost.into_iter().filter(|range| !is_left_alone(post, range, "")) {
            let message = format!("\"{}\" is all that is left of other characters", &text[range.clone()]);
            let finding = findings.add(post.document.prose.span(range), message);
            finding.help("the text was read in the wrong encoding twice: restore it from an older version");
        }
    }
}

/// Reports the parts of one word.
fn report(post: &Post<'_>, parts: &[Misread], findings: &mut Findings) {
    let [Some(first), Some(last)] = [parts.first(), parts.last()] else { return };
    let range = first.range.start..last.range.end;
    let prose = &post.document.prose;
    let word = word_around(&prose.text, &range);
    let right = right_text(&prose.text, &word, parts);
    let right_range = right_text(&prose.text, &range, parts);
    if is_left_alone(post, &range, &right_range) || is_mentioned(prose, &word, slice::from_ref(&right)) {
        return;
    }
    let (wrong, span) = (&prose.text[word], prose.span(range));
    if right.contains('\u{FFFD}') {
        let finding = findings.add(span, format!("\"{wrong}\" has lost a character"));
        finding.help("it was not in the encoding of the text: write it again");
        return;
    }
    let finding = findings.add(span, format!("\"{wrong}\" should be \"{right}\""));
    finding.help("UTF-8 was read as Windows-1252, and written again");
    let edits = parts.iter().map(|part| edits_of(post, part)).collect::<Option<Vec<_>>>();
    let title = if right.is_empty() { "remove it".to_owned() } else { format!("write \"{right}\"") };
    let fix = |edits: Vec<Vec<Edit>>| Fix {
        title: title.into(),
        safety: Safety::Review,
        edits: edits.into_iter().flatten().collect(),
    };
    finding.fix(edits.map(fix));
}

/// The edits that write what a part was before; `None` if its place cannot hold it, or another place depends on it.
fn edits_of(post: &Post<'_>, part: &Misread) -> Option<Vec<Edit>> {
    let prose = &post.document.prose;
    match prose.kind_at(part.range.start) {
        _ if prose.has(Mark::Label, &part.range) => None,
        PassageKind::Front => {
            front_text::replace(post.document, prose.exact_span(part.range.clone())?, &part.right)
        }
        _ => prose.replace(part.range.clone(), &part.right),
    }
}

/// A range of the prose with its parts as they were before.
fn right_text(text: &str, range: &Range<usize>, parts: &[Misread]) -> String {
    let mut right = String::new();
    let mut from = range.start;
    for part in parts {
        right.push_str(&text[from..part.range.start]);
        right.push_str(&part.right);
        from = part.range.end;
    }
    right + &text[from..range.end]
}

/// Whether what is between two parts of the prose belongs to one word with both.
fn is_one_word(text: &str, between: Range<usize>) -> bool {
    /// Maximum length in bytes of what is right within such a word.
    const LONGEST: usize = 24;
    between.len() <= LONGEST && text[between].chars().all(|c| c.is_alphanumeric() || "'’-,.".contains(c))
}

/// The range with the letters before and after it.
fn word_around(text: &str, range: &Range<usize>) -> Range<usize> {
    /// Maximum number of letters on each side.
    const MOST: usize = 24;
    let length = |letters: &mut dyn Iterator<Item = char>| -> usize {
        letters.take(MOST).take_while(|c| c.is_alphanumeric()).map(char::len_utf8).sum()
    };
    let before = length(&mut text[..range.start].chars().rev());
    let after = length(&mut text[range.end..].chars());
    range.start - before..range.end + after
}

/// Whether a range of the prose is no text, or is there on purpose: the text speaks about it.
fn is_left_alone(post: &Post<'_>, range: &Range<usize>, right: &str) -> bool {
    let prose = &post.document.prose;
    let span = prose.span(range.clone());
    let urls = &post.document.urls;
    let next = urls.partition_point(|url| url.span.end <= span.start);
    prose.has(Mark::Listing, range)
        || urls.get(next).is_some_and(|url| url.span.overlaps(span))
        || is_in_address(&prose.text, range.start)
        || is_set_apart(prose, range)
        || is_in_short_quotes(&prose.text, range)
        || is_mentioned(prose, range, &[right.to_owned()])
        || speaks_about(around(prose, range.start), &OF_A_PASSAGE)
}

/// Whether an offset is in a bare URL, which may go on where the links of Markdown end.
fn is_in_address(text: &str, at: usize) -> bool {
    /// Maximum length of a URL before it.
    const LONGEST: usize = 512;
    let before = &text[text.floor_char_boundary(at.saturating_sub(LONGEST))..at];
    let word = before.rsplit(char::is_whitespace).next().unwrap_or_default();
    word.contains("://") || word.contains("www.")
}

/// Words of posts that show text in the wrong encoding on purpose.
const OF_A_POST: [&str; 12] = [
    "mojibake",
    "garbled",
    "windows-1252",
    "windows 1252",
    "cp1252",
    "latin-1",
    "latin1",
    "iso-8859",
    "乱码",
    "亂碼",
    "文字化け",
    "烫烫烫",
];

/// Words of passages that do so.
const OF_A_PASSAGE: [&str; 8] =
    ["utf-8", "utf8", "encoding", "encoded", "charset", "unicode", "编码", "編碼"];

fn speaks_about(text: &str, words: &[&str]) -> bool {
    let text = text.to_lowercase();
    words.iter().any(|word| text.contains(word))
}

/// The passage at an offset of the prose, with the ones before and after it, as far as they are near.
fn around(prose: &Prose, at: usize) -> &str {
    /// Number of bytes on each side.
    const NEAR: usize = 400;
    let start = prose.text.floor_char_boundary(at.saturating_sub(NEAR));
    let end = prose.text.ceil_char_boundary((at + NEAR).min(prose.text.len()));
    &prose.text[start..end]
}

const QUOTES: [(char, char); 8] =
    [('"', '"'), ('“', '”'), ('„', '“'), ('‘', '’'), ('«', '»'), ('「', '」'), ('『', '』'), ('‹', '›')];

/// Whether a range is in quotation marks with no more than a few other words.
fn is_in_short_quotes(text: &str, range: &Range<usize>) -> bool {
    /// Maximum number of bytes between the range and a quotation mark.
    const NEAR: usize = 24;
    let before = &text[text.floor_char_boundary(range.start.saturating_sub(NEAR))..range.start];
    let after = &text[range.end..text.ceil_char_boundary((range.end + NEAR).min(text.len()))];
    let before = before.rsplit('\n').next().unwrap_or_default();
    let after = after.split('\n').next().unwrap_or_default();
    QUOTES.iter().any(|(open, close)| {
        let closes_before = open != close && before.rfind(*close) > before.rfind(*open);
        before.contains(*open) && after.contains(*close) && !closes_before
    })
}

/// Characters that were replaced by U+FFFD, whose UTF-8 was then read as GBK: two or more of them.
fn lost_characters(text: &str) -> Vec<Range<usize>> {
    const PAIR: &str = "锟斤拷";
    static PAIRS: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(PAIR));
    let mut found: Vec<Range<usize>> = Vec::new();
    for at in PAIRS.find_iter(text.as_bytes()) {
        match found.last_mut().filter(|last| last.end == at) {
            Some(last) => last.end += PAIR.len(),
            None => found.push(at..at + PAIR.len()),
        }
    }
    found.retain(|range| range.len() > PAIR.len());
    found
}
