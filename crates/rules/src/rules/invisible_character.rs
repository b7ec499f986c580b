//! Finds invisible characters that break searches, links and keys.

use crate::finding::{Findings, Fix, Safety, Severity};
use crate::post::Post;
use crate::rule::{Constructor, Rule, RuleInfo};
use memchr::memmem::Finder;
use postmend_core::front::{Key, Value};
use postmend_core::{Edit, Escaping, FieldRole, Span};
use std::sync::LazyLock;

pub(crate) static INFO: RuleInfo = RuleInfo {
    name: "invisible-character",
    severity: Severity::Warning,
    on_by_default: true,
    page: include_str!("invisible_character.md"),
    constructor: Constructor::post::<InvisibleCharacter>(),
};

#[derive(Debug, Default)]
struct InvisibleCharacter;

/// The reported characters and their names.
const CHARACTERS: [(char, &str); 13] = [
    ('\u{200B}', "zero width space"),
    ('\u{2060}', "word joiner"),
    ('\u{FEFF}', "byte order mark"),
    ('\u{00AD}', "soft hyphen"),
    ('\u{2028}', "line separator"),
    ('\u{2029}', "paragraph separator"),
    ('\u{202A}', "left-to-right embedding"),
    ('\u{202B}', "right-to-left embedding"),
    ('\u{202C}', "end of embedding"),
    ('\u{202D}', "left-to-right override"),
    ('\u{202E}', "right-to-left override"),
    ('\u{2066}', "left-to-right isolate"),
    ('\u{2067}', "right-to-left isolate"),
];

/// The offsets at which one of these characters may stand, in order. Chinese punctuation begins with the same byte as
/// the byte order mark, which is therefore searched for alone.
fn candidates(text: &str) -> Vec<usize> {
    static MARK: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("\u{FEFF}"));
    let bytes = text.as_bytes();
    // The second byte rules out nearly all punctuation before a character is decoded.
    let may_be_one = |at: &usize| matches!(bytes.get(at + 1), Some(0x80 | 0x81 | 0xAD));
    let mut candidates: Vec<usize> = memchr::memchr2_iter(0xE2, 0xC2, bytes).filter(may_be_one).collect();
    let others = candidates.len();
    candidates.extend(MARK.find_iter(bytes));
    if candidates.len() > others {
        candidates.sort_unstable();
    }
    candidates
}

impl Rule for InvisibleCharacter {
    fn check(&self, post: &Post<'_>, findings: &mut Findings) {
        let document = post.document;
        let text = document.text;
        let mut front_places = None;
        for at in candidates(text) {
            let Some(character) = text[at..].chars().next() else { continue };
            let Some((_, name)) = CHARACTERS.iter().find(|(listed, _)| *listed == character) else {
                continue;
            };
            if at == 0 || document.is_code(at) {
                continue;
            }
            let front_places = if at < document.front.body {
                front_places.get_or_insert_with(|| front_matter_places(post)).as_slice()
            } else {
                &[]
            };
            let next = front_places.partition_point(|(span, _)| span.end as usize <= at);
            let front_place = front_places.get(next).filter(|(span, _)| span.contains(Span::point(at)));
            let front_place = front_place.map(|(_, front_place)| *front_place);
            if front_place == Some(FrontPlace::Key) {
                continue;
            }
            let is_intended = match character {
                '\u{00AD}' => front_place.is_none() && is_hyphenation(post, at),
                _ => parts_delimiters(text, at) || (front_place.is_none() && is_indentation(text, at)),
            };
            if is_intended {
                continue;
            }
            let span = Span::new(at, at + character.len_utf8());
            // Pages are found by such a name, so only the author should change it.
            let safety = match front_place {
                Some(FrontPlace::Identifier) => Safety::Manual,
                _ => safety(post, character, at),
            };
            let fix = Fix::new("remove it", safety, Edit::delete(span));
            let finding =
                findings.add(span, format!("invisible character: {name} (U+{:04X})", character as u32));
            finding.help("it breaks searches, links and comparisons without being seen").fix(fix);
            if at >= document.front.body && is_beside_words(post, at) {
                finding.severity = finding.severity.min(Severity::Info);
            }
        }
    }
}

/// Whether a character that only has no width stands between words, and not in one or in an address: there it does no
/// more than a space that nobody sees.
fn is_beside_words(post: &Post<'_>, at: usize) -> bool {
    let text = post.document.text;
    let is_blank = |c: &char| matches!(c, '\u{200B}' | '\u{FEFF}' | '\u{2060}');
    if !text[at..].starts_with(|c| is_blank(&c)) || is_in_url(post, at) {
        return false;
    }
    /// Maximum number of such characters in a row.
    const MOST: usize = 64;
    let is_of_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let before = text[..at].chars().rev().take(MOST).find(|c| !is_blank(c));
    let after = text[at..].chars().take(MOST).find(|c| !is_blank(c));
    // At the start of a line, `#` after it begins no heading.
    let hides_mark = before.is_none_or(|c| c == '\n') && after.is_some_and(|c| "#>|-+*`~".contains(c));
    !(hides_mark || is_of_word(before) && is_of_word(after))
}

fn is_in_url(post: &Post<'_>, at: usize) -> bool {
    let urls = &post.document.urls;
    let next = urls.partition_point(|url| (url.span.end as usize) <= at);
    urls.get(next).is_some_and(|url| url.span.contains(Span::point(at)))
}

/// Whether a soft hyphen says where a word may be parted, which is what it is for.
fn is_hyphenation(post: &Post<'_>, at: usize) -> bool {
    let text = post.document.text;
    let is_of_word = |c: Option<char>| c.is_some_and(|c| !c.is_whitespace() && (c as u32) < 0x2E80);
    let after = &text[at + '\u{00AD}'.len_utf8()..];
    !is_in_url(post, at) && is_of_word(text[..at].chars().next_back()) && is_of_word(after.chars().next())
}

/// Whether a character stands at the start of a line and before a blank: some editors write that, so that a line is
/// indented without being code, or an empty line is kept.
fn is_indentation(text: &str, at: usize) -> bool {
    /// Maximum number of blanks and such characters in a row.
    const MOST: usize = 64;
    let is_blank = |c: &char| matches!(c, '\u{200B}' | '\u{FEFF}' | '\u{2060}');
    let before = text[..at].chars().rev().take(MOST).find(|c| !is_blank(c) && !matches!(c, ' ' | '\t'));
    let after = text[at..].chars().take(MOST).find(|c| !is_blank(c));
    matches!(before, None | Some('\n' | '\r')) && after.is_none_or(|c| matches!(c, ' ' | '\t' | '\n' | '\r'))
}

/// Whether a character keeps two delimiters of Markdown apart: without it, the end of one code span and the start of the
/// next would be one delimiter.
fn parts_delimiters(text: &str, at: usize) -> bool {
    let is_invisible = |c: &char| CHARACTERS.iter().any(|(listed, _)| listed == c);
    /// Maximum number of such characters in a row.
    const MOST: usize = 8;
    let before = text[..at].chars().rev().take(MOST).find(|c| !is_invisible(c));
    let after = text[at..].chars().take(MOST).find(|c| !is_invisible(c));
    before == after && before.is_some_and(|c| matches!(c, '`' | '*' | '_' | '~'))
}

/// What an offset in front matter belongs to, if that makes a difference.
#[derive(Clone, Copy, PartialEq)]
enum FrontPlace {
    /// A key, for which there is another rule.
    Key,
    /// A slug or a tag.
    Identifier,
}

/// The keys, slugs and tags in the front matter, in text order.
fn front_matter_places(post: &Post<'_>) -> Vec<(Span, FrontPlace)> {
    let mut front_places = Vec::new();
    if let Some(matter) = &post.document.front.matter {
        for (index, field) in matter.fields.iter().enumerate() {
            if let Key::Name(_, span) = field.key {
                front_places.push((span, FrontPlace::Key));
            }
            let role = post.context.site.roles.of(matter, index);
            let is_name = matches!(role, Some(FieldRole::Identifier | FieldRole::List));
            if is_name && !matches!(field.value, Value::List | Value::Map) {
                front_places.push((field.span, FrontPlace::Identifier));
            }
        }
    }
    front_places.sort_by_key(|(span, _)| *span);
    front_places
}

/// How safe it is to remove a character: it may be intended, and a tool should not change the direction of
/// text.
fn safety(post: &Post<'_>, character: char, at: usize) -> Safety {
    let is_blank = matches!(character, '\u{200B}' | '\u{FEFF}' | '\u{2060}');
    // Some editors put U+200B before spaces so that a line is indented without being a code block. Anything
    // longer than this is not indentation, and the limit avoids scanning a line of such characters again for
    // each of them.
    const LONGEST: usize = 256;
    let before = post.document.text[..at].chars().rev().take(LONGEST);
    let mut before =
        before.skip_while(|c| matches!(c, ' ' | '\t' | '>' | '*' | '-' | '\u{200B}' | '\u{FEFF}'));
    let holds_line = matches!(before.next(), None | Some('\n' | '\r'));
    // After a bare URL, the character keeps the text that follows out of the URL.
    let urls = &post.document.urls;
    let near = urls.partition_point(|url| (url.span.end as usize) + 1 < at);
    let ends_address =
        urls.get(near).is_some_and(|url| url.escaping == Escaping::Bare && url.span.start as usize <= at);
    if is_blank && !holds_line && !ends_address { Safety::Review } else { Safety::Manual }
}
