//! The one way to the disk: nothing else in postmend reads or writes a file.
//!
//! What is written, made or removed is named by a [`Below`], in a [`Folder`] that is open, and no name of it may be
//! a link. What a person named for an output is an [`Output`]. What is read is a regular file of limited size.

#![expect(clippy::disallowed_methods, reason = "all others go through here")]

mod attributes;
mod below;
#[cfg(unix)]
mod by_handle;
#[cfg(any(not(unix), test))]
#[cfg_attr(unix, allow(dead_code, reason = "built here for its tests alone"))]
mod by_path;
mod output;
mod read;

pub use attributes::{copy_attributes, keep_mode_and_owner};
pub use below::{Below, Outside};
#[cfg(unix)]
pub use by_handle::Folder;
#[cfg(not(unix))]
pub use by_path::Folder;
pub use output::{Output, create_new, make_folders};
pub use read::{is_regular, open_named, read, read_named, read_text, starts_with};

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

/// What has a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A link, a pipe, a device.
    Other,
}

/// What a folder may say no to.
fn refused(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, why.to_owned())
}

/// That a path is in none of the folders that are closed.
fn is_open(closed: &[Below], path: &Path) -> io::Result<()> {
    match closed.iter().any(|closed| leads_into(path, closed)) {
        true => Err(io::Error::new(io::ErrorKind::InvalidInput, Outside::Git)),
        false => Ok(()),
    }
}

/// Whether a path is in a folder, on a file system that may take capitals for small letters.
fn leads_into(path: &Path, folder: &Below) -> bool {
    let same = |(one, other): (&OsStr, &OsStr)| {
        one == other || one.to_string_lossy().to_lowercase() == other.to_string_lossy().to_lowercase()
    };
    path.iter().count() >= folder.path().iter().count() && path.iter().zip(folder.path()).all(same)
}

/// What is closed in a folder that is itself in one with closed folders.
fn closed_in(closed: &[Below], folder: &Below) -> Vec<Below> {
    let names = folder.path().iter().count();
    let rest = |closed: &Below| {
        let inside = leads_into(closed.path(), folder).then(|| closed.path().iter().skip(names).collect());
        inside.and_then(|inside: PathBuf| Below::new(&inside).ok())
    };
    closed.iter().filter_map(rest).collect()
}

/// What is told where a name is a link and must be none.
const LINK: &str = "a symbolic link is in the way";

/// What is told of devices, pipes and folders.
const NO_FILE: &str = "not a regular file";

/// What is told of a file that is too large, whatever its limit.
fn too_large(limit: u64) -> io::Error {
    let limit = match limit {
        0..1_000_000 => format!("{limit} bytes"),
        _ => format!("{} MB", limit / 1_000_000),
    };
    io::Error::new(io::ErrorKind::FileTooLarge, format!("larger than {limit}"))
}
