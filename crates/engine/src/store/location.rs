//! The location of a project's runs: a place where only this machine writes, so that a clone cannot contain a
//! journal.

use super::hash::hash;
use super::names::{PRIVATE, own_name};
use crate::config;
use crate::disk::{Folder, RelativePath, make_folders};
use crate::git::WorkTree;
use crate::named_files;
use crate::paths;
use crate::trouble::Trouble;
use std::io;
use std::path::{Path, PathBuf};

/// The name of the store in the git directory.
const IN_GIT: &str = "postmend";

/// The path of the stores below the user's state folder.
const IN_STATE: &str = "postmend/projects";

/// The location of a store.
pub struct StoreLocation {
    /// A folder that exists, or that is shared with other programs of the user.
    base: PathBuf,
    /// The store's path below it.
    name: RelativePath,
    path: PathBuf,
    /// The git directory that the working trees share, if the store is in git's folder.
    git: Option<PathBuf>,
}

impl StoreLocation {
    fn new(base: PathBuf, name: RelativePath, git: Option<PathBuf>) -> Self {
        Self { path: base.join(name.path()), base, name, git }
    }

    fn in_git(tree: WorkTree) -> Self {
        Self::new(tree.git, own_name(IN_GIT), Some(tree.common))
    }

    /// The location for a project without git.
    fn of_folder(state: &Path, root: &Path) -> Option<Self> {
        let print = hash(root.as_os_str().as_encoded_bytes());
        let name = RelativePath::new(&Path::new(IN_STATE).join(&print[..32])).ok()?;
        Some(Self::new(state.to_owned(), name, None))
    }

    /// The path of the store.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The git directories inside the project that are not named `.git`, to be excluded.
    pub fn closed(&self, root: &Path) -> Vec<RelativePath> {
        let folders = [self.git.as_deref(), self.git.is_some().then_some(self.base.as_path())];
        let below = |folder: &Path| RelativePath::new(folder.strip_prefix(root).ok()?).ok();
        folders.into_iter().flatten().filter_map(below).collect()
    }

    /// Opens the store.
    ///
    /// # Errors
    /// It does not exist, or is not a folder.
    pub fn open(&self) -> io::Result<Folder> {
        Folder::open(&self.base)?.folder(&self.name)
    }

    /// Creates the store if it does not exist, and opens it.
    ///
    /// # Errors
    /// It cannot be created.
    pub fn make(&self) -> io::Result<Folder> {
        if self.git.is_none() {
            make_folders(&self.base)?;
        }
        let base = Folder::open(&self.base)?;
        base.make_folders(&self.name, PRIVATE)?;
        base.folder(&self.name)
    }
}

/// The root of the project that a path belongs to, and the location of its store.
///
/// # Errors
/// The path does not exist, or there is no place for a store.
pub fn of(path: &Path) -> Result<(PathBuf, StoreLocation), Trouble> {
    let real = named_files::real(path)?;
    let folder = if real.is_dir() { real } else { paths::parent(&real).to_owned() };
    if let Some(tree) = WorkTree::of(&folder) {
        return Ok((tree.top.clone(), StoreLocation::in_git(tree)));
    }
    let state = state_folder()?;
    let location = |root: &Path| StoreLocation::of_folder(&state, root);
    // A folder that contains the state folder, such as the home folder, cannot be a project.
    let is_around = |root: &Path| state.starts_with(root);
    let candidates = || folder.ancestors().filter(|root| !is_around(root));
    let found = candidates().find(|root| location(root).is_some_and(|location| location.open().is_ok()));
    let found = found.or_else(|| candidates().find(|root| root.join(config::FILE_NAME).is_file()));
    let here = std::fs::canonicalize(".").unwrap_or_default();
    let fallback = if folder.starts_with(&here) && !is_around(&here) { &here } else { &folder };
    let root = found.unwrap_or(fallback);
    match location(root).filter(|_| !is_around(root)) {
        Some(location) => Ok((root.to_owned(), location)),
        None => Err(Trouble::new(
            format!("runs would be stored in {}, which is inside the project", state.display()),
            "set XDG_STATE_HOME to a folder outside the project",
        )),
    }
}

/// The user's state folder, with symlinks resolved.
fn state_folder() -> Result<PathBuf, Trouble> {
    let set = |name| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let folder = set("XDG_STATE_HOME")
        .or_else(|| set("LOCALAPPDATA").filter(|_| cfg!(windows)))
        .or_else(|| Some(set("HOME")?.join(".local/state")));
    let folder = folder.ok_or_else(|| {
        let message = "no folder to store runs in: neither git nor a home folder was found";
        Trouble::new(message, "set XDG_STATE_HOME to a folder")
    })?;
    // If the folder does not exist yet, the symlinks in its existing parent folders are resolved.
    let there = folder.ancestors().find_map(|above| Some((above, std::fs::canonicalize(above).ok()?)));
    Ok(there.and_then(|(above, real)| Some(real.join(folder.strip_prefix(above).ok()?))).unwrap_or(folder))
}
