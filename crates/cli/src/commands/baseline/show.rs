//! `postmend baseline show`: the known findings, with who recorded them and when.

use crate::print::{eprint_line, line};
use crate::terminal::output_failed;
use clap::Args;
use postmend_engine::baseline::{self, RecordedFinding};
use postmend_engine::find_posts::{FindOptions, Finder};
use postmend_engine::limits::Limits;
use postmend_engine::plural::counted;
use postmend_engine::repository_files::RepositoryFiles;
use postmend_engine::trouble::Trouble;
use postmend_engine::{named_files, paths};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Arguments of `baseline show`.
#[derive(Debug, Args)]
pub struct ShowArguments {
    /// Only those of this post, or below this folder
    #[arg(value_name = "PATH", default_value = ".")]
    pub path: PathBuf,
    /// The baseline to show instead of the nearest `postmend-baseline.json`
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
}

/// Runs `postmend baseline show`.
///
/// # Errors
/// There is no baseline, or it cannot be read.
pub fn show(arguments: &ShowArguments) -> Result<ExitCode, Trouble> {
    let ShowArguments { path, baseline } = arguments;
    let path = &named_files::resolve(path)?;
    let files = match baseline {
        Some(file) => BTreeSet::from([file.clone()]),
        None => baselines_of(path)?,
    };
    if files.is_empty() {
        return Err(Trouble::new("there is no baseline", "create one with `postmend baseline write`"));
    }
    let is_all = baseline.is_some() && arguments.path == Path::new(".");
    let named = (!is_all).then(|| paths::without_parents(&paths::absolute(path)));
    for file in &files {
        if let Some(code) = show_one(file, named.as_deref())? {
            return Ok(code);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The baselines of a post, or of the posts of a folder.
fn baselines_of(path: &Path) -> Result<BTreeSet<PathBuf>, Trouble> {
    let disk = RepositoryFiles::default();
    let folder = if path.is_dir() { path } else { paths::parent(path) };
    let mut files = BTreeSet::from_iter(baseline::nearest(folder, &disk));
    if path.is_dir() {
        let find = FindOptions::of(path);
        let (posts, _) = Finder::new(&find).find()?;
        let folders: BTreeSet<PathBuf> =
            posts.iter().map(|post| paths::parent(&post.real()).to_owned()).collect();
        files.extend(folders.iter().filter_map(|folder| baseline::nearest(folder, &disk)));
    }
    Ok(files)
}

/// Shows what a baseline knows of the posts at or below a path; returns the exit code if nobody reads it any more.
fn show_one(file: &Path, named: Option<&Path>) -> Result<Option<ExitCode>, Trouble> {
    let recorded = baseline::recorded(file, Limits::default().config())?;
    let root = paths::without_parents(&paths::absolute(paths::parent(file)));
    let is_named =
        |post: &str| named.is_none_or(|named| paths::without_parents(&root.join(post)).starts_with(named));
    let mut count = 0;
    for RecordedFinding { post, known, by } in recorded.iter().filter(|recorded| is_named(&recorded.post)) {
        count += 1;
        let by = by.as_ref().map(|(date, author)| format!(" (since {date}, {author})")).unwrap_or_default();
        if let Some(code) = output_failed(line(format_args!("{post}: {}{by}", known.in_words())))? {
            return Ok(Some(code));
        }
    }
    eprint_line(format_args!("{}: {}", file.display(), counted(count, "finding")));
    Ok(None)
}
