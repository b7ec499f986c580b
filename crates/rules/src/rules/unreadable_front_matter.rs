//! Finds front matter that its parser rejects.

use crate::finding::{Findings, Severity};
use crate::post::Post;
use crate::rule::{Constructor, Rule, RuleInfo};
use crate::yaml_diagnosis::diagnose;
use postmend_core::Span;
use postmend_core::front::{Fault, FrontMatter, Syntax};
use postmend_core::lines::LineIndex;

pub(crate) static INFO: RuleInfo = RuleInfo {
    name: "unreadable-front-matter",
    severity: Severity::Error,
    on_by_default: true,
    page: include_str!("unreadable_front_matter.md"),
    constructor: Constructor::post::<UnreadableFrontMatter>(),
};

#[derive(Debug, Default)]
struct UnreadableFrontMatter;

impl Rule for UnreadableFrontMatter {
    fn check(&self, post: &Post<'_>, findings: &mut Findings) {
        let text = post.document.text;
        let Some(matter) = post.untemplated_front_matter() else { return };
        let Some(fault) = &matter.fault else { return };
        let position = LineIndex::of(text).position(fault.at);
        let parser = format!("the parser stops at {}:{}: {}", position.line, position.column, fault.message);
        let found =
            (matter.syntax == Syntax::Yaml).then(|| diagnose(text, matter, fault, &post.context)).flatten();
        match found {
            Some(found) => {
                let message = format!("front matter cannot be read: {}", found.what);
                findings.add(found.span, message).help(parser).fix(found.fix);
            }
            None => {
                let message = format!("front matter cannot be read: {}", fault.message);
                findings.add(rest_of_line(text, matter, fault), message).help("the parser stops here");
            }
        }
    }
}

fn rest_of_line(text: &str, matter: &FrontMatter<'_>, fault: &Fault) -> Span {
    let rest = &text[fault.at..matter.content.end.max(fault.at as u32) as usize];
    Span::new(fault.at, fault.at + rest.find(['\n', '\r']).unwrap_or(rest.len()))
}
