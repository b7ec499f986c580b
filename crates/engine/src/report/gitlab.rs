//! GitLab's Code Quality report, which follows Code Climate's.

use super::printer::Printer;
use super::tally::Tally;
use super::uri::uri;
use crate::escape::{Json, Sink};
use crate::examine::Examined;
use postmend_rules::Severity;
use serde_json::json;
use std::io;
use std::path::Path;

/// One array; GitLab wants each fingerprint once in it.
#[derive(Debug, Default)]
pub(super) struct GitLab {
    findings: usize,
}

impl Printer for GitLab {
    fn add(&mut self, out: &mut Sink<'_>, path: &Path, examined: &Examined) -> io::Result<()> {
        let prints = examined.fingerprints();
        for ((finding, start, end), print) in examined.findings.iter().zip(&*prints) {
            let severity = match finding.severity {
                Severity::Error => "major",
                Severity::Warning => "minor",
                Severity::Info => "info",
            };
            let place = uri(path);
            let issue = json!({
                "description": finding.message,
                "check_name": finding.rule,
                "fingerprint": format!("{print}:{place}"),
                "severity": severity,
                "location": { "path": path.to_string_lossy(), "lines": { "begin": start.line, "end": end.line } },
            });
            let lead = if self.findings == 0 { "[\n" } else { ",\n" };
            self.findings += 1;
            out.put::<Json>(&[&lead, &issue])?;
        }
        Ok(())
    }

    fn end(&mut self, out: &mut Sink<'_>, _: &Tally) -> io::Result<()> {
        out.put::<Json>(&[&(if self.findings == 0 { "[]\n" } else { "\n]\n" })])
    }
}
