//! A folder as an open handle: the kernel resolves the paths below it, and follows no symlink.

use super::read::{all_of, is_link_error};
use super::{EntryKind, LINK, NO_FILE, RelativePath, refused};
use rustix::fs::{AtFlags, Dir, Mode, OFlags, openat};
use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::{Path, PathBuf};

/// An open folder. All operations stay inside it, whatever its files are named and wherever symlinks lead.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    handle: OwnedFd,
    closed: Vec<RelativePath>,
}

/// The parent folder of a path inside the folder.
enum Parent<'f> {
    Folder(BorrowedFd<'f>),
    Opened(OwnedFd),
}

impl AsFd for Parent<'_> {
    fn as_fd(&self) -> BorrowedFd<'_> {
        match self {
            Self::Folder(handle) => handle.as_fd(),
            Self::Opened(handle) => handle.as_fd(),
        }
    }
}

/// The flags for a handle of a directory that can be listed.
const FOLDER: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);

/// The flags for a handle that is only used to resolve names, which needs no read permission.
#[cfg(target_os = "linux")]
const STEP: OFlags = OFlags::PATH.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);
#[cfg(not(target_os = "linux"))]
const STEP: OFlags = FOLDER;

/// The flags for a file that is not trusted: follow no symlink, do not wait for a pipe, do not become the controlling
/// terminal.
const WARY: OFlags = OFlags::NOFOLLOW.union(OFlags::NONBLOCK).union(OFlags::NOCTTY).union(OFlags::CLOEXEC);

impl Folder {
    /// Opens a folder that a person or the system named: its own path may contain symlinks.
    ///
    /// # Errors
    /// It cannot be opened.
    pub fn open(path: &Path) -> io::Result<Self> {
        let handle = rustix::fs::open(path, FOLDER, Mode::empty())?;
        Ok(Self { path: path.to_owned(), handle, closed: Vec::new() })
    }

    /// The same folder with one subfolder excluded: git's own folder, if it is not named `.git`.
    pub fn without(mut self, closed: RelativePath) -> Self {
        self.closed.push(closed);
        self
    }

    /// A duplicate of this handle.
    ///
    /// # Errors
    /// The system has no more handles.
    pub fn try_clone(&self) -> io::Result<Self> {
        Ok(Self { path: self.path.clone(), handle: self.handle.try_clone()?, closed: self.closed.clone() })
    }

    /// The path of the folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Opens a subfolder.
    ///
    /// # Errors
    /// It does not exist, or a component of the path is a symlink.
    pub fn folder(&self, below: &RelativePath) -> io::Result<Self> {
        let handle = self.open_below(below.path(), FOLDER, Mode::empty())?;
        let closed = super::closed_in(&self.closed, below);
        Ok(Self { path: self.path.join(below.path()), handle, closed })
    }

    /// Reads a regular file of at most `limit` bytes.
    ///
    /// # Errors
    /// It cannot be read, is not a regular file, or is larger.
    pub fn read(&self, below: &RelativePath, limit: u64) -> io::Result<Vec<u8>> {
        all_of(self.open_file(below)?, limit)
    }

    /// Opens a file for reading. The caller must check that it is a regular file.
    ///
    /// # Errors
    /// It cannot be opened.
    pub fn open_file(&self, below: &RelativePath) -> io::Result<File> {
        self.open_below(below.path(), OFlags::RDONLY | WARY, Mode::empty()).map(File::from)
    }

    /// The kind of an entry; a symlink is not followed.
    ///
    /// # Errors
    /// There is no such entry.
    pub fn about(&self, below: &RelativePath) -> io::Result<EntryKind> {
        let parent = self.parent(below)?;
        let about = rustix::fs::statat(&parent, below.name(), AtFlags::SYMLINK_NOFOLLOW)?;
        Ok(match rustix::fs::FileType::from_raw_mode(about.st_mode) {
            rustix::fs::FileType::RegularFile => EntryKind::File,
            rustix::fs::FileType::Directory => EntryKind::Folder,
            _ => EntryKind::Other,
        })
    }

    /// Creates a new file, open for writing.
    ///
    /// # Errors
    /// The name exists already, or the file cannot be created.
    pub fn create(&self, below: &RelativePath, mode: u32) -> io::Result<File> {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | WARY;
        self.open_below(below.path(), flags, mode_of(mode)).map(File::from)
    }

    /// Opens one of postmend's own files for reading and writing, and creates it if it does not exist.
    ///
    /// # Errors
    /// It is not a regular file, or it cannot be created.
    pub fn open_own(&self, below: &RelativePath) -> io::Result<File> {
        let flags = OFlags::RDWR | OFlags::CREATE | WARY;
        let file = File::from(self.open_below(below.path(), flags, mode_of(0o600))?);
        if file.metadata()?.is_file() { Ok(file) } else { Err(refused(NO_FILE)) }
    }

    /// Opens one of postmend's own files for reading and appending, and creates it if it does not exist.
    ///
    /// # Errors
    /// As for [`Folder::open_own`].
    pub fn append(&self, below: &RelativePath) -> io::Result<File> {
        let flags = OFlags::RDWR | OFlags::CREATE | OFlags::APPEND | WARY;
        let file = File::from(self.open_below(below.path(), flags, mode_of(0o600))?);
        if file.metadata()?.is_file() { Ok(file) } else { Err(refused(NO_FILE)) }
    }

    /// Creates a folder and its missing parents; returns how many were created.
    ///
    /// # Errors
    /// One cannot be created, or something else has its name.
    pub fn make_folders(&self, below: &RelativePath, mode: u32) -> io::Result<usize> {
        match self.open_below(below.path(), STEP | OFlags::NOFOLLOW, Mode::empty()) {
            Ok(_) => return Ok(0),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        let above = below.parent().map_or(Ok(0), |above| self.make_folders(&above, mode))?;
        let parent = self.parent(below)?;
        match rustix::fs::mkdirat(&parent, below.name(), mode_of(mode)) {
            Ok(()) => Ok(above + 1),
            // Another thread created it.
            Err(rustix::io::Errno::EXIST) if self.about(below)? == EntryKind::Folder => Ok(above),
            Err(error) => Err(error.into()),
        }
    }

    /// The names of the entries in this folder, or in a subfolder.
    ///
    /// # Errors
    /// They cannot be read.
    pub fn names(&self, below: Option<&RelativePath>) -> io::Result<Vec<OsString>> {
        use std::os::unix::ffi::OsStringExt;
        let path = below.map_or(Path::new("."), RelativePath::path);
        let handle = match below {
            Some(_) => self.open_below(path, FOLDER, Mode::empty())?,
            None => openat(&self.handle, path, FOLDER, Mode::empty())?,
        };
        let mut names = Vec::new();
        for entry in Dir::new(handle)? {
            let name = entry?.file_name().to_bytes().to_vec();
            if name != b"." && name != b".." {
                names.push(OsString::from_vec(name));
            }
        }
        Ok(names)
    }

    /// Removes a file; a symlink is removed itself.
    ///
    /// # Errors
    /// It cannot be removed.
    pub fn remove_file(&self, below: &RelativePath) -> io::Result<()> {
        Ok(rustix::fs::unlinkat(self.parent(below)?, below.name(), AtFlags::empty())?)
    }

    /// Removes an empty folder.
    ///
    /// # Errors
    /// It is not empty, or cannot be removed.
    pub fn remove_folder(&self, below: &RelativePath) -> io::Result<()> {
        Ok(rustix::fs::unlinkat(self.parent(below)?, below.name(), AtFlags::REMOVEDIR)?)
    }

    /// Renames a file atomically, possibly into another folder, and replaces a file that already has that name.
    ///
    /// # Errors
    /// It cannot be renamed, for example because the two folders are on different file systems.
    pub fn rename(&self, from: &RelativePath, other: &Self, to: &RelativePath) -> io::Result<()> {
        let (from_parent, to_parent) = (self.parent(from)?, other.parent(to)?);
        Ok(rustix::fs::renameat(from_parent, from.name(), to_parent, to.name())?)
    }

    /// Renames a file to a name that must not exist yet.
    ///
    /// # Errors
    /// The name exists, or the file cannot be renamed.
    pub fn rename_new(&self, from: &RelativePath, other: &Self, to: &RelativePath) -> io::Result<()> {
        #[cfg(any(target_os = "linux", target_vendor = "apple"))]
        {
            use rustix::fs::{RenameFlags, renameat_with};
            use rustix::io::Errno;
            let (from_parent, to_parent) = (self.parent(from)?, other.parent(to)?);
            match renameat_with(from_parent, from.name(), to_parent, to.name(), RenameFlags::NOREPLACE) {
                Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => {}
                done => return Ok(done?),
            }
        }
        if other.about(to).is_ok() {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        self.rename(from, other, to)
    }

    /// Exchanges two files atomically; returns false if the system does not support that.
    ///
    /// # Errors
    /// They cannot be exchanged.
    pub fn exchange(&self, path: &RelativePath, other: &Self, other_path: &RelativePath) -> io::Result<bool> {
        #[cfg(any(target_os = "linux", target_vendor = "apple"))]
        {
            use rustix::fs::{RenameFlags, renameat_with};
            use rustix::io::Errno;
            let (parent, other_parent) = (self.parent(path)?, other.parent(other_path)?);
            match renameat_with(parent, path.name(), other_parent, other_path.name(), RenameFlags::EXCHANGE) {
                Ok(()) => Ok(true),
                Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => Ok(false),
                Err(error) => Err(error.into()),
            }
        }
        #[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
        {
            let _ = (path, other, other_path);
            Ok(false)
        }
    }

    /// Makes the entries of a folder durable, if the system can.
    pub fn flush_names(&self, below: Option<&RelativePath>) {
        let folder = match below {
            Some(below) => self.open_below(below.path(), FOLDER, Mode::empty()),
            None => openat(&self.handle, ".", FOLDER, Mode::empty()).map_err(io::Error::from),
        };
        if let Ok(folder) = folder {
            let _ = rustix::fs::fsync(folder);
        }
    }

    /// Flushes the whole file system of a folder, which is far cheaper than to flush many files one by one.
    pub fn flush_file_system(&self, below: Option<&RelativePath>) {
        #[cfg(target_os = "linux")]
        match below.map(|below| self.open_below(below.path(), FOLDER, Mode::empty())) {
            None => drop(rustix::fs::syncfs(&self.handle)),
            Some(Ok(folder)) => drop(rustix::fs::syncfs(folder)),
            Some(Err(_)) => rustix::fs::sync(),
        }
        #[cfg(not(target_os = "linux"))]
        {
            let _ = below;
            rustix::fs::sync();
        }
    }

    /// The device number of the file system that the folder is on.
    ///
    /// # Errors
    /// The system does not report it.
    pub fn device(&self) -> io::Result<u64> {
        #[allow(clippy::unnecessary_cast, reason = "another type elsewhere")]
        Ok(rustix::fs::fstat(&self.handle)?.st_dev as u64)
    }

    /// Whether only the owner may write to the folder.
    ///
    /// # Errors
    /// The system does not report its mode.
    pub fn is_private(&self) -> io::Result<bool> {
        Ok(rustix::fs::fstat(&self.handle)?.st_mode & 0o022 == 0)
    }

    /// The parent folder of a path.
    fn parent(&self, below: &RelativePath) -> io::Result<Parent<'_>> {
        super::is_open(&self.closed, below.path())?;
        match below.path().parent().filter(|parent| !parent.as_os_str().is_empty()) {
            None => Ok(Parent::Folder(self.handle.as_fd())),
            Some(parent) => {
                self.open_below(parent, STEP | OFlags::NOFOLLOW, Mode::empty()).map(Parent::Opened)
            }
        }
    }

    /// Opens a path of plain names, none of which may be a symlink.
    fn open_below(&self, path: &Path, flags: OFlags, mode: Mode) -> io::Result<OwnedFd> {
        super::is_open(&self.closed, path)?;
        #[cfg(target_os = "linux")]
        {
            use rustix::fs::{ResolveFlags, openat2};
            use rustix::io::Errno;
            let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_MAGICLINKS;
            match openat2(&self.handle, path, flags, mode, resolve) {
                // Kernels before 5.6 and some containers do not support it.
                Err(Errno::NOSYS | Errno::PERM) => {}
                Err(error) => return Err(explain_error(error)),
                Ok(handle) => return Ok(handle),
            }
        }
        self.open_by_steps(path, flags, mode)
    }

    /// Opens a path as [`Self::open_below`] does, component by component.
    fn open_by_steps(&self, path: &Path, flags: OFlags, mode: Mode) -> io::Result<OwnedFd> {
        let mut names = path.iter().peekable();
        let mut here: Option<OwnedFd> = None;
        while let Some(name) = names.next() {
            let folder = here.as_ref().map_or(self.handle.as_fd(), AsFd::as_fd);
            let flags = if names.peek().is_none() { flags } else { STEP };
            let opened = openat(folder, name, flags | OFlags::NOFOLLOW, mode);
            here = Some(opened.map_err(|error| match error {
                // With `O_DIRECTORY` and `O_NOFOLLOW`, a symlink is reported as "not a directory".
                rustix::io::Errno::NOTDIR if is_link(folder, name) => refused(LINK),
                error => explain_error(error),
            })?);
        }
        here.ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

fn is_link(folder: BorrowedFd<'_>, name: &std::ffi::OsStr) -> bool {
    let about = rustix::fs::statat(folder, name, AtFlags::SYMLINK_NOFOLLOW);
    about.is_ok_and(|about| rustix::fs::FileType::from_raw_mode(about.st_mode).is_symlink())
}

fn explain_error(error: rustix::io::Errno) -> io::Error {
    let error = io::Error::from(error);
    if is_link_error(&error) { refused(LINK) } else { error }
}

#[allow(clippy::unnecessary_cast, reason = "narrower elsewhere")]
fn mode_of(mode: u32) -> Mode {
    Mode::from_raw_mode(mode as rustix::fs::RawMode)
}

#[cfg(test)]
mod tests {
    use super::Folder;

    include!("tests.rs");
}

#[cfg(test)]
mod without_openat2 {
    use super::*;
    use std::os::unix::fs::symlink;

    /// The fallback for old kernels and some containers opens paths component by component, with the same result.
    #[test]
    fn name_by_name_no_link_is_followed() {
        let site = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(site.path().join("posts/more")).unwrap();
        std::fs::write(site.path().join("posts/more/a.md"), "a").unwrap();
        symlink("posts", site.path().join("link")).unwrap();
        symlink("a.md", site.path().join("posts/more/link.md")).unwrap();
        let folder = Folder::open(site.path()).unwrap();
        let open = |path: &str, flags| folder.open_by_steps(Path::new(path), flags, Mode::empty());
        assert!(open("posts/more/a.md", OFlags::RDONLY | WARY).is_ok());
        assert!(open("posts/more", STEP).is_ok());
        for path in ["link/more/a.md", "posts/more/link.md", "link"] {
            assert_eq!(open(path, OFlags::RDONLY | WARY).unwrap_err().to_string(), LINK, "{path}");
        }
        assert_eq!(open("link", STEP).unwrap_err().to_string(), LINK);
        assert!(open("posts/none/a.md", OFlags::RDONLY | WARY).is_err());
    }
}
