//! Paths as the system and as the user write them.

use crate::trouble::Trouble;
use postmend_engine::disk::Below;
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

/// The top of the repository that the current folder is in; that folder itself, if it is in none.
pub fn top() -> PathBuf {
    let here = absolute(Path::new("."));
    here.ancestors().find(|above| above.join(".git").exists()).unwrap_or(&here).to_owned()
}

/// Where a path leads that a person named, links and all. A repository's own links must not lead out of it: whoever
/// names all files of a folder does not mean those.
///
/// # Errors
/// There is no such path, or it leads out of the repository or into git's own folder.
pub fn real(path: &Path) -> Result<PathBuf, Trouble> {
    let real = std::fs::canonicalize(path).map_err(|error| Trouble::with_path("read", path, &error))?;
    let written = absolute(path);
    if written == real {
        return Ok(real);
    }
    let top = parent(&written).ancestors().find(|above| above.join(".git").exists());
    let Some(top) = top.and_then(|top| std::fs::canonicalize(top).ok()) else { return Ok(real) };
    let is_meant = match real.strip_prefix(&top) {
        Ok(below) => below.as_os_str().is_empty() || Below::new(below).is_ok(),
        // Out of the repository by `..`, and not by a link.
        Err(_) => std::path::absolute(&written).is_ok_and(|written| !lexical(&written).starts_with(&top)),
    };
    if is_meant {
        return Ok(real);
    }
    let message = format!("{} leads out of the repository, through a symbolic link", path.display());
    Err(Trouble::new(message, format!("name {} itself, if that is meant", real.display())))
}

/// An absolute path without `..`, as it is written.
fn lexical(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::ParentDir => drop(out.pop()),
            other => out.push(other),
        }
    }
    out
}
