//! Detects whether text in Latin letters is English, by common short words.

use crate::runs::LENGTHS;
use crate::vocabulary::Vocabulary;
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
    "przez", "ipsum", "dolor", "amet", "quod", "aut", "enim", "sed", "velit", "ve", "bir", "bu", "ile",
    "yang", "dan", "untuk", "dengan", "ini", "dari",
];

/// The lead in words of one language that decides, so that no more needs to be read.
const ENOUGH: u32 = 12;

/// Maps each word to whether it is English.
static WORDS: LazyLock<HashMap<&[u8], bool>> = LazyLock::new(|| {
    let words = ENGLISH.iter().map(|word| (word, true)).chain(OTHER.iter().map(|word| (word, false)));
    words.map(|(word, is_english)| (word.as_bytes(), is_english)).collect()
});

/// What the words of a text say about its language.
#[derive(Debug, Clone, Copy, Default)]
struct WordCounts {
    /// Words that are frequent in English, and words that are frequent in another language.
    english: u32,
    foreign: u32,
    /// Words of at least three letters, none of them a capital one, and those of them that are English words.
    plain: u32,
    known: u32,
}

impl WordCounts {
    /// The counts of a text, up to where they decide.
    fn of(text: &str) -> Self {
        let mut counts = Self::default();
        for word in text.split(|c: char| !c.is_alphanumeric()) {
            if counts.english.abs_diff(counts.foreign) >= ENOUGH {
                break;
            }
            counts.add(word);
        }
        counts
    }

    fn add(&mut self, word: &str) {
        // Hardly any English word has a letter with a diacritic.
        let is_marked = |c: char| ('\u{C0}'..='\u{24F}').contains(&c);
        let has_mark = word.len() > 2 && !word.is_ascii() && word.chars().any(is_marked);
        self.foreign += u32::from(has_mark);
        let is_name = word.len() > 1 && !word.bytes().any(|byte| byte.is_ascii_lowercase());
        if word.is_empty() || is_name || !word.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            return;
        }
        let is_plain = word.bytes().all(|byte| byte.is_ascii_lowercase()) && LENGTHS.contains(&word.len());
        if is_plain {
            self.plain += 1;
            self.known += u32::from(Vocabulary::embedded().commonness(word.as_bytes()).is_some());
        }
        if word.len() <= 7 {
            match WORDS.get(word.to_ascii_lowercase().as_bytes()) {
                Some(true) => self.english += 1,
                Some(false) => self.foreign += 1,
                None => {}
            }
        }
    }

    /// Whether the text is English rather than another language; `None` if that is undecided: one word of another
    /// language proves nothing, as `per`, `die` or `van` may be English.
    fn is_english(self) -> Option<bool> {
        let is_foreign = self.foreign > self.english + 1;
        (self.english > self.foreign || is_foreign).then_some(!is_foreign)
    }

    /// The same for one line, where known words decide as well.
    fn is_english_line(self) -> Option<bool> {
        if let Some(is_english) = self.is_english() {
            return Some(is_english);
        }
        // The word in question is not known either.
        let others = self.plain.saturating_sub(1);
        (others >= 2 && 4 * self.known >= 3 * others).then_some(true)
    }

    /// Whether hardly anything in the text is not English.
    fn is_clearly_english(self) -> bool {
        let is_led = self.english >= 2 && self.english >= 4 * self.foreign;
        is_led && self.plain >= 4 && 10 * (self.known + 1) >= 9 * self.plain
    }
}

/// Decides whether a word of a text is likely to be English: by its line, or else by its surroundings, or else
/// by the start of the text. The text is read at most once.
#[derive(Debug)]
pub(crate) struct Language<'t> {
    text: &'t str,
    /// The language of the text, once it is determined.
    whole: Option<bool>,
    /// The range of the last word's line that was read, and its words.
    line: (Range<usize>, WordCounts),
}

/// Number of bytes before and after a word that are its surroundings.
const NEAR: usize = 300;

/// Maximum number of bytes of a text to read; the same for a line, with at least a quarter of it before and
/// after a word.
const MOST: usize = 1 << 14;

impl<'t> Language<'t> {
    pub(crate) fn of(text: &'t str) -> Self {
        Self { text, whole: None, line: (0..0, WordCounts::default()) }
    }

    pub(crate) fn is_english_at(&mut self, at: usize) -> bool {
        let line = self.line_counts(at);
        // Text in another language quotes English, and has words of its own in these lines.
        if !self.is_english() {
            return line.is_clearly_english() && line.foreign == 0;
        }
        line.is_english_line().or_else(|| self.nearby_counts(at).is_english()).unwrap_or(true)
    }

    /// Whether the text as a whole is English, as far as that is clear.
    fn is_english(&mut self) -> bool {
        let most = self.text.floor_char_boundary(MOST.min(self.text.len()));
        let text = &self.text[..most];
        *self.whole.get_or_insert_with(|| WordCounts::of(text).is_english().unwrap_or(true))
    }

    /// Whether the line of a word or its surroundings are surely English.
    pub(crate) fn is_clearly_english_at(&mut self, at: usize) -> bool {
        self.is_english_at(at)
            && (self.line_counts(at).is_clearly_english() || self.nearby_counts(at).is_clearly_english())
    }

    fn line_counts(&mut self, at: usize) -> WordCounts {
        let line = self.line_around(at);
        if self.line.0 != line {
            self.line = (line.clone(), WordCounts::of(&self.text[line]));
        }
        self.line.1
    }

    fn nearby_counts(&self, at: usize) -> WordCounts {
        let start = self.text.floor_char_boundary(at.saturating_sub(NEAR));
        let end = self.text.ceil_char_boundary((at + NEAR).min(self.text.len()));
        WordCounts::of(&self.text[start..end])
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
    fn is_sure_of_lines_that_are_all_english() {
        let is_sure = |text: &str| Language::of(text).is_clearly_english_at(text.find("servcie").unwrap());
        assert!(is_sure("We asked for the servcie of this harbour."));
        assert!(!is_sure("servcie") && !is_sure("el servcie of the harbour es nuevo"));
        assert!(!is_sure("That is the servcie dat gaat over zaken"));
    }

    #[test]
    fn tells_english_from_its_neighbours() {
        let text =
            "El componente de la clase es nuevo.\nThe componente of this class is new.\nThis componente";
        let mut language = Language::of(text);
        let found: Vec<bool> =
            text.match_indices("componente").map(|(at, _)| language.is_english_at(at)).collect();
        assert_eq!(found, [false, true, true]);
        assert!(Language::of("使用recieve方法").is_english_at(6));
        for line in ["OS recieve queue", "Packets recieve per second", "der recieve"] {
            for (before, is_english) in
                [("Das ist nicht von uns und wird auch nicht.", false), ("Other words", true)]
            {
                let text = format!("{before}\n{line}");
                let at = text.rfind("recieve").unwrap();
                assert_eq!(Language::of(&text).is_english_at(at), is_english, "{text}");
            }
        }
        let long = "La clase es nueva, y el componente de la clase es el mejor. ".repeat(1000);
        let long =
            long + &"The class is new and the componente of it is the best that there is. ".repeat(1000);
        let mut language = Language::of(&long);
        let found: Vec<bool> =
            long.match_indices("componente").map(|(at, _)| language.is_english_at(at)).collect();
        assert!(found[..900].iter().all(|found| !found) && found[1100..].iter().all(|found| *found));
    }
}
