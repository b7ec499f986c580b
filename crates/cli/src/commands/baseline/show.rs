//! `postmend baseline show`: the known findings, with who recorded them and when.

use crate::print::{eprint_line, line};
use crate::terminal::output_failed;
use clap::Args;
use postmend_engine::baseline::{self, RecordedFinding};
use postmend_engine::limits::Limits;
use postmend_engine::plural::counted;
use postmend_engine::repository_files::RepositoryFiles;
use postmend_engine::trouble::Trouble;
use postmend_engine::{named_files, paths};
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
    let folder = if path.is_dir() { path } else { paths::parent(path) };
    let Some(file) = baseline.clone().or_else(|| baseline::nearest(folder, &RepositoryFiles::default()))
    else {
        return Err(Trouble::new("there is no baseline", "create one with `postmend baseline write`"));
    };
    let named = match path == Path::new(".") && baseline.is_some() {
        true => None,
        false => Some(paths::without_parents(&paths::absolute(&named_files::resolve(path)?))),
    };
    let recorded = baseline::recorded(&file, Limits::default().config())?;
    let root = paths::without_parents(&paths::absolute(paths::parent(&file)));
    let is_named = |post: &str| named.as_ref().is_none_or(|named| root.join(post).starts_with(named));
    let mut count = 0;
    for RecordedFinding { post, known, by } in recorded.iter().filter(|recorded| is_named(&recorded.post)) {
        count += 1;
        let by = by.as_ref().map(|(date, author)| format!(" (since {date}, {author})")).unwrap_or_default();
        if let Some(code) = output_failed(line(format_args!("{post}: {}{by}", known.in_words())))? {
            return Ok(code);
        }
    }
    eprint_line(format_args!("{}: {}", file.display(), counted(count, "finding")));
    Ok(ExitCode::SUCCESS)
}
