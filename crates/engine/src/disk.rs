//! The only module that accesses files: nothing else in postmend reads or writes one.
//!
//! A file that is written, created or removed is given as a [`RelativePath`] in an open [`Folder`], and no component of the
//! path may be a symlink. An output file that a person named is an [`Output`]. Files that are read must be regular
//! files of limited size.

#![expect(clippy::disallowed_methods, reason = "all others go through here")]

mod attributes;
#[cfg(unix)]
mod by_handle;
#[cfg(any(not(unix), test))]
#[cfg_attr(unix, allow(dead_code, reason = "built here for its tests alone"))]
mod by_path;
mod output;
mod read;
mod relative_path;

pub use attributes::{copy_attributes, keep_mode_and_owner};
#[cfg(unix)]
pub use by_handle::Folder;
#[cfg(not(unix))]
pub use by_path::Folder;
pub use output::{Output, create_new, make_folders};
pub use read::{is_regular, open_named, read, read_named, read_start, read_text, starts_with};
pub use relative_path::{Outside, RelativePath};

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

/// The kind of a directory entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    /// A regular file.
    File,
    /// A directory.
    Folder,
    /// A symlink, a pipe, a device.
    Other,
}

/// An error for an operation that is refused.
fn refused(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, why.to_owned())
}

/// Checks that a path is in none of the excluded folders.
fn is_open(closed: &[RelativePath], path: &Path) -> io::Result<()> {
    match closed.iter().any(|closed| leads_into(path, closed)) {
        true => Err(io::Error::new(io::ErrorKind::InvalidInput, Outside::Git)),
        false => Ok(()),
    }
}

/// Whether a path is in a folder; case is ignored, as some file systems do.
fn leads_into(path: &Path, folder: &RelativePath) -> bool {
    let same = |(name, folder_name): (&OsStr, &OsStr)| {
        name == folder_name
            || name.to_string_lossy().to_lowercase() == folder_name.to_string_lossy().to_lowercase()
    };
    path.iter().count() >= folder.path().iter().count() && path.iter().zip(folder.path()).all(same)
}

/// The excluded folders, relative to `folder`, which is itself in a folder with excluded ones.
fn closed_in(closed: &[RelativePath], folder: &RelativePath) -> Vec<RelativePath> {
    let names = folder.path().iter().count();
    let rest = |closed: &RelativePath| {
        let inside = leads_into(closed.path(), folder).then(|| closed.path().iter().skip(names).collect());
        inside.and_then(|inside: PathBuf| RelativePath::new(&inside).ok())
    };
    closed.iter().filter_map(rest).collect()
}

/// The error message for a name that is a symlink and must not be.
const LINK: &str = "a symbolic link is in the way";

/// The error message for devices, pipes and directories.
const NO_FILE: &str = "not a regular file";

/// The error for a file that exceeds its size limit in bytes.
fn too_large(limit: u64) -> io::Error {
    let limit = match limit {
        0..1_000_000 => format!("{limit} bytes"),
        _ => format!("{} MB", limit / 1_000_000),
    };
    io::Error::new(io::ErrorKind::FileTooLarge, format!("larger than {limit}"))
}
