//! Finds files that do not end with a line ending.

use crate::finding::{Findings, Fix, Safety, Severity};
use crate::post::Post;
use crate::rule::{Constructor, Rule, RuleInfo};
use postmend_core::{Edit, Format, Span};

pub(crate) static INFO: RuleInfo = RuleInfo {
    name: "missing-final-newline",
    severity: Severity::Info,
    on_by_default: true,
    page: include_str!("missing_final_newline.md"),
    constructor: Constructor::post::<MissingFinalNewline>(),
};

#[derive(Debug, Default)]
struct MissingFinalNewline;

impl Rule for MissingFinalNewline {
    fn check(&self, post: &Post<'_>, findings: &mut Findings) {
        let text = post.document.text;
        // A page of HTML may be a template or what a service verifies, and Obsidian writes its drawings itself.
        let is_of_program =
            post.document.format == Format::Html || post.context.path.ends_with(".excalidraw.md");
        if text.is_empty() || text.ends_with(['\n', '\r']) || is_of_program {
            return;
        }
        let fix =
            Fix::new("add a newline at the end", Safety::Safe, Edit::insert(text.len(), line_end(text)));
        findings.add(Span::point(text.len()), "no newline at the end of the file").fix(fix);
    }
}

/// The line ending of the file's first line.
fn line_end(text: &str) -> &'static str {
    match text.find(['\n', '\r']) {
        Some(at) if text[at..].starts_with("\r\n") => "\r\n",
        Some(at) if text[at..].starts_with('\r') => "\r",
        _ => "\n",
    }
}
