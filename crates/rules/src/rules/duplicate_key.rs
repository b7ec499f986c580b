//! Finds keys that occur more than once in the front matter.

use crate::finding::{Findings, Severity};
use crate::post::Post;
use crate::rule::{Constructor, Rule, RuleInfo};
use postmend_core::Generator;
use postmend_core::front::Key;

pub(crate) static INFO: RuleInfo = RuleInfo {
    name: "duplicate-key",
    severity: Severity::Error,
    on_by_default: true,
    page: include_str!("duplicate_key.md"),
    constructor: Constructor::post::<DuplicateKey>(),
};

#[derive(Debug, Default)]
struct DuplicateKey;

impl Rule for DuplicateKey {
    fn check(&self, post: &Post<'_>, findings: &mut Findings) {
        let Some(matter) = &post.document.front.matter else { return };
        for &(_, later) in &matter.duplicates {
            let Key::Name(name, span) = &matter.fields[later as usize].key else { continue };
            let help = match post.document.generator {
                Generator::Jekyll => "Jekyll silently uses the last one; remove the wrong one",
                Generator::None => "most generators fail here, Jekyll uses the last one; remove one",
                _ => "the build fails here; remove the wrong one",
            };
            findings.add(*span, format!("duplicate key `{name}`")).help(help);
        }
    }
}
