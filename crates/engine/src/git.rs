//! Runs git to find the working tree, the changed posts, and the content of the index.
//!
//! git runs programs that the files of a repository name: a file system monitor, hooks, filters, a pager, helpers for
//! fetching. All of these are disabled here, and git runs at the top of a working tree that has its own `.git`, never
//! in a folder that only looks like a git directory. git may then still run only itself.

mod blobs;
mod history;
mod lines;
mod unmerged;

pub use blobs::{Blobs, Staged};
pub use history::{BlamedLine, MovedFiles, blame, is_shallow, moved_lately, moved_since};
pub use lines::TouchedLines;
pub use unmerged::{MergeSides, contents, skipped, unmerged};

use crate::paths;
use crate::trouble::Trouble;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Which files of a repository are selected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection {
    /// The files that the index adds or changes, with their content in the index.
    Staged,
    /// The files that the working tree adds or changes since a commit, untracked files included.
    Since(String),
    /// The same since the merge base with another branch.
    SinceLeaving(String),
}

/// A file that git lists.
pub struct GitFile {
    /// Its path.
    pub path: PathBuf,
    /// The name of its content in the index, if that was selected.
    pub object: Option<Vec<u8>>,
}

/// Options that a repository's config could set to run a program, with the values that disable them.
const SWITCHED_OFF: [(&str, &str); 7] = [
    // A program that git runs to find changed files.
    ("core.fsmonitor", "false"),
    // The hook `post-index-change` runs when the index is refreshed.
    ("core.hooksPath", NOWHERE),
    // A folder in the working tree that looks like a bare repository is not taken for one.
    ("safe.bareRepository", "explicit"),
    // A missing object is not fetched, because a remote may name any program for that.
    ("protocol.allow", "never"),
    ("core.pager", "cat"),
    ("core.sshCommand", "false"),
    ("core.askPass", "false"),
];

/// A path that is not a folder, so it contains no hooks.
const NOWHERE: &str = if cfg!(windows) { "NUL" } else { "/dev/null" };

/// A git command in a folder, with everything disabled that could run another program.
#[expect(clippy::disallowed_methods, reason = "this is the one place that starts git")]
fn git(folder: &Path) -> Command {
    let mut git = Command::new("git");
    git.current_dir(folder).arg("--no-pager");
    for (name, value) in SWITCHED_OFF {
        git.args(["-c", &format!("{name}={value}")]);
    }
    // In a hook these may be relative to the current folder, but git runs in another one.
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

/// A working tree and its git directories.
#[derive(Debug, Clone)]
pub struct WorkTree {
    /// The top folder.
    pub top: PathBuf,
    /// The git directory of this working tree.
    pub git: PathBuf,
    /// The git directory that all working trees of the repository share.
    pub common: PathBuf,
}

impl WorkTree {
    /// The working tree that a folder belongs to, according to git; `None` if there is none, or git fails.
    pub fn of(folder: &Path) -> Option<Self> {
        let top = top(folder)?;
        let arguments = [
            "rev-parse",
            "--path-format=absolute",
            "--show-toplevel",
            "--absolute-git-dir",
            "--git-common-dir",
        ];
        let answer = git_output(&top, &arguments).ok()?;
        let mut lines = answer.split(|byte| *byte == b'\n').map(path);
        let mut next = || {
            lines.next().filter(|line| line.is_absolute()).and_then(|line| std::fs::canonicalize(line).ok())
        };
        let tree = Self { top: next()?, git: next()?, common: next()? };
        // A `.git` can declare any folder as its working tree, even the root of the disk.
        let is_same_tree = std::fs::canonicalize(&top).is_ok_and(|top| top == tree.top);
        (is_same_tree && folder.starts_with(&tree.top)).then_some(tree)
    }
}

/// The top of the repository that a folder is in; if there is none and `GIT_DIR` is set, the current folder.
pub(crate) fn top(folder: &Path) -> Option<PathBuf> {
    let found = paths::repository(folder).map(Path::to_owned);
    let is_named = || std::env::var_os("GIT_DIR").is_some_and(|path| !path.is_empty());
    found.or_else(|| is_named().then(|| paths::absolute(Path::new("."))))
}

/// The selected files in the repository that the folder belongs to.
///
/// # Errors
/// git is not installed, or there is no repository or no such commit.
pub fn files(folder: &Path, selection: &Selection) -> Result<Vec<GitFile>, Trouble> {
    let root = root_of(folder)?;
    let Some(since) = base_of(&root, selection)? else {
        let diff = git_output(&root, &[&DIFF[..], &["--raw", "--no-abbrev", "--cached", "--"]].concat())?;
        return Ok(staged_files(&root, &diff));
    };
    let mut names = paths(&output_of(
        git_without_filters(&root)?,
        &[&DIFF[..], &["--name-only", &since, "--"]].concat(),
    )?);
    names.extend(paths(&git_output(&root, &["ls-files", "--others", "--exclude-standard", "-z"])?));
    Ok(names.into_iter().map(|name| GitFile { path: root.join(name), object: None }).collect())
}

/// The top folder of the working tree that a folder belongs to, as git names it.
fn root_of(folder: &Path) -> Result<PathBuf, Trouble> {
    let absolute = paths::absolute(folder);
    let top = top(&absolute).unwrap_or(absolute);
    let root = git_output(&top, &["rev-parse", "--show-toplevel"])?;
    Ok(path(root.strip_suffix(b"\n").unwrap_or(&root)))
}

/// The commit that a selection compares with; `None` for the index.
fn base_of(root: &Path, selection: &Selection) -> Result<Option<String>, Trouble> {
    let unknown = |name: &str| {
        Trouble::new(
            format!("git does not know the commit `{name}`"),
            "name a branch, a tag or a hash of this repository",
        )
    };
    match selection {
        Selection::Staged => Ok(None),
        Selection::Since(base) => {
            let first = || if base == "HEAD" { empty_tree(root) } else { None };
            commit_of(root, base).or_else(first).map(Some).ok_or_else(|| unknown(base))
        }
        Selection::SinceLeaving(branch) => {
            let base = git_output(root, &["merge-base", "--", branch, "HEAD"]);
            let reason = |_| match commit_of(root, branch) {
                None => unknown(branch),
                Some(_) => no_merge_base(root, branch),
            };
            Ok(Some(text(base.map_err(reason)?.trim_ascii())?.to_owned()))
        }
    }
}

/// The tree without files, to compare with before the first commit; `None` if there is a commit.
fn empty_tree(root: &Path) -> Option<String> {
    let is_first = git_output(root, &["rev-list", "--all", "--max-count=1"]).ok()?.is_empty();
    let tree = git_output(root, &["hash-object", "-t", "tree", "--stdin"]).ok().filter(|_| is_first)?;
    text(tree.trim_ascii()).ok().map(str::to_owned)
}

/// The hash of the commit that a name stands for.
fn commit_of(root: &Path, name: &str) -> Option<String> {
    // A name that looks like an option is not taken for one.
    let commit = format!("{name}^{{commit}}");
    let commit = git_output(root, &["rev-parse", "--verify", "--quiet", "--end-of-options", &commit]).ok()?;
    text(commit.trim_ascii()).ok().map(str::to_owned)
}

fn no_merge_base(root: &Path, branch: &str) -> Trouble {
    let answer = git_output(root, &["rev-parse", "--is-shallow-repository"]).unwrap_or_default();
    if answer.trim_ascii() == b"true" {
        return Trouble::new(
            format!("the merge base with `{branch}` is not in this shallow clone"),
            "fetch the history: `fetch-depth: 0` of actions/checkout, `GIT_DEPTH: 0` of GitLab, or \
             `git fetch --unshallow`",
        );
    }
    Trouble::new(
        format!("`{branch}` and this branch have no merge base: they have no commit in common"),
        "compare with a commit instead: `--changed=COMMIT`",
    )
}

/// Lists added and changed files; a renamed file counts as added.
const DIFF: [&str; 7] = [
    "diff",
    "--no-renames",
    "--diff-filter=AMT",
    "-z",
    "--no-ext-diff",
    "--no-textconv",
    // Otherwise git would run in each submodule.
    "--ignore-submodules=all",
];

/// git without the filter programs that a config names, which git would run to compare files. A post whose filter
/// changes its bytes may then be listed as changed, and is merely checked once more.
fn git_without_filters(root: &Path) -> Result<Command, Trouble> {
    let mut plain = git(root);
    let pattern = "^filter\\..*\\.(clean|process|required)$";
    // git exits with an error if there are none.
    let names =
        git_output(root, &["config", "-z", "--name-only", "--get-regexp", pattern]).unwrap_or_default();
    // `-c` cannot set a key that contains `=`. Settings that the user already passes in this way are kept.
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

/// The files of a raw diff, with their objects.
fn staged_files(root: &Path, diff: &[u8]) -> Vec<GitFile> {
    let mut files = Vec::new();
    let mut parts = diff.split(|byte| *byte == 0);
    // Each entry is `:MODE MODE HASH HASH STATUS`, followed by the path.
    while let (Some(about), Some(name)) = (parts.next(), parts.next()) {
        let mut words = about.split(|byte| *byte == b' ').skip(1);
        let (Some(mode), Some(hash)) = (words.next(), words.nth(1)) else { break };
        // Only regular files, not symlinks or submodules.
        if mode.starts_with(b"100") {
            files.push(GitFile { path: root.join(path(name)), object: Some(hash.to_vec()) });
        }
    }
    files
}

/// All files that git tracks in the working tree that a folder belongs to; empty if there is none.
///
/// # Errors
/// git fails.
pub fn tracked(folder: &Path) -> Result<Vec<PathBuf>, Trouble> {
    let Some(tree) = WorkTree::of(folder) else { return Ok(Vec::new()) };
    let names = paths(&git_output(&tree.top, &["ls-files", "--cached", "-z"])?);
    Ok(names.into_iter().map(|name| tree.top.join(name)).collect())
}

const HELP: &str = "is git installed, and is this a repository?";

fn git_output(folder: &Path, arguments: &[&str]) -> Result<Vec<u8>, Trouble> {
    output_of(git(folder), arguments)
}

fn output_of(mut git: Command, arguments: &[&str]) -> Result<Vec<u8>, Trouble> {
    let output = git.args(arguments).stdin(Stdio::null()).output();
    let output = output.map_err(|error| Trouble::new(format!("cannot run git: {error}"), HELP))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let error = String::from_utf8_lossy(&output.stderr);
    if error.contains("lazy fetching disabled") {
        return Err(Trouble::new(
            "git lacks contents of earlier commits, as this clone is partial",
            "clone without `--filter`, or fetch them first with `git diff` and the same base",
        ));
    }
    let error = error.lines().next().unwrap_or_default().trim_start_matches("fatal: ");
    let command = arguments.first().copied().unwrap_or_default();
    let help = if error.starts_with("not a git repository") { "run it in a git repository" } else { HELP };
    Err(Trouble::new(format!("git {command}: {error}"), help))
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
