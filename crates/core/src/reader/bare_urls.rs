//! URLs in running text, which GFM turns into links, and in code.

use super::Reader;
use crate::Span;
use crate::document::Document;
use crate::escaping::Escaping;
use crate::html::Quote;
use crate::prose::{Mark, PassageKind};
use crate::url::{Role, Url};
use std::ops::Range;

impl Reader<'_> {
    /// Adds every `http://…` and `https://…` in Markdown text that is not already in a link.
    pub(super) fn bare_urls(&mut self) {
        let mut from = 0;
        let mut found = Vec::new();
        while let Some(at) = memchr::memmem::find(&self.prose.text.as_bytes()[from..], b"://") {
            let at = from + at;
            from = at + 3;
            let Some(range) = url_around(&self.prose.text, at) else { continue };
            from = range.end;
            let is_markdown =
                matches!(self.prose.kind_at(range.start), PassageKind::Markdown | PassageKind::Cell);
            if !is_markdown || self.prose.has(Mark::Link, &range) {
                continue;
            }
            found.extend(self.prose.exact_span(range));
        }
        for span in found {
            self.url(span, Escaping::Bare, Role::Link);
        }
    }
}

impl<'t> Document<'t> {
    /// The `http://…` and `https://…` URLs in code. They are not part of `urls`, since code is not content.
    pub fn code_urls(&self) -> Vec<Url<'t>> {
        let mut found = Vec::new();
        for span in &self.code {
            let next = self.html.partition_point(|html| html.end < span.end);
            let inside_html = self.html.get(next).is_some_and(|html| html.contains(*span));
            let escaping = if inside_html { Escaping::Attribute(Quote::Double) } else { Escaping::Code };
            let code = span.of(self.text);
            let mut from = 0;
            while let Some(at) = memchr::memmem::find(&code.as_bytes()[from..], b"://") {
                let range = url_around(code, from + at);
                from = range.as_ref().map_or(from + at + 3, |range| range.end);
                found.extend(range.map(|range| {
                    let span = Span::from(range).shifted(span.start as usize);
                    let value = escaping.decode(span.of(self.text));
                    Url { span, value, escaping, role: Role::Link, templated: false }
                }));
            }
        }
        found
    }
}

/// The URL whose `://` is at `at`: ASCII up to white space, without trailing punctuation.
// GFM would include all of "https://a.example，后面"; authors of Chinese text intend only the ASCII part.
fn url_around(text: &str, at: usize) -> Option<Range<usize>> {
    let scheme = ["https", "http"].iter().find(|scheme| text[..at].ends_with(**scheme))?;
    let start = at - scheme.len();
    if text[..start].ends_with(|c: char| c.is_ascii_alphanumeric()) {
        return None;
    }
    let stops =
        |c: char| !c.is_ascii() || c.is_ascii_whitespace() || c.is_ascii_control() || "<>\"`".contains(c);
    let rest = &text[at + 3..];
    let mut url = &rest[..rest.find(stops).unwrap_or(rest.len())];
    let count = |mark: u8| url.bytes().filter(|byte| *byte == mark).count();
    let (opened, mut closed) = (count(b'('), count(b')'));
    loop {
        let shorter = url.trim_end_matches(['?', '!', '.', ',', ':', '*', '_', '~', '\'', ';', '|']);
        // A parenthesis is the only removed character that was counted.
        let shorter = match shorter.strip_suffix(')') {
            Some(without) if closed > opened => {
                closed -= 1;
                without
            }
            _ => shorter,
        };
        if shorter.len() == url.len() {
            break;
        }
        url = shorter;
    }
    (!url.is_empty()).then(|| start..at + 3 + url.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_where_a_reader_would_end_it() {
        let cases = [
            ("see https://a.example/b.", Some("https://a.example/b")),
            ("(http://a.example/(x))", Some("http://a.example/(x)")),
            ("见https://a.example/b，后面", Some("https://a.example/b")),
            ("xhttp://a", None),
            ("ftp://a", None),
        ];
        for (text, expected) in cases {
            let at = text.find("://").unwrap();
            assert_eq!(url_around(text, at).map(|range| &text[range]), expected, "{text}");
        }
    }
}
