//! Documentation that is generated from the rules: a page for each, their list, and their lines in the book's
//! summary.

mod families;
mod links;
mod page;

use families::families;
use page::{FOLDER, RulePage};
use postmend_rules::{ALL, RuleInfo};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

const START: &str = "<!-- rules: written by `cargo xtask docs` -->\n";
const END: &str = "<!-- end of rules -->\n";

/// The book's table of contents.
const SUMMARY: &str = "docs/SUMMARY.md";

/// Writes all generated pages, or with `check` only reports those that are stale.
///
/// # Errors
/// A file cannot be read or written, a page is stale and `check` is set, or a link is broken.
pub(crate) fn write(root: &Path, check: bool) -> Result<String, String> {
    let fresh = fresh(root)?;
    let changed: Vec<(&PathBuf, &String)> = fresh
        .iter()
        .filter(|(path, text)| !fs::read_to_string(root.join(path)).is_ok_and(|now| now == **text))
        .collect();
    let left = obsolete_pages(root, &fresh)?;
    if check {
        let stale = changed.iter().map(|(path, _)| format!("\n  {} is stale or missing", path.display()));
        let left = left.iter().map(|path| format!("\n  {} is no rule's page", path.display()));
        let problems: String = stale.chain(left).collect();
        if !problems.is_empty() {
            return Err(format!("the documentation is stale: run `cargo xtask docs`{problems}"));
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

/// The current content of every generated file, by its path relative to the root.
fn fresh(root: &Path) -> Result<BTreeMap<PathBuf, String>, String> {
    let pages: Vec<(&RuleInfo, RulePage)> = ALL.iter().map(|info| (*info, RulePage::of(info))).collect();
    let mut files = BTreeMap::from([
        (PathBuf::from(SUMMARY), summary(root)?),
        (PathBuf::from("docs/rules.md"), list(&pages)?),
    ]);
    for (info, page) in &pages {
        files.insert(Path::new(FOLDER).join(format!("{}.md", info.name)), page.text.clone());
    }
    Ok(files)
}

/// The book's summary with a line for every rule.
fn summary(root: &Path) -> Result<String, String> {
    let summary = fs::read_to_string(root.join(SUMMARY));
    let summary = summary.map_err(|error| format!("cannot read {SUMMARY}: {error}"))?;
    let (before, rest) = summary.split_once(START).ok_or("the summary has no place for the rules")?;
    let (_, after) = rest.split_once(END).ok_or("the summary's place for the rules has no end")?;
    let mut lines = "- [Rules](rules.md)\n".to_owned();
    for info in ALL {
        lines += &format!("  - [{name}](rules/{name}.md)\n", name = info.name);
    }
    Ok(format!("{before}{START}{lines}{END}{after}"))
}

fn list(pages: &[(&RuleInfo, RulePage)]) -> Result<String, String> {
    let mut out = "<!-- Made by `cargo xtask docs` from the pages in crates/rules/src/rules. -->\n\n# Rules\n\n\
                   `postmend explain RULE` prints a rule's page. The [config](config.md) turns rules on and off, and holds\n\
                   their options. In the column `fix`, `--review` means that only `fix --review` writes the fix, as it needs a\n\
                   review, and \"shown\" means that `fix` never writes it, as only the author can decide.\n"
        .to_owned();
    for (heading, cards) in families()? {
        out += &format!(
            "\n## {heading}\n\n| rule | severity | default | `fix` | what it finds |\n|---|---|---|---|---|\n"
        );
        for (info, page) in pages.iter().filter(|(info, _)| cards.iter().any(|other| other.name == info.name))
        {
            let (name, severity, default) = (info.name, info.severity.name(), default(info));
            let (fixed, summary) = (page.fixed.in_list(), info.summary());
            out += &format!("| [{name}](rules/{name}.md) | {severity} | {default} | {fixed} | {summary} |\n");
        }
    }
    Ok(out)
}

fn default(info: &RuleInfo) -> &'static str {
    if info.on_by_default { "on" } else { "off" }
}

/// Pages of rules that no longer exist.
fn obsolete_pages(root: &Path, fresh: &BTreeMap<PathBuf, String>) -> Result<Vec<PathBuf>, String> {
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
