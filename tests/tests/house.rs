//! The project's own source: no import cycles, functions that fit on a screen, files of a readable length.

use postmend_tests::commands::root;
use postmend_tests::imports::Imports;
use postmend_tests::source::{Source, files_below};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// The source folders of all crates.
const SOURCES: [&str; 8] = [
    "crates/core/src",
    "crates/typo/src",
    "crates/rules/src",
    "crates/engine/src",
    "crates/lsp/src",
    "crates/cli/src",
    "xtask/src",
    "tests/src",
];

/// The maximum number of lines in a function.
const LONGEST_FUNCTION: usize = 60;

#[test]
fn files_import_each_other_in_no_circle() {
    for sources in SOURCES {
        let circles = Imports::read(&root().join(sources)).circles();
        assert!(circles.is_empty(), "{sources}: {circles:#?}");
    }
}

/// Types that take each other's place, on systems that differ.
const TWINS: [&str; 1] = ["Folder"];

#[test]
fn no_two_types_share_a_name() {
    let mut files: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for path in SOURCES.into_iter().flat_map(|folder| files_below(&root().join(folder), "rs")) {
        for name in Source::read(&path).types() {
            files.entry(name).or_default().insert(path.display().to_string());
        }
    }
    assert!(files.len() > 400, "{} types", files.len());
    files.retain(|name, files| files.len() > 1 && !TWINS.contains(&name.as_str()));
    assert!(files.is_empty(), "{files:#?}");
}

fn sources() -> impl Iterator<Item = PathBuf> {
    let tests = ["tests/tests", "crates/core/tests", "crates/rules/tests", "crates/typo/tests"];
    SOURCES.into_iter().chain(tests).flat_map(|folder| files_below(&root().join(folder), "rs"))
}

#[test]
fn functions_fit_a_screen() {
    let mut long = Vec::new();
    for path in sources() {
        let functions = Source::read(&path).functions().into_iter();
        long.extend(
            functions.filter(|(.., length)| *length > LONGEST_FUNCTION).map(|(line, name, length)| {
                format!("{}:{line}: `{name}` has {length} lines", path.display())
            }),
        );
    }
    assert!(long.is_empty(), "{long:#?}");
}

#[test]
fn files_are_short() {
    let count = |path: PathBuf| std::fs::read_to_string(path).map_or(0, |text| text.lines().count());
    let mut lengths: Vec<usize> = sources().map(count).collect();
    lengths.sort_unstable();
    let [median, ninth_tenth, longest] =
        [lengths.len() / 2, lengths.len() * 9 / 10, lengths.len() - 1].map(|index| lengths[index]);
    let is_short = median <= 120 && ninth_tenth <= 300 && longest <= 600;
    assert!(
        is_short,
        "the median is {median} lines, a tenth has over {ninth_tenth}, the longest file {longest}"
    );
}
