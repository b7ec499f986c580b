//! Syllables of Mandarin, and how easily one is mistaken for another.

use crate::confusion::Confusion;
use std::sync::LazyLock;

/// The initials of syllables, in Pinyin.
const INITIALS: [&str; 24] = [
    "", "b", "p", "m", "f", "d", "t", "n", "l", "g", "k", "h", "j", "q", "x", "zh", "ch", "sh", "r", "z",
    "c", "s", "y", "w",
];

/// The finals of syllables; `v` is ü.
const FINALS: [&str; 37] = [
    "", "a", "ai", "an", "ang", "ao", "e", "ei", "en", "eng", "er", "i", "ia", "ian", "iang", "iao", "ie",
    "in", "ing", "iong", "iu", "m", "n", "ng", "o", "ong", "ou", "u", "ua", "uai", "uan", "uang", "ue", "ui",
    "un", "uo", "v",
];

/// Initials that many speakers do not distinguish.
const NEAR_INITIALS: [(&str, &str); 6] =
    [("z", "zh"), ("c", "ch"), ("s", "sh"), ("n", "l"), ("f", "h"), ("l", "r")];

/// Finals that many speakers do not distinguish.
const NEAR_FINALS: [(&str, &str); 5] =
    [("an", "ang"), ("en", "eng"), ("in", "ing"), ("ian", "iang"), ("uan", "uang")];

/// A syllable without its tone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Syllable {
    initial: u8,
    rest: u8,
}

impl Syllable {
    /// Parses Pinyin without tones: `zhuang`, `lv`. `None` if it is not a syllable.
    pub fn parse(pinyin: &str) -> Option<Self> {
        let position = |list: &[&str], part: &str| list.iter().position(|sound| *sound == part);
        // The longest initial first: `zh` before `z`.
        let longest = (0..=2.min(pinyin.len())).rev().filter(|at| pinyin.is_char_boundary(*at));
        let read = |at: usize| {
            let (initial, rest) = pinyin.split_at(at);
            Some(Self { initial: position(&INITIALS, initial)? as u8, rest: position(&FINALS, rest)? as u8 })
        };
        longest.filter(|at| *at < pinyin.len()).find_map(read)
    }

    /// Its two bytes in a model.
    pub fn to_bytes(self) -> [u8; 2] {
        [self.initial, self.rest]
    }

    /// The inverse of [`Syllable::to_bytes`].
    pub fn from_bytes([initial, rest]: [u8; 2]) -> Self {
        Self { initial, rest }
    }

    /// How one of two syllables may be mistaken for the other.
    pub(crate) fn confusion(self, other: Self) -> Option<Confusion> {
        if self == other {
            return Some(Confusion::SameSound);
        }
        let (own, other) = (self.parts(), other.parts());
        // Many speakers do not distinguish the two, nor do input methods in fuzzy mode.
        if own.0.near & 1 << other.0.number != 0 && own.1.near & 1 << other.1.number != 0 {
            return Some(Confusion::NearSound);
        }
        // Input methods offer both if only the first letter is typed.
        let letter = |(initial, rest): (SoundPart, SoundPart)| initial.letter.or(rest.letter);
        (letter(own) == letter(other)).then_some(Confusion::SameInitial)
    }

    /// Two bytes that are equal for syllables that sound nearly the same.
    pub(crate) fn folded(self) -> [u8; 2] {
        let (initial, rest) = self.parts();
        [initial.folded, rest.folded]
    }

    /// The number of its first letter, where initials that many speakers do not distinguish count as the same.
    pub(crate) fn near_letter(self) -> u32 {
        let (initial, rest) = self.parts();
        let near = INITIALS[initial.folded as usize].bytes().next();
        u32::from(near.or(rest.letter).unwrap_or(b'a') - b'a')
    }

    fn parts(self) -> (SoundPart, SoundPart) {
        let [initials, finals] = &*PARTS;
        let part = |list: &[SoundPart], number: u8| list[(number as usize).min(list.len() - 1)];
        (part(initials, self.initial), part(finals, self.rest))
    }
}

/// An initial or final with derived data.
#[derive(Debug, Clone, Copy)]
struct SoundPart {
    number: u8,
    /// A bit for its own number and for that of each similar one.
    near: u64,
    /// The number that represents it and all similar ones.
    folded: u8,
    letter: Option<u8>,
}

static PARTS: LazyLock<[Vec<SoundPart>; 2]> =
    LazyLock::new(|| [parts(&INITIALS, &NEAR_INITIALS), parts(&FINALS, &NEAR_FINALS)]);

fn parts(list: &[&str], near: &[(&str, &str)]) -> Vec<SoundPart> {
    let number = |part: &str| list.iter().position(|sound| *sound == part).unwrap_or(0) as u8;
    let part = |part: &&str| {
        let pairs = near.iter().filter(|(a, b)| [a, b].contains(&part));
        let numbers = pairs.flat_map(|(a, b)| [number(a), number(b)]).chain([number(part)]);
        let mut folded = *part;
        while let Some((least, _)) = near.iter().find(|(_, other)| *other == folded) {
            folded = least;
        }
        SoundPart {
            number: number(part),
            near: numbers.fold(0, |near, number| near | 1 << number),
            folded: number(folded),
            letter: part.bytes().next(),
        }
    };
    list.iter().map(part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_compares_syllables() {
        let confusion =
            |[a, b]: [&str; 2]| Syllable::parse(a).unwrap().confusion(Syllable::parse(b).unwrap());
        for pair in [["zhang", "zang"], ["lin", "ning"], ["shan", "sang"], ["lv", "nv"]] {
            assert_eq!(confusion(pair), Some(Confusion::NearSound), "{pair:?}");
        }
        for pair in [["an", "en"], ["ge", "ke"]] {
            assert_eq!(confusion(pair), None, "{pair:?}");
        }
        for pair in [["ge", "gong"], ["zhi", "zu"], ["an", "ai"]] {
            assert_eq!(confusion(pair), Some(Confusion::SameInitial), "{pair:?}");
        }
        assert_eq!(confusion(["er", "er"]), Some(Confusion::SameSound));
        for not in ["", "x", "zhx", "北", "angg"] {
            assert_eq!(Syllable::parse(not), None, "{not}");
        }
    }

    #[test]
    fn bytes_hold_a_syllable() {
        for pinyin in ["zhuang", "a", "lve", "yuan", "ng"] {
            if let Some(syllable) = Syllable::parse(pinyin) {
                assert_eq!(Syllable::from_bytes(syllable.to_bytes()), syllable);
            }
        }
    }
}
