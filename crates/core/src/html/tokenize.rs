//! Splits HTML into tokens as the WHATWG standard says, without copying a byte.

use super::raw::raw_end;
use super::token::{Attribute, Quote, Tag, Token, Tokens};
use crate::Span;
use memchr::{memchr, memmem};

/// Elements whose content holds no tags. Inside `svg` and `math` HTML treats them as others; for
/// finding images that makes no difference.
const RAW: [&str; 9] =
    ["script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes", "plaintext"];

/// Appends the tokens of `text`, whose first byte stands at `base`. Every byte is in one token.
pub fn tokenize(text: &str, base: usize, tokens: &mut Tokens) {
    let mut scan = Scan { bytes: text.as_bytes(), text, base, tokens, text_from: 0 };
    scan.run();
}

struct Scan<'s> {
    bytes: &'s [u8],
    text: &'s str,
    base: usize,
    tokens: &'s mut Tokens,
    /// Where the text starts that is in no token yet.
    text_from: usize,
}

impl Scan<'_> {
    fn run(&mut self) {
        let mut at = 0;
        while let Some(next) = memchr(b'<', &self.bytes[at..]) {
            let open = at + next;
            at = match self.markup(open) {
                Markup::Token(token, end) => {
                    self.flush_text(open);
                    self.text_from = end;
                    let content = self.raw_content(&token, end);
                    self.tokens.list.push(token);
                    if let Some(end) = content {
                        self.push_span(Token::Raw, self.text_from, end);
                        self.text_from = end;
                    }
                    self.text_from
                }
                Markup::Text => open + 1,
                Markup::Unclosed => break,
            };
        }
        self.flush_text(self.bytes.len());
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(start + self.base, end + self.base)
    }

    fn push_span(&mut self, kind: fn(Span) -> Token, start: usize, end: usize) {
        if start < end {
            let span = self.span(start, end);
            self.tokens.list.push(kind(span));
        }
    }

    fn flush_text(&mut self, end: usize) {
        self.push_span(Token::Text, self.text_from, end);
        self.text_from = end;
    }

    /// What starts at the `<` at `open`.
    fn markup(&mut self, open: usize) -> Markup {
        match self.bytes.get(open + 1) {
            Some(b'a'..=b'z' | b'A'..=b'Z') => self.tag(open, open + 1, false),
            Some(b'/') => match self.bytes.get(open + 2) {
                Some(b'a'..=b'z' | b'A'..=b'Z') => self.tag(open, open + 2, true),
                Some(b'>') => self.declaration(open, open + 3),
                Some(_) => self.until(open, b'>'),
                None => Markup::Text,
            },
            Some(b'!') => self.exclamation(open),
            Some(b'?') => self.until(open, b'>'),
            _ => Markup::Text,
        }
    }

    fn declaration(&self, open: usize, end: usize) -> Markup {
        Markup::Token(Token::Declaration(self.span(open, end)), end)
    }

    /// A bogus comment: to the next `>`, or to the end.
    fn until(&self, open: usize, stop: u8) -> Markup {
        let end = memchr(stop, &self.bytes[open..]).map_or(self.bytes.len(), |at| open + at + 1);
        self.declaration(open, end)
    }

    fn exclamation(&self, open: usize) -> Markup {
        if !self.bytes[open..].starts_with(b"<!--") {
            return self.until(open, b'>');
        }
        let end = comment_end(self.bytes, open);
        Markup::Token(Token::Comment(self.span(open, end)), end)
    }

    fn tag(&mut self, open: usize, name_start: usize, closing: bool) -> Markup {
        let name_end = self.skip_until(name_start, |byte| is_space(byte) || byte == b'/' || byte == b'>');
        let first = self.tokens.attributes.len();
        let mut at = name_end;
        let mut self_closing = false;
        loop {
            at = self.skip_while(at, is_space);
            match self.bytes.get(at) {
                None => {
                    self.tokens.attributes.truncate(first);
                    return Markup::Unclosed;
                }
                Some(b'>') => break,
                Some(b'/') => {
                    self_closing = self.bytes.get(at + 1) == Some(&b'>');
                    at += 1;
                }
                Some(_) => match self.attribute(at) {
                    Some(end) => at = end,
                    None => {
                        self.tokens.attributes.truncate(first);
                        return Markup::Unclosed;
                    }
                },
            }
        }
        let tag = Tag {
            span: self.span(open, at + 1),
            name: self.span(name_start, name_end),
            closing,
            self_closing,
            attributes: first as u32..self.tokens.attributes.len() as u32,
        };
        Markup::Token(Token::Tag(tag), at + 1)
    }

    /// Reads the attribute at `at`; gives its end, or nothing if its quote never closes.
    fn attribute(&mut self, at: usize) -> Option<usize> {
        // A leading `=` belongs to the name.
        let name_end = self.skip_until(at + 1, |byte| is_space(byte) || matches!(byte, b'/' | b'>' | b'='));
        let name = self.span(at, name_end);
        let equals = self.skip_while(name_end, is_space);
        if self.bytes.get(equals) != Some(&b'=') {
            self.tokens.attributes.push(Attribute { name, value: None, quote: Quote::None });
            return Some(name_end);
        }
        let start = self.skip_while(equals + 1, is_space);
        let (quote, start, end, after) = match self.bytes.get(start)? {
            mark @ (b'"' | b'\'') => {
                let end = start + 1 + memchr(*mark, &self.bytes[start + 1..])?;
                let quote = if *mark == b'"' { Quote::Double } else { Quote::Single };
                (quote, start + 1, end, end + 1)
            }
            b'>' => (Quote::None, start, start, start),
            _ => {
                let end = self.skip_until(start, |byte| is_space(byte) || byte == b'>');
                (Quote::None, start, end, end)
            }
        };
        let value = Some(self.span(start, end));
        self.tokens.attributes.push(Attribute { name, value, quote });
        Some(after)
    }

    /// Where the content ends that an opening tag makes raw.
    fn raw_content(&self, token: &Token, from: usize) -> Option<usize> {
        let Token::Tag(tag) = token else { return None };
        if tag.closing {
            return None;
        }
        let name = &self.text[tag.name.start as usize - self.base..tag.name.end as usize - self.base];
        let name = RAW.iter().find(|raw| name.eq_ignore_ascii_case(raw))?;
        Some(raw_end(self.bytes, from, name))
    }

    fn skip_until(&self, from: usize, stops: impl Fn(u8) -> bool) -> usize {
        from + self.bytes[from..].iter().take_while(|byte| !stops(**byte)).count()
    }

    fn skip_while(&self, from: usize, goes_on: impl Fn(u8) -> bool) -> usize {
        self.skip_until(from, |byte| !goes_on(byte))
    }
}

/// What a `<` turned out to be.
enum Markup {
    /// A token that ends before that byte.
    Token(Token, usize),
    /// Just a character.
    Text,
    /// A tag that nothing closes: the rest is text here, and nothing at all to a browser.
    Unclosed,
}

/// Where the comment at `open` ends; the end of the source if nothing closes it.
fn comment_end(bytes: &[u8], open: usize) -> usize {
    let rest = &bytes[open + 4..];
    // `<!-->` and `<!--->` are whole comments.
    if rest.starts_with(b">") {
        return open + 5;
    }
    if rest.starts_with(b"->") {
        return open + 6;
    }
    let mut from = 0;
    while let Some(at) = memmem::find(&rest[from..], b"--") {
        let dashes = from + at;
        match rest.get(dashes + 2) {
            Some(b'>') => return open + 4 + dashes + 3,
            Some(b'!') if rest.get(dashes + 3) == Some(&b'>') => return open + 4 + dashes + 4,
            _ => from = dashes + 1,
        }
    }
    bytes.len()
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b'\x0C')
}
