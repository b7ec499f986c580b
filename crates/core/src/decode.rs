//! Decodes the bytes of a file to text, only if encoding gives the same bytes again.

use encoding_rs::{GB18030, GBK};
use std::borrow::Cow;

/// The encoding of a file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Encoding {
    /// UTF-8; a byte order mark stays in the text as its first character.
    Utf8,
    /// UTF-16, little endian, with a byte order mark.
    Utf16Le,
    /// UTF-16, big endian, with a byte order mark.
    Utf16Be,
    /// GBK, as detected from the bytes.
    Gbk,
    /// GB18030: the bytes are not valid GBK, but its four-byte superset.
    Gb18030,
}

/// A file's text and the encoding for writing it back.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Decoded<'b> {
    /// The whole text; a byte order mark is its first character.
    pub text: Cow<'b, str>,
    /// The encoding with which [`encode`] restores the same bytes.
    pub encoding: Encoding,
}

/// Why a file could not be decoded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Undecodable {
    /// The offset of the first byte that is not UTF-8.
    pub at: usize,
}

/// Decodes a file: UTF-8, UTF-16 with a byte order mark, or GBK and GB18030 by detection.
///
/// # Errors
/// The bytes are in none of these encodings, or [`encode`] would not restore them.
pub fn decode(bytes: &[u8]) -> Result<Decoded<'_>, Undecodable> {
    let utf16 = [(b"\xFF\xFE", Encoding::Utf16Le), (b"\xFE\xFF", Encoding::Utf16Be)];
    for (mark, encoding) in utf16 {
        if bytes.starts_with(mark) {
            let text = decode_utf16(bytes, encoding).ok_or(Undecodable { at: 0 })?;
            return Ok(Decoded { text: Cow::Owned(text), encoding });
        }
    }
    if let Ok(text) = simdutf8::basic::from_utf8(bytes) {
        return Ok(Decoded { text: Cow::Borrowed(text), encoding: Encoding::Utf8 });
    }
    decode_chinese(bytes).ok_or_else(|| Undecodable { at: first_bad_byte(bytes) })
}

/// Encodes `text`; `None` if it has a character that does not exist in the encoding.
pub fn encode(text: &str, encoding: Encoding) -> Option<Vec<u8>> {
    let chinese = match encoding {
        Encoding::Utf8 => return Some(text.as_bytes().to_vec()),
        Encoding::Utf16Le => return Some(text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        Encoding::Utf16Be => return Some(text.encode_utf16().flat_map(u16::to_be_bytes).collect()),
        Encoding::Gbk => GBK,
        Encoding::Gb18030 => GB18030,
    };
    let (bytes, _, lossy) = chinese.encode(text);
    (!lossy).then(|| bytes.into_owned())
}

impl Encoding {
    /// Its common name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Le => "UTF-16LE",
            Self::Utf16Be => "UTF-16BE",
            Self::Gbk => "GBK",
            Self::Gb18030 => "GB18030",
        }
    }
}

fn decode_utf16(bytes: &[u8], encoding: Encoding) -> Option<String> {
    let (pairs, []) = bytes.as_chunks::<2>() else { return None };
    let unit = if encoding == Encoding::Utf16Le { u16::from_le_bytes } else { u16::from_be_bytes };
    char::decode_utf16(pairs.iter().map(|&pair| unit(pair))).collect::<Result<String, _>>().ok()
}

/// Decodes a file that is detected as Chinese, if encoding restores the same bytes.
fn decode_chinese(bytes: &[u8]) -> Option<Decoded<'static>> {
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let guess = detector.guess(Some(b"cn"), chardetng::Utf8Detection::Deny);
    if guess != GBK && guess != GB18030 {
        return None;
    }
    [(GBK, Encoding::Gbk), (GB18030, Encoding::Gb18030)].into_iter().find_map(|(chinese, encoding)| {
        let text = chinese.decode_without_bom_handling_and_without_replacement(bytes)?.into_owned();
        let same = encode(&text, encoding).is_some_and(|again| again == bytes);
        same.then_some(Decoded { text: Cow::Owned(text), encoding })
    })
}

fn first_bad_byte(bytes: &[u8]) -> usize {
    std::str::from_utf8(bytes).map_or_else(|error| error.valid_up_to(), str::len)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comes_back_the_same() {
        let gbk = GBK.encode("标题：节后首个工作日，多所学校开工建设。").0;
        let gb18030 = GB18030.encode("标题：节后首个工作日，多所学校开工建设😀。").0;
        let cases: [(&[u8], Encoding); 6] = [
            (b"plain", Encoding::Utf8),
            (b"\xEF\xBB\xBFmark", Encoding::Utf8),
            (b"\xFF\xFEa\0\r\0\n\0", Encoding::Utf16Le),
            (b"\xFE\xFF\0a\0\r\0\n", Encoding::Utf16Be),
            (&gbk, Encoding::Gbk),
            (&gb18030, Encoding::Gb18030),
        ];
        for (bytes, encoding) in cases {
            let decoded = decode(bytes).unwrap();
            assert_eq!(decoded.encoding, encoding);
            assert_eq!(encode(&decoded.text, encoding).unwrap(), bytes);
        }
    }

    #[test]
    fn refuses_what_it_cannot_write_back() {
        let cases: [(&[u8], usize); 4] =
            [(b"a\xFFb", 1), (b"\xFF\xFEa", 0), (b"\xFF\xFE\x00\xD8", 0), (b"caf\xE9 au lait\n", 3)];
        for (bytes, at) in cases {
            assert_eq!(decode(bytes), Err(Undecodable { at }), "{bytes:?}");
        }
    }
}
