//! The runs of Chinese characters in a text, each different one read once: posts say the same again and
//! again, and what is known of a run holds wherever it stands. And its words of Latin letters.

use crate::scan::{self, MOST_KEPT, Stretches};
use std::cell::RefCell;
use std::mem;
use std::ops::{Range, RangeInclusive};

/// The bytes of a Chinese character in UTF-8.
pub(crate) const WIDTH: usize = 3;
/// Their first bytes, those of the characters from U+4000 to U+9FFF.
const FIRSTS: RangeInclusive<u8> = 0xE4..=0xE9;
/// The characters of the shortest run that is kept: no word has fewer than two.
const SHORTEST: u32 = 2;
/// Shorter runs are not told apart, as that costs more than to read them again; in bytes.
const SHORTEST_TOLD: usize = 4 * WIDTH;
/// A run is looked for in so many slots; what is not found there is taken for a new one.
const MOST_PROBES: usize = 8;

/// The shortest and the longest words of Latin letters that are looked up, in bytes.
pub const LENGTHS: RangeInclusive<usize> = 4..=24;
/// Joined with a capital letter, it makes it small.
const SMALL: u8 = 0x20;
/// The letters of the shortest word that is kept.
const SHORTEST_WORD: u32 = *LENGTHS.start() as u32;

/// A text and its runs of two and more Chinese characters, from U+4000 to U+9FFF, and of Latin letters.
#[derive(Debug)]
pub struct Runs<'t> {
    pub(crate) text: &'t str,
    /// The code points of the different runs, in the order in which they stand first, a zero behind each.
    pub(crate) codes: Vec<u16>,
    pub(crate) different: Vec<ChineseRun>,
    /// A different run's place, and the first byte of one that is the same.
    repeats: Vec<(u32, u32)>,
    /// The runs of so many ASCII letters and more as one that is looked up has at least.
    pub(crate) words: Stretches<1, SHORTEST_WORD>,
}

/// A run where it stands first.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ChineseRun {
    /// Its first byte.
    pub(crate) start: u32,
    /// Where its code points begin and end.
    pub(crate) codes: (u32, u32),
    /// Whether it stands more than once.
    pub(crate) again: bool,
}

impl ChineseRun {
    /// How many characters it has.
    pub(crate) fn length(self) -> usize {
        (self.codes.1 - self.codes.0) as usize
    }

    /// Its bytes.
    pub(crate) fn range(self) -> Range<usize> {
        self.start as usize..self.start as usize + self.length() * WIDTH
    }
}

impl<'t> Runs<'t> {
    /// Those of this text; behind its first four gigabytes there are none.
    pub fn of(text: &'t str) -> Self {
        let Memory { mut table, mut chinese, codes, different, repeats, words } = MEMORY.take();
        let bytes = text.as_bytes();
        clear(&mut table.slots, bytes.len() / 16);
        let mut runs = Self { text, codes, different, repeats, words };
        // To find them all before looking at one is faster: the two loops guess better.
        scan::find(text, &mut chinese, &mut runs.words);
        chinese.iter().for_each(|(start, end)| runs.add(bytes, start..end, &mut table));
        if bytes.len() <= MOST_KEPT {
            MEMORY.with_borrow_mut(|memory| (memory.table, memory.chinese) = (table, chinese));
        }
        runs
    }

    #[inline]
    fn add(&mut self, bytes: &[u8], range: Range<usize>, table: &mut RunTable) {
        let run = &bytes[range.clone()];
        if run.len() >= SHORTEST_TOLD {
            let same = |place: u32| are_same(&bytes[self.different[place as usize].range()], run);
            if let Some(place) = table.find_or_add(run, self.different.len() as u32, same) {
                self.different[place as usize].again = true;
                self.repeats.push((place, range.start as u32));
                return;
            }
        }
        let first = self.codes.len() as u32;
        self.codes.extend(run.as_chunks::<WIDTH>().0.iter().map(|bytes| code(bytes)));
        let codes = (first, self.codes.len() as u32);
        self.codes.push(0);
        self.different.push(ChineseRun { start: range.start as u32, codes, again: false });
    }

    /// The run that a code point is in.
    pub(crate) fn run_at(&self, code: usize) -> usize {
        self.different.partition_point(|run| run.codes.0 as usize <= code).saturating_sub(1)
    }

    /// The first byte of a code point.
    pub(crate) fn byte_of(&self, code: usize) -> usize {
        let run = self.different[self.run_at(code)];
        run.start as usize + (code - run.codes.0 as usize) * WIDTH
    }

    /// The runs that are the same as one that stands before them.
    pub(crate) fn repeats(&self) -> Repeats {
        let mut repeats = self.repeats.clone();
        repeats.sort_unstable();
        Repeats(repeats)
    }
}

/// Runs that are the same as one before them: the place of that one, and their own first byte, in order.
pub(crate) struct Repeats(Vec<(u32, u32)>);

impl Repeats {
    /// The first bytes of those that are the same as this one.
    pub(crate) fn of(&self, place: u32) -> impl Iterator<Item = u32> {
        let same = self.0[self.0.partition_point(|repeat| repeat.0 < place)..].iter();
        same.take_while(move |repeat| repeat.0 == place).map(|repeat| repeat.1)
    }
}

/// The part of a slot that is of the hash.
const TAG: u64 = 0xFFFF_FFFF_0000_0000;

thread_local! {
    static MEMORY: RefCell<Memory> = RefCell::default();
}

/// What a text's runs need, kept empty for the next text.
struct Memory {
    table: RunTable,
    chinese: Stretches<{ WIDTH as u32 }, SHORTEST>,
    codes: Vec<u16>,
    different: Vec<ChineseRun>,
    repeats: Vec<(u32, u32)>,
    words: Stretches<1, SHORTEST_WORD>,
}

impl Default for Memory {
    fn default() -> Self {
        let chinese = Stretches::of(0, FIRSTS);
        let words = Stretches::of(SMALL, b'a'..=b'z');
        let (codes, different, repeats) = Default::default();
        Self { table: RunTable::default(), chinese, codes, different, repeats, words }
    }
}

impl Drop for Runs<'_> {
    fn drop(&mut self) {
        if self.text.len() > MOST_KEPT {
            return;
        }
        self.codes.clear();
        self.different.clear();
        self.repeats.clear();
        // It is gone where the thread comes to its end.
        let _ = MEMORY.try_with(|memory| {
            let mut memory = memory.borrow_mut();
            memory.codes = mem::take(&mut self.codes);
            memory.different = mem::take(&mut self.different);
            memory.repeats = mem::take(&mut self.repeats);
            mem::swap(&mut memory.words, &mut self.words);
        });
    }
}

/// Where runs stand that were seen.
#[derive(Default)]
struct RunTable {
    /// Zero, or a run's hash and its place plus one.
    slots: Vec<u64>,
}

impl RunTable {
    /// The place of the same run that was seen, or this one is kept with its place.
    #[inline]
    fn find_or_add(&mut self, run: &[u8], place: u32, same: impl Fn(u32) -> bool) -> Option<u32> {
        let hash = hash(run);
        let (tag, mask) = (hash & TAG, self.slots.len() - 1);
        let first = (hash >> 32) as usize;
        for slot in first..first + MOST_PROBES {
            let Some(kept) = self.slots[slot & mask].checked_sub(1) else {
                self.slots[slot & mask] = tag | (u64::from(place) + 1);
                return None;
            };
            if kept & TAG == tag && same(kept as u32) {
                return Some(kept as u32);
            }
        }
        None
    }
}

/// Fills a list with zeros, a power of two and at least two and so many.
pub(crate) fn clear<T: Clone + Default>(list: &mut Vec<T>, least: usize) {
    list.clear();
    list.resize(least.next_power_of_two().max(2), T::default());
}

/// Whether two runs that are long enough to be told apart are the same, without a call for a few bytes.
#[inline]
fn are_same(a: &[u8], b: &[u8]) -> bool {
    let (eights, others) = (a.as_chunks::<8>().0, b.as_chunks::<8>().0);
    let whole = |eight: &[u8; 8]| u64::from_le_bytes(*eight);
    let same_eights = || eights.iter().zip(others).all(|(one, other)| whole(one) == whole(other));
    a.len() == b.len() && a.last_chunk::<8>() == b.last_chunk() && same_eights()
}

/// A hash of a run's first and last characters.
#[inline]
fn hash(run: &[u8]) -> u64 {
    let eight = |eight: Option<&[u8; 8]>| u64::from_le_bytes(eight.copied().unwrap_or_default());
    let first = eight(run.first_chunk()).wrapping_add(run.len() as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (first ^ eight(run.last_chunk())).wrapping_mul(0xC2B2_AE3D_27D4_EB4F)
}

/// The code point of a character of three bytes.
#[inline]
pub(crate) fn code(bytes: &[u8]) -> u16 {
    // The marks of the second and third byte, where they come to lie.
    const MARKS: u16 = 0x80 << 6 ^ 0x80;
    u16::from(bytes[0]) << 12 ^ u16::from(bytes[1]) << 6 ^ u16::from(bytes[2]) ^ MARKS
}

/// Whether this is the first byte of a Chinese character.
#[inline]
pub(crate) fn is_first(byte: u8) -> bool {
    FIRSTS.contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_runs_apart() {
        let text = "abcd开工，x建设项目word䶿一鿿龥犬ｚ 建设项目 é\u{3}中文\u{4DB5}中文中。开工x word中";
        let runs = Runs::of(text);
        let different: Vec<(&str, bool)> =
            runs.different.iter().map(|run| (&text[run.range()], run.again)).collect();
        let expected = ["开工", "建设项目", "䶿一鿿龥犬", "中文\u{4DB5}中文中", "开工"];
        assert_eq!(different, expected.map(|run| (run, run == "建设项目")));
        assert_eq!(runs.repeats().0, [(1, text.rfind("建设项目").unwrap() as u32)]);
        let codes: String = runs.codes.iter().map(|code| char::from_u32(u32::from(*code)).unwrap()).collect();
        assert_eq!(codes, expected.map(|run| run.to_owned() + "\0").concat());
        for (at, code) in codes.chars().enumerate().filter(|(_, code)| *code != '\0') {
            assert!(text[runs.byte_of(at)..].starts_with(code));
        }
        assert!(Runs::of("").codes.is_empty());
    }
}
