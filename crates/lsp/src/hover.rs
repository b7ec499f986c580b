//! Hover text for the findings under the cursor: their messages, and their rules' pages.

use crate::client::Client;
use crate::open::Open;
use crate::text::PositionTable;
use gen_lsp_types::{Hover, MarkupContent, MarkupKind, Position};
use postmend_rules::{Finding, rule_info};

/// The hover text at a position; `None` if there are no findings.
pub fn hover(open: &Open, at: Position, client: &Client) -> Option<Hover> {
    let offset = open.text.offset(at, client.units) as u32;
    let is_here = |finding: &&Finding| finding.span.start <= offset && offset <= finding.span.end;
    let here: Vec<&Finding> = open.known_findings().iter().filter(is_here).collect();
    // The shortest one is most likely intended.
    let nearest = here.iter().min_by_key(|finding| finding.span.len())?;
    let mut parts = Vec::new();
    for (index, finding) in here.iter().enumerate() {
        parts.push(finding_text(finding));
        let is_last_of_rule = here[index + 1..].iter().all(|other| other.rule != finding.rule);
        if let Some(info) = rule_info(finding.rule).filter(|_| is_last_of_rule) {
            parts.push(rationale(info.page).to_owned());
        }
    }
    let kind = if client.markdown { MarkupKind::Markdown } else { MarkupKind::PlainText };
    let contents = MarkupContent { kind, value: parts.join("\n\n") };
    let range = PositionTable::of(&open.text, client.units).range(nearest.span);
    Some(Hover { contents: contents.into(), range: Some(range) })
}

fn finding_text(finding: &Finding) -> String {
    let help =
        if finding.help.is_empty() { String::new() } else { format!("  \n{}", literal(&finding.help)) };
    format!("**{}**: {}{help}", finding.severity.name(), literal(&finding.message))
}

/// Escapes Markdown, as the text may come from a post.
fn literal(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if "\\`*_[]<>&#|!~".contains(character) {
            out.push('\\');
        }
        out.push(character);
    }
    out
}

/// A rule's page up to its examples.
fn rationale(page: &str) -> &str {
    let end = ["\n## Bad", "\n## Good"].iter().filter_map(|heading| page.find(heading)).min();
    page[..end.unwrap_or(page.len())].trim_end()
}

#[cfg(test)]
mod tests {
    use super::*;
    use postmend_rules::ALL;

    #[test]
    fn pages_are_cut_before_their_examples() {
        for info in ALL {
            let rationale = rationale(info.page);
            assert!(rationale.starts_with(&format!("# {}\n\n", info.name)), "{rationale}");
            assert!(!rationale.contains("```post") && !rationale.contains("```report"), "{rationale}");
            assert!(rationale.contains(&info.summary().split_whitespace().next().unwrap().to_owned()));
        }
        assert_eq!(literal("a_b <c>"), "a\\_b \\<c\\>");
    }
}
