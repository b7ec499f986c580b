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
        let mut found = Self::default();
        let mut at = 0;
        while let Some(start) = next_start(bytes, at) {
            let first = found.codes.len();
            at = start;
            while let Some(code) = character(bytes, at) {
                found.codes.push(code);
                at += WIDTH;
            }
            if found.codes.len() - first < shortest {
                found.codes.truncate(first);
                at = at.max(start + 1);
            } else {
                found.runs.push(Run { first: first as u32, byte: start as u32 });
            }
        }
        found
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
        if (0xE4..=0xE9).contains(bytes.get(at)?) {
            return Some(at);
        }
        at += 1;
    }
}

/// The Chinese character there: U+4E00 to U+9FFF.
#[inline]
fn character(bytes: &[u8], at: usize) -> Option<u16> {
    let [first, second, third] = *bytes.get(at..at + WIDTH)? else { return None };
    let code = (u16::from(first) << 12) | (u16::from(second & 0x3F) << 6) | u16::from(third & 0x3F);
    ((0xE4..=0xE9).contains(&first) && code >= 0x4E00).then_some(code)
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
