//! Workflow commands of GitHub Actions, which become annotations of the changed lines.

use super::each::Page;
use super::shown::{visible, visible_text};
use crate::run::Examined;
use postmend_rules::Severity;
use std::io::{self, Write};
use std::path::Path;

pub(super) struct GitHub;

impl Page for GitHub {
    fn print(&self, out: &mut dyn Write, path: &Path, examined: &Examined) -> io::Result<()> {
        for (finding, start, end) in &examined.findings {
            let command = match finding.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Info => "notice",
            };
            // Line ends in a name are escaped, like those in a message.
            let kept = |c| if matches!(c, '\n' | '\r') { c } else { visible(c) };
            let path = property(&path.to_string_lossy().chars().map(kept).collect::<String>());
            write!(out, "::{command} file={path},line={},endLine={}", start.line, end.line)?;
            // Columns are only read where both ends are on one line.
            if start.line == end.line {
                write!(out, ",col={},endColumn={}", start.column, end.column)?;
            }
            let mut message = visible_text(&finding.message).into_owned();
            if !finding.help.is_empty() {
                message.push('\n');
                message.push_str(&finding.help.lines().map(visible_text).collect::<Vec<_>>().join("\n"));
            }
            writeln!(out, ",title={}::{}", property(finding.rule), data(&message))?;
        }
        Ok(())
    }
}

/// A message, as the runner's `escapeData` writes it.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property, as its `escapeProperty` does.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
