//! What a run records in its journal, and what undoing or resuming it does.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![allow(clippy::disallowed_methods, reason = "a test is no part of postmend")]

use postmend_tests::clone::{Repository, hash, ran};
use postmend_tests::commands::command;
use std::fs;
use std::os::unix::fs::PermissionsExt;

const TYPO: &str = "They recieve it.\n";
const RIGHT: &str = "They receive it.\n";
const IMAGE: &str = "![A pier](https://old.example/a.png)\n";

fn make_read_only(site: &Repository, path: &str, is_so: bool) {
    let mode = if is_so { 0o444 } else { 0o644 };
    fs::set_permissions(site.at(path), fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn what_was_not_written_is_nothing_to_take_back() {
    let site = Repository::new();
    site.write("a.md", TYPO);
    site.write("b.md", TYPO);
    make_read_only(&site, "b.md", true);
    assert_eq!(site.run(&["fix", "."]).code, 2);
    assert_eq!((site.read("a.md"), site.read("b.md")), (RIGHT.to_owned(), TYPO.to_owned()));
    make_read_only(&site, "b.md", false);
    site.write("b.md", "Something else.\n");
    let undone = site.run(&["undo"]);
    assert_eq!((undone.code, site.read("a.md")), (0, TYPO.to_owned()), "{}", undone.both());
    assert!(site.run(&["migrate", "list"]).out.contains("undone"));
    // The folder of a run that wrote nothing is removed.
    site.write("a.md", "Fine.\n");
    site.write("b.md", TYPO);
    make_read_only(&site, "b.md", true);
    assert_eq!(site.run(&["fix", "."]).code, 2);
    assert!(!site.run(&["migrate", "list"]).out.contains("   2  "));
}

#[test]
fn a_killed_run_that_did_nothing_hides_none_that_can_go_on() {
    let site = Repository::new();
    site.write("a.md", IMAGE);
    site.write("b.md", IMAGE);
    make_read_only(&site, "b.md", true);
    assert_eq!(site.run(&["migrate", "--write", "--host", "old.example", "new.example"]).code, 2);
    make_read_only(&site, "b.md", false);
    let about = site.read(".git/postmend/runs/1/about.json");
    site.write(".git/postmend/runs/2/about.json", about);
    let resumed = site.run(&["migrate", "resume"]);
    assert_eq!(resumed.code, 0, "{}", resumed.both());
    assert_eq!(site.read("b.md"), IMAGE.replace("old", "new"));
    assert_eq!(site.run(&["migrate", "resume"]).code, 2, "nothing is left to go on with");
    assert_eq!(site.run(&["undo"]).code, 0);
    assert_eq!((site.read("a.md"), site.read("b.md")), (IMAGE.to_owned(), IMAGE.to_owned()));
}

#[test]
fn what_somebody_saved_while_a_run_was_killed_is_kept() {
    let site = Repository::new();
    site.write("a.md", TYPO);
    assert_eq!(site.run(&["fix", "."]).code, 0);
    let run = ".git/postmend/runs/1";
    let journal = site.read(&format!("{run}/journal.jsonl"));
    site.write(&format!("{run}/journal.jsonl"), journal.replace("{\"event\":\"done\"}\n", ""));
    for (name, text, mode) in
        [("0", TYPO, 0o644), ("1", RIGHT, 0o644), ("2", "Saved.\n", 0o644), ("3", "They rec", 0o200)]
    {
        let left = format!("{run}/files/3/{name}");
        site.write(&left, text);
        fs::set_permissions(site.at(&left), fs::Permissions::from_mode(mode)).unwrap();
    }
    site.write("b.md", TYPO);
    let fixed = site.run(&["fix", "."]);
    assert_eq!(fixed.code, 0, "{}", fixed.both());
    assert_eq!(fixed.err.matches("was saved while a run was being killed").count(), 1);
    assert!(!site.at(&format!("{run}/files")).exists());
    let saved: Vec<_> = fs::read_dir(site.at(&format!("{run}/saved"))).unwrap().collect();
    assert_eq!(saved.len(), 1);
    assert_eq!(fs::read_to_string(saved[0].as_ref().unwrap().path()).unwrap(), "Saved.\n");
}

#[test]
fn folders_of_copies_go_with_them_however_often_a_run_was_gone_on_with() {
    let site = Repository::new();
    site.write("a.md", TYPO);
    assert_eq!(site.run(&["fix", "."]).code, 0);
    site.write("img/2022/a.png", "png");
    site.write("img/2022/b.png", "other");
    let created = |name: &str, folders: usize| {
        let hash = hash("png");
        format!(
            "{{\"event\":\"created\",\"path\":\"img/2022/{name}\",\"hash\":\"{hash}\",\"length\":3,\"from\":\"x\",\"folders\":{folders}}}\n"
        )
    };
    let refused = "{\"event\":\"refused\",\"path\":\"img/2022/b.png\"}\n";
    let entries = [created("a.png", 2), created("b.png", 0), refused.to_owned(), created("a.png", 0)];
    site.write(".git/postmend/runs/1/journal.jsonl", entries.concat());
    let undone = site.run(&["undo", "1"]);
    assert_eq!(undone.code, 0, "{}", undone.both());
    assert!(!site.at("img/2022/a.png").exists() && site.at("img/2022/b.png").exists());
    fs::remove_file(site.at("img/2022/b.png")).unwrap();
    site.write("img/2022/a.png", "png");
    site.write(".git/postmend/runs/1/journal.jsonl", entries.concat());
    assert_eq!(site.run(&["undo", "1"]).code, 0);
    assert!(!site.at("img").exists());
    // A file that is now longer than anything the run wrote is not read to its end.
    site.write(".git/postmend/runs/1/journal.jsonl", entries[0].clone());
    site.write("img/2022/a.png", "");
    fs::File::options().write(true).open(site.at("img/2022/a.png")).unwrap().set_len(1 << 40).unwrap();
    let undone = site.run(&["undo", "1"]);
    assert!(undone.code == 2 && undone.err.contains("was changed after the run"), "{}", undone.both());
}

#[test]
fn each_repository_has_its_own_runs() {
    let site = Repository::new();
    for path in ["a.md", "inner/b.md", "inner/more/c.md", "z.md"] {
        site.write(path, TYPO);
    }
    let made = command("git").args(["init", "--quiet"]).current_dir(site.at("inner")).status();
    assert!(made.unwrap().success());
    // A repository in another one is only fixed if it is named.
    let fixed = site.run(&["fix", "--diff"]);
    assert!(fixed.both().contains("nested repositories: inner"), "{}", fixed.both());
    let fixed = site.run(&["fix", ".", "inner"]);
    assert_eq!(fixed.code, 0, "{}", fixed.both());
    for repository in [".git", "inner/.git"] {
        assert!(site.at(repository).join("postmend/runs/1").is_dir(), "{repository}");
    }
    assert_eq!(site.run(&["undo"]).code, 0);
    let texts =
        |site: &Repository| ["a.md", "z.md", "inner/b.md", "inner/more/c.md"].map(|path| site.read(path));
    assert_eq!(texts(&site), [TYPO, TYPO, RIGHT, RIGHT]);
    assert_eq!(ran(site.command(&["undo"]).current_dir(site.at("inner/more"))).code, 0);
    assert_eq!(texts(&site), [TYPO; 4]);
    // A `.git` that declares another folder as its working tree is not trusted.
    let config = site.read("inner/.git/config");
    site.write("inner/.git/config", config + "\tworktree = ../..\n");
    assert_eq!(site.run(&["fix", "inner"]).code, 0);
    assert_eq!(fs::read_dir(site.at(".git/postmend/runs")).unwrap().count(), 1);
    assert_eq!(fs::read_dir(site.at("inner/.git/postmend/runs")).unwrap().count(), 1);
}
