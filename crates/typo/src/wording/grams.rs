//! Finds, in one pass over a text, four characters that stand once and differ in one of them from
//! four that stand more often.
//!
//! Four characters are one number of 64 bits. A table says where each such number stands first; where a
//! text repeats itself, the earlier place is followed along instead. Two small bitmaps, of the phrases
//! that stand more often and of those that stand once, each with one character left out, tell for
//! nearly all of the text that there is nothing.

use crate::runs::Runs;
use std::collections::BTreeMap;
use std::ops::Range;

/// The characters of a phrase.
pub(crate) const GRAM: usize = 4;

/// Four characters that stand once, and four that stand more often and differ in one character.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Pair {
    /// The first character of the ones that stand once.
    pub(crate) odd: usize,
    /// Which of the four differs.
    pub(crate) at: usize,
    /// The first character of the others, where they stand first.
    pub(crate) usual: usize,
}

impl Pair {
    /// Where the phrase is that stands once.
    pub(crate) fn range(self) -> Range<usize> {
        self.odd..self.odd + GRAM
    }

    pub(crate) fn odd_character(self) -> usize {
        self.odd + self.at
    }

    pub(crate) fn usual_character(self) -> usize {
        self.usual + self.at
    }
}

/// A phrase's code points, the first one in the lowest bits; one that is left out is zero.
type Phrase = u64;

/// A phrase is looked for in so many slots; text that needs more was made for it.
const MOST_PROBES: usize = 64;
/// A place that is filled in more ways than this is open: 第*二十.
const MOST_FILLINGS: usize = 3;
/// No phrase begins here: the run ends too soon.
const NONE: u32 = u32::MAX;

/// The four-character phrases of a text.
pub(crate) struct Grams<'r> {
    codes: &'r [u16],
    /// For each character, where the phrase that begins with it stands first.
    first: Vec<u32>,
    /// All phrases and where they stand first, in order.
    all: Vec<(Phrase, u32)>,
    /// Whether the phrase that stands here first stands again.
    twice: Vec<bool>,
}

impl<'r> Grams<'r> {
    pub(crate) fn of(runs: &'r Runs) -> Self {
        let count = runs.codes.len();
        let mut grams = Self {
            codes: &runs.codes,
            first: vec![NONE; count],
            all: Vec::with_capacity(count),
            twice: vec![false; count],
        };
        let mut table = Table(vec![0; (2 * count).next_power_of_two().max(64)]);
        for run in runs.ranges() {
            grams.add(run, &mut table);
        }
        grams
    }

    fn add(&mut self, run: Range<usize>, table: &mut Table) {
        let end = run.end + 1 - GRAM;
        let mut at = run.start;
        while at < end {
            let phrase = phrase(self.codes, at);
            let mut earlier = table.first(self.codes, at, phrase);
            self.first[at] = earlier as u32;
            at += 1;
            if earlier + 1 == at {
                self.all.push((phrase, earlier as u32));
                continue;
            }
            self.twice[earlier] = true;
            // The earlier place is followed as long as it goes on in the same way.
            while at < end && self.codes[earlier + GRAM] == self.codes[at + GRAM - 1] {
                let next = self.first[earlier + 1];
                if next == NONE {
                    break;
                }
                earlier = next as usize;
                self.first[at] = next;
                self.twice[earlier] = true;
                at += 1;
            }
        }
    }

    /// What stands once beside what stands more often, in order.
    pub(crate) fn pairs(&self) -> Vec<Pair> {
        let mut parts = [Vec::with_capacity(self.all.len()), Vec::with_capacity(self.all.len())];
        for (phrase, start) in &self.all {
            parts[usize::from(self.twice[*start as usize])].push((*phrase, *start));
        }
        let [once, frequent] = parts;
        // The larger part is asked for what the smaller one has, and then the other way around.
        let (mut odd, usual) = if once.len() < frequent.len() {
            let usual = gaps(&frequent, &bitmap(&once));
            (gaps(&once, &bitmap_of(&usual)), usual)
        } else {
            let odd = gaps(&once, &bitmap(&frequent));
            let usual = gaps(&frequent, &bitmap_of(&odd));
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

    /// Where each of these phrases stands, by where it stands first.
    pub(crate) fn places(&self, wanted: impl Iterator<Item = usize>, most: usize) -> BTreeMap<usize, Places> {
        let mut places: BTreeMap<usize, Places> = wanted.map(|first| (first, Places::default())).collect();
        for (start, first) in self.first.iter().enumerate() {
            if let Some(places) = places.get_mut(&(*first as usize)) {
                places.times += 1;
                places.first.extend((places.first.len() < most).then_some(start));
            }
        }
        places
    }
}

/// Where a phrase stands.
#[derive(Debug, Default)]
pub(crate) struct Places {
    pub(crate) times: usize,
    /// The first ones.
    pub(crate) first: Vec<usize>,
}

/// These phrases, each of its characters left out in turn.
fn bitmap(phrases: &[(Phrase, u32)]) -> Bitmap {
    let mut bitmap = Bitmap::new(GRAM * phrases.len());
    for (phrase, _) in phrases {
        (0..GRAM).for_each(|at| bitmap.set(with_gap(*phrase, at)));
    }
    bitmap
}

/// Those of the phrases that are among the others with a gap: so, where the gap is, and where they stand.
fn gaps(phrases: &[(Phrase, u32)], others: &Bitmap) -> Vec<(Phrase, usize, u32)> {
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

fn bitmap_of(gaps: &[(Phrase, usize, u32)]) -> Bitmap {
    let mut bitmap = Bitmap::new(gaps.len());
    gaps.iter().for_each(|(gap, ..)| bitmap.set(*gap));
    bitmap
}

#[inline]
fn phrase(codes: &[u16], start: usize) -> Phrase {
    codes[start..start + GRAM].iter().rev().fold(0, |phrase, code| phrase << 16 | u64::from(*code))
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

/// Where phrases stand first, plus one, by their hash; zero is none.
struct Table(Vec<u32>);

impl Table {
    /// Where the phrase that stands here stands first.
    #[inline]
    fn first(&mut self, codes: &[u16], start: usize, wanted: Phrase) -> usize {
        let mut slot = (hash(wanted) >> (64 - self.0.len().trailing_zeros())) as usize;
        for _ in 0..MOST_PROBES {
            let place = &mut self.0[slot];
            if *place == 0 {
                *place = start as u32 + 1;
                break;
            }
            let earlier = *place as usize - 1;
            if phrase(codes, earlier) == wanted {
                return earlier;
            }
            slot = (slot + 1) & (self.0.len() - 1);
        }
        start
    }
}

/// A set of phrases that is sometimes wrong about what is not in it.
struct Bitmap {
    words: Vec<u64>,
    /// So many of a hash's bits are too many to say which bit it is.
    shift: u32,
}

impl Bitmap {
    /// One that is right mostly, for so many phrases with gaps.
    fn new(phrases: usize) -> Self {
        let words = phrases.next_power_of_two().max(2);
        Self { words: vec![0; words], shift: 64 - 6 - words.trailing_zeros() }
    }

    #[inline]
    fn place(&self, phrase: Phrase) -> (usize, u64) {
        let bit = hash(phrase) >> self.shift;
        ((bit / 64) as usize, 1 << (bit % 64))
    }

    #[inline]
    fn set(&mut self, phrase: Phrase) {
        let (word, bit) = self.place(phrase);
        self.words[word] |= bit;
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
        let grams = Grams::of(&runs);
        let usual = grams.pairs()[0].usual;
        let places = &grams.places([usual].into_iter(), 2)[&usual];
        assert_eq!((places.times, &places.first[..]), (3, &[2, 8][..]));
    }
}
