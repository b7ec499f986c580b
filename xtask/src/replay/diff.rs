//! The lines that a commit changes.

use super::history::History;

/// Lines that were replaced by others, side by side.
#[derive(Debug)]
pub(super) struct Hunk {
    /// The number of the first line that was removed, from 1.
    pub(super) first: usize,
    pub(super) removed: Vec<String>,
    pub(super) added: Vec<String>,
}

/// What a commit changes in a file.
pub(super) fn hunks(history: &History, from: &str, to: &str, path: &str) -> Result<Vec<Hunk>, String> {
    let arguments = ["diff", "--no-ext-diff", "--no-textconv", "--text", "-U0", from, to, "--", path];
    let mut hunks: Vec<Hunk> = Vec::new();
    for line in history.git(&arguments)?.lines() {
        if let Some(header) = line.strip_prefix("@@ -") {
            let first = header.split([',', ' ']).next().and_then(|number| number.parse().ok()).unwrap_or(0);
            hunks.push(Hunk { first, removed: Vec::new(), added: Vec::new() });
        } else if let Some(hunk) = hunks.last_mut() {
            if let Some(removed) = line.strip_prefix('-') {
                hunk.removed.push(removed.to_owned());
            } else if let Some(added) = line.strip_prefix('+') {
                hunk.added.push(added.to_owned());
            }
        }
    }
    Ok(hunks)
}
