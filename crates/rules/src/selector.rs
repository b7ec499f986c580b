//! CSS selectors from a config: validated when the config is read, and run only where that cannot take too
//! long.

use postmend_core::html::tree;
use postmend_core::{Element, Elements, Span};
use serde::{Deserialize, Deserializer, de::Error};

/// A validated selector. Stored as text because the compiled form cannot leave its thread.
#[derive(Debug, Clone)]
pub(crate) struct CheckedSelector(String);

/// Why a selector is not run on a post where it could take hours.
#[derive(Debug)]
pub(crate) struct TooCostly {
    /// The message of the finding.
    pub(crate) message: String,
    /// What makes it so slow.
    pub(crate) help: &'static str,
}

/// Maximum length of a selector in bytes: each of its parts is matched against each element.
const LONGEST: usize = 1000;

/// Maximum number of children of an element, if each child is compared with all the others.
const MOST_SIBLINGS: usize = 2048;

/// Maximum number of nodes, if the whole content of each element is searched.
const MOST_SEARCHED: usize = 20_000;

impl CheckedSelector {
    /// Validates a selector.
    ///
    /// # Errors
    /// It is invalid or too long; the message says which.
    pub(crate) fn parse(source: &str) -> Result<Self, String> {
        if source.len() > LONGEST {
            return Err("longer than 1,000 bytes".to_owned());
        }
        tree::selector(source)?;
        Ok(Self(source.to_owned()))
    }

    /// The matching elements, in text order. The search stops early when `is_over` returns true.
    ///
    /// # Errors
    /// The search could take hours.
    pub(crate) fn elements<'e>(
        &self,
        elements: &'e Elements,
        is_over: &dyn Fn() -> bool,
    ) -> Result<impl Iterator<Item = Element> + use<'e>, TooCostly> {
        Ok(elements.select(&self.ready(elements)?, is_over))
    }

    /// The opening tags of the matching elements, or the Markdown that produces them.
    ///
    /// # Errors
    /// The search could take hours.
    pub(crate) fn tags<'e>(
        &self,
        elements: &'e Elements,
    ) -> Result<impl Iterator<Item = Span> + use<'e>, TooCostly> {
        Ok(elements.tags(&self.ready(elements)?, &|| false))
    }

    /// The compiled selector, unless running it on these elements could take hours.
    fn ready(&self, elements: &Elements) -> Result<tree::Selector, TooCostly> {
        let asks = |names: &[&str]| names.iter().any(|name| self.0.contains(name));
        // `[class~=a]` concerns a single element, not its siblings.
        let asks_siblings = self.0.replace("~=", "").contains('~') || asks(&["nth-", "-of-type"]);
        if asks_siblings && elements.most_siblings() > MOST_SIBLINGS {
            let message = format!("not checked: an element has more than {MOST_SIBLINGS} children");
            let help = "`~` and `:nth-child` compare each child with all others";
            return Err(TooCostly { message, help });
        }
        if asks(&[":has("]) && elements.nodes() > MOST_SEARCHED {
            let message = format!("not checked: there are more than {MOST_SEARCHED} elements and texts");
            return Err(TooCostly { message, help: "`:has` searches the whole content of each element" });
        }
        Ok(tree::selector(&self.0).expect("it was one when it was checked"))
    }
}

impl<'de> Deserialize<'de> for CheckedSelector {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use postmend_core::{Document, Format, Generator};

    #[test]
    fn refuses_what_is_no_selector_or_too_long() {
        let refused = |source: &str| CheckedSelector::parse(source).unwrap_err();
        assert_eq!(refused("p >"), "`p >` is not a CSS selector: dangling combinator");
        assert_eq!(refused(&"p,".repeat(501)), "longer than 1,000 bytes");
        assert!(CheckedSelector::parse("img[class~=emoji]").is_ok());
    }

    #[test]
    fn refuses_to_look_where_it_could_take_hours() {
        let text = format!("<div>{}</div>\n", "<b></b>".repeat(MOST_SIBLINGS + 1));
        let document = Document::read(&text, Format::Html, Generator::None);
        let elements = Elements::of(&document);
        let found = |source: &str| {
            let tags = CheckedSelector::parse(source).unwrap().tags(&elements).map(Iterator::count);
            tags.map_err(|error| error.message)
        };
        assert_eq!(found("b[class~=a], div"), Ok(1));
        let refused = "not checked: an element has more than 2048 children".to_owned();
        assert_eq!(found("b ~ b"), Err(refused.clone()));
        assert_eq!(found("b:nth-child(2)"), Err(refused));
    }
}
