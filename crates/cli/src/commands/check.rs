//! `postmend check`: reports problems in posts.

use crate::args::report::RunArguments;
use crate::run::{Job, run};
use clap::Args;
use postmend_engine::trouble::Trouble;
use std::process::ExitCode;

/// Arguments of `check`.
#[derive(Debug, Args)]
pub struct CheckArguments {
    /// The options that `check` and `fix` share.
    #[command(flatten)]
    pub run: RunArguments,
    /// Check again when a post or the config changes
    #[arg(long, conflicts_with_all = ["staged", "stdin_filename", "report"])]
    pub watch: bool,
}

/// Runs `postmend check`.
///
/// # Errors
/// The run failed.
pub fn check(arguments: &CheckArguments) -> Result<ExitCode, Trouble> {
    if arguments.watch { watch(&arguments.run) } else { run(&arguments.run, &Job::CHECK) }
}

#[cfg(feature = "watch")]
use crate::commands::watch::watch;

#[cfg(not(feature = "watch"))]
fn watch(_: &RunArguments) -> Result<ExitCode, Trouble> {
    Err(crate::features::missing_feature("`--watch`", "watch"))
}
