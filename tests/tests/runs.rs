//! Guarantees of a complete run: the same result with any number of threads, and no partially written file.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "a test is no part of postmend")]

use postmend_tests::commands::{command, copy_folder, files as posts, postmend as binary, root};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

fn postmend(arguments: &[&str], folder: &Path) -> Command {
    let mut command = binary();
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

/// Makes a folder of posts with proxied images, each slightly different.
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

/// A simple generator of pseudo-random numbers with a fixed seed.
fn numbers() -> impl FnMut(u64) -> u64 {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    move |below| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below
    }
}

/// Runs postmend and kills it after some microseconds; returns its duration in microseconds if it ended before that.
fn killed(mut command: Command, microseconds: u64) -> Option<u64> {
    let start = std::time::Instant::now();
    let mut run = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let elapsed = || u64::try_from(start.elapsed().as_micros()).unwrap();
    let mut ended = None;
    while ended.is_none() && elapsed() < microseconds {
        std::thread::sleep(Duration::from_micros(microseconds.saturating_sub(elapsed()).min(2000)));
        ended = run.try_wait().unwrap().map(|_| elapsed());
    }
    run.kill().unwrap();
    run.wait().unwrap();
    ended
}

const MIGRATE: [&str; 5] = ["migrate", "--quiet", "--write", "--unwrap=cors", "--to=weserv"];

const PLAN: [&str; 6] = ["migrate", "plan", "--quiet", "--output=.plan", "--unwrap=cors", "--to=weserv"];

const APPLY: [&str; 3] = ["migrate", "apply", ".plan"];

/// Where the runs are stored.
enum Kept {
    InGit,
    InState,
    OnAnotherFileSystem,
}

#[test]
fn a_killed_migration_is_resumed_and_taken_back_with_its_runs_in_git() {
    kill_again_and_again(&Kept::InGit);
}

#[test]
fn a_killed_migration_is_resumed_and_taken_back_with_its_runs_in_the_folder_of_state() {
    kill_again_and_again(&Kept::InState);
}

#[test]
fn a_killed_migration_is_resumed_and_taken_back_with_its_runs_on_another_file_system() {
    kill_again_and_again(&Kept::OnAnotherFileSystem);
}

/// A folder of posts whose runs are killed, and the folders where the runs are stored.
struct Victim {
    folder: TempDir,
    state: TempDir,
    store: PathBuf,
}

impl Victim {
    fn new(kept: &Kept) -> Self {
        // On a file system in memory nothing waits for the disk, so kills happen while files change.
        let memory = Path::new("/dev/shm");
        let folder_for_test =
            || if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap();
        let folder = folder_for_test();
        let state = match kept {
            Kept::OnAnotherFileSystem => tempfile::tempdir().unwrap(),
            Kept::InGit | Kept::InState => folder_for_test(),
        };
        let store = match kept {
            Kept::InGit => {
                let made = command("git").args(["init", "--quiet"]).current_dir(folder.path()).status();
                assert!(made.unwrap().success());
                folder.path().join(".git/postmend")
            }
            Kept::InState | Kept::OnAnotherFileSystem => state.path().join("postmend"),
        };
        Self { folder, state, store }
    }

    fn posts(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        posts(self.folder.path())
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = postmend(arguments, self.folder.path());
        command.env("XDG_STATE_HOME", self.state.path());
        command
    }

    /// Runs a command until it ends; returns its duration in microseconds.
    fn succeeds(&self, arguments: &[&str]) -> u64 {
        let start = std::time::Instant::now();
        let output = self.command(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        u64::try_from(start.elapsed().as_micros()).unwrap()
    }

    /// Resumes the migration that was killed; if there is none to resume, runs it.
    fn resume(&self, old: &BTreeMap<PathBuf, Vec<u8>>, new: &BTreeMap<PathBuf, Vec<u8>>) {
        if !self.command(&["migrate", "resume"]).output().unwrap().status.success() {
            let now = self.posts();
            assert!(now == *old || now == *new, "what cannot be resumed has written nothing, or all");
            if now == *old {
                self.succeeds(&MIGRATE);
            }
        }
        assert!(self.posts() == *new, "resume ends the run");
    }
}

/// Kills at least 200 runs: of a migration, of a resumed one, and of an undo.
fn kill_again_and_again(kept: &Kept) {
    let victim = Victim::new(kept);
    proxied_posts(victim.folder.path(), 400);
    let old = victim.posts();
    let mut migration = victim.succeeds(&MIGRATE);
    victim.succeeds(&["undo"]);
    victim.succeeds(&PLAN);
    let mut applying = victim.succeeds(&APPLY);
    let new = victim.posts();
    assert!(old.iter().zip(&new).all(|(old, new)| old != new));
    let mut undoing = victim.succeeds(&["undo"]);
    assert!(victim.posts() == old, "undo restores every byte");
    let between = |now: &BTreeMap<PathBuf, Vec<u8>>| {
        for ((path, now), (then, done)) in now.iter().zip(old.values().zip(new.values())) {
            assert!(now == then || now == done, "{} is neither old nor new", path.display());
        }
        *now != old && *now != new
    };
    let (mut random, mut which) = (numbers(), numbers());
    let (mut kills, mut halfway) = (0, 0);
    // On a busy machine it may take more kills until one happens between two posts.
    while kills < 200 || (halfway == 0 && kills < 2000) {
        // A run that was killed before its plan was complete cannot be resumed. The shortest duration is kept, as a
        // run on a busy machine may take unusually long.
        let mut kill = |arguments: &[&str], length: &mut u64| {
            let ended = killed(victim.command(arguments), random(*length * 5 / 4));
            *length = ended.map_or(*length, |took| took.min(*length));
            kills += usize::from(ended.is_none());
            halfway += usize::from(between(&victim.posts()));
        };
        match which(3) {
            0 => kill(&MIGRATE, &mut migration),
            _ => kill(&APPLY, &mut applying),
        }
        victim.resume(&old, &new);
        let undo = ["undo", &last_run(&victim.store)];
        kill(&["undo"], &mut undoing);
        victim.succeeds(&undo);
        assert!(victim.posts() == old, "undo restores every byte");
        assert_eq!(temporary_files(victim.folder.path()), 0, "nothing is left among the posts");
        fs::remove_dir_all(&victim.store).unwrap();
    }
    assert!(halfway > 0, "no kill came between two posts");
    println!("{kills} kills, {halfway} of them halfway");
}

/// The number of the last run in a store.
fn last_run(store: &Path) -> String {
    let store = if store.join("runs").is_dir() {
        store.to_owned()
    } else {
        let project = fs::read_dir(store.join("projects")).unwrap().next().unwrap();
        project.unwrap().path()
    };
    let runs = fs::read_dir(store.join("runs")).unwrap();
    let numbers = runs.map(|run| run.unwrap().file_name().to_str().unwrap().parse::<u32>().unwrap());
    numbers.max().unwrap().to_string()
}

/// The number of temporary files among the posts.
fn temporary_files(folder: &Path) -> usize {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let count = |path: PathBuf| {
        let name = path.file_name().unwrap().to_str().unwrap();
        match path.is_dir() {
            true if name == ".git" => 0,
            true => temporary_files(&path),
            false => usize::from(name.starts_with(".postmend-")),
        }
    };
    entries.map(count).sum()
}

/// Encodings, line endings, permissions and symlinks are kept; undo restores every byte.
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
    fs::write(folder.join("elsewhere/target.md"), "![](http://a.example/e.png)").unwrap();
    symlink("elsewhere/target.md", folder.join("link.md")).unwrap();
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
