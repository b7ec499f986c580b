//! Hostile files: odd names, things that are not regular files, and files that change during a run.

use super::{assert_tame, run};
use postmend_tests::commands::FORMATS;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};

/// A post with findings of every rule that quotes the post's words, full of control characters.
const POST: &str = "---\ntitle\u{1B}[31m: a\u{202E}: b\n---\n\n<img src=\"\u{1B}]0;x\u{7}.png\">\n<!-- postmend-disable \u{1B}[2J\u{9B}31m -->\n![\u{1B}[31m\u{200F}.png](b.png)\u{2066} recieve\u{1B}c\u{90}\n";

const NAMES: [&[u8]; 9] = [
    b"plain.md",
    b"line\nend.md",
    b"\"quotes'.md",
    b"esc\x1B[31m.md",
    b"not-utf8-\xFF.md",
    b"bidi-\xE2\x80\xAE.md",
    b"csi-\xC2\x9B31m.md",
    b"-leading.md",
    b"a:b%0A::error::c.md",
];

#[test]
fn no_name_and_no_text_reaches_the_terminal_alive() {
    let folder = tempfile::tempdir().unwrap();
    for name in NAMES {
        fs::write(folder.path().join(OsStr::from_bytes(name)), POST).unwrap();
    }
    for format in FORMATS {
        let ran = run(&["check", "--select", "all", "--format", format, "."], folder.path(), Vec::new());
        assert_eq!(ran.code, 1, "{format}: {}", ran.err);
        assert_tame(&ran, format);
        assert!(ran.out.contains("recieve"), "{format}: {}", ran.out);
    }
    for arguments in [&["check", "--statistics", "."][..], &["fix", "--review", "."], &["undo"]] {
        assert_tame(&run(arguments, folder.path(), Vec::new()), arguments[0]);
    }
    for name in NAMES {
        assert_eq!(fs::read(folder.path().join(OsStr::from_bytes(name))).unwrap(), POST.as_bytes());
    }
    for wrong in ["--select=\u{1B}[31m", "gone\u{1B}[31m\u{9B}.md", "--format=\u{1B}[31m"] {
        let ran = run(&["check", wrong], folder.path(), Vec::new());
        assert_eq!(ran.code, 2);
        assert_tame(&ran, wrong);
    }
}

fn pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

#[test]
fn what_is_no_file_is_passed_over_or_refused() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::create_dir(at("loop")).unwrap();
    symlink("..", at("loop/up")).unwrap();
    symlink("one.md", at("two.md")).unwrap();
    symlink("two.md", at("one.md")).unwrap();
    symlink("self", at("self")).unwrap();
    fs::create_dir(at("folder.md")).unwrap();
    fs::write(at("post.md"), "recieve\n").unwrap();
    let _socket = UnixListener::bind(at("socket.md")).unwrap();
    for name in
        ["pipe.md", "postmend.toml", "postmend-baseline.json", "_config.yml", "hugo.toml", "package.json"]
    {
        pipe(&at(name));
    }
    for arguments in
        [&["check", "--format", "concise", "."][..], &["fix", "--diff", "--format", "concise", "."]]
    {
        let ran = run(arguments, folder.path(), Vec::new());
        assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
        assert!(ran.out.contains("recieve"), "{}", ran.out);
    }
    for (named, message) in [
        ("pipe.md", "neither a file nor a folder"),
        ("socket.md", "neither a file nor a folder"),
        ("/dev/zero", "neither a file nor a folder"),
        ("one.md", "cannot read"),
        ("self", "cannot read"),
        ("post.md/below.md", "cannot read"),
        ("/proc/self/mem", "cannot read"),
        ("gone.md", "cannot read"),
    ] {
        let ran = run(&["check", named], folder.path(), Vec::new());
        assert_eq!(ran.code, 2, "{named}: {}{}", ran.out, ran.err);
        assert!(ran.err.contains(message), "{named}: {}", ran.err);
    }
}

#[test]
fn an_ignore_file_that_is_a_pipe_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let held = folder.path().join("held");
    fs::create_dir(&held).unwrap();
    fs::write(folder.path().join("post.md"), "recieve\n").unwrap();
    fs::write(held.join("post.md"), "recieve\n").unwrap();
    pipe(&held.join(".ignore"));
    let ran = run(&["check", "--format", "concise", "."], folder.path(), Vec::new());
    assert_eq!(ran.code, 2, "{}", ran.err);
    assert!(
        ran.out.contains("1 finding in 1 post") || ran.err.contains("1 finding in 1 post"),
        "{}{}",
        ran.out,
        ran.err
    );
    assert!(ran.err.contains(".ignore cannot be read as an ignore file"), "{}", ran.err);
    let ran = run(&["check", "."], &held, Vec::new());
    assert_eq!(ran.code, 2, "{}", ran.err);
}

#[test]
fn a_folder_in_place_of_a_file_is_told() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("post.md"), "recieve\n").unwrap();
    assert!(
        postmend_tests::commands::command("git")
            .args(["init", "--quiet"])
            .current_dir(folder.path())
            .status()
            .unwrap()
            .success()
    );
    fs::create_dir(folder.path().join("report.json")).unwrap();
    fs::write(folder.path().join(".git/postmend"), "").unwrap();
    let ran = run(&["check", "--report", "report.json", "."], folder.path(), Vec::new());
    assert_eq!(ran.code, 2, "{}", ran.err);
    let ran = run(&["fix", "."], folder.path(), Vec::new());
    assert_eq!(ran.code, 2, "{}", ran.err);
    assert_eq!(fs::read_to_string(folder.path().join("post.md")).unwrap(), "recieve\n");
}

/// Somebody saves new versions of a post, as editors do, while it is checked and fixed repeatedly.
#[test]
fn what_somebody_saves_meanwhile_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("post.md");
    let version = |number: usize| format!("{number} recieve\n{}", "more text\n".repeat(2000));
    let fixed = |text: &str| text.replace("recieve", "receive");
    fs::write(&path, version(0)).unwrap();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let saver = scope.spawn(|| {
            let mut number = 0;
            while !done.load(Ordering::Relaxed) {
                number += 1;
                let new = folder.path().join("new");
                fs::write(&new, version(number)).unwrap();
                fs::rename(&new, &path).unwrap();
                // The saved version is there, fixed or not, until the next one is saved.
                for _ in 0..4 {
                    std::thread::yield_now();
                    let now = fs::read_to_string(&path).unwrap();
                    let is_ours = now == version(number) || now == fixed(&version(number));
                    let is_older = now.split(' ').next().unwrap().parse::<usize>().unwrap() < number;
                    // An older version may have the name for a moment, until postmend notices and puts the newer one
                    // back.
                    assert!(is_ours || is_older, "{} is no version", now.len());
                }
            }
            number
        });
        for round in 0..40 {
            let task =
                [&["check", "--quiet", "."][..], &["fix", "--quiet", "--format", "concise", "."]][round % 2];
            let ran = run(task, folder.path(), Vec::new());
            assert!(ran.code < 2 || ran.err.contains("cannot"), "{}", ran.err);
        }
        done.store(true, Ordering::Relaxed);
        let last = version(saver.join().unwrap());
        let now = fs::read_to_string(&path).unwrap();
        assert!(now == last || now == fixed(&last), "the last version is lost: {}", &now[..20]);
    });
}

/// Somebody truncates, deletes and writes a post in place while the folder is checked.
#[test]
fn a_file_that_comes_and_goes_stops_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("post.md");
    fs::write(folder.path().join("other.md"), "recieve\n").unwrap();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let text = "recieve something\n".repeat(5000);
            while !done.load(Ordering::Relaxed) {
                fs::write(&path, &text).unwrap();
                fs::write(&path, &text[..text.len() / 3 + 1]).unwrap();
                let _ = fs::remove_file(&path);
            }
        });
        for round in 0..40 {
            let task =
                [&["check", "--format", "concise", "."][..], &["fix", "--diff", "--format", "concise", "."]]
                    [round % 2];
            let ran = run(task, folder.path(), Vec::new());
            assert!(ran.out.contains("other.md") || ran.code == 2, "{}{}", ran.out, ran.err);
        }
        done.store(true, Ordering::Relaxed);
    });
}
