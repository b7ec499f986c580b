//! Finds front matter keys that contain an invisible character.

use crate::finding::{Findings, Fix, Safety, Severity};
use crate::post::Post;
use crate::rule::{Constructor, Rule, RuleInfo};
use postmend_core::front::{Field, FrontMatter, Key};
use postmend_core::{Edit, Span};
use std::collections::HashSet;

pub(crate) static INFO: RuleInfo = RuleInfo {
    name: "invisible-key",
    severity: Severity::Error,
    on_by_default: true,
    page: include_str!("invisible_key.md"),
    constructor: Constructor::post::<InvisibleKey>(),
};

#[derive(Debug, Default)]
struct InvisibleKey;

impl Rule for InvisibleKey {
    fn check(&self, post: &Post<'_>, findings: &mut Findings) {
        let Some(matter) = &post.document.front.matter else { return };
        let mut names = None;
        for field in &matter.fields {
            let Key::Name(name, span) = &field.key else { continue };
            let written = span.of(post.document.text);
            let hidden = written.char_indices().filter(|(_, letter)| is_invisible(*letter));
            let span_of = |(at, letter): (usize, char)| {
                Span::new(span.start as usize + at, span.start as usize + at + letter.len_utf8())
            };
            let edits: Vec<Edit> = hidden.map(span_of).map(Edit::delete).collect();
            if edits.is_empty() {
                continue;
            }
            let plain: String = name.chars().filter(|letter| !is_invisible(*letter)).collect();
            // A second field with that name would be worse.
            let taken =
                names.get_or_insert_with(|| names_of(matter)).contains(&(field.parent, plain.as_str()));
            let fix = Fix { title: format!("write `{plain}`").into(), safety: Safety::Safe, edits };
            findings
                .add(
                    *span,
                    format!("the key `{plain}` contains an invisible character, so it is a different key"),
                )
                .help("generators do not find the field under its name")
                .fix((!taken && !plain.is_empty()).then_some(fix));
        }
    }
}

/// The names of the fields, each with the index of its parent.
fn names_of<'m>(matter: &'m FrontMatter<'_>) -> HashSet<(Option<u32>, &'m str)> {
    let name = |field: &'m Field<'_>| match &field.key {
        Key::Name(name, _) => Some((field.parent, &**name)),
        Key::Index(_) => None,
    };
    matter.fields.iter().filter_map(name).collect()
}

/// Whether a character has no visible shape or is white space other than an ordinary space.
fn is_invisible(letter: char) -> bool {
    matches!(
        letter,
        '\u{A0}' | '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202F}' | '\u{2060}'..='\u{2069}' | '\u{3000}' | '\u{FEFF}'
    )
}
