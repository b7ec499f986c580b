//! GitLab's Code Quality report, which follows the format of Code Climate.

use super::json_list::JsonList;
use super::printer::Printer;
use super::tally::Tally;
use super::uri::uri;
use crate::escape::{JsonForm, Sink};
use crate::examine::Examined;
use postmend_rules::Severity;
use serde_json::json;
use std::io;
use std::path::Path;

/// One array, in which GitLab requires each fingerprint to be unique.
#[derive(Debug)]
pub(super) struct GitLab(JsonList);

impl Default for GitLab {
    fn default() -> Self {
        Self(JsonList::after(|out| out.put::<JsonForm>(&[&"["])))
    }
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
            let uri = uri(path);
            let issue = json!({
                "description": finding.message,
                "check_name": finding.rule,
                "fingerprint": format!("{print}:{uri}"),
                "severity": severity,
                "location": { "path": path.to_string_lossy(), "lines": { "begin": start.line, "end": end.line } },
            });
            self.0.put(out, &issue)?;
        }
        Ok(())
    }

    fn end(&mut self, out: &mut Sink<'_>, _: &Tally) -> io::Result<()> {
        self.0.close(out)?;
        out.put::<JsonForm>(&[&"\n"])
    }
}
