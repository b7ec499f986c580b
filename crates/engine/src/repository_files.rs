//! Where configs, baselines and the files that they name are read: in the working tree, or in git's index if staged posts
//! are checked, as a commit will have no other files.

use crate::disk;
use crate::git::{self, Blobs, Staged};
use crate::paths;
use crate::trouble::Trouble;
use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// The files of the repositories.
#[derive(Debug, Clone, Default)]
pub struct RepositoryFiles(Option<Arc<Mutex<Indexes>>>);

/// The indexes of repositories.
#[derive(Debug, Default)]
struct Indexes {
    /// By the top folder; `None` if git cannot read it.
    by_top: HashMap<PathBuf, Option<Blobs>>,
    /// The top folder of each folder that was asked for.
    tops: HashMap<PathBuf, Option<PathBuf>>,
    /// What was read.
    contents: HashMap<PathBuf, Option<Arc<[u8]>>>,
}

/// No config or list is larger.
const LARGEST: u64 = 1 << 30;

impl RepositoryFiles {
    /// The files in the indexes of the repositories.
    pub fn staged() -> Self {
        Self(Some(Arc::default()))
    }

    /// Whether there is a file with this path. In the working tree it may be a symlink to one.
    pub fn has_file(&self, path: &Path) -> bool {
        match self.staged_content(path) {
            Some(content) => content.is_some(),
            None => path.is_file(),
        }
    }

    /// The content of a file in the index; `None` if files are read in the working tree, as is the case outside of
    /// repositories.
    ///
    /// # Errors
    /// The file is not in the index, or it is larger than `limit` bytes.
    pub fn staged_bytes(&self, path: &Path, limit: u64) -> Option<io::Result<Vec<u8>>> {
        let content = self.staged_content(path)?;
        Some(match content {
            None => Err(io::ErrorKind::NotFound.into()),
            Some(content) if content.len() as u64 > limit => Err(io::ErrorKind::FileTooLarge.into()),
            Some(content) => Ok(content.to_vec()),
        })
    }

    /// The content of an object of the repository that a folder is in.
    ///
    /// # Errors
    /// git does not have it.
    pub fn object(&self, folder: &Path, name: &[u8], limit: u64) -> Result<Staged, Trouble> {
        let read = |blobs: &mut Blobs| {
            let hash = || String::from_utf8_lossy(name).into_owned();
            let missing =
                || Trouble::new(format!("git has no content of {}", hash()), "is the clone complete?");
            blobs.read(name, limit)?.ok_or_else(missing)
        };
        let top = git::top(folder).unwrap_or_else(|| folder.to_owned());
        if let Some(indexes) = &self.0 {
            let mut indexes = indexes.lock().unwrap_or_else(PoisonError::into_inner);
            let blobs = indexes.by_top.entry(top.clone()).or_insert_with(|| Blobs::of(&top).ok());
            if let Some(blobs) = blobs {
                return read(blobs);
            }
        }
        read(&mut Blobs::of(&top)?)
    }

    fn staged_content(&self, path: &Path) -> Option<Option<Arc<[u8]>>> {
        let path = paths::without_parents(&paths::absolute(path));
        let mut indexes = self.0.as_ref()?.lock().unwrap_or_else(PoisonError::into_inner);
        let folder = paths::parent(&path);
        let top = indexes.tops.entry(folder.to_owned());
        let top = top.or_insert_with(|| git::top(folder)).clone()?;
        if let Some(content) = indexes.contents.get(&path) {
            return Some(content.clone());
        }
        let blobs = indexes.by_top.entry(top.clone()).or_insert_with(|| Blobs::of(&top).ok());
        let below = path.strip_prefix(&top).ok()?;
        let name = [b":", below.as_os_str().as_encoded_bytes()].concat();
        let content = match blobs.as_mut()?.read(&name, LARGEST) {
            Ok(Some(Staged::Bytes(bytes))) => Some(bytes.into()),
            // Of a file that is not merged yet, the index has several contents, and the file the marks.
            Ok(None) if is_unmerged(blobs.as_mut()?, below) => {
                disk::read(&path, LARGEST).ok().map(Into::into)
            }
            Ok(_) | Err(_) => None,
        };
        indexes.contents.insert(path, content.clone());
        Some(content)
    }
}

/// Whether a file has conflicts: the index has the version of one side, or of both.
fn is_unmerged(blobs: &mut Blobs, below: &Path) -> bool {
    let mut is_there = |side: &[u8]| {
        let name = [side, below.as_os_str().as_encoded_bytes()].concat();
        matches!(blobs.read(&name, LARGEST), Ok(Some(_)))
    };
    is_there(b":2:") || is_there(b":3:")
}
