//! Which files a config may name: regular files of limited size in its own repository. For other files, and for
//! errors in files, messages show the position but none of the content.

use super::FILE_NAME;
use crate::disk::{self, Folder, RelativePath};
use crate::named_files;
use crate::paths;
use crate::repository_files::RepositoryFiles;
use crate::trouble::Trouble;
use std::io;
use std::path::{Path, PathBuf};

/// The repository of a config, and the size limit of its files in bytes.
#[derive(Debug, Clone)]
pub struct AllowedFiles {
    root: PathBuf,
    limit: u64,
    files: RepositoryFiles,
}

impl AllowedFiles {
    /// The files that a config may name: those in its repository; without a repository, those below the highest
    /// folder at or above it that has a config, or else below its own folder.
    pub fn of(config: &Path, limit: u64, files: &RepositoryFiles) -> Self {
        let real = std::fs::canonicalize(paths::parent(config));
        let folder = real.unwrap_or_else(|_| paths::absolute(paths::parent(config)));
        let top = paths::repository(&folder);
        let highest = || folder.ancestors().filter(|above| above.join(FILE_NAME).is_file()).last();
        let root = top.or_else(highest).unwrap_or(&folder).to_owned();
        Self { root, limit, files: files.clone() }
    }

    /// The text of a config that was found by searching the folders. Messages about its errors quote it, so it must
    /// not be a symlink to another file.
    ///
    /// # Errors
    /// It is a symlink, is outside the repository, or cannot be read.
    pub fn found_text(&self, path: &Path) -> Result<String, Trouble> {
        if disk::is_regular(path) || self.staged(path).is_some() {
            return self.text(path);
        }
        let message = format!("{} is not a regular file", path.display());
        Err(Trouble::new(message, "put the config itself there; a config can extend another with `extends`"))
    }

    /// The text of a file that a config names.
    ///
    /// # Errors
    /// It is outside the repository, or cannot be read.
    pub fn text(&self, path: &Path) -> Result<String, Trouble> {
        let bytes = match self.staged(path) {
            Some(Err(error)) if error.kind() == io::ErrorKind::NotFound => {
                let message = format!("{} is not staged, so the commit would not have it", path.display());
                return Err(Trouble::new(message, "stage it with `git add`"));
            }
            Some(staged) => staged,
            None => {
                let below = self.below(path)?;
                Folder::open(&self.root).and_then(|root| root.read(&below, self.limit))
            }
        };
        let text = bytes.and_then(|bytes| {
            String::from_utf8(bytes).map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "not UTF-8"))
        });
        text.map_err(|error| Trouble::with_path("read", path, &error))
    }

    /// The content of a file in the index of the config's repository, which has no symlinks that lead out of it;
    /// `None` if files are read in the working tree, or this one is in another repository.
    fn staged(&self, path: &Path) -> Option<io::Result<Vec<u8>>> {
        let is_below = paths::without_parents(&paths::absolute(path)).starts_with(&self.root);
        is_below.then(|| self.files.staged_bytes(path, self.limit)).flatten()
    }

    /// The text of a config that the command line names; as it is on disk, unless git has it too.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn named_text(&self, path: &Path) -> Result<String, Trouble> {
        let bytes = match self.staged(path) {
            Some(Ok(bytes)) => bytes,
            Some(Err(_)) | None => named_files::read(path, self.limit)?,
        };
        String::from_utf8(bytes)
            .map_err(|_| Trouble::new(format!("{} is not UTF-8", path.display()), "write it as UTF-8"))
    }

    /// The resolved path of a file that is not read here, if the config may name it.
    ///
    /// # Errors
    /// It is outside the repository, or is not a regular file.
    pub fn resolve(&self, path: &Path) -> Result<PathBuf, Trouble> {
        let real = self.root.join(self.below(path)?.path());
        if disk::is_regular(&real) {
            return Ok(real);
        }
        Err(Trouble::new(format!("{} is not a regular file", path.display()), "put a regular file there"))
    }

    /// The path in the repository that a path leads to, with symlinks resolved.
    fn below(&self, path: &Path) -> Result<RelativePath, Trouble> {
        let real = std::fs::canonicalize(path).map_err(|error| Trouble::with_path("read", path, &error))?;
        let outside = |why: &dyn std::fmt::Display| {
            let message = format!("the config names {}, which {why}", path.display());
            Trouble::new(
                message,
                "a config can only name files in its repository; the command line can name any file",
            )
        };
        let below = real.strip_prefix(&self.root).map_err(|_| outside(&"is outside its repository"))?;
        RelativePath::new(below).map_err(|why| outside(&why))
    }
}
