//! Detects whether text in Latin letters is English, by common short words.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

/// Words that are frequent in English and rare in other languages.
const ENGLISH: &[&str] = &[
    "the", "of", "and", "to", "is", "that", "it", "for", "with", "you", "this", "are", "be", "have", "can",
    "from", "your", "not", "or", "by", "at", "was", "will", "we", "if", "but", "when", "which", "how", "all",
    "they", "there", "has", "more", "use", "using", "what", "its", "our", "their", "been", "were", "should",
    "would", "could", "than", "then", "into", "about", "some", "these", "those", "also", "only", "each",
    "an",
];

/// Words that are frequent in Spanish, Portuguese, French, Italian, Romanian, Catalan, German, Dutch, the
/// Scandinavian languages, Polish, Czech, Turkish, Indonesian, and Vietnamese without diacritics.
const OTHER: &[&str] = &[
    "o", "de", "la", "le", "les", "des", "du", "et", "un", "une", "pour", "que", "est", "dans", "qui", "sur",
    "pas", "avec", "ce", "cette", "vous", "nous", "sont", "votre", "aux", "par", "el", "los", "las", "una",
    "por", "con", "para", "del", "se", "su", "como", "es", "lo", "al", "esta", "este", "si", "os", "em",
    "uma", "da", "dos", "das", "na", "ao", "com", "mais", "seu", "sua", "isso", "il", "di", "che", "per",
    "non", "gli", "della", "sono", "nel", "sunt", "pentru", "cu", "din", "els", "amb", "der", "und", "ist",
    "nicht", "ein", "eine", "einen", "zu", "den", "dem", "mit", "auf", "von", "im", "sie", "wir", "wird",
    "werden", "auch", "sich", "als", "wie", "bei", "het", "een", "van", "voor", "niet", "zijn", "och", "att",
    "det", "som", "av", "jag", "inte", "og", "ikke", "til", "er", "jest", "nie", "jak", "dla", "oraz",
    "przez", "ve", "bir", "bu", "ile", "yang", "dan", "untuk", "dengan", "ini", "dari",
];

/// The lead in words of one language that decides.
const ENOUGH: u32 = 12;

/// Maps each word to whether it is English.
static WORDS: LazyLock<HashMap<&[u8], bool>> = LazyLock::new(|| {
    let words = ENGLISH.iter().map(|word| (word, true)).chain(OTHER.iter().map(|word| (word, false)));
    words.map(|(word, is_english)| (word.as_bytes(), is_english)).collect()
});

/// Whether the text is English rather than another language; `None` if that is undecided.
fn is_english(text: &str) -> Option<bool> {
    let (mut english, mut foreign) = (0_u32, 0_u32);
    for word in text.split(|c: char| !c.is_alphanumeric()) {
        if english.abs_diff(foreign) >= ENOUGH {
            break;
        }
        // Hardly any English word has a letter with a diacritic.
        let is_marked = |c: char| ('\u{C0}'..='\u{24F}').contains(&c);
        foreign += u32::from(word.len() > 2 && !word.is_ascii() && word.chars().any(is_marked));
        if !(1..=7).contains(&word.len()) {
            continue;
        }
        let mut lower = [0; 7];
        let lower = &mut lower[..word.len()];
        lower.copy_from_slice(word.as_bytes());
        lower.make_ascii_lowercase();
        match WORDS.get(&*lower) {
            Some(true) => english += 1,
            Some(false) => foreign += 1,
            None => {}
        }
    }
    (english != foreign).then_some(english > foreign)
}

/// Decides whether a word of a text is likely to be English: by its line, or else by its surroundings, or else
/// by the start of the text. The text is read at most once.
#[derive(Debug)]
pub(crate) struct Language<'t> {
    text: &'t str,
    /// The language of the text, once it is determined.
    whole: Option<bool>,
    /// The range of the last word's line that was read, and its language.
    line: (Range<usize>, Option<bool>),
}

/// Number of bytes before and after a word that are its surroundings.
const NEAR: usize = 300;

/// Maximum number of bytes of a text to read; the same for a line, with at least a quarter of it before and
/// after a word.
const MOST: usize = 1 << 14;

impl<'t> Language<'t> {
    pub(crate) fn of(text: &'t str) -> Self {
        Self { text, whole: None, line: (0..0, None) }
    }

    pub(crate) fn is_english_at(&mut self, at: usize) -> bool {
        let text = self.text;
        let line = self.line_around(at);
        if self.line.0 != line {
            self.line = (line.clone(), is_english(&text[line]));
        }
        let near = text.floor_char_boundary(at.saturating_sub(NEAR))
            ..text.ceil_char_boundary((at + NEAR).min(text.len()));
        let nearby = self.line.1.or_else(|| is_english(&text[near]));
        nearby.unwrap_or_else(|| {
            let most = text.floor_char_boundary(MOST.min(text.len()));
            *self.whole.get_or_insert_with(|| is_english(&text[..most]).unwrap_or(true))
        })
    }

    /// The range of the line around an offset that is read. On a long line it is the same for all words of a
    /// block, so that the text is read once per block and not once per word.
    fn line_around(&self, at: usize) -> Range<usize> {
        const BLOCK: usize = MOST / 2;
        let block = at / BLOCK * BLOCK;
        let first = self.text.floor_char_boundary(block.saturating_sub(BLOCK / 2));
        let last = self.text.ceil_char_boundary((block + BLOCK + BLOCK / 2).min(self.text.len()));
        let start = self.text[first..at].rfind('\n').map_or(first, |line_end| first + line_end + 1);
        let end = self.text[at..last].find('\n').map_or(last, |line_end| at + line_end);
        start..end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_english_from_its_neighbours() {
        let text =
            "El componente de la clase es nuevo.\nThe componente of this class is new.\nThis componente";
        let mut language = Language::of(text);
        let found: Vec<bool> =
            text.match_indices("componente").map(|(at, _)| language.is_english_at(at)).collect();
        assert_eq!(found, [false, true, true]);
        assert!(Language::of("使用recieve方法").is_english_at(6));
        let long = "La clase es nueva, y el componente de la clase es el mejor. ".repeat(1000);
        let long =
            long + &"The class is new and the componente of it is the best that there is. ".repeat(1000);
        let mut language = Language::of(&long);
        let found: Vec<bool> =
            long.match_indices("componente").map(|(at, _)| language.is_english_at(at)).collect();
        assert!(found[..900].iter().all(|found| !found) && found[1100..].iter().all(|found| *found));
    }
}
