//! `postmend completions`: prints completions for shells.

use clap::{Command, ValueEnum};
use postmend_engine::trouble::Trouble;
use std::process::ExitCode;

/// The shells with completions.
#[expect(clippy::enum_variant_names, reason = "that is the name of one")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Shell {
    Bash,
    Elvish,
    Fish,
    #[value(name = "powershell")]
    PowerShell,
    Zsh,
}

/// Runs `postmend completions`.
///
/// # Errors
/// This build has no completions, or the output cannot be written.
#[cfg(feature = "man")]
pub fn completions(shell: Shell, mut command: Command) -> Result<ExitCode, Trouble> {
    use clap_complete::Shell as Known;
    let shell = match shell {
        Shell::Bash => Known::Bash,
        Shell::Elvish => Known::Elvish,
        Shell::Fish => Known::Fish,
        Shell::PowerShell => Known::PowerShell,
        Shell::Zsh => Known::Zsh,
    };
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command, "postmend", &mut script);
    crate::terminal::output_failed(crate::print::write_raw(&script))?;
    Ok(ExitCode::SUCCESS)
}

/// Fails, as this build has no completions.
#[cfg(not(feature = "man"))]
pub fn completions(_: Shell, _: Command) -> Result<ExitCode, Trouble> {
    Err(crate::features::missing_feature("completions", "man"))
}
