//! One line for each finding, in the format of compilers.

use super::parallel::PostPrinter;
use crate::escape::{Fragment, LineForm, Sink, Text};
use crate::examine::Examined;
use std::io;
use std::path::Path;

pub(super) struct Concise;

impl PostPrinter for Concise {
    fn print(&self, out: &mut Sink<'_>, path: &Path, examined: &Examined) -> io::Result<()> {
        if examined.findings.is_empty() {
            return Ok(());
        }
        let path: Fragment<LineForm> = Fragment::of(&[&Text(&path.to_string_lossy())]);
        for (finding, start, _) in &examined.findings {
            let (severity, rule) = (finding.severity.name(), finding.rule);
            let message = Text(&finding.message);
            let position: [&dyn crate::escape::Part<LineForm>; 5] =
                [&path, &":", &start.line, &":", &start.column];
            out.put::<LineForm>(&position)?;
            out.put::<LineForm>(&[&": ", &severity, &" ", &rule, &": ", &message, &"\n"])?;
        }
        Ok(())
    }
}
