//! A tree of HTML for CSS selectors, whose elements lead back to their bytes.

use super::builder::Builder;
use super::sink::NodeHandle;
use crate::Span;
pub use scraper::Selector;
use scraper::{ElementRef, Html};
use std::collections::HashMap;

/// The tree of a fragment, as a browser without scripts reads it inside `body`. It stays in the
/// thread that made it, and costs far more than tokens: it is for posts that a selector asks about.
///
/// It ends early where elements nest deeper than 512, or where the text makes a browser repeat far
/// more elements than it has tags; nothing after that place is found.
pub struct Tree {
    html: Html,
    /// The opening tags of the elements that stand in the text.
    tags: HashMap<NodeHandle, Span>,
}

/// Reads a CSS selector.
///
/// # Errors
/// What the selector's parser says.
pub fn selector(source: &str) -> Result<Selector, String> {
    Selector::parse(source).map_err(|error| {
        // The name of what it did not expect stands last: "DanglingCombinator".
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
    /// Parses `text`, whose first byte stands at `base`. Never fails, as browsers never do.
    pub fn parse(text: &str, base: usize) -> Self {
        let (html, tags) = Builder::new(text, base).build();
        Self { html, tags }
    }

    /// The opening tags of the elements that match, in the order of the text, each once. Elements
    /// that the parser implied, such as `tbody`, have none. Elements that it repeats, such as the `b`
    /// of `<b>1<p>2</b>3`, lead to the last tag that reads the same.
    pub fn select(&self, selector: &Selector) -> impl Iterator<Item = Span> + use<> {
        self.elements(selector, &|| false).map(|(span, _)| span).collect::<Vec<_>>().into_iter()
    }

    /// The same with the elements themselves. Looking ends early when `is_over` says so, which is asked for each
    /// element, whether it matches or not.
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

    /// How many children the element has that has most of them.
    pub(crate) fn most_siblings(&self) -> usize {
        self.html.tree.nodes().map(|node| node.children().count()).max().unwrap_or_default()
    }

    /// How many elements it has, and texts between them.
    pub(crate) fn len(&self) -> usize {
        self.html.tree.nodes().count()
    }

    /// The tree as HTML, with all that the parser implied.
    pub fn html(&self) -> String {
        self.html.html()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A source, a selector, and the tags that it finds.
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
