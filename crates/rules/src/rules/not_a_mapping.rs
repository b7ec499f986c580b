//! Finds front matter that is not a map of fields.

use crate::finding::{Findings, Fix, Safety, Severity};
use crate::post::Post;
use crate::rule::{Constructor, Rule, RuleInfo};
use crate::yaml_diagnosis::wrong_colon;
use postmend_core::front::{self, FrontMatter, Root};
use postmend_core::{Edit, Generator, Patch};

pub(crate) static INFO: RuleInfo = RuleInfo {
    name: "not-a-mapping",
    severity: Severity::Error,
    on_by_default: true,
    page: include_str!("not_a_mapping.md"),
    constructor: Constructor::post::<NotAMapping>(),
};

#[derive(Debug, Default)]
struct NotAMapping;

impl Rule for NotAMapping {
    fn check(&self, post: &Post<'_>, findings: &mut Findings) {
        let text = post.document.text;
        let Some(matter) = post.untemplated_front_matter().filter(|matter| matter.fault.is_none()) else {
            return;
        };
        let what = match matter.root {
            Root::List => "a list",
            Root::Scalar => "plain text",
            Root::Map | Root::Empty => return,
        };
        findings
            .add(matter.content, format!("front matter is {what}, not fields"))
            .help(consequence(post.context.generator, matter.root))
            .fix(fix_of(text, matter, post.context.generator));
    }
}

fn consequence(generator: Generator, root: Root) -> &'static str {
    match generator {
        Generator::Jekyll | Generator::Hugo | Generator::Zola => "the build fails here",
        Generator::Hexo if root == Root::Scalar => "Hexo shows it as text",
        Generator::None => "some generators fail here, the others find no title and no date",
        _ => "no title and no date are found",
    }
}

/// A fix that corrects colons that YAML does not recognize, if that turns everything into fields.
fn fix_of(text: &str, matter: &FrontMatter<'_>, generator: Generator) -> Option<Fix> {
    let mut at = matter.content.start as usize;
    let mut edits = Vec::new();
    for line in matter.content.of(text).split_inclusive('\n') {
        edits.extend(wrong_colon(line.trim_end(), at).map(|(span, _)| Edit::replace(span, ": ")));
        at += line.len();
    }
    let mut patch = Patch::default();
    if edits.is_empty() || !patch.merge(&edits) {
        return None;
    }
    let fixed = front::read(&patch.apply(text), generator).matter.map(|matter| (matter.root, matter.fault));
    let fix = Fix { title: "write `: ` after each key".into(), safety: Safety::Review, edits };
    (fixed == Some((Root::Map, None))).then_some(fix)
}
