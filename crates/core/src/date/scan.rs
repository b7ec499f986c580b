//! Scans the parts of a date from left to right.

use super::names::{MONTHS, WEEKDAYS};

/// A scanner over the rest of a date.
pub(super) struct DateScan<'v> {
    rest: &'v str,
}

impl<'v> DateScan<'v> {
    pub(super) fn new(value: &'v str) -> Self {
        Self { rest: value }
    }

    pub(super) fn is_done(&self) -> bool {
        self.rest.trim().is_empty()
    }

    pub(super) fn skip_blanks(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t']);
    }

    /// Reads ASCII digits after white space: their value and their number.
    pub(super) fn number(&mut self) -> Option<(u32, usize)> {
        self.skip_blanks();
        let digits = self.rest.bytes().take_while(u8::is_ascii_digit).count();
        let value = self.rest[..digits].parse().ok()?;
        self.rest = &self.rest[digits..];
        Some((value, digits))
    }

    /// Reads the digits after a decimal point, as billionths; only the first nine count.
    pub(super) fn fraction(&mut self) -> Option<i32> {
        let digits = self.rest.bytes().take_while(u8::is_ascii_digit).count();
        let billionths: String = self.rest[..digits].chars().chain("000000000".chars()).take(9).collect();
        self.rest = &self.rest[digits..];
        if digits == 0 { None } else { billionths.parse().ok() }
    }

    pub(super) fn one_of(&mut self, wanted: &str) -> Option<char> {
        let next = self.rest.chars().next().filter(|next| wanted.contains(*next))?;
        self.rest = &self.rest[next.len_utf8()..];
        Some(next)
    }

    pub(super) fn expect(&mut self, wanted: char) -> Option<()> {
        self.rest = self.rest.strip_prefix(wanted)?;
        Some(())
    }

    pub(super) fn expect_optional(&mut self, wanted: char) {
        self.rest = self.rest.strip_prefix(wanted).unwrap_or(self.rest);
    }

    /// Reads a run of ASCII letters.
    pub(super) fn word(&mut self) -> Option<&'v str> {
        let letters = self.rest.bytes().take_while(u8::is_ascii_alphabetic).count();
        let (word, rest) = self.rest.split_at(letters);
        self.rest = rest;
        (!word.is_empty()).then_some(word)
    }

    /// Reads a month's name or its first three letters, as its number from 1.
    pub(super) fn month(&mut self) -> Option<u32> {
        self.name_of(&MONTHS).map(|index| index as u32 + 1)
    }

    /// Reads a weekday's name or its first three letters, with Monday as 0.
    pub(super) fn weekday(&mut self) -> Option<usize> {
        let found = self.name_of(&WEEKDAYS);
        self.expect_optional(',');
        self.skip_blanks();
        found
    }

    fn name_of(&mut self, names: &[&str]) -> Option<usize> {
        let before = self.rest;
        let word = self.word()?.to_ascii_lowercase();
        let index =
            names.iter().position(|name| word == *name || (word.len() == 3 && name.starts_with(&word)));
        if index.is_none() {
            self.rest = before;
        } else {
            self.expect_optional('.');
        }
        index
    }

    /// Reads `AM` or `PM`; true for the latter.
    pub(super) fn half_day(&mut self) -> Option<bool> {
        let letters = self.rest.get(..2)?.to_ascii_lowercase();
        let afternoon = ["am", "pm"].iter().position(|name| *name == letters)? == 1;
        self.rest = &self.rest[2..];
        Some(afternoon)
    }

    /// Skips a comment in parentheses.
    pub(super) fn skip_parenthesis(&mut self) {
        self.skip_blanks();
        if let Some((_, rest)) = self.rest.strip_prefix('(').and_then(|inside| inside.split_once(')')) {
            self.rest = rest;
        }
    }
}
