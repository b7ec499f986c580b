//! The model of Chinese: characters, their sounds and shapes, and words. Compiled by `cargo xtask model` into
//! one file, which is read in place.
//!
//! The file, in little endian: `MAGIC`; the SHA-256 of everything after it; four `u32`: the numbers of
//! characters, readings, look-alikes and nodes; then the characters (`u16`, ascending), the end of each one's
//! readings and of its look-alikes (`u32` each), the readings (two bytes each, see [`Syllable`]), the
//! look-alikes (`u16`), and the words, see [`Lexicon`].

use crate::confusion::Confusion;
use crate::lexicon::{CharIndex, Lexicon};
use crate::little_endian::{u16_at, u32_at};
use crate::sound::Syllable;
use std::fmt;
use std::ops::Range;
use std::sync::LazyLock;

/// The magic bytes of a model; the last one is the version.
pub const MAGIC: [u8; 8] = *b"pmzh\0\0\0\x01";
/// The byte range of the SHA-256 of the rest.
pub const HASH: Range<usize> = 8..40;

static EMBEDDED: &[u8] = include_bytes!("../data/zh.model");
static MODEL: LazyLock<Model<'static>> =
    LazyLock::new(|| Model::parse(EMBEDDED).expect("the model in the binary is one"));

/// Chinese characters and words.
pub struct Model<'m> {
    /// The code points, as `u16`.
    characters: &'m [u8],
    /// The index of each character from U+4E00 on; `NO_INDEX` for those that are not in the model.
    indexes: Vec<CharIndex>,
    /// See [`Model::letters`].
    letters: Vec<u32>,
    /// See [`Model::confused_letters`].
    confused_letters: Vec<u32>,
    /// See [`Model::is_first_choice`].
    first_choices: [CharIndex; 32],
    reading_ends: &'m [u8],
    alike_ends: &'m [u8],
    readings: &'m [u8],
    alike: &'m [u8],
    /// Words, as sequences of character indices.
    pub lexicon: Lexicon<'m>,
}

const NO_INDEX: CharIndex = CharIndex::MAX;
/// The bit for characters without a reading.
const NO_LETTER: u32 = 1 << 31;
const FIRST: u16 = 0x4E00;
const LAST: u16 = 0x9FFF;

impl fmt::Debug for Model<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Model({} characters, {:?})", self.characters.len() / 2, self.lexicon)
    }
}

impl<'m> Model<'m> {
    /// The model in the binary.
    pub fn embedded() -> &'static Model<'static> {
        &MODEL
    }

    /// Reads a model from these bytes; `None` if they are not a valid one. The checksum is not verified.
    pub fn parse(bytes: &'m [u8]) -> Option<Self> {
        let mut rest = bytes.strip_prefix(&MAGIC)?.get(HASH.len()..)?;
        let mut take = |length: usize| {
            let (part, after) = rest.split_at_checked(length)?;
            rest = after;
            Some(part)
        };
        let counts = take(16)?;
        let [characters, readings, alike, nodes] =
            std::array::from_fn(|index| u32_at(counts, index) as usize);
        let codes = take(characters.checked_mul(2)?)?;
        let mut indexes = vec![NO_INDEX; (LAST - FIRST) as usize + 1];
        for index in 0..characters {
            let code = u16_at(codes, index).checked_sub(FIRST)?;
            *indexes.get_mut(code as usize)? = index as CharIndex;
        }
        let mut model = Self {
            characters: codes,
            indexes,
            letters: Vec::new(),
            confused_letters: Vec::new(),
            first_choices: [NO_INDEX; 32],
            reading_ends: take(characters.checked_mul(4)?)?,
            alike_ends: take(characters.checked_mul(4)?)?,
            readings: take(readings.checked_mul(2)?)?,
            alike: take(alike.checked_mul(2)?)?,
            lexicon: Lexicon::take(characters, nodes, take)?,
        };
        let letters = |index| model.readings(index).fold(0, |all, reading| all | 1 << reading.near_letter());
        let letters = (0..characters as CharIndex).map(letters);
        model.letters = letters.map(|letters| if letters == 0 { NO_LETTER } else { letters }).collect();
        let mut confused_letters = model.letters.clone();
        for index in 0..characters as CharIndex {
            for alike in model.alike(index).map(|alike| alike as usize) {
                let (own, other) = (model.letters[index as usize], *model.letters.get(alike)?);
                confused_letters[index as usize] |= other;
                confused_letters[alike] |= own;
            }
        }
        model.confused_letters = confused_letters;
        let mut least = [u8::MAX; 32];
        for index in 0..characters as CharIndex {
            let Some(letter) = model.readings(index).next().map(|reading| reading.near_letter() as usize)
            else {
                continue;
            };
            let cost = model.lexicon.cost(&[index]).unwrap_or(u8::MAX);
            if cost < least[letter] {
                (least[letter], model.first_choices[letter]) = (cost, index);
            }
        }
        Some(model)
    }

    /// The index of a character; `None` if it is not in the model of modern simplified Chinese.
    pub fn index(&self, character: char) -> Option<CharIndex> {
        self.index_of_code(u16::try_from(u32::from(character)).ok()?)
    }

    /// The same for a code point.
    pub(crate) fn index_of_code(&self, code: u16) -> Option<CharIndex> {
        let index = *self.indexes.get(code.checked_sub(FIRST)? as usize)?;
        (index != NO_INDEX).then_some(index)
    }

    /// The character with an index.
    pub fn character(&self, index: CharIndex) -> char {
        let code = u32::from(u16_at(self.characters, index as usize));
        char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
    }

    /// The number of characters.
    pub fn len(&self) -> usize {
        self.characters.len() / 2
    }

    /// Whether there are no characters.
    pub fn is_empty(&self) -> bool {
        self.characters.is_empty()
    }

    /// How one of two characters may be mistaken for the other.
    pub fn confusion(&self, a: CharIndex, b: CharIndex) -> Option<Confusion> {
        // Shortcut: the readings of most pairs have nothing in common.
        let letters = self.letters[a as usize] & self.letters[b as usize];
        if letters & !NO_LETTER == 0 {
            return self.are_alike(a, b).then_some(Confusion::Shape);
        }
        let pairs = self.readings(a).flat_map(|own| self.readings(b).map(move |other| (own, other)));
        let by_sound = pairs.filter_map(|(own, other)| own.confusion(other)).min();
        match by_sound {
            Some(Confusion::SameSound | Confusion::NearSound) => by_sound,
            _ if self.are_alike(a, b) => Some(Confusion::Shape),
            _ => by_sound,
        }
    }

    /// A bit for each letter with which the readings of a character begin, with confusable initials folded; 0
    /// if it is not in the model.
    pub(crate) fn letters(&self, code: u16) -> u32 {
        self.index_of_code(code).map_or(0, |index| self.letters[index as usize])
    }

    /// The letters of the character and of all its look-alikes.
    pub(crate) fn confused_letters(&self, code: u16) -> u32 {
        self.index_of_code(code).map_or(0, |index| self.confused_letters[index as usize])
    }

    /// How one of two code points may be mistaken for the other; `None` also if one is not in the model.
    pub(crate) fn confusion_of_codes(&self, a: u16, b: u16) -> Option<Confusion> {
        self.confusion(self.index_of_code(a)?, self.index_of_code(b)?)
    }

    /// Whether a character is the most common one of those that begin with its letter: an input method offers it first
    /// to those who type only that.
    pub(crate) fn is_first_choice(&self, index: CharIndex) -> bool {
        self.first_choices.contains(&index)
    }

    /// Whether one is a look-alike of the other.
    pub(crate) fn are_alike(&self, a: CharIndex, b: CharIndex) -> bool {
        self.alike(a).any(|alike| alike == b) || self.alike(b).any(|alike| alike == a)
    }

    /// The readings of a character, the most common first.
    pub fn readings(&self, index: CharIndex) -> impl Iterator<Item = Syllable> {
        let pairs = part(self.reading_ends, index as usize, self.readings).chunks_exact(2);
        pairs.map(|pair| Syllable::from_bytes([pair[0], pair[1]]))
    }

    /// The look-alikes of a character, the most similar first.
    pub fn alike(&self, index: CharIndex) -> impl Iterator<Item = CharIndex> {
        let alike = part(self.alike_ends, index as usize, self.alike);
        (0..alike.len() / 2).map(move |index| u16_at(alike, index))
    }
}

/// The part of a list of two-byte items that belongs to one character.
fn part<'m>(ends: &[u8], index: usize, list: &'m [u8]) -> &'m [u8] {
    let start = index.checked_sub(1).map_or(0, |before| u32_at(ends, before) as usize);
    let end = u32_at(ends, index) as usize;
    list.get(start * 2..end * 2).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use sha2::{Digest, Sha256};

    #[test]
    fn the_embedded_model_is_whole() {
        assert_eq!(Sha256::digest(&EMBEDDED[HASH.end..]).as_slice(), &EMBEDDED[HASH]);
        assert!(EMBEDDED.len() < 3_000_000);
    }

    #[test]
    fn says_how_characters_are_confused() {
        let model = Model::embedded();
        let cases = [
            ('工', '公', Some(Confusion::SameSound)),
            ('行', '杭', Some(Confusion::SameSound)),
            ('岗', '光', Some(Confusion::SameInitial)),
            ('山', '桑', Some(Confusion::NearSound)),
            ('己', '已', Some(Confusion::Shape)),
            ('未', '末', Some(Confusion::Shape)),
            ('馈', '溃', Some(Confusion::SameSound)),
            ('工', '个', Some(Confusion::SameInitial)),
            ('工', '北', None),
        ];
        for (a, b, expected) in cases {
            let indexes = (model.index(a).unwrap(), model.index(b).unwrap());
            assert_eq!(model.confusion(indexes.0, indexes.1), expected, "{a} {b}");
            assert_eq!(model.confusion(indexes.1, indexes.0), expected, "{b} {a}");
            assert_eq!(model.character(indexes.0), a);
        }
        assert_eq!(model.index('開'), None);
        let is_first_choice = |character| model.is_first_choice(model.index(character).unwrap());
        assert!(is_first_choice('个') && !is_first_choice('工'));
    }

    #[test]
    fn knows_words() {
        let model = Model::embedded();
        let indexes = |text: &str| text.chars().map(|c| model.index(c).unwrap()).collect::<Vec<_>>();
        let cost = |word: &str| model.lexicon.cost(&indexes(word));
        assert!(cost("开工").unwrap() < cost("嵯峨").unwrap());
        assert_eq!(cost("开个建"), None);
        let mut lengths = Vec::new();
        model.lexicon.words_at(&indexes("中华人民共和国成立"), |length, _| lengths.push(length));
        assert_eq!(lengths, [1, 2, 4, 7]);
    }

    #[test]
    fn no_bytes_make_it_panic() {
        for length in (0..EMBEDDED.len()).step_by(9973).chain(0..100) {
            assert!(Model::parse(&EMBEDDED[..length]).is_none());
        }
    }
}
