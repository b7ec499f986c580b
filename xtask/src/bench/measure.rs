//! Runs a command and measures its wall time, CPU time and peak memory.

use serde_json::Value;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A command to measure.
#[derive(Debug, Clone)]
pub(super) struct MeasuredCommand {
    /// What the page calls it.
    pub(super) name: String,
    pub(super) program: PathBuf,
    pub(super) arguments: Vec<OsString>,
    /// The folder it runs in.
    pub(super) folder: PathBuf,
    /// Exit codes that are not failures, as most tools report findings with one.
    pub(super) codes: &'static [i32],
}

/// The measurements of one run.
#[derive(Debug, Clone, Copy)]
pub(super) struct MeasuredRun {
    /// The wall time in seconds.
    pub(super) wall: f64,
    /// The user and system time in seconds, including child processes.
    pub(super) cpu: f64,
    /// The peak memory in bytes.
    pub(super) peak: f64,
}

impl MeasuredCommand {
    pub(super) fn new(name: &str, program: &Path, arguments: &[&str], folder: &Path) -> Self {
        let arguments = arguments.iter().map(OsString::from).collect();
        let (program, folder) = (program.to_owned(), folder.to_owned());
        Self { name: name.to_owned(), program, arguments, folder, codes: &[0, 1] }
    }

    /// A command line for `sh`.
    pub(super) fn shell(name: &str, line: &str, folder: &Path) -> Self {
        Self::new(name, Path::new("sh"), &["-c", line], folder)
    }

    /// Runs it with `examples/measure.rs`, and writes its output to a file.
    pub(super) fn run(&self, measure: &Path, printed: &Path) -> Result<MeasuredRun, String> {
        let mut command = Command::new(measure);
        command.arg(printed).arg(&self.program).args(&self.arguments);
        let done = command.current_dir(&self.folder).stderr(Stdio::inherit()).output();
        let done = done.map_err(|error| format!("cannot measure {}: {error}", self.name))?;
        let measured: Value = serde_json::from_slice(&done.stdout)
            .map_err(|_| format!("cannot run {}: {}", self.name, self.program.display()))?;
        let code = measured["code"].as_i64().unwrap_or(-1);
        if !self.codes.iter().any(|allowed| i64::from(*allowed) == code) {
            return Err(format!("{} ended with {code}: see {}", self.name, printed.display()));
        }
        let number = |name: &str| measured[name].as_f64().unwrap_or_default();
        Ok(MeasuredRun { wall: number("wall"), cpu: number("cpu"), peak: number("peak") })
    }
}
