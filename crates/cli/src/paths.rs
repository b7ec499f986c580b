//! Paths as the system and as the user write them.

use std::path::{Path, PathBuf};

/// The folder of a path.
pub fn parent(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A path from the root on; as it is where the current folder is gone.
pub fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// An absolute path as the user would write it: from the current folder, if it is below that.
pub fn shown(path: &Path) -> &Path {
    let here = std::path::absolute(".").unwrap_or_default();
    path.strip_prefix(here).unwrap_or(path)
}
