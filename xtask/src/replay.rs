//! Replays the history of a repository with postmend as its gate: what would it have stopped, and what would it have
//! caught that somebody put right later?

mod backwards;
mod check;
mod diff;
mod forwards;
mod history;
mod kind;
mod record;
mod verdicts;

pub(crate) use record::recorded;

use crate::target;
use check::GateChecker;
use clap::Args;
use history::History;
use std::path::{Path, PathBuf};
use verdicts::Verdicts;

/// Arguments of `replay`.
#[derive(Args)]
pub(crate) struct ReplayOptions {
    /// Clones of repositories; nothing is written there
    #[arg(required = true)]
    repositories: Vec<PathBuf>,
    /// The number of commits that are replayed
    #[arg(long, default_value_t = 300)]
    commits: usize,
    /// The postmend to replay with, instead of target/release/postmend
    #[arg(long, value_name = "FILE")]
    binary: Option<PathBuf>,
    /// Where the working trees are, and the file of verdicts, verdicts.tsv
    #[arg(long, value_name = "FOLDER")]
    folder: Option<PathBuf>,
    /// Only what the gate would have stopped
    #[arg(long, conflicts_with = "backwards")]
    forwards: bool,
    /// Only what it would have caught
    #[arg(long)]
    backwards: bool,
    /// Also write the tables to xtask/histories.md and to docs/benchmarks.md
    #[arg(long, conflicts_with_all = ["forwards", "backwards"])]
    record: bool,
}

/// Replays all repositories; returns tables in Markdown.
pub(crate) fn replay(root: &Path, options: &ReplayOptions) -> Result<String, String> {
    let folder = options.folder.clone().unwrap_or_else(|| target::folder().join("replay"));
    let binary = options.binary.clone().unwrap_or_else(|| target::folder().join("release/postmend"));
    std::fs::create_dir_all(&folder).map_err(|error| format!("cannot make {}: {error}", folder.display()))?;
    let folder = std::path::absolute(&folder).map_err(|error| error.to_string())?;
    let binary = std::path::absolute(&binary).map_err(|error| error.to_string())?;
    let mut verdicts = Verdicts::read(&folder.join("verdicts.tsv"))?;
    let (mut stopped, mut caught) = (forwards::BlockTable::default(), backwards::MendedTable::default());
    for repository in &options.repositories {
        let name = name_of(repository);
        let open = |way: &str| History::open(repository, &folder.join(format!("{name}-{way}")));
        if !options.backwards {
            let run = open("forwards").and_then(|history| {
                let checker = GateChecker::new(&binary, history.folder());
                forwards::replay(&history, &checker, options.commits, &name, &mut verdicts)
            });
            // What was found in other repositories is not lost.
            match run {
                Ok(run) => stopped.add(&name, run, &verdicts),
                Err(message) => eprintln!("{name} was not replayed: {message}"),
            }
        }
        if !options.forwards {
            let report = folder.join(format!("{name}-fixes.txt"));
            let run = open("backwards").and_then(|history| {
                let checker = GateChecker::new(&binary, history.folder());
                backwards::replay(&history, &checker, &report)
            });
            match run {
                Ok(mended) => caught.add(&name, mended),
                Err(message) => eprintln!("{name} was not replayed: {message}"),
            }
        }
        verdicts.write()?;
    }
    if options.record {
        record::write(root, &options.repositories, name_of, &[stopped.page(), caught.page()])?;
    }
    let mut page = Vec::new();
    if !options.backwards {
        page.push(format!("{}\nVerdicts: {}", stopped.page(), folder.join("verdicts.tsv").display()));
    }
    if !options.forwards {
        page.push(format!("{}\nAll fixes: {}", caught.page(), folder.join("*-fixes.txt").display()));
    }
    Ok(page.join("\n\n"))
}

/// The name of a repository: of its folder, or of the folder that its git directory is in.
fn name_of(repository: &Path) -> String {
    let absolute = std::path::absolute(repository).unwrap_or_else(|_| repository.to_owned());
    let names = absolute.iter().rev().map(|name| name.to_string_lossy().into_owned());
    let mut names = names.filter(|name| !["repo", ".git", "."].contains(&name.as_str()));
    names
        .next()
        .unwrap_or_else(|| "repository".to_owned())
        .replace('+', "__")
        .trim_end_matches(".git")
        .to_owned()
}
