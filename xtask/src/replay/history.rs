//! A history that is stepped through in a working tree of its own. Files that postmend does not read are empty there,
//! as large ones may be missing in a clone.

use crate::command::{output, text};
use postmend_core::Format;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Component, Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// A working tree, and the history it steps through.
pub(super) struct History {
    folder: PathBuf,
    /// A `git cat-file` that answers one question after the other.
    blobs: RefCell<Child>,
}

/// A commit.
#[derive(Debug, Clone)]
pub(super) struct Commit {
    /// Its hash.
    pub(super) hash: String,
    /// The first line of its message.
    pub(super) subject: String,
}

/// What happened to a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Happened {
    /// It was added; with its mode and its object.
    Added(String),
    /// It was changed; with the same.
    Changed(String),
    /// It was deleted, or is no regular file any more.
    Deleted,
}

/// The mode and the object of files that are left empty.
const EMPTY: &str = "100644 e69de29bb2d1d6434b8b29ae775ad8c2e48c5391";

/// Endings of files whose content postmend reads.
const READ: [&str; 16] = [
    "md", "mdx", "markdown", "html", "htm", "toml", "yml", "yaml", "json", "js", "ts", "mjs", "cjs", "mts",
    "txt", "rb",
];

/// Whether a path is that of a post.
pub(super) fn is_post(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, ending)| Format::of_extension(ending).is_some())
}

/// Whether a path of a tree leads to a file below its folder: a tree can name anything.
fn is_plain(path: &str) -> bool {
    let is_name = |part: &str| {
        let mut parts = Path::new(part).components();
        matches!(parts.next(), Some(Component::Normal(_)))
            && parts.next().is_none()
            && !part.eq_ignore_ascii_case(".git")
    };
    path.split('/').all(is_name)
}

fn has_ending(path: &str, endings: &[&str]) -> bool {
    path.rsplit_once('.')
        .is_some_and(|(_, ending)| endings.iter().any(|one| ending.eq_ignore_ascii_case(one)))
}

impl History {
    /// A new working tree of a repository, without any files.
    pub(super) fn open(repository: &Path, folder: &Path) -> Result<Self, String> {
        if folder.exists() {
            std::fs::remove_dir_all(folder)
                .map_err(|error| format!("cannot empty {}: {error}", folder.display()))?;
        }
        output(
            Command::new("git")
                .args(["clone", "--quiet", "--shared", "--no-checkout", "--no-tags"])
                .arg(repository)
                .arg(folder),
        )?;
        let blobs = Command::new("git")
            .args(["cat-file", "--batch"])
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("cannot run git: {error}"))?;
        let history = Self { folder: folder.to_owned(), blobs: RefCell::new(blobs) };
        history.git(&["hash-object", "-w", "/dev/null"])?;
        history.git(&["update-ref", "--no-deref", "refs/heads/replayed", "HEAD"])?;
        for (name, value) in [("core.autocrlf", "false"), ("core.attributesFile", "/dev/null")] {
            history.git(&["config", name, value])?;
        }
        Ok(history)
    }

    /// The folder of the working tree.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The output of a git command.
    pub(super) fn git(&self, arguments: &[&str]) -> Result<String, String> {
        text(
            Command::new("git")
                .args([
                    "-c",
                    "user.name=replay",
                    "-c",
                    "user.email=replay@localhost",
                    "-c",
                    "core.hooksPath=/dev/null",
                ])
                .args(arguments)
                .env("GIT_NO_LAZY_FETCH", "1")
                .current_dir(&self.folder),
        )
    }

    /// The last commits along first parents, the oldest first.
    pub(super) fn commits(&self, most: usize) -> Result<Vec<Commit>, String> {
        let list = self.git(&[
            "log",
            "--first-parent",
            "--reverse",
            "--format=%H %s",
            &format!("-{most}"),
            "replayed",
        ])?;
        let commit = |line: &str| {
            let (hash, subject) = line.split_once(' ').unwrap_or((line, ""));
            Commit { hash: hash.to_owned(), subject: subject.to_owned() }
        };
        Ok(list.lines().map(commit).collect())
    }

    /// What happened to the files between two commits.
    pub(super) fn changes(&self, from: &str, to: &str) -> Result<BTreeMap<String, Happened>, String> {
        let list =
            self.git(&["diff-tree", "-r", "--no-renames", "--raw", "--no-abbrev", "-z", from, to, "--"])?;
        let mut changes = BTreeMap::new();
        let mut parts = list.split('\0');
        // Each entry is `:MODE MODE HASH HASH STATUS`, followed by the path.
        while let (Some(about), Some(path)) = (parts.next().filter(|about| !about.is_empty()), parts.next()) {
            if !is_plain(path) {
                continue;
            }
            let words: Vec<&str> = about.split(' ').collect();
            let [_, mode, _, hash, status] = words.as_slice() else {
                return Err(format!("git diff-tree: {about}"));
            };
            let is_kept = mode.starts_with("100") && has_ending(path, &READ) && self.object(hash)?.is_some();
            let entry = if is_kept { format!("{mode} {hash}") } else { EMPTY.to_owned() };
            let happened = match *status {
                _ if !mode.starts_with("100") => Happened::Deleted,
                "A" => Happened::Added(entry),
                _ => Happened::Changed(entry),
            };
            changes.insert(path.to_owned(), happened);
        }
        Ok(changes)
    }

    /// What a commit has, as if all of it had been added.
    pub(super) fn all(&self, commit: &str) -> Result<BTreeMap<String, Happened>, String> {
        let empty = self.git(&["hash-object", "-t", "tree", "-w", "/dev/null"])?;
        self.changes(empty.trim(), commit)
    }

    /// Applies the changes that lead to a commit.
    pub(super) fn step(&self, commit: &str, changes: &BTreeMap<String, Happened>) -> Result<(), String> {
        for (path, happened) in changes {
            match happened {
                Happened::Deleted => drop(std::fs::remove_file(self.folder.join(path))),
                Happened::Added(_) | Happened::Changed(_) => self.write(commit, path)?,
            }
        }
        Ok(())
    }

    fn write(&self, commit: &str, path: &str) -> Result<(), String> {
        let file = self.folder.join(path);
        let content = if has_ending(path, &READ) { self.content(commit, path)? } else { Vec::new() };
        let written = file.parent().map_or(Ok(()), std::fs::create_dir_all);
        // A folder may have been a file before; such a path is left out.
        let _ = written.and_then(|()| std::fs::write(&file, content));
        Ok(())
    }

    /// The content of a file in a commit; empty if the clone does not have it.
    pub(super) fn content(&self, commit: &str, path: &str) -> Result<Vec<u8>, String> {
        self.object(&format!("{commit}:{path}")).map(Option::unwrap_or_default)
    }

    /// The content of an object, or of `COMMIT:PATH`; `None` if the clone does not have it.
    fn object(&self, name: &str) -> Result<Option<Vec<u8>>, String> {
        let failed = |error: std::io::Error| format!("git cat-file: {error}");
        if name.contains('\n') {
            return Ok(None);
        }
        let mut blobs = self.blobs.borrow_mut();
        let questions = blobs.stdin.as_mut().ok_or("git cat-file is closed")?;
        questions
            .write_all(format!("{name}\n").as_bytes())
            .and_then(|()| questions.flush())
            .map_err(failed)?;
        let answers = blobs.stdout.as_mut().ok_or("git cat-file is closed")?;
        // Byte by byte up to the line end, so that nothing of the content is read ahead.
        let mut answers = BufReader::with_capacity(1, answers);
        let mut header = String::new();
        answers.read_line(&mut header).map_err(failed)?;
        // The answer is `HASH TYPE LENGTH`, or `NAME missing`.
        let words: Vec<&str> = header.split_whitespace().collect();
        let [_, kind, length] = words.as_slice() else { return Ok(None) };
        let Ok(length) = length.parse::<usize>() else { return Ok(None) };
        let mut content = vec![0; length + 1];
        answers.into_inner().read_exact(&mut content).map_err(failed)?;
        content.pop();
        Ok((*kind == "blob").then_some(content))
    }

    /// Commits changes, and a file of the working tree, on top of another commit, if there is one.
    pub(super) fn commit_with(
        &self,
        changes: &BTreeMap<String, Happened>,
        file: Option<&str>,
        parent: Option<&str>,
    ) -> Result<String, String> {
        let mut entries = String::new();
        for (path, happened) in changes {
            let entry = match happened {
                Happened::Deleted => "0 0000000000000000000000000000000000000000",
                Happened::Added(entry) | Happened::Changed(entry) => entry,
            };
            entries += &format!("{entry}\t{path}\0");
        }
        if let Some(file) = file {
            let blob = self.git(&["hash-object", "-w", "--", file])?;
            entries += &format!("100644 {}\t{file}\0", blob.trim());
        }
        let mut update = Command::new("git")
            .args(["update-index", "--add", "--replace", "-z", "--index-info"])
            .current_dir(&self.folder)
            .stdin(Stdio::piped())
            .spawn()
            .map_err(|error| format!("cannot run git: {error}"))?;
        let written = update.stdin.take().map(|mut input| input.write_all(entries.as_bytes()));
        let ended = update.wait().map_err(|error| error.to_string())?;
        if !ended.success() || written.is_none_or(|written| written.is_err()) {
            return Err("git update-index failed".to_owned());
        }
        let tree = self.git(&["write-tree", "--missing-ok"])?;
        let mut arguments = vec!["commit-tree", tree.trim(), "-m", "replay"];
        arguments.extend(parent.into_iter().flat_map(|parent| ["-p", parent]));
        let made = self.git(&arguments)?;
        self.git(&["update-ref", "--no-deref", "HEAD", made.trim()])?;
        Ok(made.trim().to_owned())
    }
}

impl Drop for History {
    fn drop(&mut self) {
        let blobs = self.blobs.get_mut();
        drop(blobs.stdin.take());
        let _ = blobs.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::is_plain;

    #[test]
    fn a_tree_names_only_what_is_below_it() {
        for path in ["a.md", "a/b.md", "a b/.c", ".github/x.yml"] {
            assert!(is_plain(path), "{path}");
        }
        for path in [
            "../a.md",
            "a/../../b.md",
            "/a.md",
            "a//b.md",
            "./a.md",
            "",
            "a/.",
            ".git/config",
            "a/.GIT/hooks/x",
        ] {
            assert!(!is_plain(path), "{path}");
        }
    }
}
