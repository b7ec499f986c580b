//! Names in a project's store, and of the project's own files.

use crate::disk::{Below, EntryKind, Folder, Outside};
use crate::paths;
use std::path::Path;

/// What is written of a run may be read by its owner alone.
pub(super) const PRIVATE: u32 = 0o700;

/// The folder in which runs are kept, one folder each.
pub(super) const RUNS: &str = "runs";

/// A path from a folder on.
pub(super) fn below(root: &Path, path: &Path) -> Result<Below, Outside> {
    let absolute = paths::absolute(path);
    let below = absolute.strip_prefix(root).map_err(|_| Outside::Elsewhere)?;
    Below::new(below)
}

/// A name of our own in the store.
pub(super) fn own(name: &str) -> Below {
    Below::new(Path::new(name)).expect("our own names are below the store")
}

pub(super) fn run_name(number: u32) -> Below {
    own(&format!("{RUNS}/{number}"))
}

pub(super) fn numbers(folder: &Folder) -> Vec<u32> {
    let names = folder.names(Some(&own(RUNS))).unwrap_or_default();
    let number = |name: &std::ffi::OsString| {
        let number: u32 = name.to_str()?.parse().ok()?;
        // `007` is none of ours.
        (*name == *number.to_string()).then_some(number)
    };
    let mut numbers: Vec<u32> = names.iter().filter_map(number).collect();
    numbers.sort_unstable();
    numbers
}

/// Removes a folder of our own with all that is in it.
pub(super) fn remove_all(folder: &Folder, below: &Below) {
    for name in folder.names(Some(below)).unwrap_or_default() {
        let Ok(inside) = Below::new(&below.path().join(name)) else { continue };
        match folder.about(&inside) {
            Ok(EntryKind::Folder) => remove_all(folder, &inside),
            _ => drop(folder.remove_file(&inside)),
        }
    }
    let _ = folder.remove_folder(below);
}
