//! GitHub Actions workflow commands, which become annotations of the changed lines.

use super::parallel::PostPrinter;
use crate::escape::{CommandForm, Property, Sink, Text};
use crate::examine::Examined;
use postmend_rules::Severity;
use std::io;
use std::path::Path;

pub(super) struct GitHub;

impl PostPrinter for GitHub {
    fn print(&self, out: &mut Sink<'_>, path: &Path, examined: &Examined) -> io::Result<()> {
        let path = path.to_string_lossy();
        for (finding, start, end) in &examined.findings {
            let command = match finding.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Info => "notice",
            };
            let file = Property(&path);
            let lines: [&dyn crate::escape::Part<CommandForm>; 8] =
                [&"::", &command, &" file=", &file, &",line=", &start.line, &",endLine=", &end.line];
            out.put::<CommandForm>(&lines)?;
            // Columns are used only if both ends are on one line.
            if start.line == end.line {
                out.put::<CommandForm>(&[&",col=", &start.column, &",endColumn=", &end.column])?;
            }
            let rule = Property(finding.rule);
            out.put::<CommandForm>(&[&",title=", &rule, &"::", &Text(&finding.message)])?;
            if !finding.help.is_empty() {
                out.put::<CommandForm>(&[&"%0A", &Text(&finding.help)])?;
            }
            out.put::<CommandForm>(&[&"\n"])?;
        }
        Ok(())
    }
}
