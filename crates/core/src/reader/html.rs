//! Collects facts from HTML: in Markdown blocks, inline in Markdown, and in HTML files.

mod attributes;
mod kind;
mod said;

use super::{OBJECT, OpenElement, Reader};
use crate::Span;
use crate::html::{Attribute, Name, Tag, Token, Tokens, same, tokenize};
use crate::image::{Alt, Image, ImageSyntax};
use crate::markdown_source::MarkdownSource;
use crate::prose::{Mark, PassageKind};
use kind::Kind;
use said::Said;
use std::borrow::Cow;
use std::ops::Range;

const A: Name = Name::of("a");
const BR: Name = Name::of("br");
const IMG: Name = Name::of("img");
const TITLE: Name = Name::of("title");

/// Maximum number of open elements to search for the one that a closing tag closes, so that deep nesting stays
/// linear.
const DEEPEST: usize = 256;

impl<'t> Reader<'t> {
    /// Reads an inline tag, comment or declaration in Markdown.
    pub(super) fn html_inline(&mut self, source: &str, base: usize) {
        self.html.push(Span::new(base, base + source.len()));
        self.tokens(source, base, PassageKind::Markdown);
    }

    /// Reads an HTML block in Markdown, whose lines may follow the markers of block quotes and lists.
    pub(super) fn html_block(&mut self, lines: &[Range<usize>], source: &MarkdownSource<'_>) {
        let (Some(first), Some(last)) = (lines.first(), lines.last()) else { return };
        let (written, start) = source.written(first.start..last.end);
        self.html.push(Span::new(start, start + written.len()));
        self.prose.begin(PassageKind::Html);
        self.tokens(&without_marks(source, lines, written), start, PassageKind::Html);
        self.end_block();
    }

    /// Reads an HTML file.
    pub(super) fn html_file(&mut self, body: &str, base: usize) {
        self.html.push(Span::new(base, base + body.len()));
        self.prose.begin(PassageKind::Html);
        self.tokens(body, base, PassageKind::Html);
        self.end_block();
    }

    fn tokens(&mut self, source: &str, base: usize, kind: PassageKind) {
        let mut tokens = std::mem::take(&mut self.tokens);
        tokens.clear();
        tokenize(source, base, &mut tokens);
        for token in &tokens.list {
            match token {
                Token::Text(span) => self.html_text(*span),
                Token::Raw(span) => self.raw_text(*span),
                Token::Tag(tag) if tag.closing => self.closing_tag(tag, kind),
                Token::Tag(tag) => self.opening_tag(tag, &tokens, kind),
                Token::Comment(span) => self.html_comment(*span),
                Token::Declaration(_) => {}
            }
        }
        self.tokens = tokens;
    }

    fn html_comment(&mut self, span: Span) {
        let inside = span.of(self.text).strip_prefix("<!--").and_then(|rest| rest.strip_suffix("-->"));
        if let Some(inside) = inside {
            let start = span.start as usize + 4;
            self.comment(Span::new(start, start + inside.len()));
        }
    }

    /// Adds text between tags, with its character references decoded.
    fn html_text(&mut self, span: Span) {
        if self.code_depth > 0 {
            return self.code.push(span);
        }
        let text = span.of(self.text);
        if text.trim().is_empty() {
            if !self.prose.text.is_empty() && !self.prose.text.ends_with('\n') {
                self.push_text(span);
            }
            return;
        }
        self.push_with_references(span);
    }

    /// Adds text with its character references decoded.
    pub(super) fn push_with_references(&mut self, span: Span) {
        let text = span.of(self.text);
        let mut from = 0;
        for at in memchr::memchr_iter(b'&', text.as_bytes()) {
            if at < from {
                continue;
            }
            let end = at + reference_length(&text[at..]);
            let meaning = htmlize::unescape(&text[at..end]);
            if meaning != text[at..end] {
                self.push_part(span, from..at);
                self.prose.push_stand_in(&meaning, Span::new(at, end).shifted(span.start as usize));
                from = end;
            }
        }
        self.push_part(span, from..text.len());
    }

    fn push_part(&mut self, span: Span, part: Range<usize>) {
        if !part.is_empty() {
            self.push_text(Span::from(part).shifted(span.start as usize));
        }
    }

    /// Adds the content of a raw text element: only that of a title is prose.
    fn raw_text(&mut self, span: Span) {
        let in_title = self.elements.last().is_some_and(|element| element.name == TITLE);
        if in_title { self.html_text(span) } else { self.code.push(span) }
    }

    fn opening_tag(&mut self, tag: &Tag, tokens: &Tokens, kind: PassageKind) {
        let written = tag.name.of(self.text);
        let name = Name::of(written);
        let element = Kind::of(name);
        self.break_block(name, element, tag.span, kind);
        let attributes = tokens.attributes_of(tag);
        let said = Said::of(attributes, self.text);
        let hidden = said.hidden;
        let code = element.is(Kind::CODE);
        let before = self.images.len();
        if self.code_depth == 0 && !attributes.is_empty() {
            let decorative = hidden || said.is_presentation();
            self.tag_urls(tag, attributes);
            self.images[before..].iter_mut().for_each(|image| image.hidden |= decorative);
        }
        if name == IMG && self.code_depth == 0 {
            self.prose.push_stand_in(OBJECT, tag.span);
        }
        let is_component = is_component(written);
        if self.code_depth == 0 {
            self.names.extend(is_component.then_some(tag.name));
            self.names.extend(said.ids.into_iter().flatten());
        }
        let ends_itself = if is_component { tag.self_closing } else { element.is(Kind::VOID) };
        if ends_itself {
            return;
        }
        if name == A {
            self.open_link(false);
        }
        if element.is(Kind::COLOURING) && said.coloured {
            let is_block = |element: &&mut OpenElement| !Kind::of(element.name).is(Kind::INLINE);
            let block = self.elements.iter_mut().rev().take(DEEPEST).find(is_block);
            block.into_iter().for_each(|block| block.coloured += 1);
        }
        let foreign_before = said.is_foreign().map(|foreign| self.switch_to(foreign));
        let (written, mark) = (tag.name, mark_of(element));
        let prose_start = self.prose.text.len() as u32;
        let coloured = 0;
        self.open_element(OpenElement {
            name,
            written,
            code,
            hidden,
            mark,
            foreign_before,
            prose_start,
            coloured,
        });
    }

    fn closing_tag(&mut self, tag: &Tag, kind: PassageKind) {
        let written = tag.name.of(self.text);
        let name = Name::of(written);
        self.break_block(name, Kind::of(name), tag.span, kind);
        let text = self.text;
        let is_its_own = |open: &OpenElement| {
            open.name == name && (!name.is_long() || same(open.written.of(text), written))
        };
        let nearest = self.elements.iter().rev().take(DEEPEST).position(is_its_own);
        let Some(above) = nearest else { return };
        if name == A {
            self.close_link();
        }
        self.close_elements(self.elements.len() - 1 - above);
    }

    /// Switches to text that is foreign or not; returns whether the text before was.
    fn switch_to(&mut self, foreign: bool) -> bool {
        let before = self.prose.is_foreign(self.prose.text.len());
        self.prose.set_foreign(foreign);
        before
    }

    fn open_element(&mut self, element: OpenElement) {
        self.code_depth += usize::from(element.code);
        self.hidden_depth += usize::from(element.hidden);
        self.elements.push(element);
    }

    /// Closes elements until only `left` are open.
    pub(super) fn close_elements(&mut self, left: usize) {
        for element in self.elements.drain(left.min(self.elements.len())..) {
            self.code_depth -= usize::from(element.code);
            self.hidden_depth -= usize::from(element.hidden);
            let text = &self.prose.text[(element.prose_start as usize).min(self.prose.text.len())..];
            if element.coloured >= FEWEST_COLOURED && is_of_words(text, element.coloured) {
                self.prose.mark_since(Mark::Listing, element.prose_start as usize);
            }
            if let Some(mark) = element.mark {
                self.prose.mark_since(mark, element.prose_start as usize);
            }
            if let Some(foreign) = element.foreign_before {
                self.prose.set_foreign(foreign);
            }
        }
    }

    /// Ends the passage if the element starts its own block.
    fn break_block(&mut self, name: Name, element: Kind, span: Span, kind: PassageKind) {
        if name == BR {
            self.prose.push_stand_in("\n", span);
        } else if element.is(Kind::INLINE) {
            // It is part of the sentence.
        } else if kind == PassageKind::Html {
            self.end_block();
            self.prose.begin(PassageKind::Html);
        } else if element.is(Kind::APART) {
            self.prose.push_stand_in("\n", span);
        }
    }

    /// Adds the image that an element shows, with its alternative text.
    fn html_image(&mut self, tag: &Tag, url: Option<u32>, alt: Alt<'t>, syntax: ImageSyntax, labelled: bool) {
        self.image(tag.span, url, alt, syntax);
        if let Some(Image { labelled: flag, .. }) = self.images.last_mut() {
            *flag = labelled;
        }
    }
}

/// What an element says about its text.
fn mark_of(element: Kind) -> Option<Mark> {
    match element.is(Kind::EMPHASIS) {
        true => Some(Mark::Emphasis),
        false => element.is(Kind::STRUCK).then_some(Mark::Struck),
    }
}

/// The value of an attribute; `None` if it is missing or has none.
fn value_of<'t>(attributes: &[Attribute], name: &str, text: &'t str) -> Option<&'t str> {
    let found = attributes.iter().find(|attribute| same(attribute.name.of(text), name))?;
    Some(found.value?.of(text))
}

/// Minimum number of colored pieces of text in a listing with syntax highlighting.
const FEWEST_COLOURED: u32 = 3;

/// Whether a text consists of that many pieces of one or a few words, ignoring white space.
fn is_of_words(text: &str, pieces: u32) -> bool {
    const LONGEST: usize = 16;
    text.chars().filter(|c| !c.is_whitespace()).nth(LONGEST * pieces as usize).is_none()
}

/// Whether a name is that of a component: `Figure`, but not `IMG`.
fn is_component(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase()) && name.contains(|c: char| c.is_ascii_lowercase())
}

/// The maximum length in bytes of the character reference at the `&`.
fn reference_length(text: &str) -> usize {
    let inside =
        text[1..].bytes().take(40).take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'#').count();
    1 + inside + usize::from(text.as_bytes().get(1 + inside) == Some(&b';'))
}

/// The block, with spaces in place of the markers between its lines.
fn without_marks<'b>(source: &MarkdownSource<'_>, lines: &[Range<usize>], block: &'b str) -> Cow<'b, str> {
    let start = source.range_in_body(lines[0].clone()).start;
    let lines = || {
        let ranges = lines.iter().map(|line| source.range_in_body(line.clone()));
        ranges.map(|line| line.start - start..line.end - start)
    };
    let gaps = || lines().zip(lines().skip(1)).map(|(line, next)| line.end..next.start);
    if gaps().all(|gap| block[gap].bytes().all(|byte| byte.is_ascii_whitespace())) {
        return Cow::Borrowed(block);
    }
    let mut out = String::with_capacity(block.len());
    for line in lines() {
        out.extend(std::iter::repeat_n(' ', line.start - out.len()));
        out.push_str(&block[line]);
    }
    Cow::Owned(out)
}
