//! Whether text in Latin letters is English, by the small words that every sentence has.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

/// Words that English sentences are full of, and hardly any other language has.
const ENGLISH: &[&str] = &[
    "the", "of", "and", "to", "is", "that", "it", "for", "with", "you", "this", "are", "be", "have", "can",
    "from", "your", "not", "or", "by", "at", "was", "will", "we", "if", "but", "when", "which", "how", "all",
    "they", "there", "has", "more", "use", "using", "what", "its", "our", "their", "been", "were", "should",
    "would", "could", "than", "then", "into", "about", "some", "these", "those", "also", "only", "each",
    "an",
];

/// The same of its neighbours: Spanish, Portuguese, French, Italian, Romanian, Catalan, German, Dutch, the
/// Scandinavian languages, Polish, Czech, Turkish, Indonesian, Vietnamese without its marks.
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

/// So many words more of one language than of the others tell which one it is.
const ENOUGH: u32 = 12;

/// Whether each word is an English one.
static WORDS: LazyLock<HashMap<&[u8], bool>> = LazyLock::new(|| {
    let words = ENGLISH.iter().map(|word| (word, true)).chain(OTHER.iter().map(|word| (word, false)));
    words.map(|(word, is_english)| (word.as_bytes(), is_english)).collect()
});

/// Whether the text is English rather than another language; `None` if it does not tell.
fn is_english(text: &str) -> Option<bool> {
    let (mut english, mut other) = (0_u32, 0_u32);
    for word in text.split(|c: char| !c.is_alphanumeric()) {
        if english.abs_diff(other) >= ENOUGH {
            break;
        }
        // Hardly any English word has a letter with a mark.
        let is_marked = |c: char| ('\u{C0}'..='\u{24F}').contains(&c);
        other += u32::from(word.len() > 2 && !word.is_ascii() && word.chars().any(is_marked));
        if !(1..=7).contains(&word.len()) {
            continue;
        }
        let mut lower = [0; 7];
        let lower = &mut lower[..word.len()];
        lower.copy_from_slice(word.as_bytes());
        lower.make_ascii_lowercase();
        match WORDS.get(&*lower) {
            Some(true) => english += 1,
            Some(false) => other += 1,
            None => {}
        }
    }
    (english != other).then_some(english > other)
}

/// Whether a word of a text may be taken for English: by its line, by what stands around it where that
/// does not tell, by the text where that does not either. The text is read once at most.
#[derive(Debug)]
pub(crate) struct Language<'t> {
    text: &'t str,
    /// What the text tells, once it was asked.
    whole: Option<bool>,
    /// What was read of the last word's line, and what it tells.
    line: (Range<usize>, Option<bool>),
}

/// So much before and after a word stands around it, in bytes.
const NEAR: usize = 300;

/// So much of a text is read, in bytes; of a line no more, and a quarter of it before and behind a word.
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
        let told = self.line.1.or_else(|| is_english(&text[near]));
        told.unwrap_or_else(|| {
            let most = text.floor_char_boundary(MOST.min(text.len()));
            *self.whole.get_or_insert_with(|| is_english(&text[..most]).unwrap_or(true))
        })
    }

    /// What is read of the line of a byte. On a long line all words of one block have the same, so that it is read
    /// once for each block and not for each word.
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
        let told: Vec<bool> =
            text.match_indices("componente").map(|(at, _)| language.is_english_at(at)).collect();
        assert_eq!(told, [false, true, true]);
        assert!(Language::of("使用recieve方法").is_english_at(6));
        let long = "La clase es nueva, y el componente de la clase es el mejor. ".repeat(1000);
        let long =
            long + &"The class is new and the componente of it is the best that there is. ".repeat(1000);
        let mut language = Language::of(&long);
        let told: Vec<bool> =
            long.match_indices("componente").map(|(at, _)| language.is_english_at(at)).collect();
        assert!(told[..900].iter().all(|told| !told) && told[1100..].iter().all(|told| *told));
    }
}
