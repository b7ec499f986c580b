//! Runs a command to its end.

use std::process::{Command, Stdio};

/// Runs a command: what it printed. Exit code 1 is no failure, as it tells of findings.
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
