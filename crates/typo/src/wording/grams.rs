//! Finds, in one pass over a text, four characters that stand once and differ in one of them from
//! four that stand more often.
//!
//! Two small tables say for nearly all of the text that there is nothing: one holds the hash of each
//! four characters and whether they stand twice, the other is a bitmap of the hashes of those that do,
//! each with one character left out. What they let pass is compared character by character.

use crate::runs::Runs;
use std::collections::BTreeMap;

/// The characters of a phrase.
pub(crate) const GRAM: usize = 4;

/// Four characters that stand once, and four that stand more often and differ in one character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pair {
    /// The first character of the ones that stand once.
    pub(crate) odd: usize,
    /// The first character of the others, where they stand first.
    pub(crate) usual: usize,
    /// Which of the four differs.
    pub(crate) at: usize,
}

/// One odd number for each of the four; a phrase's hash is made of their products with its characters,
/// so that leaving one out is taking its product back.
const FACTORS: [u32; GRAM] = [0x9E37_79B1, 0x85EB_CA77, 0xC2B2_AE3D, 0x27D4_EB2F];
/// Spreads a hash over a table.
const SPREAD: u32 = 0x9E37_79B9;
/// The bits of a slot that are not the hash's.
const FLAGS: u32 = 0b111;
const TAKEN: u32 = 0b001;
const TWICE: u32 = 0b010;
const WANTED: u32 = 0b100;
/// A hash is looked for in so many slots; text that needs more was made for it.
const MOST_PROBES: usize = 64;
/// A place that is filled in more ways than this is open: 第*二十.
const MOST_FILLINGS: usize = 3;

/// The four-character phrases of a text.
pub(crate) struct Grams<'r> {
    runs: &'r Runs,
    /// By hash: 0, or a hash with flags.
    seen: Vec<u32>,
    /// For each character, where in `seen` the phrase is that begins with it.
    slots: Vec<u32>,
    /// For each phrase that stands more often, four times: its hash without one of its characters, and
    /// where it stands first.
    frequent: Vec<(u32, u32)>,
    /// Which hashes are in `frequent`.
    bitmap: Bitmap,
}

/// A phrase that stands once, without one of its characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Gap {
    hash: u32,
    start: u32,
    at: u8,
}

impl<'r> Grams<'r> {
    pub(crate) fn of(runs: &'r Runs) -> Self {
        let count = runs.codes.len();
        let mut grams = Self {
            runs,
            seen: vec![0; (2 * count).next_power_of_two().max(64)],
            slots: vec![0; count],
            frequent: Vec::new(),
            bitmap: Bitmap::new(64 * count),
        };
        for range in runs.ranges() {
            for start in range.start..range.end + 1 - GRAM {
                grams.add(start);
            }
        }
        grams
    }

    #[inline]
    fn add(&mut self, start: usize) {
        let hash = hash(&self.runs.codes, start);
        let mask = self.seen.len() - 1;
        let mut slot = spread(hash, self.seen.len());
        for _ in 0..MOST_PROBES {
            let found = self.seen[slot];
            if found == 0 {
                self.seen[slot] = hash | TAKEN;
                self.slots[start] = slot as u32;
                return;
            }
            if found & !FLAGS == hash {
                self.slots[start] = slot as u32;
                if found & TWICE == 0 {
                    self.seen[slot] |= TWICE;
                    self.note_frequent(hash, start);
                }
                return;
            }
            slot = (slot + 1) & mask;
        }
        self.slots[start] = slot as u32;
    }

    fn note_frequent(&mut self, hash: u32, start: usize) {
        for at in 0..GRAM {
            let hash = without(hash, &self.runs.codes, start, at);
            self.bitmap.set(hash);
            self.frequent.push((hash, start as u32));
        }
    }

    /// What stands once beside what stands more often.
    pub(crate) fn pairs(&self) -> Vec<Pair> {
        let gaps = self.gaps();
        let mut wanted = Bitmap::new(64 * gaps.len());
        gaps.iter().for_each(|gap| wanted.set(gap.hash));
        let mut pairs = Vec::new();
        for (hash, usual) in &self.frequent {
            if !wanted.has(*hash) {
                continue;
            }
            let first = gaps.partition_point(|gap| gap.hash < *hash);
            let same = gaps[first..].iter().take_while(|gap| gap.hash == *hash);
            // The phrases that fill the gap, this one aside.
            if same.clone().nth(MOST_FILLINGS).is_some() {
                continue;
            }
            let (usual, codes) = (*usual as usize, &self.runs.codes);
            pairs.extend(same.filter_map(|gap| {
                let (odd, at) = (gap.start as usize, gap.at as usize);
                let is_same = |index: usize| codes[odd + index] == codes[usual + index];
                let differs = (0..GRAM).all(|index| is_same(index) == (index != at));
                differs.then_some(Pair { odd, usual, at })
            }));
        }
        pairs.sort_unstable_by_key(|pair| (pair.odd, pair.at, pair.usual));
        let open = pairs.chunk_by(|a, b| (a.odd, a.at) == (b.odd, b.at));
        open.filter(|fillings| fillings.len() <= MOST_FILLINGS).flatten().copied().collect()
    }

    /// The phrases that stand once and may be like a frequent one, by the hash of what they have in
    /// common.
    fn gaps(&self) -> Vec<Gap> {
        let mut gaps = Vec::new();
        if self.frequent.is_empty() {
            return gaps;
        }
        for range in self.runs.ranges() {
            for start in range.start..range.end + 1 - GRAM {
                let slot = self.seen[self.slots[start] as usize];
                if slot & TWICE != 0 {
                    continue;
                }
                for at in 0..GRAM {
                    let hash = without(slot & !FLAGS, &self.runs.codes, start, at);
                    if self.bitmap.has(hash) {
                        gaps.push(Gap { hash, start: start as u32, at: at as u8 });
                    }
                }
            }
        }
        gaps.sort_unstable();
        gaps
    }

    /// Where each of these phrases stands, by where it stands first.
    pub(crate) fn places(&mut self, wanted: impl Iterator<Item = usize>) -> BTreeMap<usize, Vec<usize>> {
        let mut by_slot: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        let wanted: Vec<usize> = wanted.collect();
        for start in &wanted {
            by_slot.entry(self.slots[*start]).or_default();
            self.seen[self.slots[*start] as usize] |= WANTED;
        }
        for range in self.runs.ranges() {
            for start in range.start..range.end + 1 - GRAM {
                if self.seen[self.slots[start] as usize] & WANTED != 0 {
                    by_slot.entry(self.slots[start]).or_default().push(start);
                }
            }
        }
        let phrase = |start: usize| &self.runs.codes[start..start + GRAM];
        let places = wanted.into_iter().map(|start| {
            let all = by_slot[&self.slots[start]].iter().copied();
            (start, all.filter(|other| phrase(*other) == phrase(start)).collect())
        });
        places.collect()
    }
}

/// A set of hashes that is sometimes wrong about what is not in it.
struct Bitmap(Vec<u64>);

impl Bitmap {
    fn new(bits: usize) -> Self {
        Self(vec![0; bits.div_ceil(64).next_power_of_two()])
    }

    #[inline]
    fn place(&self, hash: u32) -> (usize, u64) {
        let bit = spread(hash, self.0.len() * 64);
        (bit / 64, 1 << (bit % 64))
    }

    fn set(&mut self, hash: u32) {
        let (word, bit) = self.place(hash);
        self.0[word] |= bit;
    }

    #[inline]
    fn has(&self, hash: u32) -> bool {
        let (word, bit) = self.place(hash);
        self.0[word] & bit != 0
    }
}

#[inline]
fn product(codes: &[u16], start: usize, at: usize) -> u32 {
    u32::from(codes[start + at]).wrapping_mul(FACTORS[at])
}

/// The hash of the four characters there, its last bits cleared.
#[inline]
fn hash(codes: &[u16], start: usize) -> u32 {
    (0..GRAM).fold(0, |hash, at| hash ^ product(codes, start, at)) & !FLAGS
}

/// The hash with one of the characters left out.
#[inline]
fn without(hash: u32, codes: &[u16], start: usize, at: usize) -> u32 {
    (hash ^ product(codes, start, at)) & !FLAGS
}

/// A place in a table whose length is a power of two.
#[inline]
fn spread(hash: u32, length: usize) -> usize {
    ((u64::from(hash.wrapping_mul(SPREAD)) * length as u64) >> 32) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(text: &str) -> Vec<(String, String, usize)> {
        let runs = Runs::of(text, GRAM);
        let phrase = |start: usize| text[runs.bytes(start..start + GRAM)].to_owned();
        let grams = Grams::of(&runs);
        grams.pairs().iter().map(|pair| (phrase(pair.odd), phrase(pair.usual), pair.at)).collect()
    }

    #[test]
    fn finds_what_stands_once_beside_what_stands_twice() {
        let text = "学校开工建设。项目开工建设，公园开个建设";
        assert_eq!(pairs(text), [("开个建设".to_owned(), "开工建设".to_owned(), 1)]);
        assert_eq!(pairs("学校开工建设。公园开个建设"), []);
        assert_eq!(pairs("开工建设。开工建设，开个建设。开个建设"), []);
        assert_eq!(pairs(""), []);
    }

    #[test]
    fn leaves_open_places_alone() {
        let text = "开工建设。开工建设，开甲建设。开乙建设。开丙建设。开丁建设";
        assert_eq!(pairs(text), []);
    }

    #[test]
    fn finds_all_places() {
        let text = "学校开工建设。项目开工建设，公园开个建设开工建设";
        let runs = Runs::of(text, GRAM);
        let mut grams = Grams::of(&runs);
        let usual = grams.pairs()[0].usual;
        let places = grams.places([usual].into_iter());
        assert_eq!(places[&usual], [2, 8, 18]);
    }
}
