//! The journal and the cache: what a commit brings is not read, and undo writes nothing outside of the project.

use super::plans::plan_of;
use super::{RIGHT, TYPO};
use postmend_tests::clone::{Repository, hash, ran, snapshot};
use postmend_tests::commands::{STATE, command};
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;

/// A journal entry that claims that the run changed `before` to `after` in a file.
fn post_entry(path: &str, before: &str, after: &str) -> String {
    format!(
        "{{\"event\":\"post\",\"path\":{path:?},\"before\":\"{}\",\"after\":\"{}\",\"longest\":100,\"undo\":[[{{\"at\":0,\"len\":{},\"text\":{before:?}}}]]}}\n",
        hash(before),
        hash(after),
        after.len()
    )
}

#[test]
fn a_journal_that_a_commit_brings_is_not_read() {
    for number in ["1", "4294967295"] {
        let site = Repository::new();
        site.write("a.md", TYPO);
        let config = site.read(".git/config");
        let evil = format!("{config}[core]\n\tfsmonitor = touch pwned\n");
        site.write(
            &format!(".postmend/runs/{number}/journal.jsonl"),
            post_entry(".git/config", &evil, &config),
        );
        site.git(&["add", "--force", "--all"]);
        site.git(&["commit", "--quiet", "--message=x"]);
        let undone = site.run(&["undo"]);
        assert_eq!(undone.code, 2, "{}", undone.both());
        assert!(undone.err.contains(".postmend are no longer read"), "{}", undone.err);
        let fixed = site.run(&["fix", "."]);
        assert_eq!(fixed.code, 0, "{}", fixed.both());
        assert_eq!(fixed.err.matches("no longer read").count(), 1, "{}", fixed.err);
        assert!(fixed.err.contains("run 1: undo it with `postmend undo 1`"), "{}", fixed.err);
        assert_eq!(site.run(&["undo"]).code, 0);
        assert_eq!((site.read("a.md"), site.read(".git/config")), (TYPO.to_owned(), config));
        assert_eq!(site.run(&["undo"]).code, 2);
        // The message appears only once.
        assert!(!site.run(&["fix", "."]).err.contains("no longer read"));
    }
}

/// Even a journal in git's own folder can only affect files of the working tree.
#[test]
fn a_journal_writes_and_deletes_below_the_project_alone() {
    let site = Repository::new();
    site.write("a.md", TYPO);
    site.write("b.md", "here");
    assert_eq!(site.run(&["fix", "."]).code, 0);
    let victim = site.outer.path().join("victim");
    fs::write(&victim, "here").unwrap();
    site.write(".git/marker", "here");
    symlink("../victim", site.at("link.md")).unwrap();
    symlink("..", site.at("up")).unwrap();
    let victim_path = victim.to_str().unwrap();
    let journal = site.at(".git/postmend/runs/1/journal.jsonl");
    for path in
        ["../victim", victim_path, ".git/marker", ".GIT/marker", "up/victim", "link.md", "x/../../victim"]
    {
        let created = format!(
            "{{\"event\":\"created\",\"path\":{path:?},\"hash\":\"{}\",\"length\":4,\"from\":\"x\",\"folders\":3}}\n",
            hash("here")
        );
        for entry in [post_entry(path, "gone", "here"), created] {
            fs::write(&journal, entry).unwrap();
            let undone = site.run(&["undo", "1"]);
            assert_eq!(undone.code, 2, "{path}: {}", undone.both());
            assert_eq!(fs::read_to_string(&victim).unwrap(), "here", "{path}");
            assert_eq!(site.read(".git/marker"), "here", "{path}");
        }
    }
}

#[test]
fn links_in_place_of_the_store_are_not_followed() {
    let site = Repository::new();
    site.write("a.md", TYPO);
    let home = site.outer.path().join("home");
    fs::create_dir(&home).unwrap();
    fs::write(home.join("precious"), "precious").unwrap();
    // The folder of earlier versions, a symlink in git's own folder, and symlinks inside a store.
    let cases: [(&str, &str); 4] = [
        (".postmend", "../home"),
        (".git/postmend", "../../home"),
        (".git/postmend/lock", "../../../home/precious"),
        (".git/postmend/runs", "../../../home"),
    ];
    for (link, target) in cases {
        let path = site.at(link);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        symlink(target, &path).unwrap();
        let fixed = site.run(&["fix", "."]);
        assert_eq!(fixed.code, 2, "{link}: {}", fixed.both());
        assert_eq!(site.read("a.md"), TYPO, "{link}");
        assert_eq!(fs::read_dir(&home).unwrap().count(), 1, "{link}");
        assert_eq!(fs::read_to_string(home.join("precious")).unwrap(), "precious", "{link}");
        fs::remove_file(path).unwrap();
        let _ = fs::remove_dir_all(site.at(".git/postmend"));
    }
    // A store that other users can write to is not used.
    fs::create_dir(site.at(".git/postmend")).unwrap();
    fs::set_permissions(site.at(".git/postmend"), fs::Permissions::from_mode(0o777)).unwrap();
    let fixed = site.run(&["fix", "."]);
    assert!(fixed.code == 2 && fixed.err.contains("is writable by other users"), "{}", fixed.both());
    fs::remove_dir(site.at(".git/postmend")).unwrap();
    assert_eq!(site.run(&["fix", "."]).code, 0);
    let mode = |path: &str| fs::metadata(site.at(path)).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(".git/postmend"), mode(".git/postmend/runs/1")), (0o700, 0o700));
    assert_eq!((mode(".git/postmend/lock"), mode(".git/postmend/runs/1/journal.jsonl")), (0o600, 0o600));
}

#[test]
fn what_lies_in_the_cache_is_proved_again() {
    let script = "#!/bin/sh\ntouch pwned\n";
    let png = postmend_tests::server::png("/a.png");
    let cases: [(&str, &[u8], &str); 9] = [
        ("img/a.png", script.as_bytes(), "image/png"),
        (".git/hooks/post-checkout", script.as_bytes(), "image/png"),
        (".git/hooks/post-checkout", &png, "image/png"),
        ("../out.png", &png, "image/png"),
        ("away/out.png", &png, "image/png"),
        ("img/a.gif", &png, "image/gif"),
        ("Makefile", &png, "image/png"),
        ("CLAUDE.md", &png, "image/png"),
        (".github/workflows/x.png", &png, "image/png"),
    ];
    for (to, bytes, media_type) in cases {
        let site = Repository::new();
        site.write("keep.md", "x\n");
        symlink("..", site.at("away")).unwrap();
        let from = "https://o.example/a.png";
        // A complete run creates the store.
        site.write("a.md", TYPO);
        assert_eq!(site.run(&["fix", "."]).code, 0);
        for cache in [".git/postmend/cache", ".postmend/cache"] {
            site.write(&format!("{cache}/{}", hash(from)), bytes);
        }
        let plan = format!(
            "{{\"row\":\"plan\",\"version\":1,\"options\":{{}}}}\n\
             {{\"row\":\"copy\",\"to\":{to:?},\"hash\":\"{}\",\"media_type\":{media_type:?},\"from\":{from:?}}}\n\
             {{\"row\":\"end\",\"posts\":0,\"moves\":0}}\n",
            hash(bytes)
        );
        fs::write(site.outer.path().join(".plan"), plan).unwrap();
        let before = snapshot(site.outer.path());
        let applied = site.run(&["migrate", "apply", "../.plan"]);
        assert_eq!(applied.code, 2, "{to}: {}", applied.both());
        assert_eq!(snapshot(site.outer.path()), before, "{to}");
        assert!(!site.at(".git/hooks/post-checkout").exists());
    }
}

#[test]
fn a_name_of_any_bytes_is_fixed_and_taken_back() {
    let site = Repository::new();
    let odd = site.folder().join(OsStr::from_bytes(b"bad\xff.md"));
    fs::write(&odd, TYPO).unwrap();
    site.write("a.md", TYPO);
    let fixed = site.run(&["fix", "."]);
    assert_eq!(fixed.code, 0, "{}", fixed.both());
    assert_eq!((fs::read_to_string(&odd).unwrap(), site.read("a.md")), (RIGHT.to_owned(), RIGHT.to_owned()));
    assert_eq!(site.run(&["undo"]).code, 0);
    assert_eq!((fs::read_to_string(&odd).unwrap(), site.read("a.md")), (TYPO.to_owned(), TYPO.to_owned()));
    fs::write(&odd, "![A pier](http://a.example/b.png)\n").unwrap();
    assert_eq!(
        site.run(&["migrate", "plan", "-q", "-o", ".plan", "--host", "a.example", "b.example"]).code,
        0
    );
    let applied = site.run(&["migrate", "apply", ".plan"]);
    assert_eq!(applied.code, 0, "{}", applied.both());
    assert_eq!(fs::read_to_string(&odd).unwrap(), "![A pier](http://b.example/b.png)\n");
}

#[test]
fn attributes_are_kept_and_hard_links_are_told() {
    let site = Repository::new();
    site.write("a.md", TYPO);
    let set = Command::new("python3")
        .args(["-c", "import os,sys; os.setxattr(sys.argv[1], 'user.mark', b'kept')"])
        .arg(site.at("a.md"))
        .output();
    let has_attributes = set.is_ok_and(|set| set.status.success());
    assert_eq!(site.run(&["fix", "."]).code, 0);
    if has_attributes {
        let get = Command::new("python3")
            .args(["-c", "import os,sys; print(os.getxattr(sys.argv[1], 'user.mark').decode())"])
            .arg(site.at("a.md"))
            .output()
            .unwrap();
        assert_eq!(String::from_utf8_lossy(&get.stdout), "kept\n");
    }
    site.write("b.md", TYPO);
    fs::hard_link(site.at("b.md"), site.outer.path().join("other")).unwrap();
    let fixed = site.run(&["fix", "."]);
    assert!(
        fixed.code == 2 && fixed.err.contains("b.md was not written: it has 2 hard links"),
        "{}",
        fixed.both()
    );
    assert_eq!(site.read("b.md"), TYPO);
    assert_eq!(site.run(&["fix", "--break-hard-links", "."]).code, 0);
    assert_eq!(site.read("b.md"), RIGHT);
    assert_eq!(fs::read_to_string(site.outer.path().join("other")).unwrap(), TYPO);
}

/// Linked working trees and submodules have their git directory elsewhere; a folder without git uses the user's state
/// folder.
#[test]
fn runs_are_kept_where_git_keeps_what_is_its_own() {
    let site = Repository::new();
    site.write("a.md", TYPO);
    site.commit_all();
    site.git(&["worktree", "add", "--quiet", "../tree"]);
    let tree = site.outer.path().join("tree");
    let fix = |folder: &Path| {
        let fixed = ran(site.command(&["fix", "."]).current_dir(folder));
        assert_eq!(fixed.code, 0, "{}", fixed.both());
    };
    fix(&tree);
    assert!(site.at(".git/worktrees/tree/postmend/runs/1").is_dir() && !site.at(".git/postmend").exists());
    assert_eq!(ran(site.command(&["undo"]).current_dir(&tree)).code, 0);
    assert_eq!(fs::read_to_string(tree.join("a.md")).unwrap(), TYPO);
    // A plan must not write to a git directory with another name among the posts.
    let odd = tempfile::tempdir().unwrap();
    let mut made = command("git");
    made.args(["init", "--quiet", "--separate-git-dir=meta.md", "."]).current_dir(odd.path());
    assert!(made.status().unwrap().success());
    fs::write(odd.path().join("a.md"), TYPO).unwrap();
    fs::write(odd.path().join("meta.md/b.md"), TYPO).unwrap();
    let fixed = ran(site.command(&["fix", "a.md", "meta.md/b.md"]).current_dir(odd.path()));
    assert_eq!(fixed.code, 2, "{}", fixed.both());
    assert_eq!(fs::read_to_string(odd.path().join("a.md")).unwrap(), RIGHT);
    assert_eq!(fs::read_to_string(odd.path().join("meta.md/b.md")).unwrap(), TYPO);
    assert!(odd.path().join("meta.md/postmend/runs/1").is_dir());
    // Without git, and undone from a subfolder.
    let plain = tempfile::tempdir().unwrap();
    fs::create_dir(plain.path().join("posts")).unwrap();
    fs::write(plain.path().join("posts/a.md"), TYPO).unwrap();
    fix(plain.path());
    assert_eq!(fs::read_dir(plain.path()).unwrap().count(), 1);
    assert_eq!(ran(site.command(&["undo"]).current_dir(plain.path().join("posts"))).code, 0);
    assert_eq!(fs::read_to_string(plain.path().join("posts/a.md")).unwrap(), TYPO);
    // A state folder inside the tree is not used, as a commit could contain it.
    fs::write(plain.path().join("b.md"), TYPO).unwrap();
    let mut within = site.command(&["fix", "b.md"]);
    let refused = ran(within.current_dir(plain.path()).env("XDG_STATE_HOME", plain.path().join("state")));
    assert!(refused.code == 2 && refused.err.contains("is inside the project"), "{}", refused.both());
    assert!(STATE.join("postmend/projects").is_dir());
}

#[test]
fn a_run_that_does_not_say_what_it_is_is_not_gone_on_with() {
    let site = Repository::new();
    let text = "![x](https://good.example/a.png)\n";
    site.write("a.md", text);
    site.write("package.json", "\"https://good.example/a.png\"");
    assert_eq!(
        site.run(&["migrate", "plan", "-q", "-o", ".own", "--host", "good.example", "b.example"]).code,
        0
    );
    let plan = plan_of(
        "package.json",
        "\"https://good.example/a.png\"",
        "https://good.example/a.png",
        "https://evil.example/a.png",
        "verbatim",
    );
    fs::write(site.outer.path().join(".plan"), plan).unwrap();
    assert_eq!(site.run(&["migrate", "apply", "../.plan"]).code, 2);
    let about = site.at(".git/postmend/runs/1/about.json");
    for left in ["", "{}", "{\"command\":\"\",\"arguments\":[],\"started\":\"\",\"version\":\"\"}"] {
        fs::write(&about, left).unwrap();
        let resumed = site.run(&["migrate", "resume", "1"]);
        assert_eq!(resumed.code, 2, "{left}: {}", resumed.both());
        assert_eq!(site.read("package.json"), "\"https://good.example/a.png\"");
    }
}
