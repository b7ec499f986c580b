//! Finds invisible characters that break searches, links and keys.

use crate::finding::{Findings, Fix, Safety, Severity};
use crate::invisible::{invisible_candidates, invisible_name, is_blank, is_control};
use crate::misread_utf8;
use crate::post::Post;
use crate::rule::{Constructor, Rule, RuleInfo};
use crate::windows_1252;
use postmend_core::front::{Key, Value};
use postmend_core::{Edit, Escaping, FieldRole, Span};
use std::borrow::Cow;

pub(crate) static INFO: RuleInfo = RuleInfo {
    name: "invisible-character",
    severity: Severity::Warning,
    on_by_default: true,
    page: include_str!("invisible_character.md"),
    constructor: Constructor::post::<InvisibleCharacter>(),
};

#[derive(Debug, Default)]
struct InvisibleCharacter;

impl Rule for InvisibleCharacter {
    fn check(&self, post: &Post<'_>, findings: &mut Findings) {
        let mut front_places = None;
        let mut run: Option<InvisibleRun> = None;
        for at in invisible_candidates(post.document.text) {
            let Some(found) = invisible_at(post, at, &mut front_places) else { continue };
            match &mut run {
                Some(open) if open.span.end == found.span.start => open.extend(found),
                _ => run.replace(found).into_iter().for_each(|done| done.report(post, findings)),
            }
        }
        run.into_iter().for_each(|done| done.report(post, findings));
    }
}

/// Characters that nobody sees, each next to the other.
struct InvisibleRun {
    span: Span,
    /// How safe it is to remove all of them.
    safety: Safety,
    severity: Severity,
}

impl InvisibleRun {
    /// Adds what follows it.
    fn extend(&mut self, next: Self) {
        self.span.end = next.span.end;
        self.safety = self.safety.min(next.safety);
        self.severity = self.severity.max(next.severity);
    }

    fn report(self, post: &Post<'_>, findings: &mut Findings) {
        let characters = self.span.of(post.document.text);
        let first = characters.chars().next();
        let (count, pronoun) = match characters.chars().count() {
            1 => ("invisible character".to_owned(), "it"),
            count => (format!("{count} invisible characters"), "them"),
        };
        let finding = findings.add(self.span, format!("{count}: {}", names_of(characters)));
        finding.severity = finding.severity.min(self.severity);
        finding.help(match first.and_then(windows_1252::meant_by) {
            Some(meant) => {
                format!("its byte is \"{meant}\" in Windows-1252: write what the word needs").into()
            }
            None if characters.contains(|c| c < ' ') => NO_XML,
            None => "it breaks searches, links and comparisons without being seen".into(),
        });
        finding.fix(Fix::new(format!("remove {pronoun}"), self.safety, Edit::delete(self.span)));
    }
}

/// The help about a control character of ASCII: XML 1.0 has no way to write it.
const NO_XML: Cow<'static, str> = Cow::Borrowed("nobody sees it, and a feed that contains it cannot be read");

/// The names of characters, each once, in order.
fn names_of(characters: &str) -> String {
    /// Maximum number of names in a message.
    const MOST: usize = 3;
    let mut kinds: Vec<char> = Vec::new();
    for character in characters.chars() {
        if !kinds.contains(&character) {
            kinds.push(character);
        }
    }
    let name =
        |kind: &char| format!("{} (U+{:04X})", invisible_name(*kind).unwrap_or_default(), *kind as u32);
    let named: Vec<String> = kinds.iter().take(MOST).map(name).collect();
    match kinds.len() - named.len() {
        0 => named.join(", "),
        more => format!("{} and {more} more kinds", named.join(", ")),
    }
}

/// The character at an offset, if nobody sees it and it is not intended.
fn invisible_at(
    post: &Post<'_>,
    at: usize,
    front_places: &mut Option<Vec<(Span, FrontPlace)>>,
) -> Option<InvisibleRun> {
    let document = post.document;
    let text = document.text;
    let character = text[at..].chars().next()?;
    invisible_name(character)?;
    if at == 0 && character == '\u{FEFF}' || document.is_code(at) {
        return None;
    }
    let front_places = match at < document.front.body {
        true => front_places.get_or_insert_with(|| front_matter_places(post)).as_slice(),
        false => &[],
    };
    let next = front_places.partition_point(|(span, _)| span.end as usize <= at);
    let front_place = front_places.get(next).filter(|(span, _)| span.contains(Span::point(at)));
    let front_place = front_place.map(|(_, front_place)| *front_place);
    // There, it is a part of another character.
    if misread_utf8::is_part(text, at) {
        return None;
    }
    let is_intended = match character {
        '\u{00AD}' => front_place.is_none() && is_hyphenation(post, at),
        _ if is_control(character) => false,
        _ => parts_delimiters(text, at) || (front_place.is_none() && is_indentation(text, at)),
    };
    if front_place == Some(FrontPlace::Key) || is_intended {
        return None;
    }
    let safety = match front_place {
        // Pages are found by such a name, so only the author should change it.
        Some(FrontPlace::Identifier) => Safety::Manual,
        _ if is_control(character) => control_safety(post, character, at),
        _ => safety(post, character, at),
    };
    let is_minor = at >= document.front.body && is_beside_words(post, at);
    let severity = if is_minor { Severity::Info } else { Severity::Error };
    Some(InvisibleRun { span: Span::new(at, at + character.len_utf8()), safety, severity })
}

/// Whether a character that only has no width stands between words, and not in one or in an address: there it does no
/// more than a space that nobody sees.
fn is_beside_words(post: &Post<'_>, at: usize) -> bool {
    let text = post.document.text;
    if !text[at..].starts_with(is_blank) || is_in_url(post, at) {
        return false;
    }
    /// Maximum number of such characters in a row.
    const MOST: usize = 64;
    let is_of_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let before = text[..at].chars().rev().take(MOST).find(|c| !is_blank(*c));
    let after = text[at..].chars().take(MOST).find(|c| !is_blank(*c));
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
    let before = text[..at].chars().rev().take(MOST).find(|c| !is_blank(*c) && !matches!(c, ' ' | '\t'));
    let after = text[at..].chars().take(MOST).find(|c| !is_blank(*c));
    matches!(before, None | Some('\n' | '\r')) && after.is_none_or(|c| matches!(c, ' ' | '\t' | '\n' | '\r'))
}

/// Whether a character keeps two delimiters of Markdown apart: without it, the end of one code span and the start of the
/// next would be one delimiter.
fn parts_delimiters(text: &str, at: usize) -> bool {
    let is_invisible = |c: &char| invisible_name(*c).is_some();
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
    // Some editors put U+200B before spaces so that a line is indented without being a code block. Anything
    // longer than this is not indentation, and the limit avoids scanning a line of such characters again for
    // each of them.
    const LONGEST: usize = 256;
    let before = post.document.text[..at].chars().rev().take(LONGEST);
    let mut before =
        before.skip_while(|c| matches!(c, ' ' | '\t' | '>' | '*' | '-' | '\u{200B}' | '\u{FEFF}'));
    let holds_line = matches!(before.next(), None | Some('\n' | '\r'));
    let is_kept = holds_line || ends_address(post, at);
    if is_blank(character) && !is_kept { Safety::Review } else { Safety::Manual }
}

/// Whether a character follows a bare URL, and keeps the text after it out of the URL.
fn ends_address(post: &Post<'_>, at: usize) -> bool {
    let urls = &post.document.urls;
    let near = urls.partition_point(|url| (url.span.end as usize) + 1 < at);
    urls.get(near).is_some_and(|url| url.escaping == Escaping::Bare && url.span.start as usize <= at)
}

/// How safe it is to remove a control character: it is where nothing that readers see changes.
fn control_safety(post: &Post<'_>, character: char, at: usize) -> Safety {
    /// Maximum number of such characters in a row.
    const MOST: usize = 64;
    let text = post.document.text;
    let is_visible = |c: &char| invisible_name(*c).is_none();
    let before = text[..at].chars().rev().take(MOST).find(is_visible);
    let after = text[at..].chars().take(MOST).find(is_visible);
    let (Some(before), after) = (before, after.unwrap_or('\n')) else { return Safety::Manual };
    let is_mark = |c: char| c.is_ascii_punctuation() && !".,;?'\"%".contains(c);
    let is_separator = character.is_whitespace() || ('\u{1C}'..='\u{1F}').contains(&character);
    let parts_words = is_separator && !before.is_whitespace() && !after.is_whitespace();
    let is_shown = character == '\0' || windows_1252::meant_by(character).is_some();
    let starts_line = matches!(before, '\n' | '\r');
    let ends_line = matches!(after, '\n' | '\r') && matches!(before, ' ' | '\\');
    let is_kept = is_mark(before) || is_mark(after) || (before == after && before.is_ascii_punctuation());
    let changes_text =
        parts_words || is_shown || starts_line || ends_line || is_kept || ends_address(post, at);
    if changes_text { Safety::Manual } else { Safety::Review }
}
