//! Finds `<img>` elements without alternative text.

use crate::card::{Card, Make, Rule};
use crate::check::Post;
use crate::finding::{Findings, Severity};
use postmend_core::html::tree;
use postmend_core::{Alt, ImageSyntax, Span};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, de::Error};
use std::collections::HashSet;

pub(crate) const CARD: Card = Card {
    name: "missing-alt",
    severity: Severity::Error,
    on_by_default: true,
    page: include_str!("missing_alt.md"),
    make: Make::post::<MissingAlt>(),
};

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct MissingAlt {
    /// CSS selectors of elements that need none, such as emoji and badges.
    #[schemars(with = "Vec<String>")]
    except: Vec<Selector>,
}

/// A selector that was checked when the config was read.
#[derive(Debug)]
struct Selector(String);

impl<'de> Deserialize<'de> for Selector {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let source = String::deserialize(deserializer)?;
        tree::selector(&source).map_err(D::Error::custom)?;
        Ok(Self(source))
    }
}

impl Rule for MissingAlt {
    fn check(&self, post: &Post<'_>, findings: &mut Findings) {
        let document = post.document;
        let missing = document.images.iter().filter(|image| {
            image.syntax == ImageSyntax::Html && image.alt == Alt::Absent && !image.hidden && !image.labelled
        });
        let mut excepted: Option<HashSet<Span>> = None;
        for image in missing {
            // The tree is built for posts that have something to except, and once.
            let excepted = excepted.get_or_insert_with(|| self.excepted(post));
            if !excepted.contains(&image.span) {
                findings
                    .add(image.span, "image has no alternative text")
                    .help("say what it shows in `alt=\"…\"`, or declare it decorative with `alt=\"\"`");
            }
        }
    }
}

impl MissingAlt {
    fn excepted(&self, post: &Post<'_>) -> HashSet<Span> {
        if self.except.is_empty() {
            return HashSet::new();
        }
        let html = post.document.html_alone();
        let tree = tree::Tree::parse(&html, 0);
        let selectors = self.except.iter().filter_map(|source| tree::selector(&source.0).ok());
        selectors.flat_map(|selector| tree.select(&selector).collect::<Vec<_>>()).collect()
    }
}
