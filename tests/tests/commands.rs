//! The commands in the README, the documentation and the test cases do what their pages show. `POSTMEND_BLESS=1`
//! rewrites the pages, `POSTMEND_CASE=tests/cases/fix.md` runs only that page.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![allow(clippy::disallowed_methods, reason = "a test is no part of postmend")]

use postmend_tests::commands::{command, copy_folder, files, play, postmend as binary, root};
use postmend_tests::terminal::picture;
use std::fs;
use std::path::{Path, PathBuf};

/// The first line of a page that runs in a copy of the sample posts in a git repository. All others run in an empty
/// folder.
const IN_SAMPLES: &str = "<!-- Runs in a copy of tests/posts that is a git repository. -->\n";

fn prove(page: &Path) {
    let source = fs::read_to_string(page).unwrap();
    let folder = tempfile::tempdir().unwrap();
    if source.starts_with(IN_SAMPLES) {
        copy_folder(&root().join("tests/posts"), folder.path());
        make_repository(folder.path());
    }
    let played = play(&source, folder.path());
    if std::env::var_os("POSTMEND_BLESS").is_some() {
        fs::write(page, played).unwrap();
    } else {
        for (now, then) in played.lines().zip(source.lines()) {
            assert_eq!(now, then, "{}: now and on the page", page.display());
        }
        assert_eq!(played, source, "{}", page.display());
    }
}

/// The page that `POSTMEND_CASE` names, if it is set.
fn only_page() -> Option<PathBuf> {
    let page = root().join(std::env::var_os("POSTMEND_CASE")?);
    assert!(page.is_file(), "POSTMEND_CASE names {}, which is no file", page.display());
    Some(page)
}

#[test]
fn readme_commands_do_what_it_says() {
    prove_pages(vec![root().join("README.md")]);
}

#[test]
fn readme_tries_the_sample_posts_and_runs_the_tests() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let commands: Vec<&str> = readme.lines().filter(|line| line.starts_with("cargo ")).collect();
    assert_eq!(commands, [TRY, "cargo install --locked --path crates/cli", TESTS]);
    let ran = binary().args(TRY_ARGUMENTS).current_dir(root()).output().unwrap();
    assert_eq!(ran.status.code(), Some(1));
    let gate = fs::read_to_string(root().join("xtask/src/ci.rs")).unwrap();
    assert!(gate.contains(TRY) && gate.contains(TESTS), "the gate runs the README's commands");
    for page in [vec![root().join("README.md")], pages("docs")].concat() {
        let source = fs::read_to_string(&page).unwrap();
        for command in source.lines().filter_map(|line| line.strip_prefix("$ cargo ")) {
            let runs = gate.contains(&format!("cargo {command}"));
            assert!(runs, "the gate does not run cargo {command} of {}", page.display());
        }
    }
}

#[test]
fn picture_shows_what_postmend_prints() {
    if only_page().is_some() {
        return;
    }
    let path = root().join("docs/terminal.svg");
    let drawn = picture();
    if std::env::var_os("POSTMEND_BLESS").is_some() {
        fs::write(path, drawn).unwrap();
    } else {
        let stale = "docs/terminal.svg is not what postmend prints now: run with POSTMEND_BLESS=1";
        assert!(fs::read_to_string(path).is_ok_and(|source| source == drawn), "{stale}");
    }
}

/// Makes a folder a git repository with a configured author.
fn make_repository(folder: &Path) {
    for arguments in
        [&["init", "--quiet"][..], &["config", "user.name", "a"], &["config", "user.email", "a@b.c"]]
    {
        let ran = command("git").args(arguments).current_dir(folder).status();
        assert!(ran.is_ok_and(|status| status.success()), "git {arguments:?}");
    }
}

const TRY: &str = "cargo run --release --no-default-features -- check tests/posts";
const TRY_ARGUMENTS: [&str; 2] = ["check", "tests/posts"];
const TESTS: &str = "cargo test --workspace";

#[test]
fn cases_do_what_they_show() {
    prove_pages(pages("tests/cases"));
}

#[test]
fn documentation_does_what_it_shows() {
    prove_pages(pages("docs"));
}

fn prove_pages(mut pages: Vec<PathBuf>) {
    if let Some(only) = only_page() {
        pages.retain(|page| *page == only);
    }
    std::thread::scope(|scope| {
        for page in &pages {
            // One thread per page, as a page mostly waits for other processes.
            scope.spawn(move || prove(page));
        }
    });
}

#[test]
fn examples_of_the_library_are_those_of_the_crates() {
    let is_hidden = |line: &&str| *line == "#" || line.starts_with("# ");
    let documented = |name: &str| {
        let source = fs::read_to_string(root().join(format!("crates/{name}/src/lib.rs"))).unwrap();
        let lines = source.lines().filter_map(|line| line.strip_prefix("//!"));
        let lines = lines.map(|line| line.strip_prefix(' ').unwrap_or(line)).filter(|line| !is_hidden(line));
        lines.map(|line| format!("{line}\n")).collect::<String>()
    };
    let crates = ["core", "rules", "engine"].map(documented);
    let page = fs::read_to_string(root().join("docs/library.md")).unwrap();
    let examples: Vec<&str> =
        page.split("```rust\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(!examples.is_empty(), "docs/library.md has examples");
    for example in examples {
        assert!(crates.iter().any(|text| text.contains(example)), "no crate's front page has\n{example}");
    }
}

/// Checks the tests that pages name in their tables of guarantees.
#[test]
fn promises_name_tests_that_exist() {
    let names_of = |page: &str| -> Vec<String> {
        let source = fs::read_to_string(root().join(page)).unwrap();
        let rows = source.lines().filter(|line| line.starts_with("| "));
        let words = rows.flat_map(|row| row.split('`').skip(1).step_by(2).map(str::to_owned));
        words.filter(|word| word.matches('_').count() > 2 && !word.contains(['.', '/', '…', ' '])).collect()
    };
    let mut sources = String::new();
    for folder in ["tests/tests", "crates/core/src", "crates/engine/src", "crates/lsp/src", "crates/cli/src"]
    {
        for (path, bytes) in files(&root().join(folder)) {
            if path.extension().is_some_and(|ending| ending == "rs") {
                sources += &String::from_utf8_lossy(&bytes);
            }
        }
    }
    for page in ["docs/architecture.md", "SECURITY.md"] {
        let names = names_of(page);
        assert!(!names.is_empty(), "{page} names tests");
        for name in names {
            assert!(sources.contains(&format!("fn {name}(")), "{page} names {name}, which is no test");
        }
    }
}

/// The pages of a folder.
fn pages(folder: &str) -> Vec<PathBuf> {
    let pages = fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().path());
    let mut pages: Vec<_> =
        pages.filter(|path| path.extension().is_some_and(|ending| ending == "md")).collect();
    pages.sort();
    assert!(!pages.is_empty(), "{folder} has pages");
    pages
}
