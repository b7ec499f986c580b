//! Notice files of a crate that cargo-about does not look for.

use std::fs;
use std::path::Path;

/// The upper-case prefixes of their names; licences in a crate's top folder are found by cargo-about.
const LICENCES: [&str; 3] = ["LICEN", "COPYING", "UNLICENSE"];
const NOTICES: [&str; 2] = ["NOTICE", "COPYRIGHT"];

/// The extensions of source files.
const CODE: [&str; 9] = ["rs", "c", "h", "py", "js", "sh", "json", "toml", "yml"];

/// The notices in a crate's folder and its subfolders, with the licences in the top folder if they are wanted.
///
/// # Errors
/// A folder or file cannot be read.
pub(super) fn texts(folder: &Path, with_licences: bool) -> Result<Vec<String>, String> {
    let failed = |error: std::io::Error| format!("cannot read {}: {error}", folder.display());
    let mut entries = fs::read_dir(folder).map_err(failed)?.collect::<Result<Vec<_>, _>>().map_err(failed)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.path();
        if entry.file_type().map_err(failed)?.is_dir() {
            found.extend(texts(&path, true)?);
            continue;
        }
        let name = entry.file_name().to_string_lossy().to_uppercase();
        let starts = |with: &[&str]| with.iter().any(|start| name.starts_with(start));
        let is_code = path.extension().is_some_and(|ending| CODE.iter().any(|code| ending == *code));
        if !is_code && (starts(&NOTICES) || with_licences && starts(&LICENCES)) {
            found.push(fs::read_to_string(&path).map_err(failed)?);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_beside_and_below_is_found() {
        let crate_folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(crate_folder.path().join("src/c")).unwrap();
        let names =
            ["LICENSE-MIT", "NOTICE.txt", "license.rs", "src/c/LICENSE", "src/c/licence.h", "src/c/notes"];
        for name in names {
            fs::write(crate_folder.path().join(name), name).unwrap();
        }
        let found = |with| texts(crate_folder.path(), with).unwrap();
        assert_eq!(found(false), ["NOTICE.txt", "src/c/LICENSE"]);
        assert_eq!(found(true), ["LICENSE-MIT", "NOTICE.txt", "src/c/LICENSE"]);
    }
}
