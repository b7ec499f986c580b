//! Finds dates of days and times that do not exist.

use crate::card::{Card, Rule, build};
use crate::check::Post;
use crate::finding::{Findings, Severity};
use crate::rules::dates::dates;
use postmend_core::Generator::{self, Hugo, Zola};
use serde::Deserialize;

pub(crate) const CARD: Card = Card {
    name: "impossible-date",
    severity: Severity::Error,
    on_by_default: true,
    page: include_str!("impossible_date.md"),
    build: build::<ImpossibleDate>,
};

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct ImpossibleDate {
    /// More fields that hold a date, by path.
    fields: Vec<String>,
}

impl Rule for ImpossibleDate {
    fn check(&self, post: &Post<'_>, findings: &mut Findings) {
        for (field, _) in dates(post, &self.fields).filter(|(_, date)| date.impossible) {
            let written = field.span.of(post.document.text);
            findings
                .add(field.span, format!("there is no such day or time as {written}"))
                .help(consequence(post.document.generator));
        }
    }
}

fn consequence(generator: Generator) -> &'static str {
    match generator {
        Hugo | Zola => "the build stops here",
        Generator::None => "Hugo and Zola stop here; the others move on to another day without a word",
        _ => "it is moved to another day without a word, or dropped",
    }
}
