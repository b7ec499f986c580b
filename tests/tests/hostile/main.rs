//! Hostile input: nothing makes postmend panic or hang, and no byte is lost.
//!
//! `POSTMEND_HOSTILE=PATH/TO/postmend cargo test -p postmend --test hostile -- measure --nocapture` runs a release
//! build over the posts at full and at half size, and prints the times and the memory.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "a test is no part of postmend")]

#[cfg(unix)]
mod files;
mod posts;
mod talk;

use postmend_tests::commands::postmend as binary;
use posts::{Hostile, POSTS};
use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};

/// The output of a run, and its exit code.
struct HostileRun {
    code: i32,
    out: String,
    err: String,
}

/// Runs postmend in a folder, with this standard input; it must end without a panic.
fn run(arguments: &[&str], folder: &Path, input: Vec<u8>) -> HostileRun {
    let mut command = binary();
    command.args(arguments).current_dir(folder).env("NO_COLOR", "1");
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut to = child.stdin.take().unwrap();
    // If postmend does not read everything, the write fails when the pipe is closed.
    std::thread::spawn(move || drop(to.write_all(&input)));
    let (mut out, mut err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    let reader = std::thread::spawn(move || {
        let mut bytes = Vec::new();
        out.read_to_end(&mut bytes).map(|_| bytes).unwrap()
    });
    let errors = std::thread::spawn(move || {
        let mut bytes = Vec::new();
        err.read_to_end(&mut bytes).map(|_| bytes).unwrap()
    });
    // If postmend hangs, the test runner reports that.
    let status = child.wait().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    let (out, err) = (text(reader.join().unwrap()), text(errors.join().unwrap()));
    let code = status.code().unwrap_or_else(|| panic!("postmend {arguments:?} was killed: {status}\n{err}"));
    for output in [&out, &err] {
        assert!(!output.contains("panicked at"), "postmend {arguments:?}: {output}");
        assert!(!output.contains("internal error in postmend"), "postmend {arguments:?}: {output}");
    }
    HostileRun { code, out, err }
}

/// Checks that the output has no control character that a terminal would interpret, and no bidi control.
fn assert_tame(ran: &HostileRun, what: &str) {
    let is_live = |c: &char| {
        c.is_control() && *c != '\n' && *c != '\t'
            || matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
    };
    for output in [&ran.out, &ran.err] {
        let live = output.char_indices().find(|(_, c)| is_live(c));
        if let Some((at, c)) = live {
            let around = &output
                [output.floor_char_boundary(at.saturating_sub(80))..output.ceil_char_boundary(at + 20)];
            panic!("{what} shows U+{:04X}: {around:?}", c as u32);
        }
    }
}

/// Checks, fixes and undoes every kind of post.
#[test]
fn posts_are_checked_mended_and_taken_back() {
    for Hostile { name, make, few, .. } in POSTS {
        let folder = tempfile::tempdir().unwrap();
        let post = make(few);
        fs::write(folder.path().join(name), &post).unwrap();
        let checked =
            run(&["check", "--select", "all", "--format", "concise", "."], folder.path(), Vec::new());
        assert!(checked.code < 2, "{name}: {}", checked.err);
        let fixed = run(
            &["fix", "--select", "all", "--review", "--quiet", "--format", "concise", "."],
            folder.path(),
            Vec::new(),
        );
        assert!(fixed.code < 2, "{name}: {}", fixed.err);
        if fs::read(folder.path().join(name)).unwrap() != post {
            assert_eq!(run(&["undo"], folder.path(), Vec::new()).code, 0, "{name}");
        }
        assert!(fs::read(folder.path().join(name)).unwrap() == post, "{name} has lost something");
    }
}

/// Prints the time and the memory for the posts at half and at full size.
#[test]
fn measure() {
    let Some(binary) = std::env::var_os("POSTMEND_HOSTILE") else { return };
    let only = std::env::var("POSTMEND_HOSTILE_ONLY").unwrap_or_default();
    let timed = |arguments: &[&str], folder: &Path| {
        let script = "ulimit -v 24000000; exec /usr/bin/time -f '%e %M' timeout 20 \"$@\" >/dev/null";
        let mut command = Command::new("sh");
        command.args(["-c", script, "sh"]).arg(&binary).args(arguments).current_dir(folder);
        let ran = command.stdin(Stdio::null()).output().unwrap();
        let errors = String::from_utf8_lossy(&ran.stderr).into_owned();
        let last = errors.lines().last().and_then(|line| line.split_once(' '));
        let seconds = last.map_or("-", |(seconds, _)| seconds).to_owned();
        let memory = last.and_then(|(_, memory)| memory.parse::<u64>().ok()).unwrap_or_default() / 1024;
        let code = ran.status.code().unwrap_or(-1);
        let code = if code > 1 || errors.contains("panicked") || errors.contains("overflow") {
            format!(" !{code} {}", errors.lines().next().unwrap_or_default())
        } else {
            String::new()
        };
        format!("{seconds:>6} s {memory:>5} MB{code}")
    };
    for Hostile { name, make, many, .. } in POSTS.iter().filter(|post| post.name.contains(&only)) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        let check = ["check", "--select", "all", "--format", "concise", "."];
        let fix = ["fix", "--select", "all", "--review", "--quiet", "--format", "concise", "."];
        fs::write(&path, make(many / 2)).unwrap();
        let half = timed(&check, folder.path());
        fs::write(&path, make(*many)).unwrap();
        let size = fs::metadata(&path).unwrap().len() / 1024;
        let (whole, fixed) = match half.contains('!') {
            true => Default::default(),
            false => (timed(&check, folder.path()), timed(&fix, folder.path())),
        };
        println!("{name:26} {size:>7} KB | {half} | {whole} | {fixed}");
    }
}
