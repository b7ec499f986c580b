//! Shortcut: takes a text, returns findings with their lines and columns.

use crate::finding::Finding;
use crate::post::Post;
use crate::post_context::PostContext;
use crate::rule_set::RuleSet;
use crate::site::{Site, SiteOptions};
use postmend_core::{Generator, LineIndex, Position, UnknownFormat};

/// A finding with its line and column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocatedFinding {
    /// The line and column of its first character.
    pub position: Position,
    /// The finding.
    pub finding: Finding,
}

/// Checks a post with the default rules and no config. Returns the findings in text order. The extension of
/// `path` determines the format; some rules also look at its folders and file name.
///
/// Each call builds the rules and word lists anew. To check many posts, create one [`RuleSet`] and one
/// [`Site`].
///
/// # Errors
/// `path` does not have the extension of a post.
pub fn check_str(text: &str, path: &str, generator: Generator) -> Result<Vec<LocatedFinding>, UnknownFormat> {
    let site = Site::new(&SiteOptions::default()).expect("no options, no error");
    let context = PostContext::of(&site, path, generator)?;
    let findings = RuleSet::standard().check(&Post::new(&context.read(text), context));
    if findings.is_empty() {
        return Ok(Vec::new());
    }
    let lines = LineIndex::of(text);
    let located = |finding: Finding| {
        let position = lines.position(finding.span.start as usize);
        LocatedFinding { position, finding }
    };
    Ok(findings.into_iter().map(located).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_post_by_its_path() {
        let found = |text: &str, path: &str| {
            let found = check_str(text, path, Generator::None)?;
            let at = |located: LocatedFinding| {
                (located.position.line, located.position.column, located.finding.rule)
            };
            Ok::<_, UnknownFormat>(found.into_iter().map(at).collect::<Vec<_>>())
        };
        assert_eq!(found("中文\r\n中 <img src=a.png>\n", "a.md"), Ok(vec![(2, 3, "missing-alt")]));
        // In Markdown, an indented line is code.
        let indented = "\n    <img src=a.png>\n";
        assert_eq!(found(indented, "a.md"), Ok(Vec::new()));
        assert_eq!(found(indented, "a.html"), Ok(vec![(2, 5, "missing-alt")]));
        assert!(found("", "a.txt").is_err());
    }
}
