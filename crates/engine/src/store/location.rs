//! Where the runs of a project are kept: where only this machine writes, and no clone can bring a journal.

use super::hash::hash;
use super::names::{PRIVATE, own};
use crate::config;
use crate::disk::{Below, Folder, make_folders};
use crate::git::WorkTree;
use crate::named_files;
use crate::paths;
use crate::trouble::Trouble;
use std::io;
use std::path::{Path, PathBuf};

/// The folder's name in git's own.
const IN_GIT: &str = "postmend";

/// The folders below the user's folder of state.
const IN_STATE: &str = "postmend/projects";

/// Where runs are kept.
pub struct StoreLocation {
    /// A folder that is there, or is made for all programs of the user.
    base: PathBuf,
    /// The store's own folder in it.
    name: Below,
    path: PathBuf,
    /// git's own folder, if that is it.
    git: Option<PathBuf>,
}

impl StoreLocation {
    fn new(base: PathBuf, name: Below, git: Option<PathBuf>) -> Self {
        Self { path: base.join(name.path()), base, name, git }
    }

    fn in_git(tree: WorkTree) -> Self {
        Self::new(tree.git, own(IN_GIT), Some(tree.common))
    }

    /// Where the runs of a folder without git are kept.
    fn of_folder(state: &Path, root: &Path) -> Option<Self> {
        let print = hash(root.as_os_str().as_encoded_bytes());
        let name = Below::new(&Path::new(IN_STATE).join(&print[..32])).ok()?;
        Some(Self::new(state.to_owned(), name, None))
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// git's own folders, as far as they are below the project's under other names than usual.
    pub fn closed(&self, root: &Path) -> Vec<Below> {
        let folders = [self.git.as_deref(), self.git.is_some().then_some(self.base.as_path())];
        let below = |folder: &Path| Below::new(folder.strip_prefix(root).ok()?).ok();
        folders.into_iter().flatten().filter_map(below).collect()
    }

    /// Opens it.
    ///
    /// # Errors
    /// It is not there, or something else is.
    pub fn open(&self) -> io::Result<Folder> {
        Folder::open(&self.base)?.folder(&self.name)
    }

    /// Makes it and opens it.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn make(&self) -> io::Result<Folder> {
        if self.git.is_none() {
            make_folders(&self.base)?;
        }
        let base = Folder::open(&self.base)?;
        base.make_folders(&self.name, PRIVATE)?;
        base.folder(&self.name)
    }
}

/// The project that a path belongs to, and where its runs are kept.
///
/// # Errors
/// The path cannot be found, or there is nowhere to keep runs.
pub fn of(path: &Path) -> Result<(PathBuf, StoreLocation), Trouble> {
    let real = named_files::real(path)?;
    let folder = if real.is_dir() { real } else { paths::parent(&real).to_owned() };
    if let Some(tree) = WorkTree::of(&folder) {
        return Ok((tree.top.clone(), StoreLocation::in_git(tree)));
    }
    let state = state_folder()?;
    let place = |root: &Path| StoreLocation::of_folder(&state, root);
    // A folder with the state in it, such as the home folder, is no project.
    let is_around = |root: &Path| state.starts_with(root);
    let candidates = || folder.ancestors().filter(|root| !is_around(root));
    let found = candidates().find(|root| place(root).is_some_and(|place| place.open().is_ok()));
    let found = found.or_else(|| candidates().find(|root| root.join(config::FILE_NAME).is_file()));
    let here = std::fs::canonicalize(".").unwrap_or_default();
    let fallback = if folder.starts_with(&here) && !is_around(&here) { &here } else { &folder };
    let root = found.unwrap_or(fallback);
    match place(root).filter(|_| !is_around(root)) {
        Some(place) => Ok((root.to_owned(), place)),
        None => Err(Trouble::new(
            format!("runs would be stored in {}, which is inside the project", state.display()),
            "set XDG_STATE_HOME to a folder outside the project",
        )),
    }
}

/// The user's folder of what programs must remember.
fn state_folder() -> Result<PathBuf, Trouble> {
    let set = |name| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let folder = set("XDG_STATE_HOME")
        .or_else(|| set("LOCALAPPDATA").filter(|_| cfg!(windows)))
        .or_else(|| Some(set("HOME")?.join(".local/state")));
    let folder = folder.ok_or_else(|| {
        let message = "no folder to store runs in: neither git nor a home folder was found";
        Trouble::new(message, "set XDG_STATE_HOME to a folder")
    })?;
    // What is not there yet is as real as what is above it.
    let there = folder.ancestors().find_map(|above| Some((above, std::fs::canonicalize(above).ok()?)));
    Ok(there.and_then(|(above, real)| Some(real.join(folder.strip_prefix(above).ok()?))).unwrap_or(folder))
}
