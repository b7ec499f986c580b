//! What runs write, and how it is taken back: `.postmend` beside the posts.

mod journal;
mod replace;
mod run;
mod undo;

pub use journal::{About, Created, Entry, about, read as entries};
pub use replace::Failure;
pub use run::{Change, Run, Writer};
pub use undo::{State, undo, verify};

use crate::paths::shown;
use crate::trouble::Trouble;
use sha2::{Digest, Sha256};
use std::fs::{self, File, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::{Component, Path, PathBuf};

/// The folder's name.
const FOLDER: &str = ".postmend";

/// The folder in which runs are kept, one folder each.
pub struct Store {
    /// What paths in journals are relative to.
    pub root: PathBuf,
}

impl Store {
    /// The store of the project that a path belongs to: the nearest folder at or above it that has a
    /// store, else a config, else git's folder; else the current folder, if the path is below it.
    pub fn of(path: &Path) -> Result<Self, Trouble> {
        let trouble = |error| Trouble::with_path("find", path, &error);
        let here = std::path::absolute(".").map_err(trouble)?;
        let path = lexical(&std::path::absolute(path).map_err(trouble)?);
        let folder = if path.is_dir() { path.as_path() } else { path.parent().unwrap_or(&path) };
        let marked = |mark: &str| folder.ancestors().find(|above| above.join(mark).exists());
        let found = marked(FOLDER).or_else(|| marked(crate::config::FILE_NAME)).or_else(|| marked(".git"));
        let fallback = if folder.starts_with(&here) { here.as_path() } else { folder };
        Ok(Self { root: found.unwrap_or(fallback).to_owned() })
    }

    fn folder(&self) -> PathBuf {
        self.root.join(FOLDER)
    }

    /// The folder as the user would write it.
    fn shown(&self) -> String {
        let folder = self.folder();
        shown(&folder).display().to_string()
    }

    /// The folder of a run.
    pub fn run_folder(&self, number: u32) -> PathBuf {
        self.folder().join("runs").join(number.to_string())
    }

    /// The numbers of all runs, in order.
    pub fn numbers(&self) -> Vec<u32> {
        let entries = fs::read_dir(self.folder().join("runs")).into_iter().flatten().flatten();
        let mut numbers: Vec<u32> =
            entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect();
        numbers.sort_unstable();
        numbers
    }

    /// The run that was asked for; where none was, the last one that wrote files and was not undone.
    ///
    /// # Errors
    /// There is no such run.
    pub fn chosen(&self, asked: Option<u32>) -> Result<u32, Trouble> {
        let stands = |entries: &[Entry]| {
            entries.iter().any(Entry::is_file) && !matches!(entries.last(), Some(Entry::Undone))
        };
        self.choose(asked, &stands)
    }

    /// The run that was asked for; where none was, the last one that has neither ended nor been undone.
    ///
    /// # Errors
    /// There is no such run.
    pub fn unfinished(&self, asked: Option<u32>) -> Result<u32, Trouble> {
        self.choose(asked, &|entries| !matches!(entries.last(), Some(Entry::Done | Entry::Undone)))
    }

    fn choose(&self, asked: Option<u32>, is_meant: &dyn Fn(&[Entry]) -> bool) -> Result<u32, Trouble> {
        let numbers = self.numbers();
        let is_meant =
            |number: &&u32| is_meant(&journal::read(&self.run_folder(**number)).unwrap_or_default());
        let found = match asked {
            Some(number) => numbers.contains(&number).then_some(number),
            None => numbers.iter().rev().find(is_meant).copied(),
        };
        found.ok_or_else(|| {
            let message = match asked {
                Some(number) => format!("there is no run {number} in {}", self.shown()),
                None => format!("{} has no run that this could be about", self.shown()),
            };
            Trouble::new(message, "`postmend migrate list` shows what was written")
        })
    }

    /// Starts a run, of which nothing is written yet.
    ///
    /// # Errors
    /// Another run is at work, or the store cannot be written.
    pub fn begin(&self, about: &About) -> Result<Run, Trouble> {
        let wrong = |error: std::io::Error| Trouble::with_path("write", &self.folder(), &error);
        fs::create_dir_all(self.folder().join("runs")).map_err(wrong)?;
        self.keep_from_git()?;
        let mut lock = self.lock()?;
        let number = self.numbers().last().map_or(1, |last| last + 1);
        name_holder(&mut lock, number).map_err(wrong)?;
        let folder = self.run_folder(number);
        fs::create_dir(&folder).map_err(wrong)?;
        let about = serde_json::to_vec(about).map_err(|error| wrong(error.into()))?;
        let run = fs::write(folder.join(journal::ABOUT), about)
            .map_err(wrong)
            .and_then(|()| Run::new(number, folder.clone(), self.root.clone(), lock));
        if run.is_err() {
            let _ = fs::remove_dir_all(&folder);
        }
        run
    }

    /// The folder of what was fetched and is not yet in its place.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn cache(&self) -> Result<PathBuf, Trouble> {
        let folder = self.folder().join("cache");
        fs::create_dir_all(&folder).map_err(|error| Trouble::with_path("write", &folder, &error))?;
        self.keep_from_git()?;
        Ok(folder)
    }

    /// Forgets what was fetched.
    pub fn clear_cache(&self) {
        let _ = fs::remove_dir_all(self.folder().join("cache"));
    }

    fn keep_from_git(&self) -> Result<(), Trouble> {
        let ignore = self.folder().join(".gitignore");
        if ignore.exists() {
            return Ok(());
        }
        fs::write(&ignore, "*\n").map_err(|error| Trouble::with_path("write", &ignore, &error))
    }

    /// Goes on with a run.
    ///
    /// # Errors
    /// Another run is at work, or the store cannot be written.
    pub fn open(&self, number: u32) -> Result<Run, Trouble> {
        let mut lock = self.lock()?;
        name_holder(&mut lock, number)
            .map_err(|error| Trouble::with_path("write", &self.folder(), &error))?;
        Run::new(number, self.run_folder(number), self.root.clone(), lock)
    }

    /// Holds off other runs until the file is dropped, or this process dies.
    fn lock(&self) -> Result<File, Trouble> {
        let path = self.folder().join("lock");
        let wrong = |error: std::io::Error| Trouble::with_path("write", &path, &error);
        let mut options = File::options();
        let mut file =
            options.read(true).write(true).create(true).truncate(false).open(&path).map_err(wrong)?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                let _ = file.read_to_string(&mut holder);
                let message = format!("another run of postmend writes here ({})", holder.trim());
                Err(Trouble::new(message, "wait until it has ended"))
            }
            Err(TryLockError::Error(error)) => Err(wrong(error)),
        }
    }

    /// A path as journals write it: from the root, with `/`.
    ///
    /// # Errors
    /// The path is not UTF-8.
    pub fn name_of(&self, path: &Path) -> Result<String, Trouble> {
        name_below(&self.root, path)
    }
}

/// Writes into the lock who holds it.
fn name_holder(lock: &mut File, number: u32) -> std::io::Result<()> {
    lock.set_len(0)?;
    lock.rewind()?;
    writeln!(lock, "run {number}, process {}", std::process::id())
}

/// A path from `root` on, with `/`; absolute where it is not below it.
fn name_below(root: &Path, path: &Path) -> Result<String, Trouble> {
    let absolute = std::path::absolute(path).map(|path| lexical(&path));
    let absolute = absolute.map_err(|error| Trouble::with_path("find", path, &error))?;
    let name = absolute.strip_prefix(root).unwrap_or(&absolute).to_str();
    let name = name.ok_or_else(|| {
        Trouble::new(format!("the name of {} is not UTF-8", path.display()), "rename the file")
    })?;
    Ok(name.replace(std::path::MAIN_SEPARATOR, "/"))
}

/// An absolute path without `..`, as it is written: what `cd` in a shell makes of it.
fn lexical(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => drop(out.pop()),
            Component::CurDir => {}
            other => out.push(other),
        }
    }
    out
}

/// The SHA-256 of a file's bytes in hexadecimal digits, as `sha256sum` prints it.
pub fn hash(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits =
        bytes.iter().flat_map(|byte| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
    digits.map(char::from).collect()
}
