//! A folder by its path, where the system cannot open files below a handle: each name on the way is looked at before.

use super::read::all_of;
use super::{Below, EntryKind, LINK, NO_FILE, refused};
use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// A folder. All that it does is below it, as far as nobody puts links there at that moment.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    closed: Vec<Below>,
}

impl Folder {
    /// Opens a folder that a person or the system named: its own path may lead through links.
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

    /// The same folder, but for one in it that nothing is done in: git's own, if it has another name than usual.
    pub fn without(mut self, closed: Below) -> Self {
        self.closed.push(closed);
        self
    }

    /// The same folder, open once more.
    ///
    /// # Errors
    /// The system has no more handles.
    pub fn again(&self) -> io::Result<Self> {
        Ok(Self { path: self.path.clone(), closed: self.closed.clone() })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A folder in it, open.
    ///
    /// # Errors
    /// There is none, or a link in its place.
    pub fn folder(&self, below: &Below) -> io::Result<Self> {
        match self.about(below)? {
            EntryKind::Folder => {
                Ok(Self { path: self.path.join(below.path()), closed: super::closed_in(&self.closed, below) })
            }
            _ => Err(refused(LINK)),
        }
    }

    /// What a regular file holds, at most `limit` bytes.
    ///
    /// # Errors
    /// It cannot be read, is none, or is larger.
    pub fn read(&self, below: &Below, limit: u64) -> io::Result<Vec<u8>> {
        all_of(self.open_file(below)?, limit)
    }

    /// A file, open for reading.
    ///
    /// # Errors
    /// It cannot be opened.
    pub fn open_file(&self, below: &Below) -> io::Result<File> {
        let path = self.place(below)?;
        if fs::symlink_metadata(&path)?.is_file() { File::open(path) } else { Err(refused(NO_FILE)) }
    }

    /// What the system says of a name, of a link itself.
    ///
    /// # Errors
    /// There is no such name.
    pub fn about(&self, below: &Below) -> io::Result<EntryKind> {
        let about = fs::symlink_metadata(self.place(below)?)?;
        Ok(match (about.is_file(), about.is_dir()) {
            (true, _) => EntryKind::File,
            (_, true) => EntryKind::Folder,
            _ => EntryKind::Other,
        })
    }

    /// A new file, open for writing.
    ///
    /// # Errors
    /// There is one of that name, or none can be made.
    pub fn create(&self, below: &Below, _: u32) -> io::Result<File> {
        File::options().write(true).create_new(true).open(self.place(below)?)
    }

    /// A file of our own, which is made if it is not there, open for reading and writing.
    ///
    /// # Errors
    /// Something else has its name, or it cannot be made.
    pub fn open_own(&self, below: &Below) -> io::Result<File> {
        let path = self.own_place(below)?;
        File::options().read(true).write(true).create(true).truncate(false).open(path)
    }

    /// The same, open for appending.
    ///
    /// # Errors
    /// As for [`Folder::open_own`].
    pub fn append(&self, below: &Below) -> io::Result<File> {
        File::options().read(true).append(true).create(true).open(self.own_place(below)?)
    }

    /// Makes a folder, and those above it; gives how many.
    ///
    /// # Errors
    /// One cannot be made, or something else has its name.
    #[expect(clippy::only_used_in_recursion, reason = "the same call as where there are modes")]
    pub fn make_folders(&self, below: &Below, mode: u32) -> io::Result<usize> {
        let above = below.parent().map_or(Ok(0), |above| self.make_folders(&above, mode))?;
        match self.about(below) {
            Ok(EntryKind::Folder) => return Ok(above),
            Ok(_) => return Err(refused(LINK)),
            Err(_) => fs::create_dir(self.place(below)?)?,
        }
        Ok(above + 1)
    }

    /// The names in it, or in a folder below.
    ///
    /// # Errors
    /// They cannot be read.
    pub fn names(&self, below: Option<&Below>) -> io::Result<Vec<OsString>> {
        let path = match below {
            Some(below) => self.folder(below)?.path,
            None => self.path.clone(),
        };
        fs::read_dir(path)?.map(|entry| Ok(entry?.file_name())).collect()
    }

    /// Removes a file; of a link, the link.
    ///
    /// # Errors
    /// It cannot be removed.
    pub fn remove_file(&self, below: &Below) -> io::Result<()> {
        fs::remove_file(self.place(below)?)
    }

    /// Removes a folder that is empty.
    ///
    /// # Errors
    /// It is not, or cannot be removed.
    pub fn remove_folder(&self, below: &Below) -> io::Result<()> {
        fs::remove_dir(self.place(below)?)
    }

    /// Gives a file, which may have the name of another one then, to that name: at once, and below another folder.
    ///
    /// # Errors
    /// It cannot be renamed, as where the two are on two file systems.
    pub fn rename(&self, from: &Below, other: &Self, to: &Below) -> io::Result<()> {
        fs::rename(self.place(from)?, other.place(to)?)
    }

    /// Gives a file a name that nothing has.
    ///
    /// # Errors
    /// Something has it, or the file cannot be renamed.
    pub fn rename_new(&self, from: &Below, other: &Self, to: &Below) -> io::Result<()> {
        if other.about(to).is_ok() {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        self.rename(from, other, to)
    }

    /// Swaps the names of two files at once, which the system cannot.
    ///
    /// # Errors
    /// None.
    pub fn exchange(&self, _: &Below, _: &Self, _: &Below) -> io::Result<bool> {
        Ok(false)
    }

    /// Makes the names in a folder durable, which the system does by itself.
    pub fn flush_names(&self, _: Option<&Below>) {}

    /// Flushes the file system, which the system does by itself.
    pub fn flush_file_system(&self, _: Option<&Below>) {}

    /// The file system that it is on, which cannot be told from others: a rename says whether it was the same.
    ///
    /// # Errors
    /// None.
    pub fn device(&self) -> io::Result<u64> {
        Ok(0)
    }

    /// Whether nobody but its owner may write there, which the system does not say in this way.
    ///
    /// # Errors
    /// None.
    pub fn is_private(&self) -> io::Result<bool> {
        Ok(true)
    }

    /// Where a path leads, if no folder on the way is a link.
    fn place(&self, below: &Below) -> io::Result<PathBuf> {
        super::is_open(&self.closed, below.path())?;
        let mut place = self.path.clone();
        for name in below.parent().iter().flat_map(|parent| parent.path().iter()) {
            place.push(name);
            let about = fs::symlink_metadata(&place)?;
            if about.is_symlink() {
                return Err(refused(LINK));
            }
            if !about.is_dir() {
                return Err(io::ErrorKind::NotADirectory.into());
            }
        }
        place.push(below.name());
        Ok(place)
    }

    /// The same for a file of our own, in whose place nothing else may be.
    fn own_place(&self, below: &Below) -> io::Result<PathBuf> {
        let place = self.place(below)?;
        match fs::symlink_metadata(&place) {
            Ok(about) if !about.is_file() => Err(refused(NO_FILE)),
            _ => Ok(place),
        }
    }
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use super::Folder;

    include!("tests.rs");
}
