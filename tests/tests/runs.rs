//! What a whole run promises: the same result on any number of threads, and no half-written file.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use postmend_tests::commands::{BINARY, copy_folder, root};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

fn postmend(arguments: &[&str], folder: &Path) -> Command {
    let mut command = Command::new(&*BINARY);
    command.args(arguments).current_dir(folder).stdin(Stdio::null());
    command
}

#[test]
fn threads_do_not_change_what_is_printed() {
    let folder = tempfile::tempdir().unwrap();
    for copy in 0..40 {
        copy_folder(&root().join("tests/posts"), &folder.path().join(format!("copy-{copy}")));
    }
    for format in ["human", "concise", "json"] {
        let print = |jobs| {
            postmend(&["check", "--format", format, "--jobs", jobs], folder.path()).output().unwrap().stdout
        };
        let alone = print("1");
        assert!(!alone.is_empty());
        assert_eq!(alone, print("2"), "{format}");
        assert_eq!(alone, print("7"), "{format}");
    }
}

/// Every post below a folder; hidden files, such as the ones being written, are none.
fn posts(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let hidden = path.file_name().unwrap().to_string_lossy().starts_with('.');
        if path.is_dir() {
            found.extend(posts(&path));
        } else if !hidden {
            let bytes = fs::read(&path).unwrap();
            found.insert(path, bytes);
        }
    }
    found
}

#[test]
fn a_killed_run_leaves_each_file_old_or_new() {
    let folder = tempfile::tempdir().unwrap();
    for copy in 0..60 {
        copy_folder(&root().join("tests/posts/mirror"), &folder.path().join(format!("copy-{copy}")));
    }
    let old = posts(folder.path());
    let whole = tempfile::tempdir().unwrap();
    copy_folder(folder.path(), whole.path());
    postmend(&["fix", "--quiet", "--statistics"], whole.path()).output().unwrap();
    let new: Vec<Vec<u8>> = posts(whole.path()).into_values().collect();
    for milliseconds in [0, 2, 5, 10, 20, 40] {
        let mut run = postmend(&["fix", "--quiet", "--statistics"], folder.path())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(milliseconds));
        run.kill().unwrap();
        run.wait().unwrap();
        for ((path, now), (then, done)) in posts(folder.path()).iter().zip(old.values().zip(&new)) {
            assert!(now == then || now == done, "{} is neither old nor new", path.display());
        }
    }
    postmend(&["fix", "--quiet", "--statistics"], folder.path()).output().unwrap();
    assert!(posts(folder.path()).values().eq(&new));
}
