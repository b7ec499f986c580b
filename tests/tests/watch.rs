//! `check --watch` checks again after each relevant change, and after no other. A round ends with a line on standard
//! error, for which the tests wait; they do not check how long it takes.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![allow(clippy::disallowed_methods, reason = "a test is no part of postmend")]

use postmend_tests::commands::postmend as binary;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// A watch that is stopped at the end of the test.
struct WatchedRun {
    process: Child,
    lines: Receiver<String>,
}

impl WatchedRun {
    fn of(folder: &Path, arguments: &[&str]) -> Self {
        // One pipe for both streams, as otherwise the order of their lines would be unknown.
        let (reader, writer) = std::io::pipe().unwrap();
        let process = binary()
            .args(["check", "--watch", "--format", "concise"])
            .args(arguments)
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(writer.try_clone().unwrap())
            .stderr(writer)
            .spawn()
            .unwrap();
        let (give, lines) = channel();
        std::thread::spawn(move || {
            BufReader::new(reader).lines().try_for_each(|line| give.send(line.unwrap()))
        });
        Self { process, lines }
    }

    /// The output of the next round.
    fn round(&self) -> String {
        let mut round = String::new();
        loop {
            let line = self.lines.recv().expect("a round comes and ends");
            if line == "watching; press Ctrl-C to end" {
                return round;
            }
            round.push_str(&line);
            round.push('\n');
        }
    }

    /// The output of the first round without this error: as long as there is one, any change starts a round, so there
    /// may be several.
    fn round_without(&self, trouble: &str) -> String {
        std::iter::repeat_with(|| self.round()).find(|round| !round.contains(trouble)).unwrap()
    }
}

impl Drop for WatchedRun {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Writes a file as careful editors do: to a temporary file, which is then renamed. The file is never incomplete, so
/// a change is one round even on a slow machine.
fn replace(path: &Path, text: &str) {
    let beside = path.with_extension("new~");
    fs::write(&beside, text).unwrap();
    fs::rename(beside, path).unwrap();
}

/// Waits long enough that changes before and after it are not combined into one. On a machine that is too slow a test
/// may check less, but does not fail.
fn pause() {
    std::thread::sleep(Duration::from_millis(600));
}

#[test]
fn a_change_gives_a_round_and_what_is_ignored_none() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::create_dir_all(folder.join(".git")).unwrap();
    fs::create_dir_all(folder.join("posts/drafts")).unwrap();
    fs::write(folder.join(".gitignore"), "drafts/\n").unwrap();
    fs::write(folder.join("postmend.toml"), "exclude = [\"old/\"]\n").unwrap();
    fs::write(folder.join("posts/a.md"), "text\n").unwrap();
    let watch = WatchedRun::of(folder, &["posts"]);
    assert_eq!(watch.round(), "no findings in 1 post\n");
    for ignored in ["posts/drafts/b.md", ".git/index", "posts/picture.png", "posts/.hidden.md"] {
        fs::write(folder.join(ignored), "they recieve\n").unwrap();
        pause();
    }
    replace(&folder.join("posts/a.md"), "they recieve\n");
    let report = "posts/a.md:1:6: warning misspelling: \"recieve\" should be \"receive\"\n\
               1 finding in 1 post of 1; 1 fixable with `fix`\n";
    assert_eq!(watch.round(), report, "the first round since tells of the post");
    // The path is watched, and not only the file that it was at first.
    replace(&folder.join("posts/a.md"), "they receive\n");
    assert_eq!(watch.round(), "no findings in 1 post\n");
    fs::create_dir_all(folder.join("new/deep")).unwrap();
    fs::write(folder.join("new/deep/c.md"), "text\n").unwrap();
    fs::rename(folder.join("new"), folder.join("posts/new")).unwrap();
    assert_eq!(watch.round(), "no findings in 2 posts\n");
    replace(&folder.join("posts/new/deep/c.md"), "they recieve\n");
    assert!(watch.round().starts_with("posts/new/deep/c.md:1:6: "), "a new folder is watched");
    fs::rename(folder.join("posts/new"), folder.join("new")).unwrap();
    assert_eq!(watch.round(), "no findings in 1 post\n");
}

#[test]
fn a_broken_config_is_told_and_does_not_end_the_watch() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let config = folder.join("postmend.toml");
    fs::create_dir(folder.join("posts")).unwrap();
    fs::write(folder.join("posts/a.md"), "they recieve \n").unwrap();
    fs::write(&config, "extends = \"base.toml\"\n[words]\ndictionary = \"words.txt\"\n").unwrap();
    fs::write(folder.join("base.toml"), "").unwrap();
    fs::write(folder.join("words.txt"), "").unwrap();
    let watch = WatchedRun::of(folder, &["posts/a.md"]);
    assert!(watch.round().ends_with("1 finding in 1 post of 1; 1 fixable with `fix`\n"));
    replace(&folder.join("words.txt"), "recieve\n");
    assert_eq!(watch.round(), "no findings in 1 post\n");
    replace(&folder.join("base.toml"), "select = [\"trailing-blanks\"]\n");
    assert!(watch.round().contains("trailing-blanks"), "what the config extends is watched");
    replace(&config, "[word]\n");
    assert!(watch.round().contains("unknown field `word`"));
    replace(&config, "");
    assert!(
        watch.round_without("unknown field").ends_with("1 finding in 1 post of 1; 1 fixable with `fix`\n")
    );
    fs::remove_file(folder.join("posts/a.md")).unwrap();
    assert!(watch.round().contains("cannot read posts/a.md"));
    replace(&folder.join("posts/a.md"), "text\n");
    assert_eq!(watch.round_without("cannot read"), "no findings in 1 post\n");
}

#[test]
fn ends_when_nobody_reads_it() {
    let folder = tempfile::tempdir().unwrap();
    let post = folder.path().join("a.md");
    fs::write(&post, "they recieve\n").unwrap();
    let mut process = binary()
        .args(["check", "--watch", "--format", "concise"])
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = [0; 4];
    let mut out = process.stdout.take().unwrap();
    out.read_exact(&mut first).unwrap();
    drop(out);
    // The round that fails because nobody reads must come after the first one.
    let mut errors = BufReader::new(process.stderr.take().unwrap()).lines();
    assert!(errors.any(|line| line.unwrap().starts_with("watching")));
    replace(&post, "they recieve it\n");
    assert_eq!(process.wait().unwrap().code(), Some(1));
}
