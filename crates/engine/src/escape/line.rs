//! Text for a terminal, or for the log of a CI job.

use std::borrow::Cow;

/// Escapes text so that it stays on one line.
pub fn in_line(text: &str) -> String {
    escape_line(text).into_owned()
}

/// A visible replacement for a character: control characters become their Unicode control pictures, and invisible
/// formatting characters become U+FFFD.
pub fn visible(character: char) -> char {
    match character {
        '\t' => ' ',
        '\0'..='\u{1F}' => char::from_u32(0x2400 + character as u32).unwrap_or('\u{FFFD}'),
        '\u{7F}' => '\u{2421}',
        '\u{80}'..='\u{9F}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' => '\u{FFFD}',
        '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{AD}' | '\u{61C}' => '\u{FFFD}',
        '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}' => '\u{FFFD}',
        plain => plain,
    }
}

/// Text in which every character is visible, on one line.
pub(super) fn visible_text(text: &str) -> Cow<'_, str> {
    let is_plain = |byte: u8| (b' '..=b'~').contains(&byte);
    if text.bytes().all(is_plain) || text.chars().all(|character| visible(character) == character) {
        return Cow::Borrowed(text);
    }
    text.chars().map(visible).collect()
}

/// Text on one line in which nothing can be taken for a command by a CI log: `::` where a line or a wrapped word may
/// begin, and `##[`, `##vso[`, `##teamcity[` anywhere, are escaped.
pub(super) fn escape_line(text: &str) -> Cow<'_, str> {
    let visible = visible_text(text);
    let commands = command_offsets(&visible);
    if commands.is_empty() {
        return visible;
    }
    let (mut escaped, mut from) = (String::with_capacity(visible.len() + commands.len()), 0);
    for at in commands {
        escaped.push_str(&visible[from..at]);
        escaped.push('\\');
        from = at;
    }
    escaped.push_str(&visible[from..]);
    Cow::Owned(escaped)
}

/// The byte offsets where a backslash must be inserted to break a command, in ascending order.
pub(super) fn command_offsets(text: &str) -> Vec<usize> {
    let mut offsets = Vec::new();
    let bytes = text.as_bytes();
    let pairs = memchr::memchr2_iter(b':', b'#', bytes).filter(|at| bytes.get(at + 1) == bytes.get(*at));
    for at in pairs {
        let before = text[..at].chars().next_back();
        match bytes[at] {
            b':' if before.is_none_or(|c| c.is_whitespace() || c == '\\') => offsets.push(at),
            b'#' if is_command(&bytes[at + 2..]) => offsets.push(at + 1),
            _ => {}
        }
    }
    offsets
}

/// Whether `##` before this begins a command of Azure Pipelines, old GitHub runners or TeamCity.
fn is_command(rest: &[u8]) -> bool {
    let word = rest.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    rest.get(word) == Some(&b'[')
}

/// Whether text begins with such a `##` command.
pub(super) fn begins_command(text: &str) -> bool {
    text.strip_prefix("##").is_some_and(|rest| is_command(rest.as_bytes()))
}

/// A page of several lines that was rendered from escaped text: line endings and colour sequences stay, and
/// everything else that a terminal or CI log would interpret is escaped. Wrapping may have moved the middle of a word
/// to the beginning of a line.
pub fn drawn(page: &str) -> Cow<'_, str> {
    let begins_line = |line: &str| line.trim_start().starts_with("::");
    let has_command =
        page.contains("##") && command_offsets(page).iter().any(|at| page[*at..].starts_with('#'));
    if !has_command && !has_live(page) && !page.lines().any(begins_line) {
        return Cow::Borrowed(page);
    }
    let mut escaped = String::with_capacity(page.len() + 16);
    for line in page.split_inclusive('\n') {
        if begins_line(line) {
            escaped.push('\\');
        }
        let mut rest = line;
        while let Some(c) = rest.chars().next() {
            let colour = colour(rest);
            let length = if colour > 0 { colour } else { c.len_utf8() };
            match c {
                _ if colour > 0 => escaped.push_str(&rest[..length]),
                '\n' => escaped.push(c),
                '#' if begins_command(rest) => escaped.push_str("#\\"),
                _ => escaped.push(visible(c)),
            }
            rest = &rest[length..];
        }
    }
    Cow::Owned(escaped)
}

/// Whether a page has a character that must be replaced; line endings and colour sequences are allowed.
fn has_live(page: &str) -> bool {
    let bytes = page.as_bytes();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b' '..=b'~' | b'\n' => at += 1,
            // Box-drawing characters and similar are most of the non-ASCII text here.
            0xE2 if matches!(bytes.get(at + 1), Some(0x94 | 0x95)) => at += 3,
            0x1B => match colour(&page[at..]) {
                0 => return true,
                length => at += length,
            },
            _ => {
                let Some(c) = page[at..].chars().next() else { return false };
                if visible(c) != c {
                    return true;
                }
                at += c.len_utf8();
            }
        }
    }
    false
}

/// The length in bytes of the colour escape sequence at the start of the text; 0 if there is none.
fn colour(text: &str) -> usize {
    let Some(rest) = text.strip_prefix("\u{1B}[") else { return 0 };
    let digits = rest.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b';').count();
    if rest.as_bytes().get(digits) == Some(&b'm') { 2 + digits + 1 } else { 0 }
}
