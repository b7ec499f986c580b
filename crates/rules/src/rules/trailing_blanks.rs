//! Finds trailing white space that has no meaning.

use crate::finding::{Findings, Fix, Safety, Severity};
use crate::post::Post;
use crate::rule::{Constructor, Rule, RuleInfo};
use postmend_core::lines::line_from;
use postmend_core::{Edit, Format, Span};

pub(crate) static INFO: RuleInfo = RuleInfo {
    name: "trailing-blanks",
    severity: Severity::Info,
    on_by_default: false,
    page: include_str!("trailing_blanks.md"),
    constructor: Constructor::post::<TrailingBlanks>(),
};

#[derive(Debug, Default)]
struct TrailingBlanks;

impl Rule for TrailingBlanks {
    fn check(&self, post: &Post<'_>, findings: &mut Findings) {
        let document = post.document;
        let text = document.text;
        let mut start = document.front.body;
        while start < text.len() {
            let (line, next) = line_from(text, start);
            let line = line.trim_end_matches('\r');
            let kept = line.trim_end_matches([' ', '\t']);
            let blanks = Span::new(start + kept.len(), start + line.len());
            if !blanks.is_empty() && !is_significant(post, kept, blanks) {
                let fix = Fix::new("remove them", Safety::Safe, Edit::delete(blanks));
                findings.add(blanks, "trailing spaces").fix(fix);
            }
            start = next;
        }
    }
}

/// Whether trailing white space has a meaning: in code, or as Markdown's line break of two spaces after text.
fn is_significant(post: &Post<'_>, kept: &str, blanks: Span) -> bool {
    let document = post.document;
    let at = blanks.start as usize;
    let in_code = document.is_code(at) || document.is_code(at.saturating_sub(1));
    let next = document.html.partition_point(|html| html.end < blanks.end);
    let is_in_html = document.html.get(next).is_some_and(|html| html.contains(blanks));
    let in_html = document.format == Format::Html || is_in_html;
    let is_break = !in_html && !kept.trim().is_empty() && blanks.of(document.text).ends_with("  ");
    in_code || is_break
}
