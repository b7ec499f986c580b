//! An HTML tree for CSS selectors, whose elements refer to their source spans.

use super::builder::Builder;
use super::sink::NodeHandle;
use crate::Span;
pub use scraper::Selector;
use scraper::{ElementRef, Html};
use std::collections::HashMap;

/// The tree of a fragment, as a browser with scripts disabled parses it inside `body`. It cannot leave its
/// thread, and is much more expensive than tokens, so it is only built for posts on which a selector is run.
///
/// Parsing stops early if elements are nested more than 512 levels deep, or if the text makes a browser repeat
/// far more elements than it has tags; nothing after that point is found.
pub struct Tree {
    html: Html,
    /// The spans of the opening tags of the elements that are in the text.
    tags: HashMap<NodeHandle, Span>,
}

/// Parses a CSS selector.
///
/// # Errors
/// The message of the selector's parser.
pub fn selector(source: &str) -> Result<Selector, String> {
    Selector::parse(source).map_err(|error| {
        // The last line names what was unexpected: "DanglingCombinator".
        let error = error.to_string();
        let mut words = String::new();
        for c in error.lines().last().unwrap_or_default().chars() {
            if c.is_ascii_uppercase() && words.ends_with(|before: char| before.is_ascii_lowercase()) {
                words.push(' ');
            }
            words.push(c.to_ascii_lowercase());
        }
        format!("`{source}` is not a CSS selector: {words}")
    })
}

impl Tree {
    /// Parses `text`, which starts at offset `base`. Never fails, like browsers.
    pub fn parse(text: &str, base: usize) -> Self {
        let (html, tags) = Builder::new(text, base).build();
        Self { html, tags }
    }

    /// The spans of the opening tags of the matching elements, in text order and each only once. Elements that
    /// the parser implied, such as `tbody`, have none. Repeated elements, such as the `b` in `<b>1<p>2</b>3`,
    /// refer to the last identical tag.
    pub fn select(&self, selector: &Selector) -> impl Iterator<Item = Span> + use<> {
        self.elements(selector, &|| false).map(|(span, _)| span).collect::<Vec<_>>().into_iter()
    }

    /// The same with the elements themselves. The search stops early when `is_over` returns true; it is called
    /// for every element, matching or not.
    pub(crate) fn elements<'t>(
        &'t self,
        selector: &Selector,
        is_over: &dyn Fn() -> bool,
    ) -> impl Iterator<Item = (Span, ElementRef<'t>)> + use<'t> {
        let elements = self.html.tree.nodes().filter_map(ElementRef::wrap).take_while(|_| !is_over());
        let matching = elements.filter(|element| selector.matches(element));
        let mut found: Vec<(Span, ElementRef<'_>)> =
            matching.filter_map(|element| Some((*self.tags.get(&element.id())?, element))).collect();
        found.sort_by_key(|(span, _)| *span);
        found.dedup_by_key(|(span, _)| *span);
        found.into_iter()
    }

    /// The largest number of children of any element.
    pub(crate) fn most_siblings(&self) -> usize {
        self.html.tree.nodes().map(|node| node.children().count()).max().unwrap_or_default()
    }

    /// The number of elements and text nodes.
    pub(crate) fn len(&self) -> usize {
        self.html.tree.nodes().count()
    }

    /// The tree as HTML, including everything that the parser implied.
    pub fn html(&self) -> String {
        self.html.html()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A source, a selector, and the tags that it matches.
    const CASES: [(&str, &str, &[&str]); 12] = [
        ("<div><p>a<img src=1><p><IMG alt=x></div>", "div > p > img:not([alt])", &["<img src=1>"]),
        ("<table><td><img></table>", "tbody td img", &["<img>"]),
        ("<table><td><img></table>", "tbody", &[]),
        ("<b>1<p>2</b>3", "b", &["<b>"]),
        ("<b>1<p>2</b>3", "p > b", &["<b>"]),
        ("<p><b id=1><b id=2><p>x", "p:last-child b", &["<b id=1>", "<b id=2>"]),
        ("<svg><title><b>x</title></svg><img>", "title, b, img", &["<title>", "<b>", "<img>"]),
        ("<title><b>x</title><img>", "title, b, img", &["<title>", "<img>"]),
        ("<svg><foreignobject><p>", "foreignObject > p", &["<p>"]),
        ("<noscript><img src=1></noscript>", "noscript img", &["<img src=1>"]),
        ("<image alt='&lt;&eacute;'>", "img[alt='<é']", &["<image alt='&lt;&eacute;'>"]),
        ("<p>x</p><html lang=en><a><a href=x", "html[lang], a", &["<html lang=en>", "<a>"]),
    ];

    #[test]
    fn leads_from_a_selector_to_bytes() {
        for (text, source, expected) in CASES {
            let tree = Tree::parse(text, 10);
            let found: Vec<&str> = tree
                .select(&selector(source).unwrap())
                .map(|span| &text[span.start as usize - 10..span.end as usize - 10])
                .collect();
            assert_eq!(found, expected, "{source} in {text}");
        }
        assert!(selector("p >").is_err());
    }
}
