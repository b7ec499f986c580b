//! The output files that a person named: reports, plans, configs.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use tempfile::{Builder, NamedTempFile};

/// A file that gets its name only when it is complete. Whatever has that name until then, even a symlink, is replaced
/// and not written through. A device or pipe of that name, such as `/dev/stdout`, is written to directly.
#[derive(Debug)]
pub struct Output {
    out: BufWriter<Target>,
    path: PathBuf,
}

#[derive(Debug)]
enum Target {
    Whole(NamedTempFile),
    Device(File),
}

impl Output {
    /// Opens the output: a temporary file in the folder of `path`, with the permissions of a new file there.
    ///
    /// # Errors
    /// The temporary file cannot be created.
    pub fn new(path: &Path) -> io::Result<Self> {
        let mut builder = Builder::new();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            // The system applies the user's umask.
            builder.permissions(fs::Permissions::from_mode(0o666));
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let target = match device(path, folder)? {
            Some(device) => Target::Device(device),
            None => Target::Whole(builder.prefix(".postmend-").tempfile_in(folder)?),
        };
        Ok(Self { out: BufWriter::with_capacity(1 << 16, target), path: path.to_owned() })
    }

    /// Renames the temporary file to its final name. With `flushed`, its content is flushed to the disk first.
    ///
    /// # Errors
    /// The file cannot be written; one that already has the name is not changed.
    pub fn keep(self, flushed: bool) -> io::Result<()> {
        let Target::Whole(file) = self.out.into_inner().map_err(io::IntoInnerError::into_error)? else {
            return Ok(());
        };
        if flushed {
            file.as_file().sync_all()?;
        }
        file.persist(&self.path).map(drop).map_err(|error| error.error)
    }
}

impl Write for Target {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Whole(file) => file.write(bytes),
            Self::Device(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Whole(file) => file.flush(),
            Self::Device(file) => file.flush(),
        }
    }
}

/// The device or pipe that has the name of an output, open for writing; also a symlink in `/dev` or `/proc` to an
/// open file. Symlinks elsewhere are not followed, as anybody may have made them. `None` if a file can be put there.
#[cfg(unix)]
fn device(path: &Path, folder: &Path) -> io::Result<Option<File>> {
    use std::os::unix::fs::FileTypeExt;
    let Ok(about) = fs::symlink_metadata(path) else { return Ok(None) };
    let kind = about.file_type();
    let is_the_systems = || {
        fs::canonicalize(folder).is_ok_and(|folder| folder.starts_with("/dev") || folder.starts_with("/proc"))
    };
    if kind.is_block_device() || kind.is_dir() {
        return Err(super::refused(super::NO_FILE));
    }
    let is_device = kind.is_char_device() || kind.is_fifo() || (kind.is_symlink() && is_the_systems());
    if is_device { File::options().append(true).open(path).map(Some) } else { Ok(None) }
}

#[cfg(not(unix))]
fn device(_: &Path, _: &Path) -> io::Result<Option<File>> {
    Ok(None)
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Writes a file that must not exist yet.
///
/// # Errors
/// It exists, or cannot be written.
pub fn create_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    File::create_new(path).and_then(|mut file| file.write_all(bytes))
}

/// Creates a folder that a person named, and its missing parents.
///
/// # Errors
/// It cannot be created.
pub fn make_folders(path: &Path) -> io::Result<()> {
    fs::create_dir_all(path)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn write(path: &Path) -> io::Result<()> {
        let mut out = Output::new(path)?;
        out.write_all(b"new")?;
        out.keep(false)
    }

    #[test]
    fn files_and_links_are_replaced_and_devices_written_to() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("victim"), "precious").unwrap();
        std::os::unix::fs::symlink("victim", at("link")).unwrap();
        std::os::unix::fs::symlink("/dev/null", at("device")).unwrap();
        for name in ["new", "link", "device", "new"] {
            write(&at(name)).unwrap();
            assert!(fs::symlink_metadata(at(name)).unwrap().is_file(), "{name}");
            assert_eq!(fs::read(at(name)).unwrap(), b"new", "{name}");
        }
        assert_eq!(fs::read(at("victim")).unwrap(), b"precious");
        write(Path::new("/dev/null")).unwrap();
        assert!(!fs::symlink_metadata("/dev/null").unwrap().is_file());
        assert!(write(folder.path()).is_err());

        let pipe = at("pipe");
        let created = std::process::Command::new("mkfifo").arg(&pipe).status();
        if created.is_ok_and(|created| created.success()) {
            let named = pipe.clone();
            let reader = std::thread::spawn(move || fs::read(named).unwrap());
            write(&pipe).unwrap();
            assert_eq!(reader.join().unwrap(), b"new");
        }
    }
}
