//! Asks git which posts changed, and what the index holds.

use crate::trouble::Trouble;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Which files of a repository are meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection {
    /// What the index adds or changes, as it stands in the index.
    Staged,
    /// What the work tree adds or changes since a commit, untracked files included.
    Since(String),
    /// The same since the commit where the branch left another one.
    SinceLeaving(String),
}

/// A file that git names, with its content if that is not what the work tree holds.
pub struct GitFile {
    /// Where it is.
    pub path: PathBuf,
    /// What the index holds.
    pub staged: Option<Vec<u8>>,
}

/// The files of a selection, in the repository that the folder belongs to.
///
/// # Errors
/// There is no git, no repository, or no such commit.
pub fn files(folder: &Path, selection: &Selection) -> Result<Vec<GitFile>, Trouble> {
    let root = ask(folder, &["rev-parse", "--show-toplevel"])?;
    let root = PathBuf::from(text(root.strip_suffix(b"\n").unwrap_or(&root))?);
    let unknown = |name: &str| {
        Trouble::new(
            format!("git knows no commit `{name}`"),
            "name a branch, a tag or a hash of this repository",
        )
    };
    let base = match selection {
        Selection::Staged => {
            let diff = ask(&root, &[&DIFF[..], &["--raw", "--no-abbrev", "--cached", "--"]].concat())?;
            return staged(&root, &diff);
        }
        Selection::SinceLeaving(branch) => {
            let base = ask(&root, &["merge-base", "--", branch, "HEAD"]).map_err(|_| unknown(branch))?;
            text(base.trim_ascii())?.to_owned()
        }
        Selection::Since(base) => base.clone(),
    };
    // A name that looks like an option is none.
    let commit = format!("{base}^{{commit}}");
    let commit =
        ask(&root, &["rev-parse", "--verify", "--end-of-options", &commit]).map_err(|_| unknown(&base))?;
    let since = text(commit.trim_ascii())?;
    let mut names = paths(&ask(&root, &[&DIFF[..], &["--name-only", since, "--"]].concat())?);
    names.extend(paths(&ask(&root, &["ls-files", "--others", "--exclude-standard", "-z"])?));
    Ok(names.into_iter().map(|name| GitFile { path: root.join(name), staged: None }).collect())
}

/// What was added or changed, renamed files as added ones.
const DIFF: [&str; 4] = ["diff", "--no-renames", "--diff-filter=AMT", "-z"];

/// What the index holds of the files of a raw diff, by one process for all.
fn staged(root: &Path, diff: &[u8]) -> Result<Vec<GitFile>, Trouble> {
    let failed = |error: std::io::Error| Trouble::new(format!("cannot read git's index: {error}"), HELP);
    let mut child = Command::new("git")
        .current_dir(root)
        .args(["cat-file", "--batch"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    let mut input = child.stdin.take().expect("it is piped");
    let mut output = BufReader::new(child.stdout.take().expect("it is piped"));
    let mut files = Vec::new();
    let mut parts = diff.split(|byte| *byte == 0);
    // `:MODE MODE HASH HASH STATUS`, and then the name.
    while let (Some(about), Some(name)) = (parts.next(), parts.next()) {
        let mut words = about.split(|byte| *byte == b' ').skip(1);
        let (Some(mode), Some(hash)) = (words.next(), words.nth(1)) else { break };
        // Neither links nor submodules.
        if !mode.starts_with(b"100") {
            continue;
        }
        // One at a time, so that neither side waits for the other with a full pipe.
        input.write_all(&[hash, b"\n"].concat()).and_then(|()| input.flush()).map_err(failed)?;
        let mut header = String::new();
        output.read_line(&mut header).map_err(failed)?;
        let length = header.split_whitespace().nth(2).and_then(|length| length.parse::<usize>().ok());
        let Some(length) = length else {
            return Err(Trouble::new(format!("git has no content for {}", header.trim()), HELP));
        };
        let mut content = vec![0; length + 1];
        output.read_exact(&mut content).map_err(failed)?;
        content.pop();
        files.push(GitFile { path: root.join(path(name)), staged: Some(content) });
    }
    drop(input);
    child.wait().map_err(failed)?;
    Ok(files)
}

const HELP: &str = "is git installed, and is this a repository?";

fn ask(folder: &Path, arguments: &[&str]) -> Result<Vec<u8>, Trouble> {
    let output = Command::new("git").current_dir(folder).args(arguments).stdin(Stdio::null()).output();
    let output = output.map_err(|error| Trouble::new(format!("cannot run git: {error}"), HELP))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let said = said.lines().next().unwrap_or_default().trim_start_matches("fatal: ");
    Err(Trouble::new(format!("git {}: {said}", arguments[0]), HELP))
}

fn paths(names: &[u8]) -> Vec<PathBuf> {
    names.split(|byte| *byte == 0).filter(|name| !name.is_empty()).map(path).collect()
}

#[cfg(unix)]
fn path(name: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    PathBuf::from(OsStr::from_bytes(name))
}

#[cfg(not(unix))]
fn path(name: &[u8]) -> PathBuf {
    PathBuf::from(OsStr::new(&*String::from_utf8_lossy(name)))
}

fn text(bytes: &[u8]) -> Result<&str, Trouble> {
    std::str::from_utf8(bytes).map_err(|_| Trouble::new("git names what is no UTF-8", HELP))
}
