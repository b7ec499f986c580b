//! Syllables of Mandarin, and how easily one is taken for another.

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

    /// Whether many speakers do not tell the two apart, or an input method that is set to forgive them.
    pub fn is_near(self, other: Self) -> bool {
        let initials = self.initial == other.initial || is_pair(&NEAR_INITIALS, self.begin(), other.begin());
        let rests = self.rest == other.rest || is_pair(&NEAR_FINALS, self.end(), other.end());
        initials && rests
    }

    /// Two bytes that are the same for syllables that are near each other.
    pub(crate) fn folded(self) -> [u8; 2] {
        let fold = |pairs: &[(&'static str, &'static str)], part: &'static str| {
            let mut folded = part;
            while let Some((least, _)) = pairs.iter().find(|(_, other)| *other == folded) {
                folded = least;
            }
            folded
        };
        let (begin, end) = (fold(&NEAR_INITIALS, self.begin()), fold(&NEAR_FINALS, self.end()));
        let place =
            |list: &[&str], part: &str| list.iter().position(|known| *known == part).unwrap_or(0) as u8;
        [place(&INITIALS, begin), place(&FINALS, end)]
    }

    /// Whether both begin with the same letter, so that an input method offers both for it.
    pub fn has_initial_of(self, other: Self) -> bool {
        let letter = |syllable: Self| syllable.begin().bytes().chain(syllable.end().bytes()).next();
        letter(self) == letter(other)
    }

    fn begin(self) -> &'static str {
        INITIALS.get(self.initial as usize).copied().unwrap_or_default()
    }

    fn end(self) -> &'static str {
        FINALS.get(self.rest as usize).copied().unwrap_or_default()
    }
}

fn is_pair(list: &[(&str, &str)], a: &str, b: &str) -> bool {
    list.iter().any(|(one, other)| (*one, *other) == (a, b) || (*one, *other) == (b, a))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: &str, b: &str) -> bool {
        Syllable::parse(a).unwrap().is_near(Syllable::parse(b).unwrap())
    }

    #[test]
    fn reads_and_compares_syllables() {
        for [a, b] in [["zhang", "zang"], ["lin", "ning"], ["shan", "sang"], ["lv", "nv"], ["er", "er"]] {
            assert!(near(a, b), "{a} {b}");
        }
        for [a, b] in [["zhang", "chang"], ["an", "en"], ["ge", "gong"]] {
            assert!(!near(a, b), "{a} {b}");
        }
        let initial =
            |a: &str, b: &str| Syllable::parse(a).unwrap().has_initial_of(Syllable::parse(b).unwrap());
        assert!(initial("ge", "gong") && initial("zhi", "zi") && initial("an", "ai"));
        assert!(!initial("ge", "ke"));
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
