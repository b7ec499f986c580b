//! What a value is enclosed in, and so which text it can hold.

use crate::Span;

/// What the source of a passage is enclosed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Enclosure {
    /// Nothing that its text could end.
    Open,
    /// Quotes, parentheses or brackets.
    Between(char, char),
    /// No quotes, though it is a value: a space ends it.
    Bare,
}

/// Opening and closing delimiters of values.
const DELIMITERS: [(char, char); 5] = [('"', '"'), ('\'', '\''), ('`', '`'), ('(', ')'), ('[', ']')];

impl Enclosure {
    /// What the value at `span` of a text is enclosed in.
    pub(crate) fn around(text: &str, span: Span) -> Self {
        let (before, after) = (&text[..span.start as usize], &text[span.end as usize..]);
        let is_around = |(open, close): &&(char, char)| before.ends_with(*open) && after.starts_with(*close);
        match DELIMITERS.iter().find(is_around) {
            Some((open, close)) => Self::Between(*open, *close),
            None if before.trim_end().ends_with('=') => Self::Bare,
            None => Self::Open,
        }
    }

    /// Whether text can be written in it, without ending the value or being read as something else.
    pub(crate) fn holds(self, text: &str) -> bool {
        match self {
            Self::Open => true,
            Self::Between(open, close) => !text.contains([open, close, '\\', '\n', '\r']),
            Self::Bare => text.chars().all(|c| c.is_alphanumeric() || c == '-'),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_hold_what_does_not_end_them() {
        for (text, held, refused) in [
            ("a=\"x\"", "it's", "a \"b\""),
            ("a='x'", "a \"b\"", "it's"),
            ("a (x)", "it's", "a)"),
            ("![x](y)", "it's", "a]"),
            ("a=x b", "a-b", "a b"),
            ("a = x b", "ab", "it's"),
        ] {
            let at = text.find('x').unwrap();
            let enclosure = Enclosure::around(text, Span::new(at, at + 1));
            assert!(enclosure.holds(held) && !enclosure.holds(refused), "{text}: {enclosure:?}");
        }
        assert_eq!(Enclosure::around("a x b", Span::new(2, 3)), Enclosure::Open);
    }
}
