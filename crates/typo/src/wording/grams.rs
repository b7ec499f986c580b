//! Finds, in one pass over a text, four characters that stand once and differ in one of them from
//! four that stand more often.
//!
//! A table says where each four characters stand first. Two small bitmaps, of the phrases that stand more
//! often and of those that stand once, each with one character left out, tell for nearly all of the
//! text that there is nothing.

use crate::scan::next_above_ascii;
use std::collections::BTreeMap;
use std::ops::Range;

/// The bytes of a Chinese character in UTF-8.
pub(crate) const WIDTH: usize = 3;
/// The characters of a phrase.
const GRAM: usize = 4;
/// Its bytes.
const BYTES: usize = GRAM * WIDTH;

/// Four characters that stand once, and four that stand more often and differ in one character.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Pair {
    /// The first byte of the ones that stand once.
    odd: usize,
    /// Which of the four differs.
    at: usize,
    /// The first byte of the others, where they stand first.
    usual: usize,
}

impl Pair {
    /// The bytes of the phrase that stands once.
    pub(crate) fn odd(self) -> Range<usize> {
        self.odd..self.odd + BYTES
    }

    /// The bytes of the one that stands more often, where it stands first.
    pub(crate) fn usual(self) -> Range<usize> {
        self.usual..self.usual + BYTES
    }

    /// The first byte of the character that differs in what stands once.
    pub(crate) fn odd_character(self) -> usize {
        self.odd + self.at * WIDTH
    }

    /// The first byte of the one that stands there more often.
    pub(crate) fn usual_character(self) -> usize {
        self.usual + self.at * WIDTH
    }
}

/// A phrase's code points, the first one in the lowest bits; one that is left out is zero.
type Phrase = u64;

/// A phrase is looked for in so many slots; text that needs more was made for it.
const MOST_PROBES: usize = 64;
/// A place that is filled in more ways than this is open: 第*二十.
const MOST_FILLINGS: usize = 3;

/// A phrase and its first byte where it stands first.
type Placed = (Phrase, u32);

/// A phrase without one of its characters, which one that is, and the phrase's first byte.
type Gap = (Phrase, usize, u32);

/// What stands once in a text beside what stands more often, in order.
pub(crate) fn pairs(text: &str) -> Vec<Pair> {
    let [once, frequent] = phrases(text);
    // The larger part is asked for what the smaller one has, and then the other way around.
    let (mut odd, usual) = if once.len() < frequent.len() {
        let usual = gaps(&frequent, &Bitmap::of_phrases(&once));
        (gaps(&once, &Bitmap::of_gaps(&usual)), usual)
    } else {
        let odd = gaps(&once, &Bitmap::of_phrases(&frequent));
        let usual = gaps(&frequent, &Bitmap::of_gaps(&odd));
        (odd, usual)
    };
    odd.sort_unstable();
    let mut pairs = Vec::new();
    for (gap, at, usual) in usual {
        let same = &odd[odd.partition_point(|(other, ..)| *other < gap)..];
        let same = same.iter().take_while(|(other, ..)| *other == gap);
        if same.clone().nth(MOST_FILLINGS).is_none() {
            pairs.extend(same.map(|(.., odd)| Pair { odd: *odd as usize, at, usual: usual as usize }));
        }
    }
    pairs.sort_unstable();
    let open = pairs.chunk_by(|a, b| (a.odd, a.at) == (b.odd, b.at));
    open.filter(|fillings| fillings.len() <= MOST_FILLINGS).flatten().copied().collect()
}

/// Where a phrase stands.
#[derive(Debug, Default)]
pub(crate) struct Places {
    pub(crate) times: usize,
    /// The bytes of the first ones.
    pub(crate) first: Vec<Range<usize>>,
}

/// Where each of these phrases stands in a text, with so many of the places told.
pub(crate) fn places<'t>(
    text: &str,
    wanted: impl Iterator<Item = &'t str>,
    most: usize,
) -> BTreeMap<&'t [u8], Places> {
    let mut places: BTreeMap<&[u8], Places> =
        wanted.map(|phrase| (phrase.as_bytes(), Places::default())).collect();
    // A bit for the first bits of each one's hash, so that most of the text is passed over.
    let bit = |bytes: &[u8; BYTES]| 1_u64 << (hash_of(bytes) >> 58);
    let bits = places.keys().filter_map(|bytes| bytes.first_chunk()).fold(0, |bits, bytes| bits | bit(bytes));
    each_phrase(text, |start, bytes| {
        if bits & bit(bytes) != 0
            && let Some(places) = places.get_mut(&bytes[..])
        {
            places.times += 1;
            places.first.extend((places.first.len() < most).then_some(start..start + BYTES));
        }
    });
    places
}

/// The phrases of a text: those that stand once, and those that stand more often.
fn phrases(text: &str) -> [Vec<Placed>; 2] {
    // A slot is zero, or the first byte of a phrase plus one, and in the last bit whether it stands again.
    let mut table = vec![0_u32; (text.len() / 2).next_power_of_two().max(64)];
    let shift = 64 - table.len().trailing_zeros();
    let mut slots: Vec<u32> = Vec::with_capacity(text.len() / BYTES);
    let bytes = text.as_bytes();
    // Slots have no room for more.
    let text = &text[..text.floor_char_boundary(u32::MAX as usize / 2 - 1)];
    each_phrase(text, |start, phrase| {
        let mut place = (hash_of(phrase) >> shift) as usize;
        for _ in 0..MOST_PROBES {
            let slot = table[place];
            if slot == 0 {
                table[place] = (start as u32 + 1) << 1;
                slots.push(place as u32);
                return;
            }
            let earlier = (slot >> 1) as usize - 1;
            if bytes[earlier..].first_chunk() == Some(phrase) {
                table[place] = slot | 1;
                return;
            }
            place = (place + 1) & (table.len() - 1);
        }
    });
    let mut parts = [Vec::with_capacity(slots.len()), Vec::with_capacity(slots.len())];
    for slot in slots {
        let slot = table[slot as usize];
        let start = (slot >> 1) - 1;
        let bytes = bytes[start as usize..].first_chunk();
        parts[(slot & 1) as usize].extend(bytes.map(|bytes| (phrase(bytes), start)));
    }
    parts
}

/// Calls `found` with each four Chinese characters of a text and their first byte.
#[inline]
fn each_phrase(text: &str, mut found: impl FnMut(usize, &[u8; BYTES])) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(start) = next_start(bytes, at) {
        at = start;
        while bytes.get(at..at + 2).is_some_and(|pair| is_chinese([pair[0], pair[1]])) {
            at += WIDTH;
            if at >= start + BYTES
                && let Some(phrase) = bytes[at - BYTES..].first_chunk()
            {
                found(at - BYTES, phrase);
            }
        }
        at = at.max(start + 1);
    }
}

/// The Chinese characters around one that begins at this byte, so many before and after it at most.
pub(crate) fn around(text: &str, at: usize, most: usize) -> Range<usize> {
    let bytes = text.as_bytes();
    let is_character = |start: usize| {
        text.is_char_boundary(start)
            && bytes[start..].first_chunk().is_some_and(|pair: &[u8; 2]| is_chinese(*pair))
    };
    let (mut start, mut end) = (at, at + WIDTH);
    for _ in 0..most {
        start -= if start >= WIDTH && is_character(start - WIDTH) { WIDTH } else { 0 };
        end += if is_character(end) { WIDTH } else { 0 };
    }
    start..end
}

/// Where the next byte stands that may begin a Chinese character.
#[inline]
fn next_start(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        at = next_above_ascii(bytes, at)?;
        match bytes[at] {
            0xE4..=0xE9 => return Some(at),
            // Punctuation, mostly.
            0xE0..0xF0 => at += WIDTH,
            _ => at += 1,
        }
    }
}

/// Whether the bytes at the start of a character say that it is one from U+4E00 to U+9FFF.
#[inline]
fn is_chinese(pair: [u8; 2]) -> bool {
    (0xE4B8..=0xE9BF).contains(&u16::from_be_bytes(pair))
}

/// The code point of a character of three bytes.
#[inline]
pub(crate) fn code(bytes: &[u8]) -> u16 {
    (u16::from(bytes[0]) << 12) | (u16::from(bytes[1] & 0x3F) << 6) | u16::from(bytes[2] & 0x3F)
}

/// A phrase from its bytes.
#[inline]
fn phrase(bytes: &[u8; BYTES]) -> Phrase {
    let code = |at: usize| u64::from(code(&bytes[at * WIDTH..])) << (16 * at);
    code(0) | code(1) | code(2) | code(3)
}

/// The hash of a phrase as it is written.
#[inline]
fn hash_of(phrase: &[u8; BYTES]) -> u64 {
    let [a, b, c, d, e, f, g, h, rest @ ..] = *phrase;
    let first = u64::from_le_bytes([a, b, c, d, e, f, g, h]);
    (first ^ u64::from(u32::from_le_bytes(rest)).rotate_left(32)).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// The gaps of phrases that are among the others'.
fn gaps(phrases: &[Placed], others: &Bitmap) -> Vec<Gap> {
    let mut gaps = Vec::new();
    for (phrase, start) in phrases {
        let found: [bool; GRAM] = std::array::from_fn(|at| others.has(with_gap(*phrase, at)));
        if found != [false; GRAM] {
            let found = (0..GRAM).filter(|at| found[*at]);
            gaps.extend(found.map(|at| (with_gap(*phrase, at), at, *start)));
        }
    }
    gaps
}

/// The phrase with one of its characters left out.
#[inline]
fn with_gap(phrase: Phrase, at: usize) -> Phrase {
    phrase & !(0xFFFF << (16 * at))
}

/// A number whose first bits say where a phrase is in a list.
#[inline]
fn hash(phrase: Phrase) -> u64 {
    phrase.wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// A set of phrases that is sometimes wrong about what is not in it.
struct Bitmap {
    words: Vec<u64>,
    /// So many of a hash's bits are too many to say which bit it is.
    shift: u32,
}

impl Bitmap {
    /// Each phrase with each of its characters left out in turn.
    fn of_phrases(phrases: &[Placed]) -> Self {
        let gaps = phrases.iter().flat_map(|(phrase, _)| (0..GRAM).map(|at| with_gap(*phrase, at)));
        Self::of(GRAM * phrases.len(), gaps)
    }

    fn of_gaps(gaps: &[Gap]) -> Self {
        Self::of(gaps.len(), gaps.iter().map(|(gap, ..)| *gap))
    }

    /// One that is right mostly of so many phrases with a gap.
    fn of(count: usize, gaps: impl Iterator<Item = Phrase>) -> Self {
        let words = count.next_power_of_two().max(2);
        let mut bitmap = Self { words: vec![0; words], shift: 64 - 6 - words.trailing_zeros() };
        gaps.for_each(|gap| {
            let (word, bit) = bitmap.place(gap);
            bitmap.words[word] |= bit;
        });
        bitmap
    }

    #[inline]
    fn place(&self, phrase: Phrase) -> (usize, u64) {
        let bit = hash(phrase) >> self.shift;
        ((bit / 64) as usize, 1 << (bit % 64))
    }

    #[inline]
    fn has(&self, phrase: Phrase) -> bool {
        let (word, bit) = self.place(phrase);
        self.words[word] & bit != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(&str, &str, usize)> {
        pairs(text).iter().map(|pair| (&text[pair.odd()], &text[pair.usual()], pair.at)).collect()
    }

    #[test]
    fn finds_what_stands_once_beside_what_stands_twice() {
        let text = "学校开工建设。项目开工建设，公园开个建设";
        assert_eq!(found(text), [("开个建设", "开工建设", 1)]);
        assert_eq!(found("学校开工建设。公园开个建设"), []);
        assert_eq!(found("开工建设。开工建设，开个建设。开个建设"), []);
        assert_eq!(found(""), []);
    }

    #[test]
    fn leaves_open_places_alone() {
        let text = "开工建设。开工建设，开甲建设。开乙建设。开丙建设。开丁建设";
        assert_eq!(found(text), []);
    }

    #[test]
    fn finds_all_places() {
        let text = "学校开工建设。项目开工建设，公园开个建设开工建设";
        let places = &places(text, ["开工建设"].into_iter(), 2)["开工建设".as_bytes()];
        assert_eq!((places.times, &places.first[..]), (3, &[6..18, 27..39][..]));
    }

    #[test]
    fn reads_runs_of_chinese() {
        let text = "a开工，x建设项目yy䶿一鿿龥犬ｚ 中文中文 é中文\u{4DB5}中文中";
        let mut read = Vec::new();
        each_phrase(text, |start, phrase| {
            assert_eq!(text.as_bytes()[start..].first_chunk(), Some(phrase));
            read.push(&text[start..start + BYTES]);
        });
        assert_eq!(read, ["建设项目", "一鿿龥犬", "中文中文"]);
        let at = text.find('项').unwrap();
        assert_eq!(&text[around(text, at, 1)], "设项目");
        assert_eq!(&text[around(text, at, 9)], "建设项目");
        assert_eq!(around("项", 0, 9), 0..3);
    }
}
