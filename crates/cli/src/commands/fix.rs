//! `postmend fix`: fixes posts in place.

use crate::args::report::RunArguments;
use crate::diff::LiveText;
use crate::run::{Job, run};
use clap::Args;
use postmend_engine::examine::{FixOptions, Task};
use postmend_engine::trouble::Trouble;
use postmend_rules::Safety;
use std::process::ExitCode;

/// Arguments of `fix`.
#[derive(Debug, Args)]
pub struct FixArguments {
    /// The options that `check` and `fix` share.
    #[command(flatten)]
    pub run: RunArguments,
    /// Apply fixes that need review too
    #[arg(long, alias = "unsafe")]
    pub review: bool,
    /// Print a diff instead of writing
    #[arg(long, aliases = ["dry-run", "check"])]
    pub diff: bool,
    /// Whether a diff keeps control characters: `auto` keeps them in a file or pipe, but not in the log of a CI job,
    /// which is recognized by CI, TF_BUILD, JENKINS_URL, TEAMCITY_VERSION and similar variables
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = LiveText::Auto)]
    pub live_text: LiveText,
    /// Write files with several hard links too; the other names then keep the old content
    #[arg(long)]
    pub break_hard_links: bool,
    /// Apply only the fixes of these rules
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub only: Vec<String>,
}

/// Runs `postmend fix`.
///
/// # Errors
/// The run failed.
pub fn fix(arguments: FixArguments) -> Result<ExitCode, Trouble> {
    let FixArguments { run: run_arguments, review, diff, live_text, break_hard_links, only } = arguments;
    let safety = if review { Safety::Review } else { Safety::Safe };
    let task = Task { fix: Some(FixOptions { safety, only, write: !diff }), identifies: false };
    run(&run_arguments, &Job { task, live_text, break_hard_links })
}
