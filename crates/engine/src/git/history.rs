//! What git knows of the past of files: from where they moved, and who changed a line.

use super::{WorkTree, git, git_without_filters, output_of, path, text};
use crate::paths;
use postmend_core::date::Instant;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// The files that were moved or copied, added and deleted since another file was committed last.
#[derive(Debug, Default)]
pub struct MovedFiles {
    /// The current paths of moved files, each with the former one.
    pub moved: Vec<(PathBuf, PathBuf)>,
    /// The paths of copies, each with that of the file that it is a copy of, which was changed.
    pub copied: Vec<(PathBuf, PathBuf)>,
    /// Files that are new.
    pub added: Vec<PathBuf>,
    /// Files that are gone.
    pub deleted: Vec<PathBuf>,
}

/// What moved since a file was committed last: in the index, or in the files that git tracks. `None` if git does not
/// know the file.
pub fn moved_since(file: &Path, is_staged: bool) -> Option<MovedFiles> {
    let (tree, below) = place_of(file)?;
    let mut last = git(&tree.top);
    last.args(["rev-list", "-1", "HEAD", "--"]).arg(&below);
    let commit = output_of(last, &[]).ok()?;
    let commit = text(commit.trim_ascii()).ok().filter(|commit| !commit.is_empty())?;
    let mut diff = git_without_filters(&tree.top).ok()?;
    // A file that was changed counts as the source of a copy, in case another one has taken its name.
    diff.args(["diff", "--find-renames", "--find-copies", "-l2000", "--diff-filter=ACDR", "--name-status"])
        .args(["-z", "--no-ext-diff", "--no-textconv", "--ignore-submodules=all"])
        .args(is_staged.then_some("--cached"))
        .args([commit, "--"]);
    let answer = output_of(diff, &[]).ok()?;
    let mut files = MovedFiles::default();
    let mut parts = answer.split(|byte| *byte == 0);
    while let (Some(status), Some(name)) = (parts.next(), parts.next()) {
        let name = tree.top.join(path(name));
        match status.first() {
            Some(b'A') => files.added.push(name),
            Some(b'D') => files.deleted.push(name),
            Some(b'R') => files.moved.push((tree.top.join(path(parts.next()?)), name)),
            Some(b'C') => files.copied.push((tree.top.join(path(parts.next()?)), name)),
            _ => break,
        }
    }
    Some(files)
}

/// Whether the repository that a folder is in has only a part of its history.
pub fn is_shallow(folder: &Path) -> bool {
    let answer = super::git_output(folder, &["rev-parse", "--is-shallow-repository"]);
    answer.is_ok_and(|answer| answer.starts_with(b"true"))
}

/// Where files of the last commits are now that were moved: the former path of each, with the current one.
pub fn moved_lately(file: &Path) -> Option<HashMap<PathBuf, PathBuf>> {
    /// The number of commits that are looked through.
    const MOST: &str = "-500";
    let (tree, _) = place_of(file)?;
    let mut log = git_without_filters(&tree.top).ok()?;
    log.args(["log", MOST, "--find-renames", "-l400", "--diff-filter=R", "--name-status", "--format=", "-z"]);
    log.args(["--no-ext-diff", "--no-textconv", "--ignore-submodules=all", "HEAD", "--"]);
    let answer = output_of(log, &[]).ok()?;
    let mut now: HashMap<PathBuf, PathBuf> = HashMap::new();
    // Between commits there is an empty line.
    let mut parts = answer.split(|byte| *byte == 0).map(|part| part.trim_ascii_start());
    while let Some(status) = parts.next() {
        if !status.starts_with(b"R") {
            continue;
        }
        let (Some(was), Some(here)) = (parts.next(), parts.next()) else { break };
        let [was, here] = [was, here].map(|name| tree.top.join(path(name)));
        // The newest comes first, so what became of the new name is known.
        let here = now.get(&here).cloned().unwrap_or(here);
        now.entry(was).or_insert(here);
    }
    Some(now)
}

/// A line of a file, with who changed it last.
#[derive(Debug)]
pub struct BlamedLine {
    /// The line without its end.
    pub line: String,
    /// The day of the commit in UTC.
    pub date: String,
    /// The author.
    pub author: String,
}

/// The committed lines of a file; `None` if git does not know it.
pub fn blame(file: &Path) -> Option<Vec<BlamedLine>> {
    let (tree, below) = place_of(file)?;
    let mut blame = git_without_filters(&tree.top).ok()?;
    blame.args(["-c", "blame.ignoreRevsFile=", "blame", "--line-porcelain", "--no-textconv", "--"]);
    blame.arg(below);
    let answer = output_of(blame, &[]).ok()?;
    let answer = String::from_utf8_lossy(&answer);
    let (mut lines, mut author, mut seconds, mut is_committed) = (Vec::new(), "", 0, false);
    for line in answer.lines() {
        if let Some(line) = line.strip_prefix('\t') {
            let date = Instant(seconds * 1000).to_string();
            let date = date.split('T').next().unwrap_or_default().to_owned();
            lines.extend(is_committed.then(|| BlamedLine {
                line: line.to_owned(),
                date,
                author: author.to_owned(),
            }));
        } else if let Some(name) = line.strip_prefix("author ") {
            author = name;
        } else if let Some(time) = line.strip_prefix("author-time ") {
            seconds = time.parse().unwrap_or_default();
        } else if line.split(' ').next().is_some_and(|hash| hash.len() >= 40) {
            is_committed = line.bytes().take(40).any(|digit| digit != b'0');
        }
    }
    Some(lines)
}

/// The working tree that a file is in, and its path below the top.
fn place_of(file: &Path) -> Option<(WorkTree, PathBuf)> {
    let tree = WorkTree::of(paths::parent(&paths::absolute(file)))?;
    let real = std::fs::canonicalize(file).ok()?;
    let below = real.strip_prefix(&tree.top).ok()?.to_owned();
    Some((tree, below))
}
