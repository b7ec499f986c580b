//! Reads regular files of limited size, whoever named them.

use super::{LINK, NO_FILE, refused, too_large};
use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::path::Path;

/// What a file holds. A link in place of the file is not followed, a device or pipe is not read, and the size is
/// asked for first.
///
/// # Errors
/// The file cannot be read, is none, or has more than `limit` bytes.
pub fn read(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    all_of(open(path)?, limit)
}

/// The same as text.
///
/// # Errors
/// As [`read`]; or it is no UTF-8.
pub fn read_text(path: &Path, limit: u64) -> io::Result<String> {
    let bytes = read(path, limit)?;
    String::from_utf8(bytes).map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "not UTF-8"))
}

/// A file or pipe that a person named, open for reading: it may be a link.
///
/// # Errors
/// It cannot be opened, or is a folder.
pub fn open_named(path: &Path) -> io::Result<File> {
    let file = File::open(path)?;
    if file.metadata()?.is_dir() { Err(refused(NO_FILE)) } else { Ok(file) }
}

/// What a file or pipe holds that a person named: at most `limit` bytes.
///
/// # Errors
/// It cannot be read, or there is more.
pub fn read_named(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open_named(path)?.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit { Err(too_large(limit)) } else { Ok(bytes) }
}

/// Whether a file, which is no link, begins so.
pub fn starts_with(path: &Path, start: &[u8]) -> bool {
    let mut found = vec![0; start.len()];
    let read = open(path).and_then(|mut file| {
        regular(&file)?;
        file.read_exact(&mut found)
    });
    read.is_ok() && found == start
}

/// Whether there is a file that is no link, folder, pipe or device.
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
        // Whoever opens a pipe without the second one waits for somebody to write.
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

/// What an open file holds.
pub(super) fn all_of(file: File, limit: u64) -> io::Result<Vec<u8>> {
    let length = regular(&file)?.len();
    if length > limit {
        return Err(too_large(limit));
    }
    // As much as there is said to be, without a look for more; but a file of /proc says that it is empty, and is not.
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
        let made = std::process::Command::new("mkfifo").arg(folder.path().join("pipe")).status();
        if made.is_ok_and(|made| made.success()) {
            assert_eq!(read(&folder.path().join("pipe"), 10).unwrap_err().to_string(), NO_FILE);
        }
        assert_eq!(read(Path::new("/dev/zero"), 10).unwrap_err().to_string(), NO_FILE);
        File::create(&sparse).and_then(|file| file.set_len(1 << 40)).unwrap();
        assert_eq!(read(&sparse, 1 << 20).unwrap_err().kind(), io::ErrorKind::FileTooLarge);
        // What says that it is empty and is not.
        let proc = Path::new("/proc/self/status");
        if proc.exists() {
            assert_eq!(read(proc, 10).unwrap_err().kind(), io::ErrorKind::FileTooLarge);
        }
    }
}
