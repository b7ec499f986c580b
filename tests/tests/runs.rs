//! What a whole run promises: the same result on any number of threads, and no half-written file.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use postmend_tests::commands::{BINARY, copy_folder, files as posts, root};
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

/// A folder of posts with proxied images, each a little different.
fn proxied_posts(folder: &Path, count: usize) {
    for number in 0..count {
        let below = folder.join(format!("source/_posts/{}", number % 7));
        fs::create_dir_all(&below).unwrap();
        let url = format!("https://cors.zfour.workers.dev/?http://a.example/{number}.jpeg");
        let text =
            format!("\n---\ntitle: 'Post {number}'\nheadimg: '{url}'\n---\n\n<p><img src=\"{url}\"></p>\n");
        fs::write(below.join(format!("{number}.md")), text).unwrap();
    }
}

/// A plain generator of numbers, the same each time.
fn numbers() -> impl FnMut(u64) -> u64 {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    move |below| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below
    }
}

/// Runs postmend and kills it after some microseconds; gives whether it had ended before.
fn killed(arguments: &[&str], folder: &Path, microseconds: u64) -> bool {
    let mut run = postmend(arguments, folder).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    std::thread::sleep(Duration::from_micros(microseconds));
    let ended = run.try_wait().unwrap().is_some();
    run.kill().unwrap();
    run.wait().unwrap();
    ended
}

/// The number of the last run.
fn last_run(folder: &Path) -> String {
    let runs = fs::read_dir(folder.join(".postmend/runs")).unwrap();
    let numbers = runs.map(|run| run.unwrap().file_name().to_str().unwrap().parse::<u32>().unwrap());
    numbers.max().unwrap().to_string()
}

const MIGRATE: [&str; 5] = ["migrate", "--quiet", "--write", "--unwrap=cors", "--to=weserv"];

const PLAN: [&str; 6] = ["migrate", "plan", "--quiet", "--output=.plan", "--unwrap=cors", "--to=weserv"];

const APPLY: [&str; 3] = ["migrate", "apply", ".plan"];

/// Two hundred kills: of a migration, of one that is resumed, and of one that is taken back.
#[test]
fn a_killed_migration_is_resumed_and_taken_back() {
    // Where memory is the disk, nothing waits for it, and kills come while files change.
    let memory = Path::new("/dev/shm");
    let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap();
    let folder = folder.path();
    proxied_posts(folder, 400);
    let old = posts(folder);
    let succeeds = |arguments: &[&str]| {
        let output = postmend(arguments, folder).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    };
    let length = |arguments: &[&str]| {
        let start = std::time::Instant::now();
        succeeds(arguments);
        u64::try_from(start.elapsed().as_micros()).unwrap()
    };
    let migration = length(&MIGRATE);
    succeeds(&["undo"]);
    succeeds(&PLAN);
    let applying = length(&APPLY);
    let new = posts(folder);
    assert!(old.iter().zip(&new).all(|(old, new)| old != new));
    let undoing = length(&["undo"]);
    assert!(posts(folder) == old, "undo restores every byte");
    let between = |now: &BTreeMap<PathBuf, Vec<u8>>| {
        for ((path, now), (then, done)) in now.iter().zip(old.values().zip(new.values())) {
            assert!(now == then || now == done, "{} is neither old nor new", path.display());
        }
        *now != old && *now != new
    };
    let mut random = numbers();
    let (mut kills, mut halfway) = (0, 0);
    while kills < 200 {
        // A run that was killed before its plan was whole has nothing to resume.
        let mut kill = |arguments: &[&str], instant: u64| {
            let ended = killed(arguments, folder, instant);
            kills += usize::from(!ended);
            let now = posts(folder);
            halfway += usize::from(between(&now));
            now
        };
        let (command, length) =
            if random(3) == 0 { (&MIGRATE[..], migration) } else { (&APPLY[..], applying) };
        kill(command, random(length));
        if !postmend(&["migrate", "resume"], folder).output().unwrap().status.success() {
            let now = posts(folder);
            assert!(now == old || now == new, "what cannot be resumed has written nothing, or all");
            if now == old {
                succeeds(&MIGRATE);
            }
        }
        assert!(posts(folder) == new, "resume ends the run");
        kill(&["undo"], random(undoing));
        succeeds(&["undo", &last_run(folder)]);
        assert!(posts(folder) == old, "undo restores every byte");
        fs::remove_dir_all(folder.join(".postmend")).unwrap();
    }
    assert!(halfway > 0, "no kill came between two posts");
    println!("{kills} kills, {halfway} of them halfway");
}

/// Encodings, line ends, permissions and links stay; undo brings every byte back.
#[cfg(unix)]
#[test]
fn a_migration_keeps_what_it_does_not_name() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let text = "\u{FEFF}---\r\ntitle: 港区\r\ncover: http://a.example/b.png\r\n---\n\n图 ![图](http://a.example/c.png)";
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut gbk = b"\xb8\xdb\xc7\xf8\xbd\xf1\xcc\xec\xb9\xab\xb2\xbc ![](http://a.example/d.png) ".to_vec();
    gbk.extend(b"\xd0\xc2\xc4\xea\xb5\xc4\xca\xae\xd2\xbb\xcf\xee\xb9\xa4\xb3\xcc\r\n");
    for (name, bytes) in [("utf8.md", text.as_bytes()), ("utf16.md", &utf16), ("gbk.md", &gbk)] {
        fs::write(folder.join(name), bytes).unwrap();
    }
    fs::create_dir(folder.join("elsewhere")).unwrap();
    fs::write(folder.join("elsewhere/target.txt"), "![](http://a.example/e.png)").unwrap();
    symlink("elsewhere/target.txt", folder.join("link.md")).unwrap();
    fs::set_permissions(folder.join("utf8.md"), fs::Permissions::from_mode(0o640)).unwrap();
    let old = posts(folder);
    let run = |arguments: &[&str]| {
        let output = postmend(arguments, folder).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    };
    let migrate = ["migrate", "--write", "-q", "--host", "a.example", "b.example", ".", "link.md"];
    run(&migrate);
    let new = posts(folder);
    let replaced = |bytes: &[u8], from: &[u8], to: &[u8]| {
        let mut out = Vec::new();
        let mut rest = bytes;
        while let Some(at) = rest.windows(from.len()).position(|window| window == from) {
            out.extend([&rest[..at], to].concat());
            rest = &rest[at + from.len()..];
        }
        [&out, rest].concat()
    };
    let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    for (path, bytes) in &old {
        let expected = match path.ends_with("utf16.md") {
            true => replaced(bytes, &wide("a.example"), &wide("b.example")),
            false => replaced(bytes, b"a.example", b"b.example"),
        };
        assert!(new[path] == expected && expected != *bytes, "{}", path.display());
    }
    assert!(fs::symlink_metadata(folder.join("link.md")).unwrap().is_symlink());
    let mode = |name| fs::metadata(folder.join(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode("utf8.md"), 0o640);
    run(&["undo"]);
    assert!(posts(folder) == old);
    assert!(fs::symlink_metadata(folder.join("link.md")).unwrap().is_symlink());
    assert_eq!(mode("utf8.md"), 0o640);
}
