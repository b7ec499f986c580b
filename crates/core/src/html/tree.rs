//! A tree of HTML for CSS selectors, whose elements lead back to their bytes.

use super::{Token, Tokens, tokenize};
use crate::Span;
pub use scraper::Selector;
use scraper::{ElementRef, Html};

/// The attribute that carries an element's token through the parser. It stands before all others,
/// so one of the same name in the source loses.
const MARK: &str = "data-postmend-token";

/// The tree of a fragment. It stays in the thread that made it, and costs far more than tokens: it
/// is for posts that a selector asks about.
pub struct Tree {
    html: Html,
    /// The opening tags, by token.
    tags: Vec<Span>,
}

/// Reads a CSS selector.
///
/// # Errors
/// What the selector's parser says.
pub fn selector(source: &str) -> Result<Selector, String> {
    Selector::parse(source).map_err(|error| format!("`{source}` is no CSS selector: {error}"))
}

impl Tree {
    /// Parses `text`, whose first byte stands at `base`.
    ///
    /// The parser is html5ever's own, fed a copy in which each opening tag carries its token.
    pub fn parse(text: &str, base: usize) -> Self {
        let mut tokens = Tokens::default();
        tokenize(text, 0, &mut tokens);
        let mut marked = String::with_capacity(text.len() * 2);
        let mut copied = 0;
        let mut tags = Vec::new();
        for token in &tokens.list {
            let Token::Tag(tag) = token else { continue };
            if tag.closing {
                continue;
            }
            let name_end = tag.name.end as usize;
            marked.push_str(&text[copied..name_end]);
            marked.push_str(&format!(" {MARK}=\"{}\"", tags.len()));
            copied = name_end;
            tags.push(tag.span.shifted(base));
        }
        marked.push_str(&text[copied..]);
        Self { html: Html::parse_fragment(&marked), tags }
    }

    /// The opening tags of the elements that match, in the order of the tree. Elements that the
    /// parser implied have none.
    pub fn select<'a>(&'a self, selector: &'a Selector) -> impl Iterator<Item = Span> + 'a {
        self.html.select(selector).filter_map(|element| self.tag(element))
    }

    fn tag(&self, element: ElementRef<'_>) -> Option<Span> {
        let token: usize = element.value().attr(MARK)?.parse().ok()?;
        self.tags.get(token).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leads_from_a_selector_to_bytes() {
        let text = "<div><p>a<img src=1><p><IMG alt=x></div><table><td><img></table>";
        let tree = Tree::parse(text, 10);
        let found = |source: &str| -> Vec<String> {
            let selector = selector(source).unwrap();
            tree.select(&selector)
                .map(|span| text[span.start as usize - 10..span.end as usize - 10].to_owned())
                .collect()
        };
        assert_eq!(found("div > p > img:not([alt])"), ["<img src=1>"]);
        assert_eq!(found("tbody td img"), ["<img>"]);
        assert_eq!(found("tbody"), [] as [&str; 0]);
        assert!(selector("p >").is_err());
    }
}
