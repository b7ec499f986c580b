//! Asks git where a work tree is, which posts changed, and what the index holds.
//!
//! git runs what a repository's own files name: a monitor, hooks, filters, a pager, helpers that fetch. All of that is
//! switched off here, and git is asked from the top of a work tree that has its own `.git`, never in a folder that is
//! only laid out like git's. What git may still run is itself.

use crate::paths;
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
    pub staged: Option<Staged>,
}

/// What the index holds of a file.
pub enum Staged {
    /// All of it.
    Bytes(Vec<u8>),
    /// More than a post may have.
    TooLarge,
}

/// Options that a repository's config could set to run a program, and what they are set to here.
const SWITCHED_OFF: [(&str, &str); 7] = [
    // A program that is asked which files changed.
    ("core.fsmonitor", "false"),
    // `post-index-change` runs when the index is refreshed.
    ("core.hooksPath", NOWHERE),
    // A folder that is laid out like git's, but is one of the work tree, is not taken for a repository.
    ("safe.bareRepository", "explicit"),
    // An object that is missing is not fetched, by whatever program a remote names.
    ("protocol.allow", "never"),
    ("core.pager", "cat"),
    ("core.sshCommand", "false"),
    ("core.askPass", "false"),
];

/// A folder that has nothing.
const NOWHERE: &str = if cfg!(windows) { "NUL" } else { "/dev/null" };

/// git in a folder, with all switched off that could run something else.
#[expect(clippy::disallowed_methods, reason = "this is the one place that starts git")]
fn git(folder: &Path) -> Command {
    let mut git = Command::new("git");
    git.current_dir(folder).arg("--no-pager");
    for (name, value) in SWITCHED_OFF {
        git.args(["-c", &format!("{name}={value}")]);
    }
    // A hook names git's folder from its own one, not from that of the posts.
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY"] {
        if let Some(path) = std::env::var_os(name).filter(|path| !path.is_empty()) {
            git.env(name, paths::absolute(Path::new(&path)));
        }
    }
    git.env("GIT_OPTIONAL_LOCKS", "0")
        .env("GIT_ALLOW_PROTOCOL", "")
        .env("GIT_NO_LAZY_FETCH", "1")
        .env("GIT_TERMINAL_PROMPT", "0")
        .env_remove("GIT_EXTERNAL_DIFF");
    git
}

/// A work tree and where git keeps what belongs to it.
#[derive(Debug, Clone)]
pub struct WorkTree {
    /// Its folder.
    pub top: PathBuf,
    /// git's folder for this work tree alone.
    pub git: PathBuf,
    /// git's folder for all work trees of the repository.
    pub common: PathBuf,
}

impl WorkTree {
    /// The work tree that a folder belongs to, as git says; `None` where there is none, or git cannot say.
    pub fn of(folder: &Path) -> Option<Self> {
        let top = top(folder)?;
        let asked = [
            "rev-parse",
            "--path-format=absolute",
            "--show-toplevel",
            "--absolute-git-dir",
            "--git-common-dir",
        ];
        let answer = ask(&top, &asked).ok()?;
        let mut lines = answer.split(|byte| *byte == b'\n').map(path);
        let mut next = || {
            lines.next().filter(|line| line.is_absolute()).and_then(|line| std::fs::canonicalize(line).ok())
        };
        let tree = Self { top: next()?, git: next()?, common: next()? };
        // A `.git` can say that its work tree is any folder, such as the whole disk.
        let is_meant = std::fs::canonicalize(&top).is_ok_and(|top| top == tree.top);
        (is_meant && folder.starts_with(&tree.top)).then_some(tree)
    }
}

/// The repository that a folder is in; the current folder, where there is none and the environment names git's folder.
fn top(folder: &Path) -> Option<PathBuf> {
    let found = paths::repository(folder).map(Path::to_owned);
    let is_named = || std::env::var_os("GIT_DIR").is_some_and(|path| !path.is_empty());
    found.or_else(|| is_named().then(|| paths::absolute(Path::new("."))))
}

/// The files of a selection, in the repository that the folder belongs to. What is staged and larger than the limit is
/// not kept.
///
/// # Errors
/// There is no git, no repository, or no such commit.
pub fn files(folder: &Path, selection: &Selection, limit: u64) -> Result<Vec<GitFile>, Trouble> {
    let absolute = paths::absolute(folder);
    let top = top(&absolute).unwrap_or(absolute);
    let root = ask(&top, &["rev-parse", "--show-toplevel"])?;
    let root = path(root.strip_suffix(b"\n").unwrap_or(&root));
    let unknown = |name: &str| {
        Trouble::new(
            format!("git does not know the commit `{name}`"),
            "name a branch, a tag or a hash of this repository",
        )
    };
    let base = match selection {
        Selection::Staged => {
            let diff = ask(&root, &[&DIFF[..], &["--raw", "--no-abbrev", "--cached", "--"]].concat())?;
            return staged(&root, &diff, limit);
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
    let mut names =
        paths(&asked_for(git_without_filters(&root)?, &[&DIFF[..], &["--name-only", since, "--"]].concat())?);
    names.extend(paths(&ask(&root, &["ls-files", "--others", "--exclude-standard", "-z"])?));
    Ok(names.into_iter().map(|name| GitFile { path: root.join(name), staged: None }).collect())
}

/// What was added or changed, renamed files as added ones.
const DIFF: [&str; 7] = [
    "diff",
    "--no-renames",
    "--diff-filter=AMT",
    "-z",
    "--no-ext-diff",
    "--no-textconv",
    // git would run in each submodule.
    "--ignore-submodules=all",
];

/// git without the programs that a config names for files of some kinds: to see whether a file changed, git would run
/// them. A post that such a program writes otherwise than it is kept is looked at once more then, and that is all.
fn git_without_filters(root: &Path) -> Result<Command, Trouble> {
    let mut plain = git(root);
    let pattern = "^filter\\..*\\.(clean|process|required)$";
    // Without any, git says no.
    let names = ask(root, &["config", "-z", "--name-only", "--get-regexp", pattern]).unwrap_or_default();
    // Not by `-c`, which takes a name up to its first `=`. What the user sets in this way stays before.
    let set =
        std::env::var("GIT_CONFIG_COUNT").ok().and_then(|count| count.parse::<usize>().ok()).unwrap_or(0);
    let mut count = set;
    for name in names.split(|byte| *byte == 0).filter(|name| !name.is_empty()) {
        let name = path(name).into_os_string();
        let is_required = name.as_encoded_bytes().ends_with(b"required");
        plain.env(format!("GIT_CONFIG_KEY_{count}"), &name);
        plain.env(format!("GIT_CONFIG_VALUE_{count}"), if is_required { "false" } else { "" });
        count += 1;
    }
    plain.env("GIT_CONFIG_COUNT", count.to_string());
    Ok(plain)
}

/// What the index holds of the files of a raw diff, by one process for all.
fn staged(root: &Path, diff: &[u8], limit: u64) -> Result<Vec<GitFile>, Trouble> {
    let failed = |error: std::io::Error| Trouble::new(format!("cannot read git's index: {error}"), HELP);
    let mut child = git(root)
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
        let length = header.split_whitespace().nth(2).and_then(|length| length.parse::<u64>().ok());
        let Some(length) = length else {
            return Err(Trouble::new(format!("git has no content of {}", header.trim()), HELP));
        };
        let mut content = Vec::new();
        let mut whole = (&mut output).take(length + 1);
        if length <= limit {
            whole.read_to_end(&mut content).map_err(failed)?;
            content.pop();
        } else {
            std::io::copy(&mut whole, &mut std::io::sink()).map_err(failed)?;
        }
        let staged = if length <= limit { Staged::Bytes(content) } else { Staged::TooLarge };
        files.push(GitFile { path: root.join(path(name)), staged: Some(staged) });
    }
    drop(input);
    child.wait().map_err(failed)?;
    Ok(files)
}

/// The files below a folder that git tracks; none where there is no git.
///
/// # Errors
/// git cannot say.
pub fn tracked(folder: &Path) -> Result<Vec<PathBuf>, Trouble> {
    let Some(tree) = WorkTree::of(folder) else { return Ok(Vec::new()) };
    let names = paths(&ask(&tree.top, &["ls-files", "--cached", "-z"])?);
    Ok(names.into_iter().map(|name| tree.top.join(name)).collect())
}

const HELP: &str = "is git installed, and is this a repository?";

fn ask(folder: &Path, arguments: &[&str]) -> Result<Vec<u8>, Trouble> {
    asked_for(git(folder), arguments)
}

fn asked_for(mut git: Command, arguments: &[&str]) -> Result<Vec<u8>, Trouble> {
    let output = git.args(arguments).stdin(Stdio::null()).output();
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
    std::str::from_utf8(bytes).map_err(|_| Trouble::new("git printed text that is not UTF-8", HELP))
}
