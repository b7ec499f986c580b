//! JSON for a terminal or log: characters that these would interpret are written as JSON escapes, which programs read
//! as the same text.

use super::line::visible;
use super::part::{Form, Part};
use serde::Serialize;
use serde_json::Value;
use std::io::{self, Write};

/// JSON.
#[derive(Debug, Clone, Copy)]
pub enum JsonForm {}

impl Form for JsonForm {
    /// Writes a JSON string with its quotes.
    fn escape(text: &str, out: &mut dyn Write) -> io::Result<()> {
        Ok(serde_json::to_writer(JsonEscaper(out), text)?)
    }
}

impl Part<JsonForm> for Value {
    fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        Serialized(self).print(out)
    }
}

/// A value that is serialized to JSON, with its fields in their order.
#[derive(Debug, Clone, Copy)]
pub struct Serialized<'v, T>(pub &'v T);

impl<T: Serialize> Part<JsonForm> for Serialized<'_, T> {
    fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        // In one write, so that no sequence to be escaped is split in two.
        JsonEscaper(out).write_all(serde_json::to_string(self.0)?.as_bytes())
    }
}

/// Passes JSON on and escapes it. Outside of strings JSON is ASCII, and each write must hold whole characters, as
/// text does.
struct JsonEscaper<'w>(&'w mut dyn Write);

impl Write for JsonEscaper<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_all(bytes)?;
        Ok(bytes.len())
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        // The bytes alone show that nearly all text is harmless.
        if !bytes.chunks(64).any(are_suspicious) {
            return self.0.write_all(bytes);
        }
        let Ok(text) = std::str::from_utf8(bytes) else { return self.0.write_all(bytes) };
        let mut from = 0;
        for (at, c) in text.char_indices() {
            let begins_command = c == '#' && text[at..].starts_with("##");
            if !is_live(c) && !begins_command {
                continue;
            }
            self.0.write_all(&bytes[from..at])?;
            from = at + c.len_utf8();
            for half in text[at..from].encode_utf16() {
                write!(self.0, "\\u{half:04x}")?;
            }
        }
        self.0.write_all(&bytes[from..])
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Whether one of these bytes may be the first byte of a character that must be escaped. It does not stop at the
/// first one, so that the compiler can vectorize the loop.
fn are_suspicious(bytes: &[u8]) -> bool {
    let is_suspicious =
        |byte: u8| (byte < b' ') | matches!(byte, b'#' | 0x7F | 0xC2 | 0xD8 | 0xE2 | 0xEF | 0xF3);
    bytes.iter().fold(false, |any, byte| any | is_suspicious(*byte))
}

fn is_live(c: char) -> bool {
    !c.is_ascii_graphic() && !matches!(c, ' ' | '\n' | '\t') && visible(c) != c
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_live_character_looks_harmless() {
        let live = ('\0'..=char::MAX).filter(|c| is_live(*c));
        for c in live {
            assert!(are_suspicious(&c.to_string().as_bytes()[..1]), "{:x}", u32::from(c));
        }
    }

    #[test]
    fn reads_alike_and_is_not_obeyed() {
        let value = serde_json::json!({ "##[a\u{9B}": "\u{202E}\u{1B}[31m ##vso[x] 😀港\u{E0041}" });
        let mut out = Vec::new();
        Part::<JsonForm>::print(&value, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
        assert!(!text.contains("##") && !text.contains(['\u{9B}', '\u{202E}', '\u{E0041}']), "{text}");
        assert!(text.contains("😀港"));
    }
}
