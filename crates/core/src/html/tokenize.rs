//! Splits HTML into tokens according to the WHATWG standard, without copying.

use super::raw::{comment_end, raw_end};
use super::token::{Attribute, Quote, Tag, Token, Tokens};
use crate::Span;
use memchr::{memchr, memmem};

/// Elements whose content has no tags. Inside `svg`, `math` and `select` HTML treats some of them differently,
/// which can only be determined with a tree.
const RAW: [&str; 9] =
    ["script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes", "plaintext"];

/// Appends the tokens of `text`, which starts at offset `base`. Every byte is in exactly one token, and no two
/// text tokens are adjacent. An unclosed tag is text, and so is everything after it.
pub fn tokenize(text: &str, base: usize, tokens: &mut Tokens) {
    let first = tokens.list.len();
    let mut scanner = Scanner::new(text, base);
    while let Some(token) = scanner.next(&mut tokens.attributes) {
        let raw = raw_name(text, base, &token).and_then(|name| scanner.raw(name));
        match (&token, tokens.list[first..].last_mut()) {
            (Token::Text(more), Some(Token::Text(before))) => before.end = more.end,
            _ => tokens.list.push(token),
        }
        tokens.list.extend(raw.map(Token::Raw));
    }
}

/// The name of the element, if this opening tag starts a raw text element.
fn raw_name(text: &str, base: usize, token: &Token) -> Option<&'static str> {
    let Token::Tag(tag) = token else { return None };
    let name = &text[tag.name.start as usize - base..tag.name.end as usize - base];
    if tag.closing || !matches!(name.len(), 3..=9) {
        return None;
    }
    RAW.into_iter().find(|raw| name.eq_ignore_ascii_case(raw))
}

/// Reads one token after another. The caller determines where raw text starts.
pub(super) struct Scanner<'t> {
    bytes: &'t [u8],
    base: usize,
    /// The offset of the first byte that is not in a token yet.
    at: usize,
    /// Whether the last token is text that began like a tag, which a browser drops.
    pub(super) unclosed: bool,
}

/// The result of reading at a `<`, with its end offset.
enum Markup {
    Token(Token, usize),
    Unclosed,
}

impl<'t> Scanner<'t> {
    pub(super) fn new(text: &'t str, base: usize) -> Self {
        Self { bytes: text.as_bytes(), base, at: 0, unclosed: false }
    }

    /// Reads the next token. The attributes of a tag are appended to `attributes`.
    pub(super) fn next(&mut self, attributes: &mut Vec<Attribute>) -> Option<Token> {
        let from = self.at;
        if from >= self.bytes.len() {
            return None;
        }
        let open = self.markup_from(from);
        if open > from {
            self.at = open;
            return Some(Token::Text(self.span(from, open)));
        }
        match self.markup(open, attributes) {
            Markup::Token(token, end) => {
                self.at = end;
                Some(token)
            }
            Markup::Unclosed => {
                self.unclosed = true;
                Some(Token::Text(self.rest()))
            }
        }
    }

    /// Reads the content of the raw text element `name` (in lower case) whose opening tag was the last token;
    /// `None` if it is empty.
    pub(super) fn raw(&mut self, name: &str) -> Option<Span> {
        let from = self.at;
        self.at = raw_end(self.bytes, from, name);
        (from < self.at).then(|| self.span(from, self.at))
    }

    /// Reads the content of the CDATA section at `start`, of which the last token was a part.
    pub(super) fn cdata(&mut self, start: Span) -> Span {
        let from = start.start as usize - self.base + "<![CDATA[".len();
        let length = memmem::find(&self.bytes[from..], b"]]>");
        let end = length.map_or(self.bytes.len(), |length| from + length);
        self.at = length.map_or(end, |_| end + 3);
        self.span(from, end)
    }

    /// Reads the rest of the source.
    fn rest(&mut self) -> Span {
        let from = std::mem::replace(&mut self.at, self.bytes.len());
        self.span(from, self.bytes.len())
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(start + self.base, end + self.base)
    }

    /// The offset of the next `<` that starts markup; the end if there is none.
    fn markup_from(&self, mut from: usize) -> usize {
        while let Some(next) = memchr(b'<', &self.bytes[from..]) {
            let open = from + next;
            match self.bytes.get(open + 1) {
                Some(b'a'..=b'z' | b'A'..=b'Z' | b'!' | b'?') => return open,
                Some(b'/') if open + 2 < self.bytes.len() => return open,
                _ => from = open + 1,
            }
        }
        self.bytes.len()
    }

    /// Reads the markup at the `<` at `open`.
    fn markup(&self, open: usize, attributes: &mut Vec<Attribute>) -> Markup {
        let rest = &self.bytes[open + 1..];
        match rest {
            [b'/', b'a'..=b'z' | b'A'..=b'Z', ..] => self.tag(open, open + 2, true, attributes),
            [b'a'..=b'z' | b'A'..=b'Z', ..] => self.tag(open, open + 1, false, attributes),
            [b'!', b'-', b'-', ..] => {
                let end = comment_end(self.bytes, open);
                Markup::Token(Token::Comment(self.span(open, end)), end)
            }
            _ => {
                let end = memchr(b'>', rest).map_or(self.bytes.len(), |at| open + 1 + at + 1);
                Markup::Token(Token::Declaration(self.span(open, end)), end)
            }
        }
    }

    fn tag(&self, open: usize, name: usize, closing: bool, attributes: &mut Vec<Attribute>) -> Markup {
        let name_end = self.skip_until(name, |byte| is_space(byte) || byte == b'/' || byte == b'>');
        let first = attributes.len();
        let Some((close, self_closing)) = self.attributes(name_end, attributes) else {
            attributes.truncate(first);
            return Markup::Unclosed;
        };
        let tag = Tag {
            span: self.span(open, close + 1),
            name: self.span(name, name_end),
            closing,
            self_closing,
            attributes: first as u32..attributes.len() as u32,
        };
        Markup::Token(Token::Tag(tag), close + 1)
    }

    /// Reads attributes up to the `>` of the tag; returns the offset of the `>` and whether it is a `/>`.
    fn attributes(&self, mut at: usize, attributes: &mut Vec<Attribute>) -> Option<(usize, bool)> {
        loop {
            match self.bytes.get(at)? {
                b'>' => return Some((at, self.bytes[at - 1] == b'/' && !self.ends_value(at, attributes))),
                b'/' => at += 1,
                byte if is_space(*byte) => at += 1,
                _ => {
                    let (attribute, end) = self.attribute(at)?;
                    attributes.push(attribute);
                    at = end;
                }
            }
        }
    }

    /// Whether the byte before `at` ends an attribute value, like the slash in `<a href=/>`.
    fn ends_value(&self, at: usize, attributes: &[Attribute]) -> bool {
        attributes.last().is_some_and(|last| last.span.end as usize == self.base + at)
    }

    /// Reads the attribute at `at`; returns it and its end, or `None` if its quote is not closed.
    fn attribute(&self, at: usize) -> Option<(Attribute, usize)> {
        // A leading `=` is part of the name.
        let name_end = self.skip_until(at + 1, |byte| is_space(byte) || matches!(byte, b'/' | b'>' | b'='));
        let name = self.span(at, name_end);
        let equals = self.skip_until(name_end, |byte| !is_space(byte));
        if self.bytes.get(equals) != Some(&b'=') {
            return Some((Attribute { name, value: None, quote: Quote::None, span: name }, name_end));
        }
        let start = self.skip_until(equals + 1, |byte| !is_space(byte));
        let (quote, start, end, after) = match *self.bytes.get(start)? {
            mark @ (b'"' | b'\'') => {
                let end = start + 1 + memchr(mark, &self.bytes[start + 1..])?;
                let quote = if mark == b'"' { Quote::Double } else { Quote::Single };
                (quote, start + 1, end, end + 1)
            }
            _ => {
                let end = self.skip_until(start, |byte| is_space(byte) || byte == b'>');
                (Quote::None, start, end, end)
            }
        };
        let value = Some(self.span(start, end));
        Some((Attribute { name, value, quote, span: self.span(at, after) }, after))
    }

    fn skip_until(&self, from: usize, stops: impl Fn(u8) -> bool) -> usize {
        let rest = &self.bytes[from..];
        from + rest.iter().position(|byte| stops(*byte)).unwrap_or(rest.len())
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b'\x0C')
}
