//! The arguments of a template construct of any generator: positional or named, quoted or not.

use super::{Template, TemplateKind};
use crate::Span;
use crate::html::Quote;

/// An argument of a template construct.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Argument<'t> {
    /// The name before `=` or `:`; `None` for a positional one.
    pub name: Option<&'t str>,
    /// The span of the value without its quotes.
    pub value: Span,
    /// The value's quotes. A backtick counts as double.
    pub quote: Quote,
}

/// The first word of the construct and the arguments after it; `None` if it has no word.
pub fn arguments<'t>(text: &'t str, template: &Template) -> Option<(&'t str, Vec<Argument<'t>>)> {
    if matches!(template.kind, TemplateKind::Comment | TemplateKind::Module | TemplateKind::Braces) {
        return None;
    }
    let mut scan =
        ArgumentScan { text, at: template.inside.start as usize, end: template.inside.end as usize };
    scan.skip(|c| c.is_whitespace() || c == '-');
    // Hugo shows `{{</* figure */>}}` instead of running it.
    if scan.rest().starts_with("/*") {
        return None;
    }
    let name = scan.word(|c| c.is_whitespace() || "(=,\"'".contains(c));
    let name = (!name.is_empty()).then(|| name.of(text))?;
    let mut found = Vec::new();
    while let Some(argument) = scan.argument() {
        found.push(argument);
    }
    Some((name, found))
}

struct ArgumentScan<'t> {
    text: &'t str,
    at: usize,
    end: usize,
}

impl<'t> ArgumentScan<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..self.end]
    }

    fn skip(&mut self, skipped: impl Fn(char) -> bool) {
        self.at = self.end - self.rest().trim_start_matches(skipped).len();
    }

    fn word(&mut self, ends: impl Fn(char) -> bool) -> Span {
        let start = self.at;
        self.at += self.rest().find(ends).unwrap_or(self.rest().len());
        Span::new(start, self.at)
    }

    fn argument(&mut self) -> Option<Argument<'t>> {
        self.skip(|c| c.is_whitespace() || "(),|".contains(c));
        if self.rest().is_empty() {
            return None;
        }
        if let Some((value, quote)) = self.quoted() {
            return Some(Argument { name: None, value, quote });
        }
        let word = self.word(|c| c.is_whitespace() || "=,()\"'".contains(c));
        let blanks = self.rest().len() - self.rest().trim_start().len();
        // The `=` in a URL does not make a name.
        let is_address = word.of(self.text).contains(['/', '?']);
        if is_address {
            let value = Span { end: self.value_word().end, ..word };
            return Some(Argument { name: None, value, quote: Quote::None });
        }
        if !word.is_empty() && self.rest()[blanks..].starts_with('=') {
            self.at += blanks + 1;
            self.skip(char::is_whitespace);
            let (value, quote) = self.quoted().unwrap_or_else(|| (self.value_word(), Quote::None));
            return Some(Argument { name: Some(word.of(self.text)), value, quote });
        }
        if word.is_empty() {
            self.at += self.rest().chars().next().map_or(1, char::len_utf8);
        }
        Some(Argument { name: None, value: word, quote: Quote::None })
    }

    fn value_word(&mut self) -> Span {
        self.word(|c| c.is_whitespace() || ",)".contains(c))
    }

    fn quoted(&mut self) -> Option<(Span, Quote)> {
        let open = self.rest().chars().next()?;
        let quote = match open {
            '"' | '`' => Quote::Double,
            '\'' => Quote::Single,
            _ => return None,
        };
        let inside = &self.rest()[1..];
        let length = closing_quote(inside, open).or_else(|| inside.find(open))?;
        let value = Span::new(self.at + 1, self.at + 1 + length);
        self.at = value.end as usize + 1;
        Some((value, quote))
    }
}

/// The offset of the quote that ends a string, as far as a backslash does not escape it.
fn closing_quote(inside: &str, open: char) -> Option<usize> {
    let mut escaped = false;
    inside.bytes().position(|byte| {
        let closes = !escaped && byte == open as u8;
        escaped = byte == b'\\' && !escaped && open != '`';
        closes
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::templates;
    use crate::{Format, Generator};

    #[test]
    fn reads_every_generators_form() {
        /// A construct, its first word, and its arguments.
        type Case = (&'static str, &'static str, &'static [(Option<&'static str>, &'static str)]);
        let cases: [Case; 8] = [
            ("{% img /a.png?x=1&y=2 alt=b %}", "img", &[(None, "/a.png?x=1&y=2"), (Some("alt"), "b")]),
            ("{% asset_img a.png 说明 %}", "asset_img", &[(None, "a.png"), (None, "说明")]),
            (
                "{{< figure src=\"a.png\" alt='b c' >}}",
                "figure",
                &[(Some("src"), "a.png"), (Some("alt"), "b c")],
            ),
            (
                "{% include figure.html src=\"/a.png\" %}",
                "include",
                &[(None, "figure.html"), (Some("src"), "/a.png")],
            ),
            ("{{ image(src=\"a.png\", width=3) }}", "image", &[(Some("src"), "a.png"), (Some("width"), "3")]),
            (
                "{{< figure src=\"a.png\" alt=\"b \\\"c\\\" d\" >}}",
                "figure",
                &[(Some("src"), "a.png"), (Some("alt"), "b \\\"c\\\" d")],
            ),
            ("{% img \"a\\\" b %}", "img", &[(None, "a\\"), (None, "b")]),
            ("{% image /a.png, alt=图 %}", "image", &[(None, "/a.png"), (Some("alt"), "图")]),
        ];
        for (text, name, expected) in cases {
            let template = templates(text, 0, Format::Markdown, Generator::None)[0];
            let (found_name, found) = arguments(text, &template).unwrap();
            let found: Vec<_> =
                found.iter().map(|argument| (argument.name, argument.value.of(text))).collect();
            assert_eq!((found_name, found.as_slice()), (name, expected), "{text}");
        }
    }
}
