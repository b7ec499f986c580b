//! Finds blocks that look like front matter but that the generator does not read as front matter.

use crate::finding::{Findings, Severity};
use crate::post::Post;
use crate::rule::{Constructor, Rule, RuleInfo};
use postmend_core::Generator;
use postmend_core::front::NearReason;

pub(crate) static INFO: RuleInfo = RuleInfo {
    name: "front-matter-lookalike",
    severity: Severity::Error,
    on_by_default: true,
    page: include_str!("front_matter_lookalike.md"),
    constructor: Constructor::post::<FrontMatterLookalike>(),
};

#[derive(Debug, Default)]
struct FrontMatterLookalike;

impl Rule for FrontMatterLookalike {
    fn check(&self, post: &Post<'_>, findings: &mut Findings) {
        let Some(near) = &post.document.front.near else { return };
        let Some((_, what, help)) = REASONS.iter().find(|(reason, ..)| *reason == near.reason) else {
            return;
        };
        let reader = match post.document.generator {
            Generator::None => "most generators do".to_owned(),
            generator => format!("{} does", generator.title()),
        };
        findings.add(near.span, format!("{reader} not read this front matter: it {what}")).help(*help);
    }
}

/// All reasons except those with their own rule.
const REASONS: [(NearReason, &str, &str); 9] = [
    (NearReason::NotFirst, "is not at the start of the file", "move it above the comment or heading"),
    (NearReason::FourDashes, "has a fence of more than three dashes", "write three"),
    (NearReason::TrailingBlank, "has trailing spaces after the opening fence", "remove the trailing spaces"),
    (NearReason::DotsClose, "is closed by dots", "close it with ---"),
    (NearReason::LanguageTag, "has a language name after the fence", "write --- alone, or +++ for TOML"),
    (NearReason::NoOpening, "has no opening fence", "write --- on a line before it"),
    (NearReason::ForeignSyntax, "is in another generator's syntax", "write it as YAML between lines of ---"),
    (
        NearReason::BareCarriageReturn,
        "ends its lines with a bare carriage return",
        "end them with a line feed",
    ),
    (NearReason::Empty, "is empty", "add a title, or remove it"),
];
