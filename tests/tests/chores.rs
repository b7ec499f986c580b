//! The chores of `cargo xtask` do what the README says.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use postmend_tests::commands::{copy_folder, root};
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn xtask(arguments: &[&str], at: &Path) -> Output {
    Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--package", "xtask", "--"])
        .args(arguments)
        .arg("--root")
        .arg(at)
        .current_dir(root())
        .output()
        .unwrap()
}

#[test]
fn the_readme_lists_the_rules() {
    let checked = xtask(&["docs", "--check"], root());
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
}

#[test]
fn a_new_rule_is_two_files_and_two_lines() {
    let copy = tempfile::tempdir().unwrap();
    let sources = copy.path().join("crates/rules/src");
    copy_folder(&root().join("crates/rules/src"), &sources);
    let before = fs::read_to_string(sources.join("rules.rs")).unwrap();
    assert!(xtask(&["new-rule", "made-up-name"], copy.path()).status.success());
    let after = fs::read_to_string(sources.join("rules.rs")).unwrap();
    let added: Vec<&str> = after.lines().filter(|line| !before.lines().any(|known| known == *line)).collect();
    assert_eq!(added, ["mod made_up_name;", "    &made_up_name::CARD,"]);
    assert_eq!(after.lines().count(), before.lines().count() + 2);
    assert!(sources.join("rules/made_up_name.rs").exists() && sources.join("rules/made_up_name.md").exists());
    // It is there now, and names have a form.
    assert!(!xtask(&["new-rule", "made-up-name"], copy.path()).status.success());
    assert!(!xtask(&["new-rule", "MadeUp"], copy.path()).status.success());
}
