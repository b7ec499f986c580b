//! Finds posts of a site that have the same title.

use crate::finding::Severity;
use crate::post_context::PostContext;
use crate::rule::{Constructor, RuleInfo};
use crate::uniqueness::{Claim, CrossPostRule, is_unpublished, language};
use postmend_core::front::{FrontMatter, Value};

pub(crate) static INFO: RuleInfo = RuleInfo {
    name: "duplicate-title",
    severity: Severity::Info,
    on_by_default: false,
    page: include_str!("duplicate_title.md"),
    constructor: Constructor::cross_post::<DuplicateTitle>(),
};

#[derive(Debug, Default)]
struct DuplicateTitle;

impl CrossPostRule for DuplicateTitle {
    fn claim(&self, context: &PostContext<'_>, _: &str, matter: &FrontMatter<'_>) -> Option<Claim> {
        let field = matter.top("title")?;
        let Value::Text(title) = &field.value else { return None };
        let title = title.trim();
        if title.is_empty() || is_unpublished(matter) {
            return None;
        }
        let key = format!("{} {title}", language(context.path));
        Some(Claim { key, name: title.to_owned(), span: field.span })
    }

    fn message(&self, _: &Claim, other: &str) -> String {
        format!("{other} has the same title")
    }

    fn help(&self) -> &'static str {
        "readers and search engines cannot distinguish them; one may be a copy of the other"
    }
}
