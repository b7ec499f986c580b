//! Paths as the system and as the user write them.

use crate::trouble::Trouble;
use postmend_engine::disk::Below;
use std::path::{Component, Path, PathBuf};
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

/// Where a path leads that a person named, links and all. A repository's own links must not lead out of it: whoever
/// names all files of a folder does not mean those.
///
/// # Errors
/// There is no such path, or it leads out of the repository or into git's own folder.
pub fn real(path: &Path) -> Result<PathBuf, Trouble> {
    let wrong = |error: std::io::Error| Trouble::with_path("read", path, &error);
    let mut real = PathBuf::new();
    for part in absolute(path).components() {
        match part {
            Component::ParentDir => drop(real.pop()),
            Component::CurDir => {}
            other => real.push(other),
        }
        let Component::Normal(_) = part else { continue };
        if !std::fs::symlink_metadata(&real).map_err(wrong)?.is_symlink() {
            continue;
        }
        // Each link is judged by the repository that it is in, which what is above knows without links.
        let target = std::fs::canonicalize(&real).map_err(wrong)?;
        let top = repository(parent(&real));
        let is_meant = top.is_none_or(|top| {
            target
                .strip_prefix(top)
                .is_ok_and(|below| below.as_os_str().is_empty() || Below::new(below).is_ok())
        });
        if !is_meant {
            let message = format!("{} leads out of the repository, through a symbolic link", path.display());
            return Err(Trouble::new(message, format!("name {} itself, if that is meant", target.display())));
        }
        real = target;
    }
    // On Windows, and where case does not matter, there is one more spelling.
    std::fs::canonicalize(&real).map_err(wrong)
}
