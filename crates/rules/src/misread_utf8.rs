//! UTF-8 that was read as Windows-1252 and written again: `cafÃ©`, `itâ€™s`.

use crate::windows_1252::byte_of;
use std::ops::Range;

/// A part of a text that was read in the wrong encoding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Misread {
    /// Where it is.
    pub(crate) range: Range<usize>,
    /// What it was before.
    pub(crate) right: String,
    is_sure: bool,
    /// The first byte of its first character.
    lead: u8,
}

/// The characters of one sequence of bytes.
struct Sequence {
    lead: u8,
    /// The last one.
    last: char,
    /// Whether one of them never follows a letter in a right text.
    is_odd: bool,
    /// What the bytes mean in UTF-8.
    meaning: char,
    length: usize,
}

/// Characters after the first of a sequence that may follow a letter in a right text: `IRMÃ”`, `café”…`.
const AFTER_LETTERS: &str = "»«”“’‘…–—•·™®©°¹²³ªº§†‡‹›´\u{A0}\u{AD}";

/// Those of them that a letter may follow in turn: `IRMÃ—disse`.
const BETWEEN_LETTERS: &str = "»«”“’‘…–—•·‹›´\u{A0}\u{AD}";

/// Minimum number of parts that are certain, before others that might be right text count as well.
const FEWEST_SURE: usize = 2;

/// The parts of a text that were read in the wrong encoding.
pub(crate) fn misread_parts(text: &str) -> Vec<Misread> {
    let bytes = text.as_bytes();
    let mut found: Vec<Misread> = Vec::new();
    let mut from = 0;
    // The first character of a sequence is one of these, from `Â` to `ô`.
    let may_lead = |at: &usize| matches!(bytes.get(at + 1), Some(0x82..=0xB4));
    for at in memchr::memchr_iter(0xC3, bytes).filter(may_lead) {
        if at < from {
            continue;
        }
        if let Some(misread) = misread_at(text, at) {
            from = misread.range.end;
            found.push(misread);
        }
    }
    if found.is_empty() {
        return found;
    }
    let is_western = |lead: u8| matches!(lead, 0xC2 | 0xC3 | 0xE2);
    let sure: Vec<u8> = found.iter().filter(|misread| misread.is_sure).map(|misread| misread.lead).collect();
    found.retain(|misread| {
        let alike = |lead: &&u8| **lead == misread.lead || (is_western(**lead) && is_western(misread.lead));
        misread.is_sure || sure.iter().filter(alike).count() >= FEWEST_SURE
    });
    found
}

/// Whether the character at an offset is part of a sequence, and not its first character.
pub(crate) fn is_part(text: &str, at: usize) -> bool {
    let starts = text[..at].char_indices().rev().take(3).map(|(start, _)| start);
    starts
        .filter_map(|start| Some((start, sequence_at(text, start)?)))
        .any(|(start, sequence)| start + sequence.length > at && is_plausible(&sequence))
}

/// The longest part at an offset whose sequences are all plausible.
fn misread_at(text: &str, at: usize) -> Option<Misread> {
    let mut sequences = Vec::new();
    let mut end = at;
    while let Some(sequence) = sequence_at(text, end).filter(is_plausible) {
        end += sequence.length;
        sequences.push(sequence);
    }
    let lead = sequences.first()?.lead;
    let is_sure = is_sure(&sequences, text[..at].chars().next_back(), text[end..].chars().next());
    let mut right: String = sequences.iter().map(|sequence| sequence.meaning).collect();
    while let Some(again) = read_again(&right) {
        right = again;
    }
    // A byte order mark in the middle of a text is nothing.
    right.retain(|c| c != '\u{FEFF}');
    let is_text = !right.contains(char::is_control);
    is_text.then_some(Misread { range: at..end, right, is_sure, lead })
}

/// A text that was misread twice; `None` if it is not made of sequences.
fn read_again(text: &str) -> Option<String> {
    let mut right = String::new();
    let mut at = 0;
    while at < text.len() {
        let sequence = sequence_at(text, at).filter(is_plausible)?;
        right.push(sequence.meaning);
        at += sequence.length;
    }
    Some(right).filter(|right| !right.is_empty())
}

/// The sequence of bytes that starts at an offset, if it is one of UTF-8.
fn sequence_at(text: &str, at: usize) -> Option<Sequence> {
    let mut characters = text[at..].chars();
    let lead = byte_of(characters.next()?)?;
    let more = match lead {
        0xC2..=0xDF => 1,
        0xE0..=0xEF => 2,
        0xF0..=0xF4 => 3,
        _ => return None,
    };
    let mut bytes = [lead, 0, 0, 0];
    let (mut is_odd, mut last) = (false, ' ');
    for byte in &mut bytes[1..=more] {
        last = characters.next()?;
        *byte = byte_of(last).filter(|byte| (0x80..=0xBF).contains(byte))?;
        is_odd |= !AFTER_LETTERS.contains(last);
    }
    let meaning = std::str::from_utf8(&bytes[..=more]).ok()?.chars().next()?;
    let length = text.len() - at - characters.as_str().len();
    Some(Sequence { lead, last, is_odd, meaning, length })
}

/// Whether texts have what a sequence means, and seldom its characters.
fn is_plausible(sequence: &Sequence) -> bool {
    match sequence.meaning {
        // A control character if it was misread twice.
        '\u{80}'..='\u{17F}' | '\u{218}'..='\u{21B}' => true,
        '\u{386}'..='\u{3CE}' | '\u{400}'..='\u{45F}' | '\u{5D0}'..='\u{5EA}' | '\u{600}'..='\u{6FF}' => true,
        '\u{900}'..='\u{E7F}' | '\u{1E00}'..='\u{1EFF}' => true,
        '\u{2000}'..='\u{2027}' | '\u{202F}'..='\u{205E}' | '\u{20A0}'..='\u{20BF}' => true,
        '\u{2100}'..='\u{2BFF}' => true,
        '\u{3000}'..='\u{30FF}' | '\u{4E00}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7A3}' => true,
        '\u{FE0F}' | '\u{FEFF}' | '\u{FF01}'..='\u{FF5E}' | '\u{FFE5}' | '\u{FFFD}' => true,
        '\u{1F000}'..='\u{1FAFF}' => true,
        _ => false,
    }
}

/// Whether sequences that follow each other cannot be right text, by themselves or by what is around them.
fn is_sure(sequences: &[Sequence], before: Option<char>, after: Option<char>) -> bool {
    let three = sequences.iter().filter(|sequence| matches!(sequence.lead, 0xE0..=0xEF)).count();
    if three >= 2 && sequences.iter().any(|sequence| sequence.is_odd) {
        return true;
    }
    // Other alphabets: two bytes for each letter.
    let is_letter_of = |sequence: &Sequence, script: &Range<char>| script.contains(&sequence.meaning);
    let scripts = ['\u{386}'..'\u{3CF}', '\u{400}'..'\u{460}', '\u{5D0}'..'\u{5EB}', '\u{620}'..'\u{6D4}'];
    let is_word =
        |script: &Range<char>| sequences.iter().filter(|one| is_letter_of(one, script)).count() >= 3;
    if scripts.iter().any(is_word) {
        return true;
    }
    (0..sequences.len()).any(|index| {
        let before = if index == 0 { before } else { Some(sequences[index - 1].meaning) };
        let after = sequences.get(index + 1).map_or(after, |next| Some(next.meaning));
        is_sure_alone(&sequences[index], before.unwrap_or(' '), after.unwrap_or(' '))
    })
}

/// Whether one sequence between two characters cannot be right text.
fn is_sure_alone(sequence: &Sequence, before: char, after: char) -> bool {
    let Sequence { is_odd, last, meaning, .. } = *sequence;
    let is_in_word = before.is_lowercase() && after.is_lowercase();
    match sequence.lead {
        0xC2 => {
            let is_mark = "©£¡¿½¼¾±¢¥µ".contains(meaning);
            let begins = before.is_whitespace() && (after.is_alphanumeric() || after == ' ');
            let ends = before.is_lowercase() || before.is_numeric() || ".,;:!?)%".contains(before);
            let is_space = meaning == '\u{A0}' && after == ' ' && !before.is_alphabetic();
            !meaning.is_control() && (ends || is_space || (is_mark && begins))
        }
        0xC3 if !meaning.is_alphabetic() => false,
        0xC3 => {
            let is_between = BETWEEN_LETTERS.contains(last);
            before.is_lowercase()
                || (is_odd && (before.is_alphabetic() || after.is_alphabetic()))
                || (after.is_lowercase() && (!before.is_alphabetic() || !is_between))
        }
        0xC5 if meaning == 'œ' => after.is_lowercase() && (is_in_word || !before.is_alphabetic()),
        0xC4 | 0xC5 => is_in_word || (is_odd && (before.is_lowercase() || after.is_lowercase())),
        0xC8 => is_in_word && matches!(meaning, '\u{218}'..='\u{21B}'),
        0xE1 => {
            (is_odd && (before.is_alphabetic() || after.is_alphabetic()))
                || (after.is_lowercase() && !BETWEEN_LETTERS.contains(last))
        }
        0xE2 | 0xEF | 0xF0 => is_odd,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fixed(text: &str) -> String {
        let mut fixed = text.to_owned();
        for misread in misread_parts(text).into_iter().rev() {
            fixed.replace_range(misread.range, &misread.right);
        }
        fixed
    }

    /// What UTF-8 looks like if it is read as Windows-1252.
    fn misread(text: &str) -> String {
        let character = |byte: u8| crate::windows_1252::meant_by(byte as char).unwrap_or(byte as char);
        text.bytes().map(character).collect()
    }

    #[test]
    fn finds_what_was_misread() {
        for text in [
            "the application’s folder",
            "a café in the rue, l’été, où",
            "“Hello”, he said — and left…",
            "10\u{A0}km. \u{A0}And 20°C",
            "a \u{A0} b",
            "© 2020, £5, ½ a page",
            "Été, État, Ça va, Übung, größer, Straße",
            "informação, Número, ação, não, órgão",
            "często łąka, mąż, źródło, że",
            "привет, мир",
            "你好，世界",
            "Tiếng Việt",
            "😀 and ✔ → ™ €",
            "señor, ¡Hola! ¿Qué?",
            "une œuvre, le cœur\u{2009}!",
        ] {
            assert_eq!(fixed(&misread(text)), text, "{}", misread(text));
        }
        assert_eq!(fixed(&misread(&misread("it’s a café"))), "it’s a café");
        // Read as Latin-1, with control characters.
        assert_eq!(fixed("it\u{E2}\u{80}\u{99}s"), "it’s");
        assert_eq!(fixed("ï»¿Text"), "Text");
    }

    #[test]
    fn leaves_right_text_alone() {
        for text in [
            "São Paulo NÃO é longe; o château est là, Â é uma letra.",
            "“CAFÉ”… «está»… —está»—dijo él. “café”…",
            "IRMÃ”, MAÇÃ…, MANHÃ – IRMÃ—disse. A IRMÃ™ e a IRMÃ®",
            "«\u{A0}Â\u{A0}», la lettre Â\u{A0}: É\u{A0}! CAFÈ™, Ä…h, „Spaß“, „Ä“",
            "ESPAÑA… ESPAÑ… 3×°, Ø…, AÑO»",
            "Âu Cơ, Â, ÂN, ÁÂÃ",
            "naïve façade, œuvre, Ærø, þð, Ð…",
            "锅里的油烫，烫了手。",
        ] {
            assert_eq!(misread_parts(text), [], "{text}");
        }
    }

    #[test]
    fn doubtful_parts_count_beside_certain_ones() {
        assert_eq!(fixed("Ã\u{A0} la carte"), "Ã\u{A0} la carte");
        assert_eq!(fixed("cafÃ©, thÃ©, Ã\u{A0} la carte"), "café, thé, à la carte");
    }
}
