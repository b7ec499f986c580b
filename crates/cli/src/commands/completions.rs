//! `postmend completions`: what a shell completes.

use crate::print::as_it_is;
use crate::terminal::output_failed;
use clap::Command;
use postmend_engine::trouble::Trouble;
use std::process::ExitCode;

/// `postmend completions`
///
/// # Errors
/// The output cannot be written.
pub fn completions(shell: clap_complete::Shell, mut command: Command) -> Result<ExitCode, Trouble> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command, "postmend", &mut script);
    output_failed(as_it_is(&script))?;
    Ok(ExitCode::SUCCESS)
}
