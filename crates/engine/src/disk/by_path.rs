//! A folder as a path, for systems that cannot open files relative to a handle: each component is checked before a
//! file is opened.

use super::read::all_of;
use super::{EntryKind, LINK, NO_FILE, RelativePath, refused};
use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// A folder. All operations stay inside it, unless somebody creates a symlink between the check and the operation.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    closed: Vec<RelativePath>,
}

impl Folder {
    /// Opens a folder that a person or the system named: its own path may contain symlinks.
    ///
    /// # Errors
    /// It cannot be opened.
    pub fn open(path: &Path) -> io::Result<Self> {
        if fs::metadata(path)?.is_dir() {
            Ok(Self { path: path.to_owned(), closed: Vec::new() })
        } else {
            Err(io::ErrorKind::NotADirectory.into())
        }
    }

    /// The same folder with one subfolder excluded: git's own folder, if it is not named `.git`.
    pub fn without(mut self, closed: RelativePath) -> Self {
        self.closed.push(closed);
        self
    }

    /// A duplicate of this folder.
    ///
    /// # Errors
    /// None here.
    pub fn try_clone(&self) -> io::Result<Self> {
        Ok(Self { path: self.path.clone(), closed: self.closed.clone() })
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
        match self.about(below)? {
            EntryKind::Folder => {
                Ok(Self { path: self.path.join(below.path()), closed: super::closed_in(&self.closed, below) })
            }
            _ => Err(refused(LINK)),
        }
    }

    /// Reads a regular file of at most `limit` bytes.
    ///
    /// # Errors
    /// It cannot be read, is not a regular file, or is larger.
    pub fn read(&self, below: &RelativePath, limit: u64) -> io::Result<Vec<u8>> {
        all_of(self.open_file(below)?, limit)
    }

    /// Opens a regular file for reading.
    ///
    /// # Errors
    /// It cannot be opened, or is not a regular file.
    pub fn open_file(&self, below: &RelativePath) -> io::Result<File> {
        let path = self.resolve(below)?;
        if fs::symlink_metadata(&path)?.is_file() { File::open(path) } else { Err(refused(NO_FILE)) }
    }

    /// The kind of an entry; a symlink is not followed.
    ///
    /// # Errors
    /// There is no such entry.
    pub fn about(&self, below: &RelativePath) -> io::Result<EntryKind> {
        let about = fs::symlink_metadata(self.resolve(below)?)?;
        Ok(match (about.is_file(), about.is_dir()) {
            (true, _) => EntryKind::File,
            (_, true) => EntryKind::Folder,
            _ => EntryKind::Other,
        })
    }

    /// Creates a new file, open for writing.
    ///
    /// # Errors
    /// The name exists already, or the file cannot be created.
    pub fn create(&self, below: &RelativePath, _: u32) -> io::Result<File> {
        File::options().write(true).create_new(true).open(self.resolve(below)?)
    }

    /// Opens one of postmend's own files for reading and writing, and creates it if it does not exist.
    ///
    /// # Errors
    /// It is not a regular file, or it cannot be created.
    pub fn open_own(&self, below: &RelativePath) -> io::Result<File> {
        let path = self.resolve_own(below)?;
        File::options().read(true).write(true).create(true).truncate(false).open(path)
    }

    /// Opens one of postmend's own files for reading and appending, and creates it if it does not exist.
    ///
    /// # Errors
    /// As for [`Folder::open_own`].
    pub fn append(&self, below: &RelativePath) -> io::Result<File> {
        File::options().read(true).append(true).create(true).open(self.resolve_own(below)?)
    }

    /// Creates a folder and its missing parents; returns how many were created.
    ///
    /// # Errors
    /// One cannot be created, or something else has its name.
    #[expect(clippy::only_used_in_recursion, reason = "the same call as where there are modes")]
    pub fn make_folders(&self, below: &RelativePath, mode: u32) -> io::Result<usize> {
        let above = below.parent().map_or(Ok(0), |above| self.make_folders(&above, mode))?;
        match self.about(below) {
            Ok(EntryKind::Folder) => return Ok(above),
            Ok(_) => return Err(refused(LINK)),
            Err(_) => fs::create_dir(self.resolve(below)?)?,
        }
        Ok(above + 1)
    }

    /// The names of the entries in this folder, or in a subfolder.
    ///
    /// # Errors
    /// They cannot be read.
    pub fn names(&self, below: Option<&RelativePath>) -> io::Result<Vec<OsString>> {
        let path = match below {
            Some(below) => self.folder(below)?.path,
            None => self.path.clone(),
        };
        fs::read_dir(path)?.map(|entry| Ok(entry?.file_name())).collect()
    }

    /// Removes a file; a symlink is removed itself.
    ///
    /// # Errors
    /// It cannot be removed.
    pub fn remove_file(&self, below: &RelativePath) -> io::Result<()> {
        fs::remove_file(self.resolve(below)?)
    }

    /// Removes an empty folder.
    ///
    /// # Errors
    /// It is not empty, or cannot be removed.
    pub fn remove_folder(&self, below: &RelativePath) -> io::Result<()> {
        fs::remove_dir(self.resolve(below)?)
    }

    /// Renames a file atomically, possibly into another folder, and replaces a file that already has that name.
    ///
    /// # Errors
    /// It cannot be renamed, for example because the two folders are on different file systems.
    pub fn rename(&self, from: &RelativePath, other: &Self, to: &RelativePath) -> io::Result<()> {
        fs::rename(self.resolve(from)?, other.resolve(to)?)
    }

    /// Renames a file to a name that must not exist yet.
    ///
    /// # Errors
    /// The name exists, or the file cannot be renamed.
    pub fn rename_new(&self, from: &RelativePath, other: &Self, to: &RelativePath) -> io::Result<()> {
        if other.about(to).is_ok() {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        self.rename(from, other, to)
    }

    /// Would exchange two files atomically, which is not supported here: always returns false.
    ///
    /// # Errors
    /// None.
    pub fn exchange(&self, _: &RelativePath, _: &Self, _: &RelativePath) -> io::Result<bool> {
        Ok(false)
    }

    /// Does nothing: the system makes the entries of a folder durable itself.
    pub fn flush_names(&self, _: Option<&RelativePath>) {}

    /// Does nothing: the system flushes the file system itself.
    pub fn flush_file_system(&self, _: Option<&RelativePath>) {}

    /// Always 0, as file systems cannot be told apart here: a rename shows whether both are the same.
    ///
    /// # Errors
    /// None.
    pub fn device(&self) -> io::Result<u64> {
        Ok(0)
    }

    /// Always true, as the system has no such mode.
    ///
    /// # Errors
    /// None.
    pub fn is_private(&self) -> io::Result<bool> {
        Ok(true)
    }

    /// The full path, if no folder on the way is a symlink.
    fn resolve(&self, below: &RelativePath) -> io::Result<PathBuf> {
        super::is_open(&self.closed, below.path())?;
        let mut path = self.path.clone();
        for name in below.parent().iter().flat_map(|parent| parent.path().iter()) {
            path.push(name);
            let about = fs::symlink_metadata(&path)?;
            if about.is_symlink() {
                return Err(refused(LINK));
            }
            if !about.is_dir() {
                return Err(io::ErrorKind::NotADirectory.into());
            }
        }
        path.push(below.name());
        Ok(path)
    }

    /// The full path of one of postmend's own files, which must be a regular file or not exist.
    fn resolve_own(&self, below: &RelativePath) -> io::Result<PathBuf> {
        let path = self.resolve(below)?;
        match fs::symlink_metadata(&path) {
            Ok(about) if !about.is_file() => Err(refused(NO_FILE)),
            _ => Ok(path),
        }
    }
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use super::Folder;

    include!("tests.rs");
}
