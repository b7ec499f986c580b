//! A run that writes: every change is in its journal before it is made.

use super::journal::{About, Bytes, Created, Entry, JOURNAL, Record, Splice};
use super::replace::{Bench, Failure, Swap, flush_folder};
use super::{Store, hash, journal, name_below};
use crate::trouble::Trouble;
use postmend_core::Patch;
use postmend_core::decode::Encoding;
use rayon::prelude::*;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A run that holds the store's lock.
pub struct Run {
    /// Its number.
    pub number: u32,
    /// Its folder in the store.
    pub folder: PathBuf,
    /// What paths in the journal are relative to.
    pub root: PathBuf,
    journal: File,
    /// Whether the journal names a file.
    wrote: bool,
    pub(super) bench: Bench,
    _lock: File,
}

/// Writes posts, and starts a run for them when the first one is written.
pub struct Writer {
    about: About,
    /// A path of the project that the posts are in.
    near: PathBuf,
    run: Option<Run>,
}

impl Writer {
    /// Nothing is written yet.
    pub fn new(about: About, near: &Path) -> Self {
        Self { about, near: near.to_owned(), run: None }
    }

    /// Replaces posts. One answer for each, in their order.
    ///
    /// # Errors
    /// Another run is at work, or the journal cannot be written: none was replaced.
    pub fn write(&mut self, changes: &[Change]) -> Result<Vec<Result<(), Failure>>, Trouble> {
        if changes.is_empty() {
            return Ok(Vec::new());
        }
        let run = match self.run.take() {
            Some(run) => run,
            None => Store::of(&self.near)?.begin(&self.about)?,
        };
        self.run.insert(run).write(changes)
    }

    /// Notes that the run came to its end, if there is one.
    ///
    /// # Errors
    /// The journal cannot be written.
    pub fn end(&mut self) -> Result<(), Trouble> {
        self.run.as_mut().map_or(Ok(()), |run| run.end(Entry::Done))
    }

    /// The number of the run, if anything was written.
    pub fn number(&self) -> Option<u32> {
        self.run.as_ref().map(|run| run.number)
    }
}

/// A post's old and new bytes.
pub struct Change {
    path: PathBuf,
    old: Vec<u8>,
    new: Vec<u8>,
    /// The hashes of both.
    hashes: [String; 2],
    undo: Vec<Vec<Splice>>,
}

impl Change {
    /// A change of a post; `undo` makes the old text of the new one, step by step.
    pub fn new(path: &Path, old: Vec<u8>, new: Vec<u8>, encoding: Encoding, undo: &[Patch]) -> Self {
        let old_hash = hash(&old);
        Self::of_known(path, (old, old_hash), new, encoding, undo)
    }

    /// The same, where the hash of the old bytes is known.
    pub fn of_known(
        path: &Path,
        (old, old_hash): (Vec<u8>, String),
        new: Vec<u8>,
        encoding: Encoding,
        undo: &[Patch],
    ) -> Self {
        let hashes = [old_hash, hash(&new)];
        let undo = match encoding {
            Encoding::Utf8 => undo.iter().map(splices).collect(),
            // Spans of the text are not those of the bytes.
            _ => vec![vec![whole_splice(&old, &new)]],
        };
        Self { path: path.to_owned(), old, new, hashes, undo }
    }

    /// The post's path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The old bytes.
    pub fn old(&self) -> &[u8] {
        &self.old
    }

    /// The hash of the new bytes.
    pub fn new_hash(&self) -> &str {
        &self.hashes[1]
    }
}

fn splices(patch: &Patch) -> Vec<Splice> {
    let splice = |edit: &postmend_core::Edit| Splice {
        at: edit.span.start as usize,
        len: edit.span.len(),
        by: Bytes::Text(edit.text.clone()),
    };
    patch.edits().iter().map(splice).collect()
}

/// The one splice between what both start and end with.
fn whole_splice(old: &[u8], new: &[u8]) -> Splice {
    let same = |pair: &(&u8, &u8)| pair.0 == pair.1;
    let start = old.iter().zip(new).take_while(same).count();
    let (old, new) = (&old[start..], &new[start..]);
    let end = old.iter().rev().zip(new.iter().rev()).take_while(same).count();
    let raw = old[..old.len() - end].to_vec();
    let by = String::from_utf8(raw).map_or_else(|error| Bytes::Raw(error.into_bytes()), Bytes::Text);
    Splice { at: start, len: new.len() - end, by }
}

impl Run {
    pub(super) fn new(number: u32, folder: PathBuf, root: PathBuf, lock: File) -> Result<Self, Trouble> {
        let path = folder.join(JOURNAL);
        let is_file = |entry: &Entry| !matches!(entry, Entry::Done | Entry::Undone);
        let wrote = journal::read(&folder)?.iter().any(is_file);
        let wrong = |error: io::Error| Trouble::with_path("write", &path, &error);
        let journal = File::options().create(true).append(true).open(&path).map_err(wrong)?;
        let bytes = std::fs::read(&path).map_err(wrong)?;
        journal.set_len(journal::whole_length(&bytes) as u64).map_err(wrong)?;
        let bench = Bench::new(folder.join("files")).map_err(wrong)?;
        Ok(Self { number, folder, root, journal, wrote, bench, _lock: lock })
    }

    /// Replaces posts. One answer for each, in their order.
    ///
    /// # Errors
    /// The journal cannot be written: none was replaced.
    pub fn write(&mut self, changes: &[Change]) -> Result<Vec<Result<(), Failure>>, Trouble> {
        let record = |change: &Change| {
            let path = name_below(&self.root, &change.path)?;
            let [before, after] = change.hashes.clone();
            Ok(Entry::Post(Record { path, before, after, undo: change.undo.clone() }))
        };
        let entries = changes.par_iter().map(record).collect::<Result<Vec<_>, Trouble>>()?;
        self.log(&entries)?;
        let swaps =
            changes.iter().map(|change| Swap { path: &change.path, old: &change.old, new: &change.new });
        Ok(self.bench.replace(&swaps.collect::<Vec<_>>()))
    }

    /// Makes a file that is not there yet, and the folders above it.
    ///
    /// # Errors
    /// The journal or the file cannot be written.
    pub fn create(&mut self, path: &Path, bytes: &[u8], from: &str) -> Result<(), Trouble> {
        let wrong = |error: io::Error| Trouble::with_path("write", path, &error);
        let folders = path.ancestors().skip(1).take_while(|above| !above.exists()).count();
        let (path_name, from) = (name_below(&self.root, path)?, from.to_owned());
        let created = Created { path: path_name, hash: hash(bytes), from, folders };
        self.log(&[Entry::Created(created)])?;
        let folder = path.parent().unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder).map_err(wrong)?;
        // The run's own folder, where a killed run leaves nothing that is in the way; another one only if it
        // is on another file system.
        put_new(&self.folder.join("new"), path, bytes)
            .or_else(|error| match error.kind() {
                io::ErrorKind::CrossesDevices => {
                    put_new(&folder.join(format!(".postmend-{}", std::process::id())), path, bytes)
                }
                _ => Err(error),
            })
            .map_err(wrong)?;
        flush_folder(folder);
        Ok(())
    }

    /// Notes what was uploaded.
    ///
    /// # Errors
    /// The journal cannot be written.
    pub fn uploaded(&mut self, files: Vec<Created>) -> Result<(), Trouble> {
        let entries: Vec<Entry> = files.into_iter().map(Entry::Uploaded).collect();
        self.log(&entries)
    }

    /// Lets others write. A run that wrote nothing leaves nothing, unless it is to be gone on with; gives
    /// whether it wrote.
    pub fn close(self, goes_on: bool) -> bool {
        let wrote = self.wrote;
        let folder = self.folder.clone();
        drop(self);
        if !wrote && !goes_on {
            let _ = std::fs::remove_dir_all(folder);
        }
        wrote
    }

    /// Notes that the run came to its end.
    ///
    /// # Errors
    /// The journal cannot be written.
    pub fn end(&mut self, how: Entry) -> Result<(), Trouble> {
        self.log(&[how])
    }

    /// Appends entries and flushes them to the disk; all of them or none.
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
            // Half a line must not stand before the next one.
            let _ = before.and_then(|length| self.journal.set_len(length));
            return Err(Trouble::with_path("write", &self.folder.join(JOURNAL), &error));
        }
        self.wrote |= entries.iter().any(|entry| !matches!(entry, Entry::Done | Entry::Undone));
        Ok(())
    }
}

/// Writes a file under one name, and gives it another once it is whole.
fn put_new(temporary: &Path, path: &Path, bytes: &[u8]) -> io::Result<()> {
    let written = File::create(temporary)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| std::fs::rename(temporary, path));
    if written.is_err() {
        let _ = std::fs::remove_file(temporary);
    }
    written
}
