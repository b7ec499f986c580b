//! Replaces a file so that it is either old or new at every instant.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;
use tempfile::Builder;

/// Why a file was not replaced. It is as it was.
#[derive(Debug)]
pub enum Failure {
    /// It no longer holds what was read from it.
    ChangedMeanwhile,
    /// The system said no.
    Io(io::Error),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Puts `new` in the place of `old`: a temporary file in the same folder, with the old file's
/// permissions, flushed to the disk and renamed. A symlink stays and its target is replaced.
///
/// # Errors
/// The file changed since it was read, or the system refused a step.
pub fn replace(path: &Path, old: &[u8], new: &[u8]) -> Result<(), Failure> {
    let path = fs::canonicalize(path)?;
    let about = fs::metadata(&path)?;
    let folder = path.parent().ok_or_else(|| io::Error::other("the file has no folder"))?;
    let mut temporary =
        Builder::new().prefix(".postmend-").permissions(about.permissions()).tempfile_in(folder)?;
    temporary.write_all(new)?;
    keep_mode_and_owner(temporary.as_file(), &about)?;
    temporary.as_file().sync_all()?;
    if fs::read(&path)? != old {
        return Err(Failure::ChangedMeanwhile);
    }
    temporary.persist(&path).map_err(|error| error.error)?;
    sync_folder(folder);
    Ok(())
}

/// The umask does not apply to a replaced file, and root must not take it over.
fn keep_mode_and_owner(file: &File, about: &fs::Metadata) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt, fchown};
        let now = file.metadata()?;
        if (now.uid(), now.gid()) != (about.uid(), about.gid()) {
            // Not everybody may give a file away; it then belongs to who ran this.
            let _ = fchown(file, Some(about.uid()), Some(about.gid()));
        }
    }
    file.set_permissions(about.permissions())
}

/// Makes the rename itself durable, where the system can.
fn sync_folder(folder: &Path) {
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
}
