//! The elements of a post for CSS selectors, including those that its Markdown produces, each with its source
//! span.

use crate::Span;
use crate::document::Document;
use crate::html::tree::{Selector, Tree};
use crate::html::{Name, Token, Tokens, VOID, tokenize};
use crate::rendered::{Origin, Rendered};
use std::cell::OnceCell;
use std::collections::HashMap;

/// All elements of a post's body. Much more expensive than the facts, so only built for posts on which a
/// selector is run.
pub struct Elements {
    rendered: Rendered,
    tree: Tree,
    /// The span of the closing tag of each opening tag, by the opening tag's offset in the HTML.
    closings: OnceCell<HashMap<u32, Span>>,
}

/// An element that matches a selector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    /// The span of its opening tag, or of the Markdown that produces it.
    pub tag: Span,
    /// The span from its opening tag to the end of its closing tag, or of the Markdown that produces it. `None`
    /// if its end is not in the source.
    pub whole: Option<Span>,
    /// The span of its content, without its tags or Markdown delimiters; `None` if it is empty, or `whole` is
    /// `None`.
    pub content: Option<Span>,
    /// Its attributes with character references decoded, sorted by name.
    pub attributes: Vec<(String, String)>,
    /// Its text content.
    pub text: String,
}

impl Elements {
    /// Renders a post's body.
    pub fn of(document: &Document<'_>) -> Self {
        let rendered = Rendered::of(document);
        let tree = Tree::parse(&rendered.html, 0);
        Self { rendered, tree, closings: OnceCell::new() }
    }

    /// The body rendered as HTML.
    pub fn html(&self) -> &str {
        &self.rendered.html
    }

    /// The number of elements and text nodes.
    pub fn nodes(&self) -> usize {
        self.tree.len()
    }

    /// The largest number of children of any element; the cost of `~` in a selector grows with its square.
    pub fn most_siblings(&self) -> usize {
        self.tree.most_siblings()
    }

    /// The matching elements, in text order. Their text is collected only on iteration, since nested elements
    /// repeat it. The search stops early when `is_over` returns true; it is called for each element.
    pub fn select<'e>(
        &'e self,
        selector: &Selector,
        is_over: &dyn Fn() -> bool,
    ) -> impl Iterator<Item = Element> + use<'e> {
        self.tree.elements(selector, is_over).filter_map(|(tag, element)| {
            let (at, origin) = self.source_of(tag)?;
            let (whole, content) = if origin.is_exact {
                self.element_spans(tag, at, element.value().name())
            } else {
                (Some(at), origin.content.clone().map(Span::from))
            };
            let attributes = element.value().attrs();
            let attributes = attributes.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
            Some(Element { tag: at, whole, content, attributes, text: element.text().collect() })
        })
    }

    /// The spans of the matching elements' opening tags, or of the Markdown that produces them, in text order.
    pub fn tags<'e>(
        &'e self,
        selector: &Selector,
        is_over: &dyn Fn() -> bool,
    ) -> impl Iterator<Item = Span> + use<'e> {
        self.tree.elements(selector, is_over).filter_map(|(tag, _)| Some(self.source_of(tag)?.0))
    }

    /// The source span of an opening tag in the HTML.
    fn source_of(&self, tag: Span) -> Option<(Span, &Origin)> {
        let (origin, ahead) = self.rendered.origin(tag.start as usize)?;
        if !origin.is_exact {
            return Some((Span::from(origin.source.clone()), origin));
        }
        let start = origin.source.start + ahead;
        Some((Span::new(start, start + tag.len()), origin))
    }

    /// The spans of the whole element and of its content, for an element that is written as HTML in the source.
    fn element_spans(&self, tag: Span, at: Span, name: &str) -> (Option<Span>, Option<Span>) {
        if Name::of(name).is_in(&VOID) {
            return (Some(at), None);
        }
        let closings = self.closings.get_or_init(|| closings(&self.rendered.html));
        let Some(closing) = closings.get(&tag.start) else { return (None, None) };
        let Some((origin, ahead)) = self.rendered.origin(closing.start as usize) else { return (None, None) };
        let start = origin.source.start + ahead;
        if !origin.is_exact || start < at.end as usize {
            return (None, None);
        }
        let whole = Span::new(at.start as usize, start + closing.len());
        (Some(whole), Some(Span::new(at.end as usize, start)))
    }
}

/// For each opening tag that has one, the closing tag: the next one that closes an element of that name.
fn closings(html: &str) -> HashMap<u32, Span> {
    let mut tokens = Tokens::default();
    tokenize(html, 0, &mut tokens);
    let mut open: HashMap<String, Vec<u32>> = HashMap::new();
    let mut closings = HashMap::new();
    for token in &tokens.list {
        let Token::Tag(tag) = token else { continue };
        let open = open.entry(tag.name.of(html).to_ascii_lowercase()).or_default();
        if !tag.closing {
            open.push(tag.span.start);
        } else if let Some(start) = open.pop() {
            closings.insert(start, tag.span);
        }
    }
    closings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::tree::selector;
    use crate::{Format, Generator};

    /// A post, a selector, and the matches: each element's source and its content.
    const CASES: [(&str, &str, &[[&str; 2]]); 20] = [
        ("a ![b](c.bmp \"d\")\n", "img[src$='.bmp'][title=d]", &[["![b](c.bmp \"d\")", "b"]]),
        ("a ![b *c*](c.bmp)\n", "p > img[alt='b c']", &[["![b *c*](c.bmp)", "b *c*"]]),
        ("# a *b*\n\ntext\n", "h1 em", &[["*b*", "b"]]),
        ("## a *b*\n", "h2", &[["## a *b*\n", "a *b*"]]),
        ("> <b>x\n> y</b>\n", "blockquote b", &[["<b>x\n> y</b>", "x\n> y"]]),
        ("<div>\n\n**x**\n\n</div>\n", "div > p > strong", &[["**x**", "x"]]),
        ("<div>\n\n**x**\n\n</div>\n", "div", &[["<div>\n\n**x**\n\n</div>", "\n\n**x**\n\n"]]),
        ("<div><div>a</div>b</div>\n", "div > div", &[["<div>a</div>", "a"]]),
        ("x <br> y\n", "br", &[["<br>", ""]]),
        ("<center>x\n", "center", &[["", ""]]),
        ("[a](b 'c')\n", "a[title]", &[["[a](b 'c')", "a"]]),
        ("[a][b]\n\n[b]: c\n", "a[href=c]", &[["[a][b]", "a"]]),
        ("```rust\n<b>\n```\n", "code.language-rust, b", &[["```rust\n<b>\n```", "<b>\n"]]),
        ("`<b>` x\n", "code, b", &[["`<b>`", ""]]),
        ("- [x] a\n- b\n", "li:has(input[checked])", &[["- [x] a\n", "[x] a"]]),
        ("1. a\n", "ol li", &[["1. a\n", "a"]]),
        ("|a|b|\n|-|:-:|\n|c|d|\n", "td[align=center]", &[["d", "d"]]),
        ("---\ntitle: <b>\n---\n<i>x</i>\n", "b, i", &[["<i>x</i>", "x"]]),
        ("{{< b \"<u>\" >}} <u>x</u>\n", "u", &[["<u>x</u>", "x"]]),
        ("![a![b](c)](d)\n", "img", &[["![a![b](c)](d)", "a![b](c)"]]),
    ];

    #[test]
    fn leads_from_a_selector_to_what_makes_the_element() {
        for (text, source, expected) in CASES {
            let document = Document::read(text, Format::Markdown, Generator::Hugo);
            let elements = Elements::of(&document);
            let found = elements.select(&selector(source).unwrap(), &|| false).collect::<Vec<_>>();
            let shown = |span: Option<Span>| span.map_or("", |span| span.of(text));
            let found: Vec<[&str; 2]> =
                found.iter().map(|element| [shown(element.whole), shown(element.content)]).collect();
            assert_eq!(found, expected, "{source} in {text:?}: {}", elements.html());
        }
    }
}
