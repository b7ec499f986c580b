//! Files that a person named for what postmend prints: reports, plans, configs.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use tempfile::{Builder, NamedTempFile};

/// A file that gets its name once it is whole. What has the name until then, a link too, is replaced and not written
/// through.
#[derive(Debug)]
pub struct Output {
    out: BufWriter<NamedTempFile>,
    path: PathBuf,
}

impl Output {
    /// A file without a name of its own yet, in the folder of `path`, with the permissions that a new file gets there.
    ///
    /// # Errors
    /// None can be made there.
    pub fn new(path: &Path) -> io::Result<Self> {
        let mut builder = Builder::new();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            // The system takes away what the user's mask says.
            builder.permissions(fs::Permissions::from_mode(0o666));
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let file = builder.prefix(".postmend-").tempfile_in(folder)?;
        Ok(Self { out: BufWriter::with_capacity(1 << 16, file), path: path.to_owned() })
    }

    /// Gives the file its name. With `flushed`, it is on the disk before.
    ///
    /// # Errors
    /// It cannot be written; there is no such file then.
    pub fn keep(self, flushed: bool) -> io::Result<()> {
        let file = self.out.into_inner().map_err(io::IntoInnerError::into_error)?;
        if flushed {
            file.as_file().sync_all()?;
        }
        file.persist(&self.path).map(drop).map_err(|error| error.error)
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Writes a file that must not be there yet.
///
/// # Errors
/// It is there, or cannot be written.
pub fn create_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    File::create_new(path).and_then(|mut file| file.write_all(bytes))
}

/// Makes a folder that a person named, and those above it.
///
/// # Errors
/// It cannot be made.
pub fn make_folders(path: &Path) -> io::Result<()> {
    fs::create_dir_all(path)
}
