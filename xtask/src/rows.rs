//! Files of rows: lines that are neither empty nor comments.

use std::fs;
use std::path::Path;

/// The rows of a file.
pub(crate) fn lines(path: &Path) -> Result<Vec<String>, String> {
    let text =
        fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    let rows = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    Ok(rows.map(str::to_owned).collect())
}
