//! The tasks of `cargo xtask` do what CONTRIBUTING.md says.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use postmend_tests::clone::Repository;
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
    let errors = |arguments: &[&str]| String::from_utf8(xtask(arguments, copy.path()).stderr).unwrap();
    for folder in ["docs", "tests/spark", "tests/parsers"] {
        copy_folder(&root().join(folder), &at(folder));
    }
    fs::create_dir_all(at("crates/engine/src/report")).unwrap();
    change("crates/engine/src/report/findings.schema.json", "{}");
    let beside = ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"];
    for page in beside.into_iter().chain(["LICENSE-MIT", "LICENSE-APACHE", "THIRD-PARTY-NOTICES.txt"]) {
        fs::copy(root().join(page), at(page)).unwrap();
    }
    assert_eq!(errors(&["docs", "--check"]), "");

    change("docs/rules/misspelling.md", "changed by hand\n");
    change("docs/rules/no-rule.md", "left over\n");
    fs::remove_file(at("docs/rules/missing-alt.md")).unwrap();
    let stale = [
        "error: the documentation is stale: run `cargo xtask docs`",
        "docs/rules/missing-alt.md is stale or missing",
        "docs/rules/misspelling.md is stale or missing",
        "docs/rules/no-rule.md is no rule's page\n",
    ];
    assert_eq!(errors(&["docs", "--check"]), stale.join("\n  "));
    assert_eq!(errors(&["docs"]), "");
    assert_eq!(errors(&["docs", "--check"]), "");

    let repository = "https://github.com/postmend/postmend/blob/main";
    let good = format!(
        "[a](rules.md#dates) [b](#more) [c](https://a.example/) [d]({repository}/README.md#try-it) `[e](f.md)`"
    );
    let dead = format!("[g](rules/none.md) [h](rules.md#none) [i](../README.md) [j]({repository}/none)");
    change("docs/more.md", &format!("# More\n\n{good}\n\n{dead}\n"));
    let dead = [
        "error: links of the documentation lead nowhere:",
        "docs/more.md links to docs/rules/none.md",
        "docs/more.md links to docs/rules.md#none, which is no heading there",
        "docs/more.md links to README.md, which is not in the book: link to https://github.com/postmend/postmend/blob/main/…",
        "docs/more.md links to none\n",
    ];
    assert_eq!(errors(&["docs", "--check"]), dead.join("\n  "));
}

#[test]
fn a_new_rule_is_two_files_and_two_lines() {
    let copy = tempfile::tempdir().unwrap();
    let sources = copy.path().join("crates/rules/src");
    copy_folder(&root().join("crates/rules/src"), &sources);
    let before = fs::read_to_string(sources.join("rules.rs")).unwrap();
    assert!(xtask(&["new-rule", "made-up-name"], copy.path()).status.success());
    let after = fs::read_to_string(sources.join("rules.rs")).unwrap();
    let added: Vec<&str> = after.lines().filter(|line| !before.lines().any(|old| old == *line)).collect();
    assert_eq!(added, ["mod made_up_name;", "    &made_up_name::INFO,"]);
    assert_eq!(after.lines().count(), before.lines().count() + 2);
    assert!(sources.join("rules/made_up_name.rs").exists() && sources.join("rules/made_up_name.md").exists());
    // It exists now, and names must have a certain form.
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
    // The time of each tool, and what it found.
    assert_eq!(page.matches("| `postmend check` | ").count(), 4, "{page}");
    assert!(!page.contains("NaN"), "{page}");
    // postmend finds everything that was put in, and `sed` does not.
    assert!(page.contains("| `postmend migrate --unwrap all --write` | 100 of 100 |"), "{page}");
    assert!(!page.contains("| `sed -E -i` | 100 of 100 |"), "{page}");
}

/// A mistake that comes in is stopped, and one that was there is caught when somebody puts it right.
#[test]
fn a_history_is_replayed() {
    let site = Repository::new();
    let post = |words: &str| format!("---\ntitle: Letters\ndate: 2020-01-02 10:00:00\n---\n\n{words}\n");
    for (path, words) in [
        ("a.md", "They recieve a letter."),
        ("b.md", "Febuary is cold."),
        ("a.md", "They receive a letter."),
        ("pier.png", ""),
        ("a.md", "They receive the letter. ![](pier.png)"),
    ] {
        site.write(path, post(words));
        site.commit_all();
    }
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().to_str().unwrap();
    let (repository, postmend) = (site.folder(), binary("postmend"));
    let (repository, postmend) = (repository.to_str().unwrap(), postmend.to_str().unwrap());
    let replay = || {
        let ran = xtask(&["replay", repository, "--binary", postmend, "--folder", to], root());
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        String::from_utf8(ran.stdout).unwrap()
    };
    let page = replay();
    assert!(
        page.contains("| all | 4 | 3 | 0 | 0 | 0 | 1 |") && page.contains("| misspelling | 1 |"),
        "{page}"
    );
    assert!(
        page.contains("| wrong word, English | 1 | 1 | 100.0 |") && page.contains("| all | 1 | 1 |"),
        "{page}"
    );
    let fixes = fs::read_to_string(folder.path().join("site-fixes.txt")).unwrap();
    assert!(fixes.starts_with("caught by misspelling: EnglishWord: "), "{fixes}");
    let verdicts = folder.path().join("verdicts.tsv");
    let judged = fs::read_to_string(&verdicts).unwrap().replace("?\tsite\tb.md", "right\tsite\tb.md");
    fs::write(&verdicts, judged).unwrap();
    assert!(replay().contains("Per 100 commits: 25.00 right, 0.00 wrong or noisy."));
    // The tables take the place of those before on the page of benchmarks.
    let project = tempfile::tempdir().unwrap();
    let page = project.path().join("docs/benchmarks.md");
    fs::create_dir_all(page.parent().unwrap()).unwrap();
    fs::create_dir(project.path().join("xtask")).unwrap();
    fs::write(&page, "# Benchmarks\n\n## Histories\n\nold\n").unwrap();
    let arguments = ["replay", repository, "--binary", postmend, "--folder", to, "--record"];
    let ran = xtask(&arguments, project.path());
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let (page, kept) = (fs::read_to_string(page).unwrap(), project.path().join("xtask/histories.md"));
    assert_eq!(page, format!("# Benchmarks\n{}", fs::read_to_string(kept).unwrap()));
    assert!(page.contains("### What it would have caught") && !page.contains("old"), "{page}");
}

#[test]
fn the_page_of_benchmarks_has_the_histories() {
    let read = |path: &str| fs::read_to_string(root().join(path)).unwrap();
    assert!(read("docs/benchmarks.md").ends_with(&read("xtask/histories.md")));
}
