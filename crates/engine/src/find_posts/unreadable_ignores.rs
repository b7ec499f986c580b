//! Ignore files that must not be read: reading a pipe waits for a writer and may never end.

use super::noted_paths::NotedPaths;
use crate::disk;
use crate::glob_limits::is_sane;
use crate::paths;
use crate::trouble::Trouble;
use std::path::{Path, PathBuf};

/// The ignore files that the walk reads in each folder.
const NAMES: [&str; 2] = [".gitignore", ".ignore"];

/// The ignore files that cannot be read, whose folders were skipped.
#[derive(Debug, Clone, Default)]
pub struct PassedOver(NotedPaths);

impl PassedOver {
    /// Whether a folder can be read; if not, its ignore file is recorded.
    pub fn can_read(&self, folder: &Path) -> bool {
        let Some(file) = endless(folder) else { return true };
        self.0.add(file);
        false
    }

    /// A trouble for each recorded ignore file; the list is emptied.
    pub fn troubles(&self) -> Vec<Trouble> {
        self.0.take().iter().map(|file| trouble(file)).collect()
    }
}

/// Checks that the ignore files of a folder and of all folders above it can be read.
///
/// # Errors
/// One cannot.
pub fn readable(folder: &Path) -> Result<(), Trouble> {
    let absolute = paths::absolute(folder);
    absolute.ancestors().find_map(endless).map_or(Ok(()), |file| Err(trouble(&file)))
}

/// The ignore file of a folder that cannot be read: a pipe or device, a symlink, which git does not follow either,
/// one that is too large, or one with a pattern that is too complex.
fn endless(folder: &Path) -> Option<PathBuf> {
    let is_endless = |file: &PathBuf| match std::fs::symlink_metadata(file) {
        Err(_) => false,
        Ok(about) if about.is_dir() => false,
        Ok(_) => {
            disk::read(file, LARGEST).map_or(true, |bytes| !bytes.split(|byte| *byte == b'\n').all(is_sane))
        }
    };
    NAMES.iter().map(|name| folder.join(name)).find(is_endless)
}

/// The maximum size of an ignore file in bytes.
const LARGEST: u64 = 1_000_000;

fn trouble(file: &Path) -> Trouble {
    let message = format!("{} cannot be read as an ignore file, so its folder is skipped", file.display());
    Trouble::new(
        message,
        "replace it with a regular file of less than 1 MB with short patterns, or remove it",
    )
}
