//! Finds front matter that its parser refuses, or that is no list of fields.

use crate::card::{Card, Rule, build};
use crate::check::Post;
use crate::finding::{Findings, Severity};
use postmend_core::Span;
use postmend_core::front::Root;
use serde::Deserialize;

pub(crate) const CARD: Card = Card {
    name: "unreadable-front-matter",
    severity: Severity::Error,
    on_by_default: true,
    page: include_str!("unreadable_front_matter.md"),
    build: build::<UnreadableFrontMatter>,
};

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct UnreadableFrontMatter {}

impl Rule for UnreadableFrontMatter {
    fn check(&self, post: &Post<'_>, findings: &mut Findings) {
        let Some(matter) = &post.document.front.matter else { return };
        let content = matter.content.of(post.document.text);
        // A scaffold is filled in before anything reads it.
        if content.contains("{{") || content.contains("<%") {
            return;
        }
        if let Some(fault) = &matter.fault {
            let rest = &post.document.text[fault.at..matter.content.end.max(fault.at as u32) as usize];
            let length = rest.find(['\n', '\r']).unwrap_or(rest.len());
            let span = Span::new(fault.at, fault.at + length);
            findings
                .add(span, format!("front matter cannot be read: {}", fault.message))
                .help("quote the value if it holds a colon, a bracket, or starts with a special character");
        } else if let Root::List | Root::Scalar = matter.root {
            let what = if matter.root == Root::List { "a list" } else { "plain text" };
            findings
                .add(matter.content, format!("front matter is {what}, not fields"))
                .help("write `name: value` with an ASCII colon and a blank behind it");
        }
    }
}
