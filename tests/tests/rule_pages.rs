//! Every rule's page is its documentation, its test input and its snapshot. `POSTMEND_BLESS=1` rewrites the reports
//! and the fixed posts.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use postmend_rules::{ALL, RuleInfo, WHOLE_FILE};
use postmend_tests::ExamplePage;
use std::fs;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/rules/src/rules")
}

fn file_stem(info: &RuleInfo) -> String {
    info.name.replace('-', "_")
}

#[test]
fn pages_show_what_happens() {
    let bless = std::env::var_os("POSTMEND_BLESS").is_some();
    let mut stale = Vec::new();
    for info in ALL {
        let path = folder().join(format!("{}.md", file_stem(info)));
        let source = fs::read_to_string(&path).unwrap();
        let blessed = ExamplePage::read(&source).blessed(info);
        if bless {
            fs::write(&path, blessed).unwrap();
        } else if blessed != source {
            let differing = blessed.lines().zip(source.lines()).find(|(now, page)| now != page);
            stale.push(format!("{}: now and on the page: {differing:#?}", info.name));
        }
    }
    assert!(stale.is_empty(), "run with POSTMEND_BLESS=1 and look at the difference\n{}", stale.join("\n"));
}

#[test]
fn examples_are_good_or_bad_and_fixes_settle() {
    for info in ALL {
        let page = ExamplePage::read(info.page);
        let (mut good, mut bad) = (0, 0);
        for example in page.examples() {
            let outcome = example.run(info);
            let name = info.name;
            assert_eq!(outcome.refused, None, "{name}: {example:#?}");
            assert!(outcome.settled, "{name}: fixing twice differs from fixing once: {example:#?}");
            assert_eq!(outcome.report.is_empty(), !example.bad, "{name}: {example:#?}\n{}", outcome.report);
            assert!(example.bad || outcome.fixed.is_none(), "{name}: {example:#?}");
            *if example.bad { &mut bad } else { &mut good } += 1;
        }
        assert!(WHOLE_FILE.contains(&info.name) || (good > 0 && bad > 0), "{} needs both", info.name);
    }
}

#[test]
fn folder_and_list_agree() {
    let mut files: Vec<String> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".md"))
        .collect();
    files.sort();
    let listed: Vec<String> = ALL.iter().map(|info| format!("{}.md", file_stem(info))).collect();
    assert_eq!(files, listed);
    for info in ALL {
        assert_eq!(info.page.lines().next(), Some(format!("# {}", info.name).as_str()));
        assert!(folder().join(format!("{}.rs", file_stem(info))).exists());
        assert!(info.summary().ends_with('.'), "{}: the first paragraph is a sentence", info.name);
    }
}

/// The sections of every page, in this order. A page without examples does not have the last two.
const SECTIONS: [&str; 5] = ["Why", "Fix safety", "Options", "Bad", "Good"];

/// The classes of findings in the list under `## Fix safety`: fixed by `fix`, fixed by `fix --review`, fixed only in
/// an editor, and without a fix.
const CLASSES: [&str; 4] = ["safe", "review", "manual", "none"];

#[test]
fn pages_have_the_same_sections() {
    for card in ALL {
        let sections: Vec<(&str, &str)> = sections(card.page);
        let names: Vec<&str> = sections.iter().map(|(name, _)| *name).collect();
        let example = if WHOLE_FILE.contains(&card.name) { &[][..] } else { &SECTIONS[3..] };
        let without_options = [&SECTIONS[..2], example].concat();
        let with_options = [&SECTIONS[..3], example].concat();
        assert!(names == without_options || names == with_options, "{}: {names:?}", card.name);

        let classes: Vec<&str> = sections[1]
            .1
            .lines()
            .filter_map(|line| line.strip_prefix("- ").and_then(|line| line.split_once(": ")))
            .map(|(class, _)| class)
            .collect();
        let ordered: Vec<&str> = CLASSES.into_iter().filter(|class| classes.contains(class)).collect();
        assert_eq!(classes, ordered, "{}: classes under Fix safety", card.name);
        let shown = |class: &str| card.page.contains(&format!("\n  {class} fix: "));
        for class in CLASSES.into_iter().filter(|class| shown(class)) {
            assert!(classes.contains(&class), "{}: an example has a {class} fix", card.name);
        }
        assert!(!classes.is_empty(), "{}: Fix safety says what becomes of its findings", card.name);
        let has_options = sections.iter().any(|(name, text)| *name == "Options" && text.contains("\n- `"));
        assert_eq!(has_options, names.contains(&"Options"), "{}: options are a list", card.name);
    }
}

/// The sections of a page with their names and texts; text before the first one is left out.
fn sections(page: &str) -> Vec<(&str, &str)> {
    let mut sections: Vec<(&str, &str)> = Vec::new();
    let (mut is_code, mut start, mut at) = (false, 0, 0);
    for line in page.split_inclusive('\n') {
        is_code ^= line.starts_with("```");
        at += line.len();
        if let Some(name) = line.strip_prefix("## ").filter(|_| !is_code) {
            sections.push((name.trim_end(), ""));
            start = at;
        } else if let Some((_, text)) = sections.last_mut() {
            *text = &page[start..at];
        }
    }
    sections
}
