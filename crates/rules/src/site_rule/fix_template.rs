//! What the fix of a site's own rule takes from a post: byte for byte where it is put into the same kind of place,
//! encoded for another, or nothing at all, so that the element is left alone.

use super::message_template::MessageTemplate;
use postmend_core::html::{Quote, Token, Tokens, tokenize};
use postmend_core::template::templates;
use postmend_core::{Document, Element, Escaping, Span};

/// Where a template puts a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ValuePlace {
    /// Between the quotes of an attribute.
    Attribute(Quote),
    /// In the destination of a Markdown link or image.
    Destination,
    /// In a code span of Markdown.
    Code,
    /// In text.
    Text,
}

/// An element, as its source has it.
pub(super) struct WrittenElement<'e> {
    document: &'e Document<'e>,
    element: &'e Element,
    /// Whether there are template constructs in it.
    is_templated: bool,
}

impl<'e> WrittenElement<'e> {
    pub(super) fn new(document: &'e Document<'e>, element: &'e Element) -> Self {
        let source = element.whole.unwrap_or(element.tag).of(document.text);
        let is_templated = !templates(source, 0, document.format, document.generator).is_empty();
        Self { document, element, is_templated }
    }

    /// A value to show: the source itself if a template made it.
    pub(super) fn shown(&self, name: &str) -> Option<&'e str> {
        if !self.is_templated {
            return None;
        }
        if name == "text" {
            return Some(self.content());
        }
        let (value, _) = self.attribute(name).or_else(|| {
            let within = |span: Span| self.element.tag.contains(span);
            let url = self
                .document
                .urls
                .iter()
                .find(|url| within(url.span))
                .filter(|_| ["src", "href"].contains(&name));
            url.map(|url| (url.span, Quote::None))
        })?;
        Some(value.of(self.document.text))
    }

    /// The text of the fix; `None` if a value cannot be written as it is.
    pub(super) fn fill(
        &self,
        template: &MessageTemplate,
        captured: &dyn Fn(&str) -> Option<String>,
    ) -> Option<String> {
        let line =
            self.document.text[..self.element.tag.start as usize].rsplit('\n').next().unwrap_or_default();
        template.try_fill(|before, name| {
            let target = target_after(before);
            let value = match (name, captured(name)) {
                (_, Some(found)) => self.captured(found, target),
                ("content", _) => fitting(self.content(), target),
                ("text", _) => self.text(target),
                (name, _) => self.value(name, target),
            };
            value.filter(|value| target != ValuePlace::Text || stays_text(value, line, before))
        })
    }

    /// The whole element. The line endings after a block of Markdown are not its own.
    pub(super) fn whole(&self) -> Option<Span> {
        let whole = self.element.whole?;
        let kept = whole.of(self.document.text).trim_end().len();
        Some(Span::new(whole.start as usize, whole.start as usize + kept))
    }

    fn content(&self) -> &'e str {
        let content = self.element.content.map_or("", |content| content.of(self.document.text));
        let is_markdown = self.element.whole == Some(self.element.tag);
        if is_markdown { content.trim_end() } else { content }
    }

    /// The value of an attribute in the source, with its quotes; `None` if Markdown makes it.
    fn attribute(&self, name: &str) -> Option<(Span, Quote)> {
        let source = self.element.tag.of(self.document.text);
        let mut tokens = Tokens::default();
        tokenize(source, self.element.tag.start as usize, &mut tokens);
        let Some(Token::Tag(tag)) = tokens.list.first() else { return None };
        let attribute = tokens.attribute(tag, name, self.document.text)?;
        Some((attribute.value?, attribute.quote))
    }

    fn value(&self, name: &str, target: ValuePlace) -> Option<String> {
        let attributes = &self.element.attributes;
        let value = attributes.iter().find(|(attribute, _)| attribute == name).map_or("", |(_, value)| value);
        let Some((span, quote)) = self.attribute(name) else { return self.encoded(value, target) };
        let raw = span.of(self.document.text);
        let is_expression = quote == Quote::None && raw.starts_with('{');
        match target {
            ValuePlace::Attribute(_) if !is_expression => {
                fitting(raw, target).or_else(|| self.encoded(value, target))
            }
            _ => self.encoded(value, target),
        }
    }

    fn text(&self, target: ValuePlace) -> Option<String> {
        let content = self.content();
        let is_plain = !content.contains(|c| MARKUP.contains(c) || (c == '\\' && target != ValuePlace::Text))
            && !self.element.text.is_empty();
        let raw = if is_plain { fitting(content, target) } else { None };
        raw.or_else(|| self.encoded(&self.element.text, target))
    }

    fn captured(&self, found: String, target: ValuePlace) -> Option<String> {
        if self.content() == self.element.text {
            fitting(&found, target)
        } else {
            self.encoded(&found, target)
        }
    }

    /// A decoded value, written for its target.
    fn encoded(&self, value: &str, target: ValuePlace) -> Option<String> {
        if self.is_templated && !value.is_empty() {
            return None;
        }
        match target {
            ValuePlace::Attribute(quote) => Escaping::Attribute(quote)
                .encode(value, "")
                .filter(|written| quote != Quote::None || fits_without_quotes(written)),
            ValuePlace::Destination => Escaping::Destination.encode(value, ""),
            ValuePlace::Code => fitting(value, target),
            ValuePlace::Text => {
                (!value.contains(|c| MARKUP.contains(c) || "&>\\{}".contains(c))).then(|| value.to_owned())
            }
        }
    }
}

/// Characters by which text may be more than text.
const MARKUP: &str = "<*_`[]~!";

/// Source that can be moved to its target as it is.
fn fitting(raw: &str, target: ValuePlace) -> Option<String> {
    let fits = match target {
        ValuePlace::Attribute(Quote::Double) => !raw.contains(['"', '<']),
        ValuePlace::Attribute(Quote::Single) => !raw.contains(['\'', '<']),
        ValuePlace::Attribute(Quote::None) => fits_without_quotes(raw),
        ValuePlace::Code => !raw.is_empty() && !raw.contains(['`', '&', '\\', '\n', '<', '|']),
        ValuePlace::Destination => !raw.contains(['(', ')', '<', ' ', '&', '\\', '{', '\n']),
        ValuePlace::Text => true,
    };
    fits.then(|| raw.to_owned())
}

/// Whether this can be the value of an attribute without quotes.
fn fits_without_quotes(raw: &str) -> bool {
    let is_plain = |c: char| c.is_alphanumeric() || "._~:/?#@!$&()*+,;%-".contains(c);
    !raw.is_empty() && raw.chars().all(is_plain) && !raw.ends_with('/')
}

/// Whether text stays text, and begins no block, after what the template has before it; `line` is what the post has
/// before the element on its line.
fn stays_text(value: &str, line: &str, before: &str) -> bool {
    const BLOCK_MARKS: &str = "#>-+*=|~:!`0123456789.) \t";
    let is_marks = |line: &str| line.chars().all(|c| BLOCK_MARKS.contains(c));
    let (line, is_first) = match before.rsplit_once('\n') {
        Some((_, last)) => (last, true),
        None => (before, is_marks(line)),
    };
    let is_blank = line.trim().is_empty();
    let (is_start, is_block) = (is_first && is_blank, !is_blank && is_marks(line));
    let marks = ['#', '>', '-', '+', '=', '|', '~', '`', ':', '\t'];
    let starts_block = value.starts_with(marks)
        || value.starts_with("    ")
        || value.trim_start_matches(|c: char| c.is_ascii_digit()).starts_with(['.', ')'])
        || value.starts_with("* ");
    let is_within_link = line.rfind('[') > line.rfind(']');
    let emphasis = before.chars().next_back().filter(|c| "*_~".contains(*c));
    let is_emphasized = !value.is_empty() && value.trim() == value;
    !((is_start || is_block) && starts_block)
        && !(is_block && value.contains('\n'))
        && !(is_within_link && value.contains(['[', ']', '\n']))
        && emphasis.is_none_or(|mark| is_emphasized && !value.contains([mark, '\n']))
}

/// The place that follows a text of HTML and Markdown.
fn target_after(before: &str) -> ValuePlace {
    if before.ends_with("](") || before.ends_with("](<") {
        return ValuePlace::Destination;
    }
    if before.rsplit('\n').next().is_some_and(|line| line.matches('`').count() % 2 == 1) {
        return ValuePlace::Code;
    }
    let Some(tag) = before.rfind('<').map(|at| &before[at..]) else { return ValuePlace::Text };
    let mut quote = None;
    for c in tag.chars() {
        match quote {
            Some(open) if open == c => quote = None,
            None if c == '"' || c == '\'' => quote = Some(c),
            None if c == '>' => return ValuePlace::Text,
            _ => {}
        }
    }
    match quote {
        Some('"') => ValuePlace::Attribute(Quote::Double),
        Some(_) => ValuePlace::Attribute(Quote::Single),
        None => ValuePlace::Attribute(Quote::None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_follows_from_the_text_before_it() {
        for (before, target) in [
            ("", ValuePlace::Text),
            ("<b>", ValuePlace::Text),
            ("<a href=\"", ValuePlace::Attribute(Quote::Double)),
            ("<a href='x' title='", ValuePlace::Attribute(Quote::Single)),
            ("<a href=", ValuePlace::Attribute(Quote::None)),
            ("<a title=\"a > b\" href=\"", ValuePlace::Attribute(Quote::Double)),
            ("![a](", ValuePlace::Destination),
        ] {
            assert_eq!(target_after(before), target, "{before}");
        }
    }
}
