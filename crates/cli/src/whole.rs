//! Files that get their name once they are whole.

use crate::paths::parent;
use std::io;
use std::path::Path;
use tempfile::{Builder, NamedTempFile};

/// A file without a name of its own yet, in the folder of `path`, with the permissions that a new file gets there.
///
/// # Errors
/// None can be made there.
pub fn beside(path: &Path) -> io::Result<NamedTempFile> {
    let mut builder = Builder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // The system takes away what the user's mask says.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    builder.prefix(".postmend-").tempfile_in(parent(path))
}
