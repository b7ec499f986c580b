//! Finds front matter without a field that its schema requires.

use crate::finding::{Findings, Severity};
use crate::post::Post;
use crate::rule::{Constructor, Rule, RuleInfo};
use crate::schema::MisfitKind;

pub(crate) static INFO: RuleInfo = RuleInfo {
    name: "missing-field",
    severity: Severity::Warning,
    on_by_default: true,
    page: include_str!("missing_field.md"),
    constructor: Constructor::post::<MissingField>(),
};

#[derive(Debug, Default)]
struct MissingField;

impl Rule for MissingField {
    fn check(&self, post: &Post<'_>, findings: &mut Findings) {
        let text = post.document.text;
        let Some(matter) = &post.document.front.matter else { return };
        for misfit in post.misfits() {
            let MisfitKind::Missing { name } = &misfit.kind else { continue };
            let (span, container) = match misfit.field {
                Some(index) => (matter.fields[index].span, format!("`{}`", matter.path(index))),
                None => (matter.opening_line(text), "front matter".to_owned()),
            };
            findings
                .add(span, format!("missing field `{name}` in {container}"))
                .help("required by its schema");
        }
    }
}
