//! Files that the command line names: to be read, or to be written. A link of a repository must not lead them out of it,
//! as whoever names a file there may not know that it is one.

#![expect(clippy::disallowed_methods, reason = "all named files go through here")]

use crate::disk::{self, Below, Output};
use crate::paths::{absolute, parent, repository};
use crate::trouble::Trouble;
use std::fs::File;
use std::path::{Component, Path, PathBuf};

/// A file or pipe, open for reading.
///
/// # Errors
/// It cannot be opened, or is elsewhere than it seems.
pub fn open(path: &Path) -> Result<File, Trouble> {
    disk::open_named(&place(path)?).map_err(|error| Trouble::with_path("read", path, &error))
}

/// What a file or pipe holds: at most `limit` bytes.
///
/// # Errors
/// It cannot be read, holds more, or is elsewhere than it seems.
pub fn read(path: &Path, limit: u64) -> Result<Vec<u8>, Trouble> {
    disk::read_named(&place(path)?, limit).map_err(|error| Trouble::with_path("read", path, &error))
}

/// A new file under this name.
///
/// # Errors
/// None can be made there, or its folder is elsewhere than it seems.
pub fn create(path: &Path) -> Result<Output, Trouble> {
    let folder = place(parent(path))?;
    let path = path.file_name().map_or_else(|| path.to_owned(), |name| folder.join(name));
    Output::new(&path).map_err(|error| Trouble::with_path("write", &path, &error))
}

/// Where a named path leads. What is not there is for whoever opens it to tell.
///
/// # Errors
/// It leads out of its repository, or into git's own folder.
pub fn place(path: &Path) -> Result<PathBuf, Trouble> {
    // What the shell makes, and what the system calls open files.
    let is_the_systems = path.starts_with("/dev") || path.starts_with("/proc");
    if is_the_systems || !path.exists() { Ok(path.to_owned()) } else { real(path) }
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
            let message = format!("{} leads out of the repository through a symbolic link", path.display());
            return Err(Trouble::new(message, format!("name {} itself to use it", target.display())));
        }
        real = target;
    }
    // On Windows, and where case does not matter, there is one more spelling.
    std::fs::canonicalize(&real).map_err(wrong)
}
