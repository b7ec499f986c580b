//! Names in a project's store, and relative paths of the project's files.

use crate::disk::{EntryKind, Folder, Outside, RelativePath};
use crate::paths;
use std::path::Path;

/// The mode of the store's folders: only the owner can read what is recorded.
pub(super) const PRIVATE: u32 = 0o700;

/// The folder with the runs, one subfolder each.
pub(super) const RUNS: &str = "runs";

/// The path relative to `root`.
pub(super) fn below(root: &Path, path: &Path) -> Result<RelativePath, Outside> {
    let absolute = paths::absolute(path);
    let below = absolute.strip_prefix(root).map_err(|_| Outside::Elsewhere)?;
    RelativePath::new(below)
}

/// One of postmend's own names in the store.
pub(super) fn own_name(name: &str) -> RelativePath {
    RelativePath::new(Path::new(name)).expect("our own names are below the store")
}

pub(super) fn run_name(number: u32) -> RelativePath {
    own_name(&format!("{RUNS}/{number}"))
}

pub(super) fn numbers(folder: &Folder) -> Vec<u32> {
    let names = folder.names(Some(&own_name(RUNS))).unwrap_or_default();
    let number = |name: &std::ffi::OsString| {
        let number: u32 = name.to_str()?.parse().ok()?;
        // postmend never writes a name like `007`.
        (*name == *number.to_string()).then_some(number)
    };
    let mut numbers: Vec<u32> = names.iter().filter_map(number).collect();
    numbers.sort_unstable();
    numbers
}

/// Removes one of postmend's own folders with all of its content.
pub(super) fn remove_all(folder: &Folder, below: &RelativePath) {
    for name in folder.names(Some(below)).unwrap_or_default() {
        let Ok(inside) = RelativePath::new(&below.path().join(name)) else { continue };
        match folder.about(&inside) {
            Ok(EntryKind::Folder) => remove_all(folder, &inside),
            _ => drop(folder.remove_file(&inside)),
        }
    }
    let _ = folder.remove_folder(below);
}
