//! `postmend baseline`: records the existing findings of a repository, so that only new ones fail.

mod show;

use crate::args::selection::SelectionArguments;
use crate::print::{eprint_line, line};
use crate::progress_bar::Bar;
use crate::terminal::{output_failed, print_all, start};
use clap::{Args, Subcommand};
use postmend_engine::baseline::{BaselineChange, BaselineUse, KnownFinding, Update, merge_files};
use postmend_engine::check::find_to_check;
use postmend_engine::examine::Task;
use postmend_engine::find_posts::{Finder, PostFile};
use postmend_engine::git;
use postmend_engine::limits::Limits;
use postmend_engine::named_files;
use postmend_engine::paths;
use postmend_engine::plural::counted;
use postmend_engine::store::Store;
use postmend_engine::survey::{Stop, Survey};
use postmend_engine::trouble::Trouble;
use show::ShowArguments;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

/// Arguments of `baseline`.
#[derive(Debug, Args)]
pub struct BaselineArguments {
    /// What to do with it.
    #[command(subcommand)]
    pub command: BaselineCommand,
}

/// What to do with a baseline.
#[derive(Debug, Subcommand)]
pub enum BaselineCommand {
    /// Record all findings of the posts
    Write(WriteArguments),
    /// Remove what is no longer found, and merge what git could not
    Prune(UpdateArguments),
    /// List the known findings, with who recorded them and when
    Show(ShowArguments),
    /// Merge two versions of a baseline, as a merge driver of git
    Merge(BaselineMergeArguments),
}

/// Arguments of `baseline prune`, and of `baseline write`.
#[derive(Debug, Args)]
pub struct UpdateArguments {
    /// What is read and looked for. What is not stays in the baseline.
    #[command(flatten)]
    pub selection: SelectionArguments,
    /// Only say what would change
    #[arg(long)]
    pub dry_run: bool,
}

/// Arguments of `baseline write`.
#[derive(Debug, Args)]
pub struct WriteArguments {
    /// What is recorded.
    #[command(flatten)]
    pub update: UpdateArguments,
    /// Allow a rule to have more findings in a folder than before
    #[arg(long)]
    pub grow: bool,
}

/// Arguments of `baseline merge`.
#[derive(Debug, Args)]
pub struct BaselineMergeArguments {
    /// The version before both branches: `%O` of git
    #[arg(value_name = "BASE")]
    pub before: PathBuf,
    /// The version of this branch, which is replaced by the result: `%A` of git
    pub ours: PathBuf,
    /// The version of the other branch: `%B` of git
    pub theirs: PathBuf,
}

/// Runs `postmend baseline`.
///
/// # Errors
/// The posts cannot be checked, or a baseline cannot be read or written.
pub fn baseline(arguments: &BaselineArguments) -> Result<ExitCode, Trouble> {
    match &arguments.command {
        BaselineCommand::Write(WriteArguments { update, grow }) => run(update, Some(*grow)),
        BaselineCommand::Prune(update) => run(update, None),
        BaselineCommand::Show(show) => show::show(show),
        BaselineCommand::Merge(BaselineMergeArguments { before, ours, theirs }) => {
            merge_files(before, ours, theirs, Limits::default().config())?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// Writes (with whether it may grow) or prunes the baselines of the posts.
fn run(arguments: &UpdateArguments, write: Option<bool>) -> Result<ExitCode, Trouble> {
    let UpdateArguments { selection, dry_run } = arguments;
    start(&selection.posts)?;
    let find = selection.find();
    // If a symlink leads out of the repository, nothing must be written there.
    named_files::resolve(selection.posts.first_path())?;
    let top = Store::of(selection.posts.first_path())?.root().to_owned();
    let mut finder = Finder::new(&find);
    let (posts, mut troubles) = find_to_check(&mut finder, &[])?;
    let home_of = |post: &PostFile| {
        finder.config_folder(post).filter(|folder| folder.starts_with(&top)).unwrap_or_else(|| top.clone())
    };
    are_merged(&posts)?;
    let purpose = if write.is_some() { BaselineUse::Write } else { BaselineUse::Prune };
    let mut update = Update::of(&posts, selection.baseline.as_deref(), &find, purpose, &home_of)?;
    if update.is_new() && write.is_none() {
        if posts.is_empty() && troubles.is_empty() {
            eprint_line(format_args!("no posts were looked at, so nothing was removed"));
            return Ok(ExitCode::SUCCESS);
        }
        print_all(&troubles);
        return Err(Trouble::new(
            "there is no baseline to prune",
            "create one with `postmend baseline write`",
        ));
    }
    survey(&posts, selection.posts.quiet, &mut update, &mut troubles)?;
    print_all(&troubles);
    let changes = update.changes(write.is_some(), !troubles.is_empty());
    let old = changes.iter().filter(|change| !change.is_new);
    let grown = old.flat_map(|change| change.grown.iter().map(|grown| (change.path.display(), grown)));
    let grown: Vec<_> = grown.collect();
    if write == Some(false) && !grown.is_empty() {
        for (path, grown) in &grown {
            let place = if changes.len() > 1 { format!("{path}: ") } else { String::new() };
            output_failed(line(format_args!("{place}{grown}")))?;
        }
        eprint_line(format_args!(
            "nothing was written, because a baseline would grow: `--grow` allows that, and `--grow --dry-run` lists what is new"
        ));
        return Ok(ExitCode::from(1));
    }
    for change in &changes {
        if !dry_run {
            change.write()?;
        }
        if !selection.posts.quiet {
            if changes.len() > 1 && !change.is_new {
                output_failed(line(format_args!("{}:", change.path.display())))?;
            }
            report(change, *dry_run)?;
        }
    }
    Ok(ExitCode::from(if troubles.is_empty() { 0 } else { 2 }))
}

/// No post has conflicts of a merge: what is found between its marks says nothing.
fn are_merged(posts: &[PostFile]) -> Result<(), Trouble> {
    let Some(first) = posts.first() else { return Ok(()) };
    let unmerged = git::unmerged(paths::parent(&first.real())).unwrap_or_default();
    match posts.iter().find(|post| unmerged.contains_key(post.real().as_ref())) {
        None => Ok(()),
        Some(post) => Err(Trouble::new(
            format!("{} has conflicts of a merge", post.path.display()),
            "resolve them first, and `git add` the post",
        )),
    }
}

/// Says what left a baseline, what came to it, and how large it is now.
fn report(change: &BaselineChange, dry_run: bool) -> Result<(), Trouble> {
    if !change.is_new {
        list("-", &change.leaving)?;
        list("+", &change.coming)?;
        for (was, here) in &change.moved {
            output_failed(line(format_args!("  {was} is {here} now")))?;
        }
    }
    let was = if change.is_new { String::new() } else { format!(", before {}", change.before_count) };
    let would = if dry_run { "would have " } else { "" };
    let (path, now) = (change.path.display(), counted(change.findings(), "finding"));
    eprint_line(format_args!("{path}: {would}{now}{was}"));
    Ok(())
}

/// Lists findings with a mark before each; of many, only the number by rule.
fn list(mark: &str, findings: &[(String, KnownFinding)]) -> Result<(), Trouble> {
    /// The maximum number of findings that are listed.
    const MOST: usize = 20;
    if findings.len() <= MOST {
        for (post, known) in findings {
            output_failed(line(format_args!("{mark} {post}: {}", known.in_words())))?;
        }
        return Ok(());
    }
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    findings.iter().for_each(|(_, known)| *counts.entry(&known.rule).or_default() += 1);
    for (rule, count) in counts {
        output_failed(line(format_args!("{mark} {count} of {rule}")))?;
    }
    Ok(())
}

/// Adds the findings of all posts to `update`, and posts that could not be read to `troubles`.
fn survey(
    posts: &[PostFile],
    quiet: bool,
    update: &mut Update<'_>,
    troubles: &mut Vec<Trouble>,
) -> Result<(), Trouble> {
    let bar = Bar::new(quiet);
    let task = Task { fix: None, identifies: true };
    let survey = Survey { posts, task: &task, shard: None, progress: &bar };
    let surveyed = survey.run(None, &mut |bundle| {
        for (post, mut examined) in bundle.posts.iter().zip(bundle.examined) {
            match examined.trouble.take() {
                None => update.add(post, &mut examined),
                // What is known of it stays.
                Some(trouble) => troubles.push(trouble),
            }
        }
        Ok(())
    });
    match surveyed {
        Err(Stop::Job(trouble)) => Err(trouble),
        Ok(()) | Err(Stop::Output(_)) => Ok(()),
    }
}
