//! Where configs, baselines and the files that they name are read: in the working tree, or in git's index if staged posts
//! are checked, as a commit will have no other files.

use crate::git::{self, Blob, Blobs};
use crate::paths;
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
            Ok(Some(Blob::Whole(bytes))) => Some(bytes.into()),
            Ok(_) | Err(_) => None,
        };
        indexes.contents.insert(path, content.clone());
        Some(content)
    }
}
