//! Runs postmend, and reads its findings.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// A postmend in a working tree.
pub(super) struct GateChecker {
    binary: PathBuf,
    folder: PathBuf,
}

/// A finding.
#[derive(Debug, Clone)]
pub(super) struct ReplayedFinding {
    pub(super) post: String,
    pub(super) rule: String,
    pub(super) severity: String,
    pub(super) message: String,
    /// The lines from its start to its end, from 1.
    pub(super) lines: (usize, usize),
    pub(super) fingerprint: String,
}

/// A run.
pub(super) struct CheckRun {
    /// Whether it failed, as a gate.
    pub(super) fails: bool,
    pub(super) findings: Vec<ReplayedFinding>,
    pub(super) time: Duration,
}

impl GateChecker {
    pub(super) fn new(binary: &Path, folder: &Path) -> Self {
        Self { binary: binary.to_owned(), folder: folder.to_owned() }
    }

    /// Runs `postmend` with these arguments, which may fail.
    pub(super) fn run(&self, arguments: &[&str]) -> Result<(), String> {
        let ran = self.command(arguments).output().map_err(|error| self.unrun(&error))?;
        match ran.status.code() {
            Some(0 | 1) => Ok(()),
            _ => Err(format!("postmend {arguments:?}: {}", String::from_utf8_lossy(&ran.stderr).trim())),
        }
    }

    /// Runs `postmend check` with these arguments.
    pub(super) fn check(&self, arguments: &[&str]) -> Result<CheckRun, String> {
        let all = [&["check", "--quiet", "--format", "json"], arguments].concat();
        let begun = Instant::now();
        let ran = self.command(&all).output().map_err(|error| self.unrun(&error))?;
        let time = begun.elapsed();
        // Exit code 2 is that of a post that cannot be read too, of which there is a report.
        let report: Value = serde_json::from_slice(&ran.stdout)
            .map_err(|_| String::from_utf8_lossy(&ran.stderr).trim().to_owned())?;
        let findings = report["findings"].as_array().into_iter().flatten().map(finding).collect();
        Ok(CheckRun { fails: ran.status.code() == Some(1), findings, time })
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        command.args(arguments).current_dir(&self.folder).stdin(Stdio::null());
        command
    }

    fn unrun(&self, error: &std::io::Error) -> String {
        format!("cannot run {}: {error}; build it with `cargo build --release`", self.binary.display())
    }
}

fn finding(value: &Value) -> ReplayedFinding {
    let text = |key: &str| value[key].as_str().unwrap_or_default().to_owned();
    let line = |key: &str| value[key]["line"].as_u64().unwrap_or_default() as usize;
    ReplayedFinding {
        post: text("path"),
        rule: text("rule"),
        severity: text("severity"),
        message: text("message"),
        lines: (line("start"), line("end")),
        fingerprint: text("fingerprint"),
    }
}
