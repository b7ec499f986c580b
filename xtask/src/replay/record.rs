//! Keeps the tables of a replay for the page of benchmarks.

use crate::command::text;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The section of the page.
const HEADING: &str = "\n## Histories\n";

const FILE: &str = "xtask/histories.md";

/// The section of the page of benchmarks about the last replay that was recorded.
pub(crate) fn recorded(root: &Path) -> Result<String, String> {
    fs::read_to_string(root.join(FILE)).map_err(|error| format!("cannot read {FILE}: {error}"))
}

/// Writes the tables of a replay to their file, and to the page of benchmarks.
pub(super) fn write(
    root: &Path,
    repositories: &[PathBuf],
    name_of: impl Fn(&Path) -> String,
    tables: &[String],
) -> Result<(), String> {
    let ends = repositories.iter().map(|repository| {
        let head =
            text(Command::new("git").args(["rev-parse", "--short=10", "HEAD"]).current_dir(repository))?;
        Ok(format!("{} ({})", name_of(repository), head.trim()))
    });
    let ends: Vec<String> = ends.collect::<Result<_, String>>()?;
    let about = format!(
        "`cargo xtask replay --record` wrote this section: what postmend does as the gate of {}, over their last commits \
         and over their whole history. Each ends with the commit that is named here: {}.\n",
        if repositories.len() == 1 {
            "a repository".to_owned()
        } else {
            format!("{} repositories", repositories.len())
        },
        ends.join(", ")
    );
    let section = format!("{HEADING}\n{about}\n{}", tables.join("\n").replace("## ", "### "));
    let section = section.replace("__", "/");
    let set = |path: &str, text: &str| {
        fs::write(root.join(path), text).map_err(|error| format!("cannot write {path}: {error}"))
    };
    set(FILE, &section)?;
    let page = "docs/benchmarks.md";
    let before =
        fs::read_to_string(root.join(page)).map_err(|error| format!("cannot read {page}: {error}"))?;
    set(page, &format!("{}{section}", before.split(HEADING).next().unwrap_or_default()))
}
