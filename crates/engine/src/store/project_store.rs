//! The runs of a project: starting, resuming, choosing and removing them.

use super::journal::{self, About, Entry};
use super::journal_run::JournalRun;
use super::location::{self, StoreLocation};
use super::names::{PRIVATE, RUNS, below, numbers, own_name, remove_all, run_name};
use super::sweep::sweep;
use crate::disk::{Folder, RelativePath};
use crate::paths::display_path;
use crate::trouble::Trouble;
use std::fs::{File, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// The folder for fetched images that are not yet copied.
const CACHE: &str = "cache";

/// The lock file, which only one run can hold.
const LOCK: &str = "lock";

/// The folder of earlier versions, which was among the posts, where anybody could put a journal.
const OLD_FOLDER: &str = ".postmend";

/// The runs of a project.
pub struct Store {
    /// The project's folder, which paths in journals are relative to.
    root: PathBuf,
    location: StoreLocation,
    /// Messages for the user about the state of the store.
    notes: Mutex<Vec<String>>,
}

impl Store {
    /// The store of the project that a path belongs to. The project is git's working tree; without git, the nearest
    /// folder at or above the path that has runs, or else that has a config; or else the current folder, if the path
    /// is below it, or the folder of the path.
    ///
    /// # Errors
    /// The path does not exist, or there is no place for a store.
    pub fn of(path: &Path) -> Result<Self, Trouble> {
        let (root, location) = location::of(path)?;
        Ok(Self { root, location, notes: Mutex::default() })
    }

    /// The project's folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Opens the project's folder for a run that writes.
    ///
    /// # Errors
    /// It cannot be opened.
    pub fn open_root(&self) -> Result<Folder, Trouble> {
        let folder = Folder::open(&self.root);
        let folder = folder.map_err(|error| Trouble::with_path("open", &self.root, &error))?;
        Ok(self.location.closed(&self.root).into_iter().fold(folder, Folder::without))
    }

    /// The path of a file of the project, in the form of journals and plans.
    ///
    /// # Errors
    /// It is not below the project's folder, or is in git's own folder.
    pub fn name_of(&self, path: &Path) -> Result<RelativePath, Trouble> {
        below(&self.root, path).map_err(|why| {
            let message = format!("{} {why}", display_path(path).display());
            Trouble::new(message, format!("the project is {}", self.root.display()))
        })
    }

    /// The path of the store, as the user would write it.
    fn display_path(&self) -> String {
        display_path(self.location.path()).display().to_string()
    }

    fn wrong(&self, what: &str, error: &io::Error) -> Trouble {
        Trouble::with_path(what, self.location.path(), error)
    }

    /// Opens the store; `None` if it does not exist yet.
    ///
    /// # Errors
    /// Something else has its name, or other users may write to it.
    fn open_folder(&self) -> Result<Option<Folder>, Trouble> {
        match self.location.open() {
            Ok(folder) => self.private(folder).map(Some),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(self.wrong("open", &error)),
        }
    }

    /// Opens the store, and creates it if it does not exist yet.
    fn open_or_create(&self) -> Result<Folder, Trouble> {
        let old = self.root.join(OLD_FOLDER);
        let is_link = |path: &Path| std::fs::symlink_metadata(path).is_ok_and(|about| about.is_symlink());
        if is_link(&old) || is_link(&old.join(RUNS)) {
            // postmend never created such a symlink: somebody may want a run to write to its target.
            let message =
                format!("{} is a symbolic link, which postmend never makes", display_path(&old).display());
            return Err(Trouble::new(message, "find out who created it, and remove it"));
        }
        let is_new = self.open_folder()?.is_none();
        let folder = self.location.make().map_err(|error| self.wrong("make", &error))?;
        let folder = self.private(folder)?;
        if is_new && let Some(old) = self.old_folder() {
            self.note(old);
        }
        Ok(folder)
    }

    fn private(&self, folder: Folder) -> Result<Folder, Trouble> {
        match folder.is_private() {
            Ok(true) => Ok(folder),
            Ok(false) => Err(Trouble::new(
                format!("{} is writable by other users", self.display_path()),
                "if its runs are yours, run `chmod go-w` on it",
            )),
            Err(error) => Err(self.wrong("open", &error)),
        }
    }

    /// A message about the folder of earlier versions, if it exists.
    fn old_folder(&self) -> Option<String> {
        let old = self.root.join(OLD_FOLDER);
        let is_there = std::fs::symlink_metadata(old.join(RUNS)).is_ok();
        let note = || {
            format!(
                "runs in {} are no longer read; new runs are stored in {}",
                display_path(&old).display(),
                self.display_path()
            )
        };
        is_there.then(note)
    }

    fn note(&self, note: String) {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner).push(note);
    }

    /// The messages for the user since the last call.
    pub fn notes(&self) -> Vec<String> {
        std::mem::take(&mut *self.notes.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The numbers of all runs, in ascending order.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn numbers(&self) -> Result<Vec<u32>, Trouble> {
        Ok(self.open_folder()?.map_or_else(Vec::new, |folder| numbers(&folder)))
    }

    /// The description of a run, and its effective entries.
    ///
    /// # Errors
    /// Its journal cannot be read, or has an invalid line.
    pub fn read_run(&self, number: u32) -> Result<(About, Vec<Entry>), Trouble> {
        let Some(folder) = self.open_folder()? else { return Ok(Default::default()) };
        let run = folder.folder(&run_name(number)).map_err(|error| self.wrong("read", &error))?;
        Ok((journal::about(&run).unwrap_or_default(), journal::read(&run)?))
    }

    /// The requested run; if `requested` is `None`, the last one that wrote files and was not undone.
    ///
    /// # Errors
    /// There is no such run.
    pub fn find_run(&self, requested: Option<u32>) -> Result<u32, Trouble> {
        let stands = |_: &Folder, entries: &[Entry]| {
            entries.iter().any(Entry::is_file) && !matches!(entries.last(), Some(Entry::Undone))
        };
        self.choose(requested, "undo", &stands)
    }

    /// The requested run; if `requested` is `None`, the last one that has a file of this name in its folder, and is
    /// neither complete nor undone.
    ///
    /// # Errors
    /// There is no such run.
    pub fn find_unfinished_run(&self, requested: Option<u32>, file: &RelativePath) -> Result<u32, Trouble> {
        let is_unfinished = |run: &Folder, entries: &[Entry]| {
            run.about(file).is_ok() && !matches!(entries.last(), Some(Entry::Done | Entry::Undone))
        };
        self.choose(requested, "resume", &is_unfinished)
    }

    fn choose(
        &self,
        requested: Option<u32>,
        what: &str,
        is_eligible: &dyn Fn(&Folder, &[Entry]) -> bool,
    ) -> Result<u32, Trouble> {
        let Some(folder) = self.open_folder()? else { return Err(self.no_run(requested, what)) };
        let numbers = numbers(&folder);
        let is_eligible = |number: &&u32| {
            let run = folder.folder(&run_name(**number)).ok();
            let entries = run.as_ref().and_then(|run| journal::read(run).ok());
            run.zip(entries).is_some_and(|(run, entries)| is_eligible(&run, &entries))
        };
        let found = match requested {
            Some(number) => numbers.contains(&number).then_some(number),
            None => numbers.iter().rev().find(is_eligible).copied(),
        };
        found.ok_or_else(|| self.no_run(requested, what))
    }

    fn no_run(&self, requested: Option<u32>, what: &str) -> Trouble {
        let message = match requested {
            Some(number) => format!("this project has no run {number}"),
            None => format!("no run to {what} in this project"),
        };
        let help = "`postmend migrate list` lists the runs".to_owned();
        Trouble::new(message, self.old_folder().unwrap_or(help))
    }

    /// Starts a new run.
    ///
    /// # Errors
    /// Another run is active, or the store cannot be written.
    pub fn begin(&self, about: &About) -> Result<JournalRun, Trouble> {
        let folder = self.open_or_create()?;
        let lock = self.lock(&folder)?;
        let wrong = |error: io::Error| self.wrong("write", &error);
        let numbers = numbers(&folder);
        let last = numbers.last().copied();
        let number = last.map_or(Some(1), |last| last.checked_add(1)).ok_or_else(|| {
            let message = format!("{} has a run with the highest possible number", self.display_path());
            Trouble::new(message, "remove that folder if the run does not have to be undone")
        })?;
        let root = self.open_root()?;
        for run in numbers.into_iter().filter_map(|number| folder.folder(&run_name(number)).ok()) {
            sweep(&root, &run).into_iter().for_each(|note| self.note(note));
        }
        let name = run_name(number);
        folder.make_folders(&name, PRIVATE).map_err(wrong)?;
        folder.flush_names(Some(&own_name(RUNS)));
        let started = folder.folder(&name).map_err(wrong).and_then(|run| {
            journal::write_about(&run, about).map_err(wrong)?;
            JournalRun::new(number, run, root, lock)
        });
        if started.is_err() {
            remove_all(&folder, &name);
        }
        started
    }

    /// Continues a run.
    ///
    /// # Errors
    /// Another run is active, or the store cannot be written.
    pub fn open(&self, number: u32) -> Result<JournalRun, Trouble> {
        let folder = self.open_or_create()?;
        let lock = self.lock(&folder)?;
        let run = folder.folder(&run_name(number)).map_err(|error| self.wrong("read", &error))?;
        if journal::about(&run).is_none() {
            let message = format!("the `about.json` of run {number} is damaged");
            return Err(Trouble::new(message, format!("see {}", run.path().display())));
        }
        let root = self.open_root()?;
        sweep(&root, &run).into_iter().for_each(|note| self.note(note));
        JournalRun::new(number, run, root, lock)
    }

    /// Opens the folder for fetched images that are not yet copied, and creates it if it does not exist.
    ///
    /// # Errors
    /// It cannot be created.
    pub fn cache(&self) -> Result<Folder, Trouble> {
        let wrong = |error: io::Error| self.wrong("write", &error);
        let (folder, name) = (self.open_or_create()?, own_name(CACHE));
        folder.make_folders(&name, PRIVATE).map_err(wrong)?;
        folder.folder(&name).map_err(wrong)
    }

    /// Removes all fetched images.
    pub fn clear_cache(&self) {
        if let Ok(Some(folder)) = self.open_folder() {
            remove_all(&folder, &own_name(CACHE));
        }
    }

    /// Ends a run and releases the lock. The folder of a run that wrote nothing is removed, unless it is to be
    /// resumed. Returns whether it wrote something.
    pub fn close(&self, run: JournalRun, is_resumed: bool) -> bool {
        let (wrote, number) = (run.wrote(), run.number);
        drop(run);
        if let (false, false, Ok(Some(folder))) = (wrote, is_resumed, self.open_folder()) {
            remove_all(&folder, &run_name(number));
        }
        wrote
    }

    /// Takes the lock, which is held until the file is closed or this process ends.
    fn lock(&self, folder: &Folder) -> Result<File, Trouble> {
        let wrong = |error: io::Error| self.wrong("write", &error);
        let mut file = folder.open_own(&own_name(LOCK)).map_err(wrong)?;
        match file.try_lock() {
            Ok(()) => {
                let holder = || -> io::Result<()> {
                    file.set_len(0)?;
                    file.rewind()?;
                    writeln!(file, "process {}", std::process::id())
                };
                let mut holder = holder;
                holder().map_err(wrong)?;
                Ok(file)
            }
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                let _ = file.take(100).read_to_string(&mut holder);
                let message = format!("another run of postmend is writing here ({})", holder.trim());
                Err(Trouble::new(message, "wait until it has finished"))
            }
            Err(TryLockError::Error(error)) => Err(wrong(error)),
        }
    }
}
