//! `postmend baseline`: records the existing findings of a repository, so that only new ones fail.

use crate::args::selection::SelectionArguments;
use crate::print::{eprint_line, line};
use crate::progress_bar::Bar;
use crate::terminal::{output_failed, print_all, start};
use clap::{Args, ValueEnum};
use postmend_engine::baseline::{self, Baseline, Update};
use postmend_engine::check::find_to_check;
use postmend_engine::examine::Task;
use postmend_engine::find_posts::{FindOptions, Finder};
use postmend_engine::plural::counted;
use postmend_engine::store::Store;
use postmend_engine::survey::{Stop, Survey};
use postmend_engine::trouble::Trouble;
use postmend_engine::{named_files, paths};
use std::path::PathBuf;
use std::process::ExitCode;

/// Arguments of `baseline`.
#[derive(Debug, Args)]
pub struct BaselineArguments {
    /// What to do with it.
    #[arg(value_enum)]
    pub command: BaselineCommand,
    /// What is read and looked for.
    #[command(flatten)]
    pub selection: SelectionArguments,
    /// Allow a rule to have more findings in a folder than before
    #[arg(long)]
    pub grow: bool,
}

/// What to do with a baseline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum BaselineCommand {
    /// Record all findings of the posts
    Write,
    /// Remove what is no longer found
    Prune,
}

/// Runs `postmend baseline`.
///
/// # Errors
/// The posts cannot be checked, or the baseline cannot be read or written.
pub fn baseline(arguments: &BaselineArguments) -> Result<ExitCode, Trouble> {
    let BaselineArguments { command, selection, grow } = arguments;
    start(&selection.posts)?;
    let find = selection.find();
    let path = baseline_path(selection)?;
    let (is_new, is_named) = (!path.exists(), selection.baseline.is_some());
    if is_new && *command == BaselineCommand::Prune {
        return Err(Trouble::new(
            "there is no baseline to prune",
            "create one with `postmend baseline write`",
        ));
    }
    let old = match is_new {
        true => Baseline::empty(&path, is_named, &find),
        false => Baseline::read(&path, is_named, &find)?,
    };
    let mut update = Update::of(old);
    let troubles = survey(&find, selection.posts.quiet, &mut update)?;
    print_all(&troubles);
    let after = match command {
        BaselineCommand::Write => update.with_all(!troubles.is_empty()),
        BaselineCommand::Prune => update.pruned(!troubles.is_empty()),
    };
    let grown = if *command == BaselineCommand::Prune { Vec::new() } else { update.grown(&after) };
    if !is_new && !grown.is_empty() && !grow {
        for grown in &grown {
            output_failed(line(format_args!("{grown}")))?;
        }
        eprint_line(format_args!(
            "the baseline was not written, because it would grow; `--grow` allows that"
        ));
        return Ok(ExitCode::from(1));
    }
    let (before, now) = (update.known_findings(), after.findings());
    update.write(after)?;
    let was = if is_new { String::new() } else { format!(", before {before}") };
    if !selection.posts.quiet {
        eprint_line(format_args!("{}: {}{was}", path.display(), counted(now, "finding")));
    }
    Ok(ExitCode::from(if troubles.is_empty() { 0 } else { 2 }))
}

/// The path of the baseline: the named one, the nearest one, or where a new one is created.
fn baseline_path(selection: &SelectionArguments) -> Result<PathBuf, Trouble> {
    let first = selection.posts.first_path();
    // If a symlink leads out of the repository, nothing must be written there.
    named_files::resolve(first)?;
    if let Some(path) = selection.baseline.clone().or_else(|| baseline::nearest(first)) {
        return Ok(path);
    }
    Ok(paths::display_path(&Store::of(first)?.root().join(baseline::FILE_NAME)).to_owned())
}

/// Adds the findings of all posts to `update`; returns the posts that could not be read as troubles.
fn survey(find: &FindOptions, quiet: bool, update: &mut Update) -> Result<Vec<Trouble>, Trouble> {
    let (posts, mut troubles) = find_to_check(&mut Finder::new(find), &[])?;
    let bar = Bar::new(quiet);
    let survey = Survey { posts: &posts, task: &Task::Check, shard: None, progress: &bar };
    let surveyed = survey.run(None, &mut |bundle| {
        for (post, mut examined) in bundle.posts.iter().zip(bundle.examined) {
            troubles.extend(examined.trouble.take());
            update.add(post, &mut examined);
        }
        Ok(())
    });
    match surveyed {
        Err(Stop::Job(trouble)) => Err(trouble),
        Ok(()) | Err(Stop::Output(_)) => Ok(troubles),
    }
}
