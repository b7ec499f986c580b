//! A run that writes files: every change is recorded in its journal before it is made.

use super::atomic_files::{Bench, Swap, WriteFailure, temporary_names};
use super::file_change::FileChange;
use super::hash::hash;
use super::journal::{self, Created, Entry, JOURNAL, Record, Refused, Uploaded};
use super::names::{below, own_name};
use crate::disk::{Folder, RelativePath};
use crate::parallel;
use crate::trouble::Trouble;
use std::fs::File;
use std::io::{self, Write};

/// A run that holds the store's lock.
pub struct JournalRun {
    /// Its number.
    pub number: u32,
    /// Its folder in the store.
    pub folder: Folder,
    /// The project's folder.
    pub root: Folder,
    journal: File,
    /// Whether it wrote something that remains after the run.
    wrote: bool,
    pub(super) bench: Bench,
    _lock: File,
}

impl JournalRun {
    pub(super) fn new(number: u32, folder: Folder, root: Folder, lock: File) -> Result<Self, Trouble> {
        let wrong = |error: io::Error| Trouble::with_path("write", &folder.path().join(JOURNAL), &error);
        let wrote = journal::read(&folder)?.iter().any(Entry::is_lasting);
        let journal = folder.append(&own_name(JOURNAL)).map_err(wrong)?;
        folder.flush_names(None);
        let bytes = folder.read(&own_name(JOURNAL), u64::MAX).map_err(wrong)?;
        journal.set_len(journal::whole_length(&bytes) as u64).map_err(wrong)?;
        let again = folder.try_clone().map_err(wrong)?;
        let bench = Bench::new(again, temporary_names(&folder)).map_err(wrong)?;
        Ok(Self { number, folder, root, journal, wrote, bench, _lock: lock })
    }

    /// Also replaces files with several hard links: the path that was found gets the new content.
    pub fn break_links(&mut self) {
        self.bench.breaks_links = true;
    }

    /// Replaces posts of this project. Returns a result for each, in order.
    ///
    /// # Errors
    /// The journal cannot be written, so none was replaced.
    pub fn write(&mut self, changes: &[&FileChange]) -> Result<Vec<Result<(), WriteFailure>>, Trouble> {
        let root = self.root.path();
        let paths = parallel::map(changes, |change| below(root, &change.path).map_err(WriteFailure::Outside));
        let entries = paths.iter().zip(changes).filter_map(|(path, change)| {
            let [before, after] = change.hashes.clone();
            Some(Entry::Post(Record {
                path: path.as_ref().ok()?.clone(),
                before,
                after,
                longest: change.old.len().max(change.new.len()) as u64,
                undo: change.undo.clone(),
            }))
        });
        self.log(&entries.collect::<Vec<_>>())?;
        let swaps = paths.iter().zip(changes).filter_map(|(path, change)| {
            Some(Swap { path: path.as_ref().ok()?, old: &change.old, new: &change.new })
        });
        let mut replaced = self.bench.replace(&self.root, &swaps.collect::<Vec<_>>()).into_iter();
        let mut refused = Vec::new();
        let answer = |path: Result<RelativePath, WriteFailure>| {
            let path = path?;
            let done = replaced.next().unwrap_or(Ok(()));
            if done.is_err() {
                refused.push(path);
            }
            done
        };
        let answers: Vec<Result<(), WriteFailure>> = paths.into_iter().map(answer).collect();
        self.wrote |= answers.iter().any(Result::is_ok);
        self.log_refused(refused);
        Ok(answers)
    }

    /// Creates a new file, and its missing parent folders.
    ///
    /// # Errors
    /// The file exists, or the journal or the file cannot be written.
    pub fn create(&mut self, path: &RelativePath, bytes: &[u8], from: &str) -> Result<(), Trouble> {
        let wrong = |error: io::Error| Trouble::with_path("write", path.path(), &error);
        if self.root.about(path).is_ok() {
            return Err(wrong(io::ErrorKind::AlreadyExists.into()));
        }
        let above = std::iter::successors(path.parent(), RelativePath::parent);
        let folders = above.take_while(|above| self.root.about(above).is_err()).count();
        let (hash, from, length) = (hash(bytes), from.to_owned(), bytes.len() as u64);
        self.log(&[Entry::Created(Created { path: path.clone(), hash, length, from, folders })])?;
        let done = self.put(path, bytes);
        match done {
            Ok(()) => self.wrote = true,
            Err(_) => self.log_refused(vec![path.clone()]),
        }
        done.map_err(wrong)
    }

    fn put(&self, path: &RelativePath, bytes: &[u8]) -> io::Result<()> {
        let parent = path.parent();
        if let Some(parent) = &parent {
            self.root.make_folders(parent, 0o777)?;
        }
        // The temporary file is in the run's own folder, where one that a killed run left does no harm; it is next to
        // the target only if that is on another file system.
        let done = put_new((&self.folder, &own_name("new")), (&self.root, path), bytes);
        let done = done.or_else(|error| match error.kind() {
            io::ErrorKind::CrossesDevices => {
                let name = format!("{}new", temporary_names(&self.folder));
                let beside = path.beside(&name).map_err(io::Error::other)?;
                put_new((&self.root, &beside), (&self.root, path), bytes)
            }
            _ => Err(error),
        });
        done?;
        self.root.flush_names(parent.as_ref());
        Ok(())
    }

    /// Records uploaded files.
    ///
    /// # Errors
    /// The journal cannot be written.
    pub fn uploaded(&mut self, files: Vec<Uploaded>) -> Result<(), Trouble> {
        let entries: Vec<Entry> = files.into_iter().map(Entry::Uploaded).collect();
        self.wrote |= !entries.is_empty();
        self.log(&entries)
    }

    /// The effective entries of its journal so far.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn entries(&self) -> Result<Vec<Entry>, Trouble> {
        journal::read(&self.folder)
    }

    /// Whether it wrote something that remains after the run.
    pub(super) fn wrote(&self) -> bool {
        self.wrote
    }

    /// Records the end of the run with `how`, [`Entry::Done`] or [`Entry::Undone`].
    ///
    /// # Errors
    /// The journal cannot be written.
    pub fn end(&mut self, how: Entry) -> Result<(), Trouble> {
        self.log(&[how])
    }

    /// Appends entries and flushes them to the disk, either all of them or none.
    fn log(&mut self, entries: &[Entry]) -> Result<(), Trouble> {
        let mut lines = Vec::new();
        let before = self.journal.metadata().map(|about| about.len());
        let written = entries
            .iter()
            .try_for_each(|entry| {
                serde_json::to_writer(&mut lines, entry)?;
                lines.push(b'\n');
                Ok(())
            })
            .and_then(|()| self.journal.write_all(&lines))
            .and_then(|()| self.journal.sync_data());
        if let Err(error) = written {
            // An incomplete line must not remain before the next one.
            let _ = before.and_then(|length| self.journal.set_len(length));
            return Err(Trouble::with_path("write", &self.folder.path().join(JOURNAL), &error));
        }
        Ok(())
    }

    /// Records which files of the last entries were not written. If that fails, it is harmless: undoing the run finds
    /// these files unchanged.
    fn log_refused(&mut self, paths: Vec<RelativePath>) {
        if paths.is_empty() {
            return;
        }
        let entries: Vec<Entry> = paths.into_iter().map(|path| Entry::Refused(Refused { path })).collect();
        let _ = self.log(&entries);
    }
}

impl Drop for JournalRun {
    fn drop(&mut self) {
        self.bench.remove(&self.root);
    }
}

/// Writes a file under a temporary name, and renames it when it is complete; the target must not exist.
fn put_new(
    temporary: (&Folder, &RelativePath),
    target: (&Folder, &RelativePath),
    bytes: &[u8],
) -> io::Result<()> {
    let _ = temporary.0.remove_file(temporary.1);
    let written = temporary
        .0
        .create(temporary.1, 0o666)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| temporary.0.rename_new(temporary.1, target.0, target.1));
    if written.is_err() {
        let _ = temporary.0.remove_file(temporary.1);
    }
    written
}
