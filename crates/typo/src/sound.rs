//! Syllables of Mandarin, and how easily one is taken for another.

use crate::confusion::Confusion;
use std::sync::LazyLock;

/// How a syllable begins, as Pinyin spells it.
const INITIALS: [&str; 24] = [
    "", "b", "p", "m", "f", "d", "t", "n", "l", "g", "k", "h", "j", "q", "x", "zh", "ch", "sh", "r", "z",
    "c", "s", "y", "w",
];

/// How it goes on; `v` is ü.
const FINALS: [&str; 37] = [
    "", "a", "ai", "an", "ang", "ao", "e", "ei", "en", "eng", "er", "i", "ia", "ian", "iang", "iao", "ie",
    "in", "ing", "iong", "iu", "m", "n", "ng", "o", "ong", "ou", "u", "ua", "uai", "uan", "uang", "ue", "ui",
    "un", "uo", "v",
];

/// Beginnings that many speakers do not tell apart.
const NEAR_INITIALS: [(&str, &str); 6] =
    [("z", "zh"), ("c", "ch"), ("s", "sh"), ("n", "l"), ("f", "h"), ("l", "r")];

/// Ends that many speakers do not tell apart.
const NEAR_FINALS: [(&str, &str); 5] =
    [("an", "ang"), ("en", "eng"), ("in", "ing"), ("ian", "iang"), ("uan", "uang")];

/// A syllable without its tone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Syllable {
    initial: u8,
    rest: u8,
}

impl Syllable {
    /// Reads Pinyin without tones: `zhuang`, `lv`. `None` if it is no syllable.
    pub fn parse(pinyin: &str) -> Option<Self> {
        let place = |list: &[&str], part: &str| list.iter().position(|known| *known == part);
        // The longest beginning: `zh` before `z`.
        let longest = (0..=2.min(pinyin.len())).rev().filter(|at| pinyin.is_char_boundary(*at));
        let read = |at: usize| {
            let (initial, rest) = pinyin.split_at(at);
            Some(Self { initial: place(&INITIALS, initial)? as u8, rest: place(&FINALS, rest)? as u8 })
        };
        longest.filter(|at| *at < pinyin.len()).find_map(read)
    }

    /// The two bytes that stand for it in a model.
    pub fn to_bytes(self) -> [u8; 2] {
        [self.initial, self.rest]
    }

    /// The inverse of [`Syllable::to_bytes`].
    pub fn from_bytes([initial, rest]: [u8; 2]) -> Self {
        Self { initial, rest }
    }

    /// How easily one is taken for the other.
    pub(crate) fn confusion(self, other: Self) -> Option<Confusion> {
        if self == other {
            return Some(Confusion::SameSound);
        }
        let (own, other) = (self.parts(), other.parts());
        // Many speakers do not tell the two apart, or an input method that is set to forgive them.
        if own.0.near & 1 << other.0.number != 0 && own.1.near & 1 << other.1.number != 0 {
            return Some(Confusion::NearSound);
        }
        // An input method offers both for the first letter.
        let letter = |(initial, rest): (SoundPart, SoundPart)| initial.letter.or(rest.letter);
        (letter(own) == letter(other)).then_some(Confusion::SameInitial)
    }

    /// Two bytes that are the same for syllables that are near each other.
    pub(crate) fn folded(self) -> [u8; 2] {
        let (initial, rest) = self.parts();
        [initial.folded, rest.folded]
    }

    /// The number of the letter that it begins with; where many speakers do not tell two apart, that of one
    /// of them.
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

/// What is known of a beginning or an end.
#[derive(Debug, Clone, Copy)]
struct SoundPart {
    number: u8,
    /// A bit for the number of each one near it, and of itself.
    near: u64,
    /// The number of the one that stands for it and those near it.
    folded: u8,
    letter: Option<u8>,
}

static PARTS: LazyLock<[Vec<SoundPart>; 2]> =
    LazyLock::new(|| [parts(&INITIALS, &NEAR_INITIALS), parts(&FINALS, &NEAR_FINALS)]);

fn parts(list: &[&str], near: &[(&str, &str)]) -> Vec<SoundPart> {
    let number = |part: &str| list.iter().position(|known| *known == part).unwrap_or(0) as u8;
    let part = |part: &&str| {
        let pairs = near.iter().filter(|(one, other)| [one, other].contains(&part));
        let numbers = pairs.flat_map(|(one, other)| [number(one), number(other)]).chain([number(part)]);
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
