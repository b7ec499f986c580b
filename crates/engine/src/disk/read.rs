//! Reads regular files of limited size.

use super::{LINK, NO_FILE, refused, too_large};
use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::path::Path;

/// The content of a file. A symlink is not followed, a device or pipe is not read, and the size is checked first.
///
/// # Errors
/// The file cannot be read, is not a regular file, or has more than `limit` bytes.
pub fn read(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    all_of(open(path)?, limit)
}

/// The content of a file as text.
///
/// # Errors
/// As for [`read`]; or it is not valid UTF-8.
pub fn read_text(path: &Path, limit: u64) -> io::Result<String> {
    let bytes = read(path, limit)?;
    String::from_utf8(bytes).map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "not UTF-8"))
}

/// Opens a file or pipe that a person named, for reading. It may be a symlink.
///
/// # Errors
/// It cannot be opened, or is a folder.
pub fn open_named(path: &Path) -> io::Result<File> {
    let file = File::open(path)?;
    if file.metadata()?.is_dir() { Err(refused(NO_FILE)) } else { Ok(file) }
}

/// The content of a file or pipe that a person named, at most `limit` bytes.
///
/// # Errors
/// It cannot be read, or is larger.
pub fn read_named(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open_named(path)?.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit { Err(too_large(limit)) } else { Ok(bytes) }
}

/// Whether a file, which must not be a symlink, starts with these bytes.
pub fn starts_with(path: &Path, start: &[u8]) -> bool {
    let mut found = vec![0; start.len()];
    let read = open(path).and_then(|mut file| {
        regular(&file)?;
        file.read_exact(&mut found)
    });
    read.is_ok() && found == start
}

/// The first bytes of a file, which must not be a symlink.
///
/// # Errors
/// It cannot be read, or is not a regular file.
pub fn read_start(path: &Path, most: usize) -> io::Result<Vec<u8>> {
    let mut file = open(path)?;
    regular(&file)?;
    let mut bytes = Vec::new();
    Read::by_ref(&mut file).take(most as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Whether a path is a regular file: not a symlink, folder, pipe or device.
pub fn is_regular(path: &Path) -> bool {
    std::fs::symlink_metadata(path).is_ok_and(|about| about.is_file())
}

fn open(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.read(true);
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        use std::os::unix::fs::OpenOptionsExt;
        // Without `NONBLOCK`, opening a pipe waits until somebody opens it for writing.
        let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY;
        options.custom_flags(flags.bits().cast_signed());
    }
    #[cfg(not(unix))]
    if std::fs::symlink_metadata(path)?.is_symlink() {
        return Err(refused(LINK));
    }
    options.open(path).map_err(|error| if is_link_error(&error) { refused(LINK) } else { error })
}

#[cfg(unix)]
pub(super) fn is_link_error(error: &io::Error) -> bool {
    error.raw_os_error() == Some(rustix::io::Errno::LOOP.raw_os_error())
}

#[cfg(not(unix))]
pub(super) fn is_link_error(_: &io::Error) -> bool {
    false
}

fn regular(file: &File) -> io::Result<Metadata> {
    let about = file.metadata()?;
    if about.is_file() { Ok(about) } else { Err(refused(NO_FILE)) }
}

/// The content of an open file, at most `limit` bytes.
pub(super) fn all_of(file: File, limit: u64) -> io::Result<Vec<u8>> {
    let length = regular(&file)?.len();
    if length > limit {
        return Err(too_large(limit));
    }
    // Read the reported length, without a further read for the end of the file. But files in /proc report a length of
    // 0 and are not empty.
    let wanted = if length > 0 { length } else { limit.saturating_add(1) };
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0));
    file.take(wanted).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit { Err(too_large(limit)) } else { Ok(bytes) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_regular_files_of_limited_size() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.md");
        std::fs::write(&path, "four").unwrap();
        assert_eq!(read(&path, 4).unwrap(), b"four");
        assert_eq!(read(&path, 3).unwrap_err().kind(), io::ErrorKind::FileTooLarge);
        assert!(starts_with(&path, b"fo") && !starts_with(&path, b"four and more"));
        assert!(read(folder.path(), 100).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn follows_no_link_and_waits_for_no_pipe() {
        let folder = tempfile::tempdir().unwrap();
        let [link, sparse] = ["link", "sparse"].map(|name| folder.path().join(name));
        std::os::unix::fs::symlink("/etc/passwd", &link).unwrap();
        assert_eq!(read(&link, 1 << 20).unwrap_err().to_string(), LINK);
        assert!(!is_regular(&link));
        let created = std::process::Command::new("mkfifo").arg(folder.path().join("pipe")).status();
        if created.is_ok_and(|created| created.success()) {
            assert_eq!(read(&folder.path().join("pipe"), 10).unwrap_err().to_string(), NO_FILE);
        }
        assert_eq!(read(Path::new("/dev/zero"), 10).unwrap_err().to_string(), NO_FILE);
        File::create(&sparse).and_then(|file| file.set_len(1 << 40)).unwrap();
        assert_eq!(read(&sparse, 1 << 20).unwrap_err().kind(), io::ErrorKind::FileTooLarge);
        // A file that reports a length of 0 and is not empty.
        let proc = Path::new("/proc/self/status");
        if proc.exists() {
            assert_eq!(read(proc, 10).unwrap_err().kind(), io::ErrorKind::FileTooLarge);
        }
    }
}
