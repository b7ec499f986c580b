//! Paths as the system and as the user write them.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// The current folder, which only the language server changes, before anything is looked for: asking the system
/// again for each post takes time. Empty where it is gone.
static HERE: LazyLock<PathBuf> = LazyLock::new(|| std::env::current_dir().unwrap_or_default());

/// The folder of a path.
pub fn parent(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A path from the root on; as it is where the current folder is gone.
pub fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(HERE.join(path)).unwrap_or_else(|_| path.to_owned())
}

/// An absolute path as the user would write it: from the current folder, if it is below that.
pub fn shown(path: &Path) -> &Path {
    path.strip_prefix(&*HERE).unwrap_or(path)
}

/// The nearest folder at or above that has a `.git`, which no commit can bring.
pub fn repository(folder: &Path) -> Option<&Path> {
    folder.ancestors().find(|above| above.join(".git").exists())
}

/// The top of the repository that the current folder is in; that folder itself, if it is in none.
pub fn top() -> PathBuf {
    let here = absolute(Path::new("."));
    repository(&here).unwrap_or(&here).to_owned()
}
