//! Feeds tokens to html5ever's tree builder, and records which tag created which element.

use super::sink::{NodeHandle, NotedSink};
use super::token::{Attribute, Tag, Token};
use super::tokenize::Scanner;
use crate::Span;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{self, Doctype, TagKind, TokenSink, TokenSinkResult};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts, TreeSink, create_element};
use html5ever::{LocalName, QualName, local_name, ns};
use scraper::{ElementRef, Html};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

/// Maximum nesting depth, the same as in browsers. For most tags, the tree builder searches all open elements.
const DEEPEST: usize = 512;

/// A few unclosed `<b>` may be repeated in every paragraph; more elements per tag than this are an attack.
const MOST_ELEMENTS_PER_TAG: usize = 8;
const MOST_ELEMENTS_OF_A_SMALL_TEXT: usize = 4096;

/// Elements that the parser repeats if they are closed in the wrong order.
const REPEATED: [&str; 14] =
    ["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];

/// Builds the tree of a text.
pub(super) struct Builder<'t> {
    text: &'t str,
    base: usize,
    scanner: Scanner<'t>,
    parser: TreeBuilder<NodeHandle, NotedSink>,
    tags: HashMap<NodeHandle, Span>,
    /// The last tag for each name and set of attributes, for elements that may be repeated.
    repeated: HashMap<String, Span>,
    /// The elements created by the last token; kept to reuse its memory.
    created: Vec<NodeHandle>,
    elements: usize,
    opened: usize,
    too_much: bool,
}

impl<'t> Builder<'t> {
    pub(super) fn new(text: &'t str, base: usize) -> Self {
        let without_mark = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        let sink = NotedSink::new();
        let body = create_element(&sink, QualName::new(None, ns!(html), local_name!("body")), Vec::new());
        let options = TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() };
        let parser = TreeBuilder::new_for_fragment(sink, body, None, options);
        parser.sink.take_created(&mut Vec::new());
        Self {
            text: without_mark,
            base: base + text.len() - without_mark.len(),
            scanner: Scanner::new(without_mark, 0),
            parser,
            tags: HashMap::new(),
            repeated: HashMap::new(),
            created: Vec::new(),
            elements: 0,
            opened: 0,
            too_much: false,
        }
    }

    /// The tree, and the spans of the opening tags of the elements that have one.
    pub(super) fn build(mut self) -> (Html, HashMap<NodeHandle, Span>) {
        let mut attributes = Vec::new();
        while let Some(token) = self.scanner.next(&mut attributes) {
            // A browser drops an unclosed tag.
            if self.scanner.unclosed {
                break;
            }
            self.take(&token, &attributes);
            attributes.clear();
            if self.too_much {
                break;
            }
        }
        self.feed(tokenizer::Token::EOFToken);
        self.parser.end();
        (self.parser.sink.finish(), self.tags)
    }

    fn take(&mut self, token: &Token, attributes: &[Attribute]) {
        match token {
            Token::Tag(tag) if tag.closing => self.closing_tag(tag),
            Token::Tag(tag) => self.opening_tag(tag, attributes),
            Token::Text(span) => self.characters(span.of(self.text), unescape),
            Token::Comment(span) => self.comment(comment_data(span.of(self.text))),
            Token::Declaration(span) => self.declaration(*span),
            Token::Raw(_) => {}
        }
    }

    fn feed(&mut self, token: tokenizer::Token) {
        // Only opening tags change how the following text is read.
        let _ = self.process(token);
        self.note_repeated();
    }

    fn process(&mut self, token: tokenizer::Token) -> TokenSinkResult<NodeHandle> {
        // Line numbers are not used.
        let result = self.parser.process_token(token, 1);
        self.parser.sink.take_created(&mut self.created);
        self.elements += self.created.len();
        let allowed = MOST_ELEMENTS_OF_A_SMALL_TEXT.max(self.opened * MOST_ELEMENTS_PER_TAG);
        self.too_much |= self.elements > allowed;
        result
    }

    fn closing_tag(&mut self, tag: &Tag) {
        let name = self.name(tag);
        self.feed(tokenizer::Token::TagToken(plain_tag(TagKind::EndTag, &name, tag.self_closing)));
    }

    fn opening_tag(&mut self, tag: &Tag, attributes: &[Attribute]) {
        let name = self.name(tag);
        let token = tokenizer::Tag {
            attrs: self.values(attributes),
            ..plain_tag(TagKind::StartTag, &name, tag.self_closing)
        };
        self.opened += 1;
        let result = self.process(tokenizer::Token::TagToken(token));
        self.record_created(&name, tag.span.shifted(self.base));
        match result {
            TokenSinkResult::RawData(kind) => self.raw(&name, kind == RawKind::Rcdata),
            TokenSinkResult::Plaintext => self.raw("plaintext", false),
            _ => {}
        }
    }

    /// Feeds the content of a raw text element.
    fn raw(&mut self, name: &str, has_references: bool) {
        let Some(span) = self.scanner.raw(name) else { return };
        let content = clean(span.of(self.text));
        let content = if has_references { htmlize::unescape(content) } else { content };
        self.feed(tokenizer::Token::CharacterTokens(StrTendril::from(&*content)));
    }

    fn characters(&mut self, text: &str, meaning: fn(Cow<'_, str>) -> Cow<'_, str>) {
        // How a NUL is treated depends on its context, so the tree builder gets it as a separate token.
        for (index, part) in text.split('\0').enumerate() {
            if index > 0 {
                self.feed(tokenizer::Token::NullCharacterToken);
            }
            if !part.is_empty() {
                let part = meaning(with_line_feeds(part));
                self.feed(tokenizer::Token::CharacterTokens(StrTendril::from(&*part)));
            }
        }
    }

    fn comment(&mut self, data: &str) {
        self.feed(tokenizer::Token::CommentToken(StrTendril::from(&*clean(data))));
    }

    fn declaration(&mut self, span: Span) {
        let source = span.of(self.text);
        let inside = source.strip_suffix('>').unwrap_or(source);
        if source.starts_with("<![CDATA[")
            && self.parser.adjusted_current_node_present_but_not_in_html_namespace()
        {
            let content = self.scanner.cdata(span);
            self.characters(content.of(self.text), |text| text);
        } else if inside.get(..9).is_some_and(|start| start.eq_ignore_ascii_case("<!doctype")) {
            // A fragment has no doctype, but it makes a difference that there was a token here.
            self.feed(tokenizer::Token::DoctypeToken(Doctype::default()));
        } else if inside.starts_with("<?") {
            self.comment(&inside[1..]);
        } else if source != "</>" {
            self.comment(&inside[2..]);
        }
    }

    /// The name of a tag, normalized for the tree.
    fn name(&self, tag: &Tag) -> String {
        clean(tag.name.of(self.text)).to_ascii_lowercase()
    }

    /// The attributes, normalized for the tree. The first of several with the same name counts.
    fn values(&self, attributes: &[Attribute]) -> Vec<html5ever::Attribute> {
        let mut names = HashSet::new();
        let mut values = Vec::with_capacity(attributes.len());
        for attribute in attributes {
            let name = LocalName::from(clean(attribute.name.of(self.text)).to_ascii_lowercase());
            if names.insert(name.clone()) {
                let value = attribute.value.map_or("", |value| value.of(self.text));
                let value = StrTendril::from(&*htmlize::unescape_attribute(clean(value)));
                values.push(html5ever::Attribute { name: QualName::new(None, ns!(), name), value });
            }
        }
        values
    }

    /// Records the elements created by an opening tag: the last one is its own, unless the tag was ignored.
    fn record_created(&mut self, name: &str, span: Span) {
        if let Some(root) = self.parser.sink.take_merged() {
            self.tags.entry(root).or_insert(span);
        }
        let created_element = self.created_element(name);
        if created_element.is_some() {
            self.created.pop();
        }
        self.note_repeated();
        let Some(created_element) = created_element else { return };
        self.tags.insert(created_element, span);
        let html = self.parser.sink.html();
        let Some(element) = element(&html, created_element) else { return };
        self.too_much |= element.ancestors().nth(DEEPEST).is_some();
        if let Some(key) = repeatable(element) {
            self.repeated.insert(key, span);
        }
    }

    /// The element that the opening tag with this name created for itself.
    fn created_element(&self, name: &str) -> Option<NodeHandle> {
        let last = *self.created.last()?;
        let html = self.parser.sink.html();
        let name = if name == "image" { "img" } else { name };
        element(&html, last)?.value().name().eq_ignore_ascii_case(name).then_some(last)
    }

    /// Records elements that are copies of earlier ones.
    fn note_repeated(&mut self) {
        if self.created.is_empty() {
            return;
        }
        let html = self.parser.sink.html();
        for node in self.created.drain(..) {
            let key = element(&html, node).and_then(repeatable);
            if let Some(span) = key.and_then(|key| self.repeated.get(&key)) {
                self.tags.insert(node, *span);
            }
        }
    }
}

fn element(html: &Html, node: NodeHandle) -> Option<ElementRef<'_>> {
    html.tree.get(node).and_then(ElementRef::wrap)
}

/// A key that copies of an element share: its name and attributes. Neither can contain a NUL.
fn repeatable(element: ElementRef<'_>) -> Option<String> {
    let element = element.value();
    if !REPEATED.contains(&element.name()) || element.name.ns != ns!(html) {
        return None;
    }
    let mut key = element.name().to_owned();
    for (name, value) in element.attrs() {
        key.extend(["\0", name, "\0", value]);
    }
    Some(key)
}

fn plain_tag(kind: TagKind, name: &str, self_closing: bool) -> tokenizer::Tag {
    let (name, attrs) = (LocalName::from(name), Vec::new());
    tokenizer::Tag { kind, name, self_closing, attrs, had_duplicate_attributes: false }
}

fn unescape(text: Cow<'_, str>) -> Cow<'_, str> {
    htmlize::unescape(text)
}

/// The text of a comment without its delimiters, which may be cut off at the end of the text.
fn comment_data(source: &str) -> &str {
    let data = &source["<!--".len()..];
    if matches!(data, ">" | "->") {
        return "";
    }
    let ends = ["-->", "--!>", "--!", "--", "-"];
    ends.iter().find_map(|end| data.strip_suffix(end)).unwrap_or(data)
}

/// Converts line endings to line feeds, as HTML does.
fn with_line_feeds(text: &str) -> Cow<'_, str> {
    if !text.contains('\r') {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
}

/// The same, and replaces each NUL by a replacement character.
fn clean(text: &str) -> Cow<'_, str> {
    let text = with_line_feeds(text);
    if text.contains('\0') { Cow::Owned(text.replace('\0', "\u{FFFD}")) } else { text }
}
