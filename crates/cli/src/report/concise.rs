//! One line for each finding, as compilers print it.

use super::each::Page;
use super::shown::visible_text;
use crate::run::Examined;
use std::io::{self, Write};
use std::path::Path;

pub(super) struct Concise;

impl Page for Concise {
    fn print(&self, out: &mut dyn Write, path: &Path, examined: &Examined) -> io::Result<()> {
        if examined.findings.is_empty() {
            return Ok(());
        }
        let path = visible_text(&path.to_string_lossy()).into_owned();
        for (finding, start, _) in &examined.findings {
            let (severity, rule) = (finding.severity.name(), finding.rule);
            let message = visible_text(&finding.message);
            writeln!(out, "{path}:{}:{}: {severity} {rule}: {message}", start.line, start.column)?;
        }
        Ok(())
    }
}
