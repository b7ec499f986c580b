//! Documentation made from the rules themselves: a page for each, their list, and the README's table.

mod links;
mod page;

use page::Page;
use postmend_rules::{ALL, Card};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

const START: &str = "<!-- rules: written by `cargo xtask docs` -->\n";
const END: &str = "<!-- end of rules -->\n";

/// Where the rules' pages are.
const FOLDER: &str = "docs/rules";

/// Writes all of it, or says what is stale.
///
/// # Errors
/// A file that cannot be read or written, a stale one where nothing may change, and a link to nowhere.
pub(crate) fn write(root: &Path, check: bool) -> Result<String, String> {
    let fresh = fresh(root)?;
    let changed: Vec<(&PathBuf, &String)> = fresh
        .iter()
        .filter(|(path, text)| !fs::read_to_string(root.join(path)).is_ok_and(|now| now == **text))
        .collect();
    let left = left_over(root, &fresh)?;
    if check {
        let stale = changed.iter().map(|(path, _)| format!("\n  {} is stale or missing", path.display()));
        let left = left.iter().map(|path| format!("\n  {} is no rule's page", path.display()));
        let told: String = stale.chain(left).collect();
        if !told.is_empty() {
            return Err(format!("the documentation is stale: run `cargo xtask docs`{told}"));
        }
    } else {
        put(root, &changed, &left)?;
    }
    links::check(root)?;
    Ok(match changed.len() + left.len() {
        0 => format!("the documentation of {} rules is up to date", ALL.len()),
        files => format!("the documentation of {} rules is up to date: changed {files} files", ALL.len()),
    })
}

/// What every file should hold, by its path below the root.
fn fresh(root: &Path) -> Result<BTreeMap<PathBuf, String>, String> {
    let pages: Vec<(&Card, Page)> = ALL.iter().map(|card| (*card, Page::of(card))).collect();
    let mut files = BTreeMap::from([
        (PathBuf::from("README.md"), readme(root)?),
        (PathBuf::from("docs/rules.md"), list(&pages)),
    ]);
    for (card, page) in &pages {
        files.insert(Path::new(FOLDER).join(format!("{}.md", card.name)), page.text.clone());
    }
    Ok(files)
}

fn readme(root: &Path) -> Result<String, String> {
    let readme = fs::read_to_string(root.join("README.md"));
    let readme = readme.map_err(|error| format!("cannot read the README: {error}"))?;
    let (before, rest) = readme.split_once(START).ok_or("the README has no place for the rules")?;
    let (_, after) = rest.split_once(END).ok_or("the README's place for the rules has no end")?;
    let mut table = "| rule | severity | default | what it finds |\n|---|---|---|---|\n".to_owned();
    for card in ALL {
        let (name, severity, default) = (card.name, card.severity.name(), default(card));
        table += &format!("| [{name}]({FOLDER}/{name}.md) | {severity} | {default} | {} |\n", card.summary());
    }
    Ok(format!("{before}{START}{table}{END}{after}"))
}

fn list(pages: &[(&Card, Page)]) -> String {
    let mut out = "<!-- Made by `cargo xtask docs` from the pages in crates/rules/src/rules. -->\n\n# Rules\n\n\
                   What postmend looks for. `postmend explain RULE` prints a rule's page, `postmend.toml` switches\n\
                   rules on and off and holds their options. `--unsafe` stands for `fix --unsafe`: a fix that asks to\n\
                   be looked at.\n\n\
                   | rule | severity | default | `fix` | what it finds |\n|---|---|---|---|---|\n"
        .to_owned();
    for (card, page) in pages {
        let (name, severity, default) = (card.name, card.severity.name(), default(card));
        let (fixed, summary) = (page.fixed.in_list(), card.summary());
        out += &format!("| [{name}](rules/{name}.md) | {severity} | {default} | {fixed} | {summary} |\n");
    }
    out
}

fn default(card: &Card) -> &'static str {
    if card.on_by_default { "on" } else { "off" }
}

/// Pages of rules that are no more.
fn left_over(root: &Path, fresh: &BTreeMap<PathBuf, String>) -> Result<Vec<PathBuf>, String> {
    let folder = root.join(FOLDER);
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let failed = |error: std::io::Error| format!("cannot read {}: {error}", folder.display());
    let mut left = Vec::new();
    for entry in fs::read_dir(&folder).map_err(failed)? {
        let path = Path::new(FOLDER).join(entry.map_err(failed)?.file_name());
        if !fresh.contains_key(&path) {
            left.push(path);
        }
    }
    left.sort();
    Ok(left)
}

fn put(root: &Path, changed: &[(&PathBuf, &String)], left: &[PathBuf]) -> Result<(), String> {
    let folder = root.join(FOLDER);
    fs::create_dir_all(&folder).map_err(|error| format!("cannot make {}: {error}", folder.display()))?;
    for (path, text) in changed {
        fs::write(root.join(path), text)
            .map_err(|error| format!("cannot write {}: {error}", path.display()))?;
    }
    for path in left {
        fs::remove_file(root.join(path))
            .map_err(|error| format!("cannot remove {}: {error}", path.display()))?;
    }
    Ok(())
}
