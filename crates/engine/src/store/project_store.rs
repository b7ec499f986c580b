//! The runs of a project: begun, resumed, chosen, forgotten.

use super::journal::{self, About, Entry};
use super::journal_run::JournalRun;
use super::location::{self, StoreLocation};
use super::names::{PRIVATE, RUNS, below, numbers, own, remove_all, run_name};
use super::sweep::sweep;
use crate::disk::{Below, Folder};
use crate::paths::shown;
use crate::trouble::Trouble;
use std::fs::{File, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// The folder of what was fetched and is not yet in its place.
const CACHE: &str = "cache";

/// What no other run may hold.
const LOCK: &str = "lock";

/// The folder of earlier versions, beside the posts, where anybody could put a journal.
const OLD_FOLDER: &str = ".postmend";

/// The runs of a project.
pub struct Store {
    /// The project's folder: what paths in journals are below.
    root: PathBuf,
    place: StoreLocation,
    /// What the user should know of what was found here.
    notes: Mutex<Vec<String>>,
}

impl Store {
    /// The store of the project that a path belongs to: git's work tree; where there is none, the nearest folder at or
    /// above it that has runs, else a config; else the current folder, if the path is below it.
    ///
    /// # Errors
    /// The path cannot be found, or there is nowhere to keep runs.
    pub fn of(path: &Path) -> Result<Self, Trouble> {
        let (root, place) = location::of(path)?;
        Ok(Self { root, place, notes: Mutex::default() })
    }

    /// The project's folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The project's folder, open for what a run writes.
    ///
    /// # Errors
    /// It cannot be opened.
    pub fn open_root(&self) -> Result<Folder, Trouble> {
        let folder = Folder::open(&self.root);
        let folder = folder.map_err(|error| Trouble::with_path("open", &self.root, &error))?;
        Ok(self.place.closed(&self.root).into_iter().fold(folder, Folder::without))
    }

    /// The path of a file of the project as journals and plans write it.
    ///
    /// # Errors
    /// It is not below the project's folder, or is git's own.
    pub fn name_of(&self, path: &Path) -> Result<Below, Trouble> {
        below(&self.root, path).map_err(|why| {
            let message = format!("{} {why}", shown(path).display());
            Trouble::new(message, format!("the project is {}", self.root.display()))
        })
    }

    /// The store as the user would write it.
    fn shown(&self) -> String {
        shown(self.place.path()).display().to_string()
    }

    fn wrong(&self, what: &str, error: &io::Error) -> Trouble {
        Trouble::with_path(what, self.place.path(), error)
    }

    /// The store, open; `None` where nothing was written yet.
    ///
    /// # Errors
    /// Something else is in its place, or others may write there.
    fn open_folder(&self) -> Result<Option<Folder>, Trouble> {
        match self.place.open() {
            Ok(folder) => self.private(folder).map(Some),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(self.wrong("open", &error)),
        }
    }

    /// The store, which is made where it is not there yet.
    fn made_folder(&self) -> Result<Folder, Trouble> {
        let old = self.root.join(OLD_FOLDER);
        let is_link = |path: &Path| std::fs::symlink_metadata(path).is_ok_and(|about| about.is_symlink());
        if is_link(&old) || is_link(&old.join(RUNS)) {
            // No version made one: somebody waits for a run to write where it leads.
            let message = format!("{} is a symbolic link, which postmend never makes", shown(&old).display());
            return Err(Trouble::new(message, "find out who created it, and remove it"));
        }
        let is_new = self.open_folder()?.is_none();
        let folder = self.place.make().map_err(|error| self.wrong("make", &error))?;
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
                format!("{} is writable by other users", self.shown()),
                "if its runs are yours, run `chmod go-w` on it",
            )),
            Err(error) => Err(self.wrong("open", &error)),
        }
    }

    /// What is said of the folder of earlier versions, if there is one.
    fn old_folder(&self) -> Option<String> {
        let old = self.root.join(OLD_FOLDER);
        let is_there = std::fs::symlink_metadata(old.join(RUNS)).is_ok();
        let told = || {
            format!(
                "runs in {} are no longer read; new runs are stored in {}",
                shown(&old).display(),
                self.shown()
            )
        };
        is_there.then(told)
    }

    fn note(&self, note: String) {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner).push(note);
    }

    /// What the user should know of what was found here since this was last asked.
    pub fn notes(&self) -> Vec<String> {
        std::mem::take(&mut *self.notes.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The numbers of all runs, in order.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn numbers(&self) -> Result<Vec<u32>, Trouble> {
        Ok(self.open_folder()?.map_or_else(Vec::new, |folder| numbers(&folder)))
    }

    /// What a run says that it is, and its entries.
    ///
    /// # Errors
    /// Its journal cannot be read, or a line of it is none of ours.
    pub fn look(&self, number: u32) -> Result<(About, Vec<Entry>), Trouble> {
        let Some(folder) = self.open_folder()? else { return Ok(Default::default()) };
        let run = folder.folder(&run_name(number)).map_err(|error| self.wrong("read", &error))?;
        Ok((journal::about(&run).unwrap_or_default(), journal::read(&run)?))
    }

    /// The run that was asked for; where none was, the last one that wrote files and was not undone.
    ///
    /// # Errors
    /// There is no such run.
    pub fn chosen(&self, asked: Option<u32>) -> Result<u32, Trouble> {
        let stands = |_: &Folder, entries: &[Entry]| {
            entries.iter().any(Entry::is_file) && !matches!(entries.last(), Some(Entry::Undone))
        };
        self.choose(asked, "undo", &stands)
    }

    /// The run that was asked for; where none was, the last one that has a file of this name in its folder, and has
    /// neither ended nor been undone.
    ///
    /// # Errors
    /// There is no such run.
    pub fn unfinished(&self, asked: Option<u32>, file: &Below) -> Result<u32, Trouble> {
        let is_unfinished = |run: &Folder, entries: &[Entry]| {
            run.about(file).is_ok() && !matches!(entries.last(), Some(Entry::Done | Entry::Undone))
        };
        self.choose(asked, "resume", &is_unfinished)
    }

    fn choose(
        &self,
        asked: Option<u32>,
        what: &str,
        is_meant: &dyn Fn(&Folder, &[Entry]) -> bool,
    ) -> Result<u32, Trouble> {
        let Some(folder) = self.open_folder()? else { return Err(self.no_run(asked, what)) };
        let numbers = numbers(&folder);
        let is_meant = |number: &&u32| {
            let run = folder.folder(&run_name(**number)).ok();
            let entries = run.as_ref().and_then(|run| journal::read(run).ok());
            run.zip(entries).is_some_and(|(run, entries)| is_meant(&run, &entries))
        };
        let found = match asked {
            Some(number) => numbers.contains(&number).then_some(number),
            None => numbers.iter().rev().find(is_meant).copied(),
        };
        found.ok_or_else(|| self.no_run(asked, what))
    }

    fn no_run(&self, asked: Option<u32>, what: &str) -> Trouble {
        let message = match asked {
            Some(number) => format!("this project has no run {number}"),
            None => format!("no run to {what} in this project"),
        };
        let help = "`postmend migrate list` lists the runs".to_owned();
        Trouble::new(message, self.old_folder().unwrap_or(help))
    }

    /// Starts a run, of which nothing is written yet.
    ///
    /// # Errors
    /// Another run is at work, or the store cannot be written.
    pub fn begin(&self, about: &About) -> Result<JournalRun, Trouble> {
        let folder = self.made_folder()?;
        let lock = self.lock(&folder)?;
        let wrong = |error: io::Error| self.wrong("write", &error);
        let numbers = numbers(&folder);
        let last = numbers.last().copied();
        let number = last.map_or(Some(1), |last| last.checked_add(1)).ok_or_else(|| {
            let message = format!("{} has a run with the highest possible number", self.shown());
            Trouble::new(message, "remove that folder if the run does not have to be undone")
        })?;
        let root = self.open_root()?;
        for run in numbers.into_iter().filter_map(|number| folder.folder(&run_name(number)).ok()) {
            sweep(&root, &run).into_iter().for_each(|note| self.note(note));
        }
        let name = run_name(number);
        folder.make_folders(&name, PRIVATE).map_err(wrong)?;
        folder.flush_names(Some(&own(RUNS)));
        let started = folder.folder(&name).map_err(wrong).and_then(|run| {
            journal::write_about(&run, about).map_err(wrong)?;
            JournalRun::new(number, run, root, lock)
        });
        if started.is_err() {
            remove_all(&folder, &name);
        }
        started
    }

    /// Goes on with a run.
    ///
    /// # Errors
    /// Another run is at work, or the store cannot be written.
    pub fn open(&self, number: u32) -> Result<JournalRun, Trouble> {
        let folder = self.made_folder()?;
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

    /// The folder of what was fetched and is not yet in its place.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn cache(&self) -> Result<Folder, Trouble> {
        let wrong = |error: io::Error| self.wrong("write", &error);
        let (folder, name) = (self.made_folder()?, own(CACHE));
        folder.make_folders(&name, PRIVATE).map_err(wrong)?;
        folder.folder(&name).map_err(wrong)
    }

    /// Forgets what was fetched.
    pub fn clear_cache(&self) {
        if let Ok(Some(folder)) = self.open_folder() {
            remove_all(&folder, &own(CACHE));
        }
    }

    /// Lets others write. A run that wrote nothing leaves nothing, unless it is to be resumed; gives whether it wrote.
    pub fn close(&self, run: JournalRun, is_resumed: bool) -> bool {
        let (wrote, number) = (run.wrote(), run.number);
        drop(run);
        if let (false, false, Ok(Some(folder))) = (wrote, is_resumed, self.open_folder()) {
            remove_all(&folder, &run_name(number));
        }
        wrote
    }

    /// Holds off other runs until the file is dropped, or this process dies.
    fn lock(&self, folder: &Folder) -> Result<File, Trouble> {
        let wrong = |error: io::Error| self.wrong("write", &error);
        let mut file = folder.open_own(&own(LOCK)).map_err(wrong)?;
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
