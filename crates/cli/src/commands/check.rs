//! `postmend check`: reports problems in posts.

use crate::args::report::RunArguments;
use crate::left_out::print_left_out;
use crate::print::line;
use crate::run::{Job, run};
use crate::terminal::{output_failed, print_all};
use clap::Args;
use postmend_engine::find_posts::Finder;
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
    /// Print the paths of the posts that would be checked, and check none
    #[arg(long, conflicts_with_all = ["watch", "stdin_filename"])]
    pub files: bool,
}

/// Runs `postmend check`.
///
/// # Errors
/// The run failed.
pub fn check(arguments: &CheckArguments) -> Result<ExitCode, Trouble> {
    match (arguments.files, arguments.watch) {
        (true, _) => list(&arguments.run),
        (_, true) => watch(&arguments.run),
        _ => run(&arguments.run, &Job::CHECK),
    }
}

/// Prints the paths of the posts.
fn list(arguments: &RunArguments) -> Result<ExitCode, Trouble> {
    let find = arguments.selection.find();
    let mut finder = Finder::new(&find);
    let (posts, troubles) = finder.find()?;
    let listed = posts.iter().try_for_each(|post| line(format_args!("{}", post.path.display())));
    if let Some(code) = output_failed(listed)? {
        return Ok(code);
    }
    print_all(&troubles);
    if !arguments.selection.posts.quiet {
        print_left_out(finder.left_out(), usize::MAX);
    }
    Ok(ExitCode::from(if troubles.is_empty() { 0 } else { 2 }))
}

#[cfg(feature = "watch")]
use crate::commands::watch::watch;

#[cfg(not(feature = "watch"))]
fn watch(_: &RunArguments) -> Result<ExitCode, Trouble> {
    Err(crate::features::missing_feature("`--watch`", "watch"))
}
