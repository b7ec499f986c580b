//! The escaping of URLs and other values in each kind of place, in both directions.

use crate::html::Quote;
use std::borrow::Cow;
use std::str::FromStr;

/// The kind of place where a string is written, as far as it determines the escaping.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Escaping {
    /// The value of an HTML or JSX attribute.
    Attribute(Quote),
    /// One candidate of a `srcset` attribute.
    Srcset(Quote),
    /// The argument of a CSS `url()` inside a `style` attribute.
    Css(Quote),
    /// A Markdown destination: `(here)` or `[label]: here`.
    Destination,
    /// A Markdown destination in angle brackets: `(<here>)`.
    AngleDestination,
    /// `<https://here>`
    Autolink,
    /// A bare URL in running text.
    Bare,
    /// A URL in Markdown code, or in a JSX string.
    Code,
    /// A YAML plain scalar on one line.
    YamlPlain,
    /// A YAML single-quoted scalar.
    YamlSingle,
    /// A YAML double-quoted scalar, or a JSON string.
    YamlDouble,
    /// One line of a YAML block scalar.
    Verbatim,
    /// A TOML basic string.
    TomlBasic,
    /// A TOML literal string, which has no escapes.
    TomlLiteral,
    /// An argument of a Hexo, Hugo or Jekyll tag.
    Argument(Quote),
}

impl Escaping {
    /// All of them.
    pub const ALL: [Self; 23] = [
        Self::Attribute(Quote::Double),
        Self::Attribute(Quote::Single),
        Self::Attribute(Quote::None),
        Self::Srcset(Quote::Double),
        Self::Srcset(Quote::Single),
        Self::Srcset(Quote::None),
        Self::Css(Quote::Double),
        Self::Css(Quote::Single),
        Self::Css(Quote::None),
        Self::Destination,
        Self::AngleDestination,
        Self::Autolink,
        Self::Bare,
        Self::Code,
        Self::YamlPlain,
        Self::YamlSingle,
        Self::YamlDouble,
        Self::Verbatim,
        Self::TomlBasic,
        Self::TomlLiteral,
        Self::Argument(Quote::Double),
        Self::Argument(Quote::Single),
        Self::Argument(Quote::None),
    ];

    /// Its name in plans and reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Attribute(Quote::Double) => "attribute",
            Self::Attribute(Quote::Single) => "attribute-single",
            Self::Attribute(Quote::None) => "attribute-unquoted",
            Self::Srcset(Quote::Double) => "srcset",
            Self::Srcset(Quote::Single) => "srcset-single",
            Self::Srcset(Quote::None) => "srcset-unquoted",
            Self::Css(Quote::Double) => "css",
            Self::Css(Quote::Single) => "css-single",
            Self::Css(Quote::None) => "css-unquoted",
            Self::Destination => "destination",
            Self::AngleDestination => "angle-destination",
            Self::Autolink => "autolink",
            Self::Bare => "bare",
            Self::Code => "code",
            Self::YamlPlain => "yaml-plain",
            Self::YamlSingle => "yaml-single",
            Self::YamlDouble => "yaml-double",
            Self::Verbatim => "verbatim",
            Self::TomlBasic => "toml-basic",
            Self::TomlLiteral => "toml-literal",
            Self::Argument(Quote::Double) => "argument",
            Self::Argument(Quote::Single) => "argument-single",
            Self::Argument(Quote::None) => "argument-unquoted",
        }
    }

    /// `value` as it can be written if this place cannot hold it as is: with quotes or brackets added around
    /// it.
    pub fn encode_quoted(self, value: &str, like: &str) -> Option<String> {
        let (escaping, open, close) = match self {
            Self::Attribute(Quote::None) => (Self::Attribute(Quote::Double), '"', '"'),
            Self::Destination => (Self::AngleDestination, '<', '>'),
            Self::YamlPlain => (Self::YamlSingle, '\'', '\''),
            _ => return None,
        };
        escaping.encode(value, like).map(|written| format!("{open}{written}{close}"))
    }

    /// Decodes the escape sequences in `raw`.
    pub fn decode(self, raw: &str) -> Cow<'_, str> {
        match self {
            Self::Attribute(_) | Self::Srcset(_) | Self::Css(_) => decode_attribute(raw),
            Self::Destination | Self::AngleDestination => decode_destination(raw),
            Self::YamlSingle if raw.contains("''") => Cow::Owned(raw.replace("''", "'")),
            Self::YamlDouble | Self::TomlBasic => decode_backslashes(raw),
            _ => Cow::Borrowed(raw),
        }
    }

    /// Encodes `value` for this place; `like` is the old text, whose style of escaping is kept. `None` if the
    /// place cannot hold the value.
    pub fn encode(self, value: &str, like: &str) -> Option<String> {
        if value.is_empty() || value.contains(|c: char| c.is_control()) {
            return None;
        }
        let written = match self {
            Self::Attribute(quote) | Self::Srcset(quote) | Self::Css(quote) => {
                encode_attribute(value, quote, like)
            }
            Self::Destination => encode_destination(value),
            Self::AngleDestination => value.replace('\\', "\\\\").replace('<', "\\<").replace('>', "\\>"),
            Self::YamlSingle => value.replace('\'', "''"),
            Self::YamlDouble | Self::TomlBasic => value.replace('\\', "\\\\").replace('"', "\\\""),
            _ => value.to_owned(),
        };
        (self.holds(&written) && self.decode(&written) == value).then_some(written)
    }

    /// Whether `raw` can be written here without ending the value or changing its meaning.
    pub fn holds(self, raw: &str) -> bool {
        let without = |these: &[char]| !raw.contains(these);
        let no_blank = !raw.contains(char::is_whitespace);
        match self {
            Self::Attribute(quote) => quote_holds(quote, raw),
            Self::Srcset(quote) => {
                no_blank && quote_holds(quote, raw) && !raw.starts_with(',') && !raw.ends_with(',')
            }
            Self::Css(quote) => no_blank && quote_holds(quote, raw) && without(&['"', '\'', '(', ')', '\\']),
            Self::Destination => {
                no_blank && !raw.starts_with('<') && without(&['|']) && has_balanced_parentheses(raw)
            }
            Self::AngleDestination => without(&['\n', '\r', '|']),
            Self::Autolink => no_blank && without(&['<', '>']) && raw.contains(':'),
            Self::Bare => no_blank && raw.is_ascii() && without(&['<', '>', '"', '*', '`', '[', ']']),
            Self::Code => no_blank && without(&['<', '>', '"', '\'', '`']),
            Self::YamlPlain => is_plain_safe(raw),
            Self::YamlSingle | Self::Verbatim => without(&['\n', '\r']),
            Self::TomlLiteral => without(&['\n', '\r', '\'']),
            Self::YamlDouble | Self::TomlBasic => without(&['\n', '\r']),
            Self::Argument(quote) => without(&['{', '}', '%']) && argument_holds(quote, raw),
        }
    }
}

fn decode_attribute(raw: &str) -> Cow<'_, str> {
    if raw.contains('&') { htmlize::unescape_attribute(raw) } else { Cow::Borrowed(raw) }
}

/// Decodes backslash escapes of ASCII punctuation, then character references.
fn decode_destination(raw: &str) -> Cow<'_, str> {
    if memchr::memchr2(b'\\', b'&', raw.as_bytes()).is_none() {
        return Cow::Borrowed(raw);
    }
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find(['\\', '&']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if rest.starts_with('\\') {
            let escaped = rest[1..].chars().next().filter(char::is_ascii_punctuation);
            out.push(escaped.unwrap_or('\\'));
            rest = &rest[1 + usize::from(escaped.is_some())..];
            continue;
        }
        let end = rest.bytes().take(40).position(|byte| byte == b';').map_or(1, |end| end + 1);
        out.push_str(&htmlize::unescape(&rest[..end]));
        rest = &rest[end..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Decodes the escape sequences that YAML, JSON and TOML share; unknown ones are kept as written.
fn decode_backslashes(raw: &str) -> Cow<'_, str> {
    if !raw.contains('\\') {
        return Cow::Borrowed(raw);
    }
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let (meaning, length) = escape_meaning(&rest[at..]);
        match meaning {
            Some(character) => out.push(character),
            None => out.push_str(&rest[at..at + length]),
        }
        rest = &rest[at + length..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Single-letter escapes and the characters that they stand for.
const ESCAPES: [(char, char); 9] = [
    ('n', '\n'),
    ('t', '\t'),
    ('r', '\r'),
    ('"', '"'),
    ('\\', '\\'),
    ('/', '/'),
    ('b', '\u{8}'),
    ('f', '\u{C}'),
    ('e', '\u{1B}'),
];

/// The character that an escape stands for, and the length of the escape in bytes including the backslash.
fn escape_meaning(text: &str) -> (Option<char>, usize) {
    let Some(letter) = text[1..].chars().next() else { return (None, 1) };
    if let Some((_, meaning)) = ESCAPES.iter().find(|(escape, _)| *escape == letter) {
        return (Some(*meaning), 2);
    }
    let digits = match letter {
        'x' => 2,
        'u' => 4,
        'U' => 8,
        _ => return (None, 1 + letter.len_utf8()),
    };
    let code = text.get(2..2 + digits).and_then(|hex| u32::from_str_radix(hex, 16).ok());
    match code.and_then(char::from_u32) {
        Some(character) => (Some(character), 2 + digits),
        None => (None, 2),
    }
}

/// Writes `&amp;` if the old value did, or if `&` alone would be read as a character reference.
fn encode_attribute(value: &str, quote: Quote, like: &str) -> String {
    let spells_out = like.contains("&amp;") || htmlize::unescape_attribute(value) != value;
    let value = if spells_out { value.replace('&', "&amp;") } else { value.to_owned() };
    match quote {
        Quote::Double => value.replace('"', "&quot;"),
        Quote::Single => value.replace('\'', "&#39;"),
        Quote::None => value,
    }
}

fn encode_destination(value: &str) -> String {
    let balanced = has_balanced_parentheses(value);
    let mut out = String::with_capacity(value.len());
    for (at, character) in value.char_indices() {
        let next = value[at + character.len_utf8()..].chars().next();
        let escape = match character {
            '(' | ')' => !balanced,
            '\\' => next.is_some_and(|next| next.is_ascii_punctuation()),
            '&' => starts_reference(&value[at..]),
            _ => false,
        };
        out.push_str(match (escape, character) {
            (true, '&') => "&amp;",
            (true, _) => "\\",
            _ => "",
        });
        if !(escape && character == '&') {
            out.push(character);
        }
    }
    out
}

/// Whether Markdown reads a character reference at the `&` at the start of `text`.
fn starts_reference(text: &str) -> bool {
    // The longest name of a character reference has 33 characters.
    let head = &text[..text.floor_char_boundary(40)];
    htmlize::unescape(head) != head
}

/// Whether the parentheses that are not escaped by a backslash are balanced.
fn has_balanced_parentheses(raw: &str) -> bool {
    let mut depth = 0i32;
    let mut escaped = false;
    for byte in raw.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'(' => depth += 1,
            b')' => depth -= 1,
            _ => {}
        }
        if depth < 0 {
            return false;
        }
    }
    depth == 0
}

fn quote_holds(quote: Quote, raw: &str) -> bool {
    match quote {
        Quote::Double => !raw.contains('"'),
        Quote::Single => !raw.contains('\''),
        Quote::None => {
            !raw.contains(|c: char| c.is_whitespace() || "\"'=<>`".contains(c)) && !raw.ends_with('/')
        }
    }
}

fn argument_holds(quote: Quote, raw: &str) -> bool {
    match quote {
        Quote::None => !raw.contains(|c: char| c.is_whitespace() || "\"'`,".contains(c)),
        Quote::Double => !raw.contains(['"', '\\']),
        Quote::Single => !raw.contains(['\'', '\\']),
    }
}

/// Whether a URL is read as the same string in a YAML plain scalar, in block and in flow style.
fn is_plain_safe(raw: &str) -> bool {
    let starts_well = raw.starts_with(|c: char| c.is_alphanumeric() || c == '/' || c == '.');
    let ends_well = !raw.ends_with([':', ' ', '\t']);
    let no_indicator = !raw.contains([',', '[', ']', '{', '}', '\n', '\r', '\t']);
    starts_well && ends_well && no_indicator && !raw.contains(": ") && !raw.contains(" #")
}

impl FromStr for Escaping {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|escaping| escaping.name() == name).ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_what_it_reads() {
        let values = [
            "http://a.example/b.png",
            "https://a.example/b?c=1&d=2",
            "https://a.example/?x=1&copy=2&amp;y",
            "https://a.example/it's \"quoted\"",
            "https://a.example/(1).png",
            "https://a.example/1).png",
            "C:\\photo\\a.png",
            "https://a.example/图.png",
            "https://a.example/a b.png",
            "<x>",
            "'",
            "a: b #c",
        ];
        for escaping in Escaping::ALL {
            assert_eq!(escaping.name().parse(), Ok(escaping));
            for value in values {
                for like in ["", "x?a&amp;b"] {
                    let Some(written) = escaping.encode(value, like) else { continue };
                    assert_eq!(escaping.decode(&written), value, "{escaping:?} {written}");
                }
            }
        }
    }

    #[test]
    fn keeps_the_habits_of_the_place() {
        let attribute = Escaping::Attribute(Quote::Double);
        assert_eq!(attribute.encode("/a?b=1&c=2", "/x?b=1&c=2").unwrap(), "/a?b=1&c=2");
        assert_eq!(attribute.encode("/a?b=1&c=2", "/x?b=1&amp;c=2").unwrap(), "/a?b=1&amp;c=2");
        assert_eq!(Escaping::Destination.encode("/a_(b", ""), Some("/a_\\(b".into()));
        assert_eq!(Escaping::Destination.encode("/a b", ""), None);
        assert_eq!(Escaping::YamlPlain.encode("a: b", ""), None);
        assert_eq!(Escaping::YamlSingle.encode("it's", ""), Some("it''s".into()));
        assert_eq!(Escaping::TomlLiteral.encode("it's", ""), None);
    }
}
