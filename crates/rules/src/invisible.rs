//! Characters that nobody sees, and where a text may have them.

use memchr::memmem::Finder;
use std::sync::LazyLock;

/// Characters of formatting and their names.
const FORMATTING: [(char, &str); 13] = [
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

/// The names of the control characters U+0000 to U+001F.
const CONTROLS: [&str; 32] = [
    "null",
    "start of heading",
    "start of text",
    "end of text",
    "end of transmission",
    "enquiry",
    "acknowledge",
    "bell",
    "backspace",
    "tab",
    "line feed",
    "vertical tab",
    "form feed",
    "carriage return",
    "shift out",
    "shift in",
    "data link escape",
    "device control one",
    "device control two",
    "device control three",
    "device control four",
    "negative acknowledge",
    "synchronous idle",
    "end of transmission block",
    "cancel",
    "end of medium",
    "substitute",
    "escape",
    "file separator",
    "group separator",
    "record separator",
    "unit separator",
];

/// The name of a character that nobody sees; `None` for any other.
pub(crate) fn invisible_name(character: char) -> Option<&'static str> {
    match character {
        _ if is_control(character) => Some(match character {
            '\0'..' ' => CONTROLS[character as usize],
            '\u{7F}' => "delete",
            '\u{85}' => "next line",
            _ => "control character",
        }),
        _ => FORMATTING.iter().find(|(listed, _)| *listed == character).map(|(_, name)| *name),
    }
}

/// Whether a character is a control character, and none that ends a line or indents it.
pub(crate) fn is_control(character: char) -> bool {
    character.is_control() && !matches!(character, '\t' | '\n' | '\r')
}

/// Whether a character has no width, and no other effect.
pub(crate) fn is_blank(character: char) -> bool {
    matches!(character, '\u{200B}' | '\u{FEFF}' | '\u{2060}')
}

/// The offsets at which a character that nobody sees may be, in order. Chinese punctuation begins with the same byte
/// as the byte order mark, which is therefore searched for alone.
pub(crate) fn invisible_candidates(text: &str) -> Vec<usize> {
    static MARK: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("\u{FEFF}"));
    let bytes = text.as_bytes();
    // The second byte rules out nearly all punctuation before a character is decoded.
    let may_be_one = |at: &usize| match (bytes[*at], bytes.get(at + 1)) {
        (0xE2, second) => matches!(second, Some(0x80 | 0x81)),
        (_, second) => matches!(second, Some(0x80..=0x9F | 0xAD)),
    };
    let mut candidates: Vec<usize> = memchr::memchr2_iter(0xE2, 0xC2, bytes).filter(may_be_one).collect();
    let others = candidates.len();
    candidates.extend(MARK.find_iter(bytes));
    add_controls(bytes, &mut candidates);
    if candidates.len() > others {
        candidates.sort_unstable();
    }
    candidates
}

/// Adds the offsets of control characters that are one byte.
fn add_controls(bytes: &[u8], offsets: &mut Vec<usize>) {
    /// A block is looked at without a branch, so that the compiler takes many bytes at once.
    const BLOCK: usize = 256;
    let is_control =
        |byte: u8| (byte < b' ') & (byte != b'\t') & (byte != b'\n') & (byte != b'\r') | (byte == b'\x7F');
    for (index, block) in bytes.chunks(BLOCK).enumerate() {
        if block.iter().fold(false, |found, byte| found | is_control(*byte)) {
            let controls = block.iter().enumerate().filter(|(_, byte)| is_control(**byte));
            offsets.extend(controls.map(|(at, _)| index * BLOCK + at));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_invisible_character_is_a_candidate() {
        for character in (0..0x11_0000).filter_map(char::from_u32) {
            let text = format!("中{character}“");
            let found = invisible_candidates(&text);
            assert!(invisible_name(character).is_none() || found.contains(&3), "{character:?}");
        }
        let long = format!("{}\u{8}{}\u{7F}a\tb\r\n", "a".repeat(700), "b".repeat(300));
        assert_eq!(invisible_candidates(&long), [700, 1001]);
    }
}
