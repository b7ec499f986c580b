//! The runs of Chinese characters in a text.

use std::ops::Range;

/// The Chinese characters of a text, those of each run together.
#[derive(Debug, Default)]
pub(crate) struct Runs {
    /// The code points of all runs behind each other.
    pub(crate) codes: Vec<u16>,
    /// Ascending.
    runs: Vec<Run>,
}

/// Characters that stand together.
#[derive(Debug, Clone, Copy)]
struct Run {
    /// Its first character in `codes`.
    first: u32,
    /// Its first byte in the text.
    byte: u32,
}

/// The bytes of a Chinese character in UTF-8.
const WIDTH: usize = 3;

impl Runs {
    /// The runs of at least `shortest` characters.
    pub(crate) fn of(text: &str, shortest: usize) -> Self {
        let bytes = text.as_bytes();
        let mut codes = vec![0; bytes.len() / WIDTH];
        let mut runs = Vec::with_capacity(bytes.len() / 32);
        let (mut at, mut first) = (0, 0);
        while let Some(start) = next_start(bytes, at) {
            let mut length = 0;
            let characters = bytes[start..].chunks_exact(WIDTH);
            for (code, character) in codes[first..].iter_mut().zip(characters) {
                if !is_chinese(character) {
                    break;
                }
                *code = code_of(character);
                length += 1;
            }
            at = start + (length * WIDTH).max(1);
            if length >= shortest.max(1) {
                runs.push(Run { first: first as u32, byte: start as u32 });
                first += length;
            }
        }
        codes.truncate(first);
        Self { codes, runs }
    }

    /// Each run, as places in `codes`.
    pub(crate) fn ranges(&self) -> impl Iterator<Item = Range<usize>> {
        (0..self.runs.len()).map(|index| self.range(index))
    }

    /// The run that a character stands in.
    pub(crate) fn around(&self, place: usize) -> Range<usize> {
        self.range(self.index(place))
    }

    /// The bytes of characters of one run.
    pub(crate) fn bytes(&self, characters: Range<usize>) -> Range<usize> {
        let run = self.runs[self.index(characters.start)];
        let byte = |place: usize| run.byte as usize + (place - run.first as usize) * WIDTH;
        byte(characters.start)..byte(characters.end)
    }

    fn index(&self, place: usize) -> usize {
        self.runs.partition_point(|run| run.first as usize <= place) - 1
    }

    fn range(&self, index: usize) -> Range<usize> {
        let end = self.runs.get(index + 1).map_or(self.codes.len(), |next| next.first as usize);
        self.runs[index].first as usize..end
    }
}

/// Where the next byte stands that may begin a Chinese character.
fn next_start(bytes: &[u8], mut at: usize) -> Option<usize> {
    const ABOVE_ASCII: u64 = 0x8080_8080_8080_8080;
    loop {
        if let Some(chunk) = bytes.get(at..at + 8) {
            let word = u64::from_le_bytes(chunk.try_into().ok()?) & ABOVE_ASCII;
            if word == 0 {
                at += 8;
                continue;
            }
            at += word.trailing_zeros() as usize / 8;
        }
        match *bytes.get(at)? {
            0xE4..=0xE9 => return Some(at),
            // Punctuation, mostly.
            0xE0..0xF0 => at += WIDTH,
            _ => at += 1,
        }
    }
}

/// Whether three bytes at the start of a character are one from U+4E00 to U+9FFF.
#[inline]
fn is_chinese(bytes: &[u8]) -> bool {
    (0xE4B8..=0xE9BF).contains(&u16::from_be_bytes([bytes[0], bytes[1]]))
}

/// The code point that three bytes stand for.
#[inline]
fn code_of(bytes: &[u8]) -> u16 {
    (u16::from(bytes[0]) << 12) | (u16::from(bytes[1] & 0x3F) << 6) | u16::from(bytes[2] & 0x3F)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_runs() {
        let text = "a开工，x建设项目yy䶿一鿿龥犬ｚ 中文中文 é中文\u{4DB5}中文中文";
        let runs = Runs::of(text, 3);
        let found: Vec<&str> = runs.ranges().map(|range| &text[runs.bytes(range)]).collect();
        assert_eq!(found, ["建设项目", "一鿿龥犬", "中文中文", "中文中文"]);
        assert_eq!(runs.around(5), 4..8);
        assert_eq!(&text[runs.bytes(5..7)], "鿿龥");
        assert!(Runs::of("", 1).codes.is_empty() && Runs::of("中", 2).codes.is_empty());
    }
}
