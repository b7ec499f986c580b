//! Files that the command line names, for reading or writing. A symlink in a repository must not lead out of it, as
//! the user may not know that the path contains one.

#![expect(clippy::disallowed_methods, reason = "all named files go through here")]

use crate::disk::{self, Output, RelativePath};
use crate::paths::{absolute, parent, repository};
use crate::trouble::Trouble;
use std::fs::File;
use std::path::{Component, Path, PathBuf};

/// Opens a file or pipe for reading.
///
/// # Errors
/// It cannot be opened, or a symlink leads out of its repository.
pub fn open(path: &Path) -> Result<File, Trouble> {
    disk::open_named(&resolve(path)?).map_err(|error| Trouble::with_path("read", path, &error))
}

/// The content of a file or pipe, at most `limit` bytes.
///
/// # Errors
/// It cannot be read, is larger, or a symlink leads out of its repository.
pub fn read(path: &Path, limit: u64) -> Result<Vec<u8>, Trouble> {
    disk::read_named(&resolve(path)?, limit).map_err(|error| Trouble::with_path("read", path, &error))
}

/// Creates an output with this path.
///
/// # Errors
/// It cannot be created, or a symlink leads its folder out of the repository.
pub fn create(path: &Path) -> Result<Output, Trouble> {
    let folder = resolve(parent(path))?;
    let path = path.file_name().map_or_else(|| path.to_owned(), |name| folder.join(name));
    Output::new(&path).map_err(|error| Trouble::with_path("write", &path, &error))
}

/// The path that a named path leads to. One that does not exist is returned unchanged, as opening it will fail
/// anyway.
///
/// # Errors
/// It leads out of its repository, or into git's own folder.
pub fn resolve(path: &Path) -> Result<PathBuf, Trouble> {
    // The shell uses these for process substitution, and the system for open files.
    let is_the_systems = path.starts_with("/dev") || path.starts_with("/proc");
    if is_the_systems || !path.exists() { Ok(path.to_owned()) } else { real(path) }
}

/// The path that a named path leads to, with symlinks resolved. Symlinks in a repository must not lead out of it: a
/// user who names all files of a folder, as with a glob, does not intend that.
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
            part => real.push(part),
        }
        let Component::Normal(_) = part else { continue };
        if !std::fs::symlink_metadata(&real).map_err(wrong)?.is_symlink() {
            continue;
        }
        // Each symlink is checked against the repository that contains it; the path above it has no symlinks left.
        let target = std::fs::canonicalize(&real).map_err(wrong)?;
        let top = repository(parent(&real));
        let stays_inside = top.is_none_or(|top| {
            target
                .strip_prefix(top)
                .is_ok_and(|below| below.as_os_str().is_empty() || RelativePath::new(below).is_ok())
        });
        if !stays_inside {
            let message = format!("{} leads out of the repository through a symbolic link", path.display());
            return Err(Trouble::new(message, format!("name {} itself to use it", target.display())));
        }
        real = target;
    }
    // On Windows, and on file systems that ignore case, the spelling of the path may still differ.
    std::fs::canonicalize(&real).map_err(wrong)
}
