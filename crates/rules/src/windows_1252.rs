//! Windows-1252, as browsers read it: each byte is a character.

/// The characters of the bytes 0x80 to 0x9F; what has none stays a control character.
const HIGH: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8D}', 'Ž', '\u{8F}', '\u{90}',
    '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9D}', 'ž', 'Ÿ',
];

/// The character that a control character from U+0080 to U+009F is a wrong reading of: U+0092 is the byte of `’`.
pub(crate) fn meant_by(control: char) -> Option<char> {
    let index = (control as usize).checked_sub(0x80)?;
    HIGH.get(index).copied().filter(|meant| *meant != control)
}

/// The byte of a character. A control character is the byte of its number, as readings as Latin-1 leave it.
pub(crate) fn byte_of(character: char) -> Option<u8> {
    let number = character as u32;
    u8::try_from(number).ok().or_else(|| {
        let index = HIGH.iter().position(|high| *high == character)?;
        Some(0x80 + index as u8)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_characters() {
        for (control, meant) in
            [('\u{92}', Some('’')), ('\u{80}', Some('€')), ('\u{9D}', None), ('a', None), ('é', None)]
        {
            assert_eq!(meant_by(control), meant, "{control:?}");
        }
        for (character, byte) in [('’', Some(0x92)), ('\u{92}', Some(0x92)), ('é', Some(0xE9)), ('中', None)]
        {
            assert_eq!(byte_of(character), byte, "{character:?}");
        }
    }
}
