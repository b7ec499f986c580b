//! Paths in their absolute form, and as users write them.

use std::path::{Component, Path, PathBuf};
use std::sync::LazyLock;

/// The current folder, cached because a system call for each post takes time. Only the language server changes it,
/// before any path is resolved. Empty if the folder no longer exists.
static HERE: LazyLock<PathBuf> = LazyLock::new(|| std::env::current_dir().unwrap_or_default());

/// The folder of a path; `.` if it has none.
pub fn parent(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// An absolute path; unchanged if it cannot be made absolute.
pub fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(HERE.join(path)).unwrap_or_else(|_| path.to_owned())
}

/// An absolute path as the user would write it: relative to the current folder, if it is below that.
pub fn display_path(path: &Path) -> &Path {
    path.strip_prefix(&*HERE).unwrap_or(path)
}

/// The nearest folder at or above this one that has a `.git`, which a commit cannot contain.
pub fn repository(folder: &Path) -> Option<&Path> {
    folder.ancestors().find(|above| above.join(".git").exists())
}

/// A path with `/` as separator.
pub fn slashed(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

/// The root of the repository that the current folder is in; the current folder itself, if it is in none.
pub fn top() -> PathBuf {
    let here = absolute(Path::new("."));
    repository(&here).unwrap_or(&here).to_owned()
}

/// The path that leads from a folder to a file; both are absolute and without `..`.
pub fn relative(path: &Path, from: &Path) -> PathBuf {
    let common = path.components().zip(from.components()).take_while(|(one, other)| one == other).count();
    let up = from.components().skip(common).map(|_| Component::ParentDir);
    up.chain(path.components().skip(common)).collect()
}

/// An absolute path without `..`.
pub fn without_parents(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => drop(plain.pop()),
            Component::CurDir => {}
            part => plain.push(part),
        }
    }
    plain
}
