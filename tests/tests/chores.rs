//! The chores of `cargo xtask` do what the README says.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use postmend_tests::commands::{binary, copy_folder, root};
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn xtask(arguments: &[&str], at: &Path) -> Output {
    Command::new(binary("xtask")).args(arguments).arg("--root").arg(at).current_dir(root()).output().unwrap()
}

#[test]
fn the_documentation_is_up_to_date() {
    let checked = xtask(&["docs", "--check"], root());
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
}

#[test]
fn stale_pages_and_dead_links_are_told() {
    let copy = tempfile::tempdir().unwrap();
    let at = |name: &str| copy.path().join(name);
    let change = |name: &str, text: &str| fs::write(at(name), text).unwrap();
    let told = |arguments: &[&str]| String::from_utf8(xtask(arguments, copy.path()).stderr).unwrap();
    copy_folder(&root().join("docs"), &at("docs"));
    fs::create_dir_all(at("crates/engine/src/report")).unwrap();
    change("crates/engine/src/report/findings.schema.json", "{}");
    for page in ["README.md", "SECURITY.md"] {
        fs::copy(root().join(page), at(page)).unwrap();
    }
    assert_eq!(told(&["docs", "--check"]), "");

    change("docs/rules/misspelling.md", "changed by hand\n");
    change("docs/rules/no-rule.md", "left over\n");
    fs::remove_file(at("docs/rules/missing-alt.md")).unwrap();
    let stale = [
        "error: the documentation is stale: run `cargo xtask docs`",
        "docs/rules/missing-alt.md is stale or missing",
        "docs/rules/misspelling.md is stale or missing",
        "docs/rules/no-rule.md is no rule's page\n",
    ];
    assert_eq!(told(&["docs", "--check"]), stale.join("\n  "));
    assert_eq!(told(&["docs"]), "");
    assert_eq!(told(&["docs", "--check"]), "");

    change(
        "docs/more.md",
        "[a](rules.md#rules) [b](../README.md) [c](https://a.example/) `[d](e.md)` [f](rules/none.md)\n",
    );
    let dead = told(&["docs", "--check"]);
    assert!(dead.starts_with("error: links of the documentation lead nowhere:\n  "), "{dead}");
    assert!(dead.ends_with("docs/more.md links to docs/rules/none.md\n"), "{dead}");
    assert_eq!(dead.lines().count(), 2, "{dead}");
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

#[test]
fn the_bench_runs_and_proves_what_is_found() {
    let done = xtask(&["bench", "--quick"], root());
    let page = String::from_utf8(done.stdout).unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let sections: Vec<&str> = page.lines().filter_map(|line| line.strip_prefix("## ")).collect();
    let expected = [
        "Goals",
        "Checking",
        "Checking, beside slower tools",
        "Writing",
        "One thread and two",
        "Few posts and many",
        "Starting",
        "Reports",
        "The language server",
    ];
    assert_eq!(sections, expected);
    // What each took, and what it found.
    assert_eq!(page.matches("| `postmend check` | ").count(), 4, "{page}");
    assert!(!page.contains("NaN"), "{page}");
    // What was put in is found; and not by `sed`.
    assert!(page.contains("| `postmend migrate --unwrap all --write` | 100 of 100 |"), "{page}");
    assert!(!page.contains("| `sed -E -i` | 100 of 100 |"), "{page}");
}
