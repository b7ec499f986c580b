//! Percent-encoding, hex and base64 for URLs inside of URLs, encoded and decoded without loss.

use std::borrow::Cow;

/// Decodes percent-encoding once, except for characters that are not allowed in a URL (spaces, quotes,
/// brackets) and bytes that are not UTF-8, which stay encoded.
pub(super) fn decode_percent(value: &str) -> Cow<'_, str> {
    decode_where(value, |byte| byte > 0x20 && byte != 0x7F && !br#""<>\^`{|}"#.contains(&byte))
}

/// Decodes percent-encoding once, as a server does to find a file. Bytes that are not UTF-8 stay encoded.
pub(crate) fn decode_path(value: &str) -> Cow<'_, str> {
    decode_where(value, |_| true)
}

/// Decodes only the delimiters of a URL: those that a raw URL has to escape to fit into a query.
pub(super) fn decode_marks(value: &str) -> Cow<'_, str> {
    decode_where(value, |byte| b"%?&=#/:+@,;".contains(&byte))
}

/// Encodes like JavaScript's `encodeURIComponent`.
pub(super) fn encode_percent(value: &str) -> String {
    const DIGITS: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'];
    let mut out = String::with_capacity(value.len() * 3 / 2);
    for byte in value.bytes() {
        if is_component(byte) {
            out.push(char::from(byte));
        } else {
            out.extend(['%', DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
        }
    }
    out
}

/// Whether `encodeURIComponent` leaves a byte unchanged.
pub(super) fn is_component(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_.!~*'()".contains(&byte)
}

/// Decodes base64 in either alphabet, padded or not; `None` if it is invalid or not UTF-8.
pub(super) fn decode_base64(text: &str) -> Option<String> {
    let digits = text.trim_end_matches('=');
    if digits.len() % 4 == 1 {
        return None;
    }
    let mut out = Vec::with_capacity(digits.len() * 3 / 4);
    let (mut bits, mut count) = (0u32, 0);
    for byte in digits.bytes() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        bits = (bits << 6) | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count & 0xFF) as u8);
        }
    }
    String::from_utf8(out).ok()
}

/// Decodes pairs of hex digits; `None` if they are invalid or not UTF-8.
pub(super) fn decode_hex(text: &str) -> Option<String> {
    let pairs = text.as_bytes().chunks(2);
    let bytes = pairs.map(|pair| Some(hex_digit(*pair.first()?)? << 4 | hex_digit(*pair.get(1)?)?));
    String::from_utf8(bytes.collect::<Option<Vec<u8>>>()?).ok()
}

fn decode_where(value: &str, decodes: impl Fn(u8) -> bool) -> Cow<'_, str> {
    if !value.contains('%') {
        return Cow::Borrowed(value);
    }
    let mut out = String::with_capacity(value.len());
    let mut at = 0;
    let mut plain = 0;
    while at < value.len() {
        let Some(byte) = escaped_byte(value, at).filter(|byte| decodes(*byte)) else {
            at += 1;
            continue;
        };
        out.push_str(&value[plain..at]);
        if byte.is_ascii() {
            out.push(char::from(byte));
            at += 3;
        } else {
            at = decode_run(value, at, &mut out);
        }
        plain = at;
    }
    out.push_str(&value[plain..]);
    if out == value { Cow::Borrowed(value) } else { Cow::Owned(out) }
}

/// Decodes a run of escaped non-ASCII bytes and returns the offset of its end.
fn decode_run(value: &str, start: usize, out: &mut String) -> usize {
    let escapes =
        (start..).step_by(3).map_while(|at| escaped_byte(value, at).filter(|byte| !byte.is_ascii()));
    let bytes: Vec<u8> = escapes.collect();
    let mut at = start;
    for chunk in bytes.utf8_chunks() {
        out.push_str(chunk.valid());
        at += chunk.valid().len() * 3;
        let broken = chunk.invalid().len() * 3;
        out.push_str(&value[at..at + broken]);
        at += broken;
    }
    at
}

fn escaped_byte(value: &str, at: usize) -> Option<u8> {
    match value.as_bytes().get(at..at + 3)? {
        [b'%', high, low] => Some(hex_digit(*high)? << 4 | hex_digit(*low)?),
        _ => None,
    }
}

fn hex_digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}
