//! Finds values in front matter that violate its schema.

use crate::finding::{Findings, Severity};
use crate::post::Post;
use crate::rule::{Constructor, Rule, RuleInfo};
use crate::schema::MisfitKind;

pub(crate) static INFO: RuleInfo = RuleInfo {
    name: "invalid-field",
    severity: Severity::Warning,
    on_by_default: true,
    page: include_str!("invalid_field.md"),
    constructor: Constructor::post::<InvalidField>(),
};

#[derive(Debug, Default)]
struct InvalidField;

impl Rule for InvalidField {
    fn check(&self, post: &Post<'_>, findings: &mut Findings) {
        let Some(matter) = &post.document.front.matter else { return };
        for misfit in post.misfits() {
            let MisfitKind::Invalid { what, description } = &misfit.kind else { continue };
            let (span, path) = match misfit.field {
                Some(index) => (matter.fields[index].span, format!("`{}`: ", matter.path(index))),
                None => (matter.content, String::new()),
            };
            findings.add(span, format!("{path}{what}")).help(description.clone());
        }
    }
}
