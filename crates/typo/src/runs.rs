//! The runs of Chinese characters in a text, with repeated runs processed only once: posts repeat themselves a
//! lot, and findings in a run hold wherever it occurs. Also the words in Latin letters.

use crate::scan::{self, MOST_KEPT, Stretches};
use std::cell::RefCell;
use std::mem;
use std::ops::{Range, RangeInclusive};

/// Number of bytes of a Chinese character in UTF-8.
pub(crate) const WIDTH: usize = 3;
/// The first bytes of the characters from U+4000 to U+9FFF.
const FIRSTS: RangeInclusive<u8> = 0xE4..=0xE9;
/// Minimum length of a run in characters: no word is shorter.
const SHORTEST: u32 = 2;
/// Minimum length in bytes for detecting repeated runs; for shorter ones that costs more than reading them
/// again.
const SHORTEST_COMPARED: usize = 4 * WIDTH;
/// Maximum number of slots to probe for a run; if it is not found there, it is treated as new.
const MOST_PROBES: usize = 8;

/// Minimum and maximum length in bytes of words in Latin letters that are looked up.
pub const LENGTHS: RangeInclusive<usize> = 3..=24;
/// ORed with an uppercase letter, it gives the lowercase letter.
const SMALL: u8 = 0x20;
/// Minimum length in letters of words that are kept: "to to" is a mistake.
const SHORTEST_WORD: u32 = 2;

/// A text and its runs of at least two Chinese characters, from U+4000 to U+9FFF, and of Latin letters.
#[derive(Debug)]
pub struct Runs<'t> {
    pub(crate) text: &'t str,
    /// The code points of the distinct runs, in the order of their first occurrence, each run followed by a
    /// zero.
    pub(crate) codes: Vec<u16>,
    pub(crate) different: Vec<ChineseRun>,
    /// The index of a distinct run, and the byte offset of another occurrence of it.
    repeats: Vec<(u32, u32)>,
    /// The runs of ASCII letters that are long enough to be looked up.
    pub(crate) words: Stretches<1, SHORTEST_WORD>,
}

/// The first occurrence of a run.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ChineseRun {
    /// Its byte offset.
    pub(crate) start: u32,
    /// The range of its code points.
    pub(crate) codes: (u32, u32),
    /// Whether it occurs more than once.
    pub(crate) again: bool,
}

impl ChineseRun {
    /// Its length in characters.
    pub(crate) fn length(self) -> usize {
        (self.codes.1 - self.codes.0) as usize
    }

    /// Its byte range.
    pub(crate) fn range(self) -> Range<usize> {
        self.start as usize..self.start as usize + self.length() * WIDTH
    }
}

impl<'t> Runs<'t> {
    /// The runs of a text, up to four gigabytes; the rest is ignored.
    pub fn of(text: &'t str) -> Self {
        let Memory { mut table, mut chinese, codes, different, repeats, words } = MEMORY.take();
        let bytes = text.as_bytes();
        clear(&mut table.slots, bytes.len() / 16);
        let mut runs = Self { text, codes, different, repeats, words };
        // Finding all runs before processing any is faster, since branch prediction works better in two loops.
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
        if run.len() >= SHORTEST_COMPARED {
            let same = |index: u32| are_same(&bytes[self.different[index as usize].range()], run);
            if let Some(index) = table.find_or_add(run, self.different.len() as u32, same) {
                self.different[index as usize].again = true;
                self.repeats.push((index, range.start as u32));
                return;
            }
        }
        let first = self.codes.len() as u32;
        self.codes.extend(run.as_chunks::<WIDTH>().0.iter().map(|bytes| code(bytes)));
        let codes = (first, self.codes.len() as u32);
        self.codes.push(0);
        self.different.push(ChineseRun { start: range.start as u32, codes, again: false });
    }

    /// The index of the run that contains a code point.
    pub(crate) fn run_at(&self, code: usize) -> usize {
        self.different.partition_point(|run| run.codes.0 as usize <= code).saturating_sub(1)
    }

    /// The byte offset of a code point.
    pub(crate) fn byte_of(&self, code: usize) -> usize {
        let run = self.different[self.run_at(code)];
        run.start as usize + (code - run.codes.0 as usize) * WIDTH
    }

    /// The repeated occurrences of runs.
    pub(crate) fn repeats(&self) -> Repeats {
        let mut repeats = self.repeats.clone();
        repeats.sort_unstable();
        Repeats(repeats)
    }
}

/// Repeated occurrences of runs, sorted: the index of the run and the byte offset of the occurrence.
pub(crate) struct Repeats(Vec<(u32, u32)>);

impl Repeats {
    /// The byte offsets of the repeated occurrences of a run.
    pub(crate) fn of(&self, run: u32) -> impl Iterator<Item = u32> {
        let same = self.0[self.0.partition_point(|repeat| repeat.0 < run)..].iter();
        same.take_while(move |repeat| repeat.0 == run).map(|repeat| repeat.1)
    }
}

/// The bits of a slot that come from the hash.
const TAG: u64 = 0xFFFF_FFFF_0000_0000;

thread_local! {
    static MEMORY: RefCell<Memory> = RefCell::default();
}

/// The buffers for a text's runs, kept empty for the next text.
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
        // The thread-local is gone when the thread ends.
        let _ = MEMORY.try_with(|memory| {
            let mut memory = memory.borrow_mut();
            memory.codes = mem::take(&mut self.codes);
            memory.different = mem::take(&mut self.different);
            memory.repeats = mem::take(&mut self.repeats);
            mem::swap(&mut memory.words, &mut self.words);
        });
    }
}

/// A hash table of the runs seen so far.
#[derive(Default)]
struct RunTable {
    /// Zero, or the upper bits of a run's hash with its index plus one.
    slots: Vec<u64>,
}

impl RunTable {
    /// The index of an equal run seen before; otherwise this run is stored with its index.
    #[inline]
    fn find_or_add(&mut self, run: &[u8], index: u32, same: impl Fn(u32) -> bool) -> Option<u32> {
        let hash = hash(run);
        let (tag, mask) = (hash & TAG, self.slots.len() - 1);
        let first = (hash >> 32) as usize;
        for slot in first..first + MOST_PROBES {
            let Some(kept) = self.slots[slot & mask].checked_sub(1) else {
                self.slots[slot & mask] = tag | (u64::from(index) + 1);
                return None;
            };
            if kept & TAG == tag && same(kept as u32) {
                return Some(kept as u32);
            }
        }
        None
    }
}

/// Resizes a list to a power of two of at least `least` and 2, filled with zeros.
pub(crate) fn clear<T: Clone + Default>(list: &mut Vec<T>, least: usize) {
    list.clear();
    list.resize(least.next_power_of_two().max(2), T::default());
}

/// Whether two runs of at least the minimum length are equal, without a function call for a few bytes.
#[inline]
fn are_same(a: &[u8], b: &[u8]) -> bool {
    let (eights, others) = (a.as_chunks::<8>().0, b.as_chunks::<8>().0);
    let whole = |eight: &[u8; 8]| u64::from_le_bytes(*eight);
    let same_eights = || eights.iter().zip(others).all(|(left, right)| whole(left) == whole(right));
    a.len() == b.len() && a.last_chunk::<8>() == b.last_chunk() && same_eights()
}

/// A hash of a run's length and its first and last eight bytes.
#[inline]
fn hash(run: &[u8]) -> u64 {
    let eight = |eight: Option<&[u8; 8]>| u64::from_le_bytes(eight.copied().unwrap_or_default());
    let first = eight(run.first_chunk()).wrapping_add(run.len() as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (first ^ eight(run.last_chunk())).wrapping_mul(0xC2B2_AE3D_27D4_EB4F)
}

/// The code point of a character of three bytes.
#[inline]
pub(crate) fn code(bytes: &[u8]) -> u16 {
    // The marker bits of the second and third byte, shifted to their places.
    const MARKS: u16 = 0x80 << 6 ^ 0x80;
    u16::from(bytes[0]) << 12 ^ u16::from(bytes[1]) << 6 ^ u16::from(bytes[2]) ^ MARKS
}

/// Whether a byte is the first byte of a Chinese character.
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
