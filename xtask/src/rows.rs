//! Files of rows: lines that are neither empty nor comments.

use std::fs;
use std::io::{Error, ErrorKind};
use std::path::Path;

/// The rows of a file.
pub(crate) fn lines(path: &Path) -> Result<Vec<String>, String> {
    fs::read_to_string(path).map(|text| rows_of(&text)).map_err(|error| unreadable(path, &error))
}

/// The same; none if there is no such file. One that is there and cannot be read is an error, so that nothing is lost
/// when it is written.
pub(crate) fn read_or_none(path: &Path) -> Result<Vec<String>, String> {
    match fs::read_to_string(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(unreadable(path, &error)),
        Ok(text) => Ok(rows_of(&text)),
    }
}

fn unreadable(path: &Path, error: &Error) -> String {
    format!("cannot read {}: {error}", path.display())
}

fn rows_of(text: &str) -> Vec<String> {
    let rows = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    rows.map(str::to_owned).collect()
}
