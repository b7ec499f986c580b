//! The date fields of a post, for the rules about dates.

use crate::check::Post;
use postmend_core::date::WrittenDate;
use postmend_core::front::{Field, Key, Value};
use postmend_core::{Document, Generator};

/// Keys that hold a date in one generator or another, in lower case.
const KEYS: [&str; 16] = [
    "date",
    "updated",
    "lastmod",
    "pubdate",
    "pubdatetime",
    "publishdate",
    "published",
    "modified",
    "moddatetime",
    "expirydate",
    "updateddate",
    "last_modified_at",
    "created",
    "createtime",
    "lastupdated",
    "publishedat",
];

/// Each date field with what it says; `more` names further fields by path. Values of another kind,
/// such as `published: true`, are no dates.
pub(super) fn dates<'a>(
    post: &'a Post<'_>,
    more: &'a [String],
) -> impl Iterator<Item = (&'a Field<'a>, WrittenDate)> {
    let document: &'a Document<'a> = post.document;
    let matter = document.front.matter.iter().filter(|matter| matter.fault.is_none());
    let fields = matter.flat_map(|matter| {
        matter.fields.iter().enumerate().filter(|(index, field)| {
            let known =
                field.parent.is_none() && matches!(&field.key, Key::Name(name, _) if is_date_key(name));
            known || (!more.is_empty() && more.contains(&matter.path(*index)))
        })
    });
    fields.filter_map(|(_, field)| {
        let date = match &field.value {
            Value::Text(text) | Value::Timestamp(text) => WrittenDate::read(text),
            Value::Integer(_) => WrittenDate::read(field.span.of(document.text)),
            Value::Null => WrittenDate::read(""),
            _ => return None,
        };
        Some((field, date))
    })
}

fn is_date_key(name: &str) -> bool {
    KEYS.iter().any(|key| key.eq_ignore_ascii_case(name))
}

/// "Docusaurus, Eleventy and Zola"
pub(super) fn names(generators: &[Generator]) -> String {
    let names: Vec<&str> = generators.iter().map(|generator| generator.title()).collect();
    match names.split_last() {
        None => String::new(),
        Some((last, [])) => (*last).to_owned(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
    }
}
