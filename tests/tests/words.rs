//! Messages, help and documentation use plain words: the standard terms instead of our own dialect.

use postmend_tests::commands::root;
use postmend_tests::source::{Source, files_below};
use std::path::Path;

/// Words that users should not see, and what to write instead.
const PLAIN: [(&str, &str); 27] = [
    ("--unsafe", "--review"),
    ("behind", "after"),
    ("blank", "space"),
    ("blanks", "spaces, whitespace"),
    ("stands", "appears, is"),
    ("stand", "appear, be"),
    ("stood", "was"),
    ("tells", "reports, shows"),
    ("told", "reported, shown"),
    ("meant", "intended"),
    ("mend", "fix"),
    ("mends", "fixes"),
    ("mended", "fixed"),
    ("mending", "fixing"),
    ("hangs on", "depends on"),
    ("so many", "the number"),
    ("so much", "the amount"),
    ("so few", "the number"),
    ("asks for", "requires"),
    ("asked for", "requested"),
    ("come to rest", "converge"),
    ("comes to rest", "converges"),
    ("as such", "say the format"),
    ("of its own", "leave it out"),
    ("whatever", "any, even if"),
    ("takes its time", "is slow"),
    ("without a word", "silently"),
];

/// Phrases in which such a word is correct.
const RIGHT: [&str; 11] = [
    // Names of rules, which appear in configs and comments.
    "trailing-blanks",
    "blank-before-front-matter",
    // Standard terms.
    "blank line",
    "stands for",
    "stands in for",
    "stand in for",
    "target=\"_blank\"",
    "_blank",
    // The tagline with the tool's name.
    "Checks and mends the posts",
    // Words of posts in the examples of rules.
    "so many people",
    "told the story",
];

/// A line for each word in a text that users should not see.
fn dialect(text: &str) -> Vec<String> {
    let mut text = without(&without(text, ['{', '}']), ['`', '`']);
    for right in RIGHT {
        text = text.replace(right, "");
    }
    let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    let uses = |word: &&(&str, &str)| {
        text.match_indices(word.0).any(|(at, found)| {
            let (before, after) = (&text[..at], &text[at + found.len()..]);
            !before.ends_with(is_word) && !after.starts_with(is_word)
        })
    };
    let found = PLAIN.iter().filter(uses);
    found.map(|(word, plain)| format!("`{word}` ({plain}): {}", text.trim())).collect()
}

/// A text without everything between two characters, such as placeholders and code.
fn without(text: &str, [start, end]: [char; 2]) -> String {
    let (mut out, mut rest) = (String::new(), text);
    while let Some((before, inside)) = rest.split_once(start) {
        let Some((_, after)) = inside.split_once(end) else { break };
        out.push_str(before);
        rest = after;
    }
    out + rest
}

fn assert_plain(found: Vec<String>) {
    assert!(found.is_empty(), "write plain words:\n{}", found.join("\n"));
}

#[test]
fn messages_are_in_plain_words() {
    let mut found = Vec::new();
    for path in files_below(&root().join("crates"), "rs") {
        if !path.components().any(|part| part.as_os_str() == "src") {
            continue;
        }
        let source = Source::read(&path);
        let messages = source.strings.iter().filter(|(_, text)| text.contains(' '));
        for (line, text) in messages {
            found.extend(dialect(text).iter().map(|what| format!("{}:{line}: {what}", path.display())));
        }
    }
    assert_plain(found);
}

#[test]
fn help_is_in_plain_words() {
    let mut found = Vec::new();
    for folder in ["crates/cli/src/args", "crates/cli/src/commands"] {
        for path in files_below(&root().join(folder), "rs") {
            // Help texts have no full stop; comments for programmers have one.
            for (line, text) in Source::read(&path).docs.iter().filter(|(_, text)| !text.ends_with('.')) {
                found.extend(dialect(text).iter().map(|what| format!("{}:{line}: {what}", path.display())));
            }
        }
    }
    assert_plain(found);
}

#[test]
fn pages_are_in_plain_words() {
    let pages = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"].map(|name| root().join(name));
    // The rules' pages there are copies.
    let copies = root().join("docs/rules");
    let book = files_below(&root().join("docs"), "md").into_iter().filter(|path| !path.starts_with(&copies));
    let rules = files_below(&root().join("crates/rules/src/rules"), "md").into_iter();
    let mut found = Vec::new();
    for path in pages.into_iter().chain(book).chain(rules) {
        let page = std::fs::read_to_string(&path).expect("a page can be read");
        for (line, text) in prose(&page) {
            found.extend(dialect(text).iter().map(|what| format!("{}:{line}: {what}", name(&path))));
        }
    }
    assert_plain(found);
}

#[test]
fn schemas_and_the_first_config_are_in_plain_words() {
    let files = [
        ("docs/postmend.schema.json", "\"description\": "),
        ("crates/engine/src/report/findings.schema.json", "\"description\": "),
        ("crates/cli/src/commands/starting_config.toml", "# "),
    ];
    let mut found = Vec::new();
    for (file, start) in files {
        let text = std::fs::read_to_string(root().join(file)).expect("a file can be read");
        let lines =
            (1..).zip(text.lines()).filter_map(|(line, text)| Some((line, text.split_once(start)?.1)));
        for (line, text) in lines {
            found.extend(dialect(text).iter().map(|what| format!("{file}:{line}: {what}")));
        }
    }
    assert_plain(found);
}

/// The lines of a page, except those of posts and programs that it shows.
fn prose(page: &str) -> Vec<(usize, &str)> {
    const OURS: [&str; 3] = ["```report", "```console", "```toml"];
    let mut is_shown = false;
    let mut lines = Vec::new();
    for (number, line) in (1..).zip(page.lines()) {
        if line.starts_with("```") {
            is_shown = !is_shown && line != "```" && !OURS.iter().any(|ours| line.starts_with(ours));
        } else if !is_shown {
            lines.push((number, line));
        }
    }
    lines
}

fn name(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}
