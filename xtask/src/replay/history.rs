//! A history that is stepped through in a working tree of its own. Files that postmend does not read are empty there,
//! as large ones may be missing in a clone.

use crate::command::{output, text};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Happened {
    /// It was added.
    Added,
    /// It was changed.
    Changed,
    /// It was deleted.
    Deleted,
}

/// Endings of files whose content postmend reads.
const READ: [&str; 16] = [
    "md", "mdx", "markdown", "html", "htm", "toml", "yml", "yaml", "json", "js", "ts", "mjs", "cjs", "mts",
    "txt", "rb",
];
/// Endings of posts.
const POSTS: [&str; 4] = ["md", "mdx", "markdown", "html"];

/// Whether a path is that of a post.
pub(super) fn is_post(path: &str) -> bool {
    has_ending(path, &POSTS)
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
        history.git(&["checkout", "--quiet", "--detach"]).ok();
        history.git(&["config", "core.autocrlf", "false"])?;
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
        let list =
            self.git(&["log", "--first-parent", "--reverse", "--format=%H %s", &format!("-{most}"), "HEAD"])?;
        let commit = |line: &str| {
            let (hash, subject) = line.split_once(' ').unwrap_or((line, ""));
            Commit { hash: hash.to_owned(), subject: subject.to_owned() }
        };
        Ok(list.lines().map(commit).collect())
    }

    /// What happened to the files between two commits.
    pub(super) fn changes(&self, from: &str, to: &str) -> Result<BTreeMap<String, Happened>, String> {
        let list = self.git(&[
            "diff",
            "--no-renames",
            "--name-status",
            "-z",
            "--ignore-submodules=all",
            from,
            to,
            "--",
        ])?;
        let mut changes = BTreeMap::new();
        let mut parts = list.split('\0');
        while let (Some(status), Some(path)) =
            (parts.next().filter(|status| !status.is_empty()), parts.next())
        {
            let happened = match status.as_bytes()[0] {
                b'A' => Happened::Added,
                b'D' => Happened::Deleted,
                _ => Happened::Changed,
            };
            changes.insert(path.to_owned(), happened);
        }
        Ok(changes)
    }

    /// Fills the working tree with the files of a commit.
    pub(super) fn fill(&self, commit: &str) -> Result<(), String> {
        let list = self.git(&["ls-tree", "-r", "--name-only", "-z", commit])?;
        list.split('\0').filter(|path| !path.is_empty()).try_for_each(|path| self.write(commit, path))
    }

    /// Applies the changes that lead to a commit.
    pub(super) fn step(&self, commit: &str, changes: &BTreeMap<String, Happened>) -> Result<(), String> {
        for (path, happened) in changes {
            match happened {
                Happened::Deleted => drop(std::fs::remove_file(self.folder.join(path))),
                Happened::Added | Happened::Changed => self.write(commit, path)?,
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
        let failed = |error: std::io::Error| format!("git cat-file: {error}");
        if path.contains('\n') {
            return Ok(Vec::new());
        }
        let mut blobs = self.blobs.borrow_mut();
        let questions = blobs.stdin.as_mut().ok_or("git cat-file is closed")?;
        questions
            .write_all(format!("{commit}:{path}\n").as_bytes())
            .and_then(|()| questions.flush())
            .map_err(failed)?;
        let answers = blobs.stdout.as_mut().ok_or("git cat-file is closed")?;
        // Byte by byte up to the line end, so that nothing of the content is read ahead.
        let mut answers = BufReader::with_capacity(1, answers);
        let mut header = String::new();
        answers.read_line(&mut header).map_err(failed)?;
        let mut words = header.split_whitespace().skip(1);
        let (kind, length) = (words.next(), words.next().and_then(|length| length.parse::<usize>().ok()));
        let Some(length) =
            length.filter(|_| kind == Some("blob") || kind == Some("tree") || kind == Some("commit"))
        else {
            return Ok(Vec::new());
        };
        let mut content = vec![0; length + 1];
        answers.into_inner().read_exact(&mut content).map_err(failed)?;
        content.pop();
        Ok(if kind == Some("blob") { content } else { Vec::new() })
    }

    /// Commits the files of a commit together with a file of the working tree, on top of another commit.
    pub(super) fn commit_with(&self, commit: &str, file: &str, parent: &str) -> Result<String, String> {
        self.git(&["read-tree", commit])?;
        let blob = self.git(&["hash-object", "-w", "--", file])?;
        let entry = format!("100644,{},{file}", blob.trim());
        self.git(&["update-index", "--add", "--cacheinfo", &entry])?;
        let tree = self.git(&["write-tree"])?;
        let made = self.git(&["commit-tree", tree.trim(), "-p", parent, "-m", "replay"])?;
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
