//! Runs a command to its end.

use std::process::{Command, Stdio};

/// Runs a command; returns its standard output. Exit code 1 is not a failure, as it means findings.
pub(super) fn run(command: &mut Command) -> Result<String, String> {
    let done = command.stdin(Stdio::null()).output();
    let done = done.map_err(|error| format!("cannot run {:?}: {error}", command.get_program()))?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    match done.status.code() {
        Some(0) => Ok(text(&done.stdout)),
        Some(1) if done.stderr.is_empty() => Ok(text(&done.stdout)),
        _ => Err(format!("{command:?} ended with {}: {}", done.status, text(&done.stderr))),
    }
}
