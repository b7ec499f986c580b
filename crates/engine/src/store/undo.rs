//! Undoes a run, and reports the state of the files that it wrote.

use super::atomic_files::{Swap, WriteFailure};
use super::hash::hash;
use super::journal::{Created, Entry, Record};
use super::journal_run::JournalRun;
use super::project_store::Store;
use crate::disk::{Folder, RelativePath};
use crate::parallel;
use crate::trouble::Trouble;
use std::borrow::Cow;
use std::collections::{HashMap, hash_map};
use std::io;

/// Files are restored in bundles of this size, so that memory does not grow with the run.
const BUNDLE: usize = 1024;

/// The result of undoing a run.
#[derive(Debug, Default)]
pub struct Undone {
    /// The number of files that were restored.
    pub restored: usize,
    /// The number of files that already had their old content: the run did not get to them, or they were restored
    /// before.
    pub untouched: usize,
    /// The number of files created by the run that were removed.
    pub removed: usize,
    /// The reasons why other files were not restored.
    pub troubles: Vec<Trouble>,
}

/// The state of a file that a run wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileState {
    /// It is as the run left it, and can be undone.
    New,
    /// It is as it was before the run.
    Old,
    /// It was changed after the run, or the journal cannot restore it.
    Changed,
    /// It no longer exists, or cannot be read.
    Gone,
}

/// Restores every file that is still as the run left it.
///
/// # Errors
/// Another run is active, or the journal cannot be read or written.
pub fn undo(store: &Store, number: u32) -> Result<Undone, Trouble> {
    let mut run = store.open(number)?;
    // A hard link that was added since keeps the content of the run.
    run.break_links();
    let entries = run.entries()?;
    let mut undone = Undone::default();
    let records = last_records(&entries);
    for bundle in records.rchunks(BUNDLE) {
        restore(&mut run, bundle, &mut undone);
    }
    for created in last_created(&entries) {
        remove(&run, &created, &mut undone);
    }
    if undone.troubles.is_empty() {
        run.end(Entry::Undone)?;
    }
    Ok(undone)
}

/// The records of files, in the order of the last one of each. A resumed run may have several for the same file: one
/// that begins where the one before ended goes on from it, and another takes its place.
fn last_records(entries: &[Entry]) -> Vec<Cow<'_, Record>> {
    let mut last: HashMap<&RelativePath, (usize, Cow<'_, Record>)> = HashMap::new();
    for (index, entry) in entries.iter().enumerate() {
        let Entry::Post(record) = entry else { continue };
        let whole = match last.remove(&record.path) {
            Some((_, before)) if before.after == record.before => Cow::Owned(before.followed_by(record)),
            _ => Cow::Borrowed(record),
        };
        last.insert(&record.path, (index, whole));
    }
    let mut last: Vec<(usize, Cow<'_, Record>)> = last.into_values().collect();
    last.sort_unstable_by_key(|(index, _)| *index);
    last.into_iter().map(|(_, record)| record).collect()
}

/// The files that a run created, newest first. If a resumed run has two entries for a file, only the first one has
/// the number of folders that were created for it.
fn last_created(entries: &[Entry]) -> Vec<Created> {
    let mut files: Vec<Created> = Vec::new();
    let mut indexes: HashMap<&RelativePath, usize> = HashMap::new();
    for entry in entries {
        let Entry::Created(created) = entry else { continue };
        match indexes.entry(&created.path) {
            hash_map::Entry::Occupied(slot) => {
                let file = &mut files[*slot.get()];
                let folders = file.folders.max(created.folders);
                *file = Created { folders, ..created.clone() };
            }
            hash_map::Entry::Vacant(slot) => {
                slot.insert(files.len());
                files.push(created.clone());
            }
        }
    }
    files.reverse();
    files
}

/// The current content of a file; `None` if it is longer than `longest` bytes, as it was changed after the run then.
fn now(root: &Folder, path: &RelativePath, longest: u64) -> io::Result<Option<Vec<u8>>> {
    match root.read(path, longest) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::FileTooLarge => Ok(None),
        Err(error) => Err(error),
    }
}

/// A file to restore: its path, and its current and old content.
struct Restored<'r> {
    path: &'r RelativePath,
    now: Vec<u8>,
    before: Vec<u8>,
}

/// The current and old content of a file; or why it is not restored, if that is worth a message.
type Looked = Result<(Vec<u8>, Vec<u8>), Option<Trouble>>;

fn restore(run: &mut JournalRun, bundle: &[Cow<'_, Record>], undone: &mut Undone) {
    let root = &run.root;
    let look = |record: &Cow<'_, Record>| match now(root, &record.path, record.longest) {
        Ok(None) => Err(Some(edited(&record.path))),
        Ok(Some(now)) => match state(record, &now) {
            (FileState::New, Some(before)) => Ok((now, before)),
            (FileState::Old, _) => Err(None),
            _ => Err(Some(edited(&record.path))),
        },
        Err(error) => Err(Some(Trouble::with_path("read", record.path.path(), &error))),
    };
    let looked: Vec<Looked> = parallel::map(bundle, look);
    let mut restored = Vec::new();
    for (record, looked) in bundle.iter().zip(looked) {
        match looked {
            Ok((now, before)) => restored.push(Restored { path: &record.path, now, before }),
            Err(None) => undone.untouched += 1,
            Err(Some(trouble)) => undone.troubles.push(trouble),
        }
    }
    let swaps = restored.iter().map(|file| Swap { path: file.path, old: &file.now, new: &file.before });
    let swaps: Vec<Swap<'_>> = swaps.collect();
    for (done, file) in run.bench.replace(&run.root, &swaps).into_iter().zip(&restored) {
        match done {
            Ok(()) => undone.restored += 1,
            Err(WriteFailure::ChangedMeanwhile) => undone.troubles.push(edited(file.path)),
            Err(failure) => undone.troubles.push(failure.trouble(file.path.path())),
        }
    }
}

fn edited(path: &RelativePath) -> Trouble {
    Trouble::new(
        format!("{path} was changed after the run, so it was skipped"),
        "undo the later change first, or restore it by hand",
    )
}

fn remove(run: &JournalRun, created: &Created, undone: &mut Undone) {
    let (root, path) = (&run.root, &created.path);
    let wrong = |what: &str, error: &io::Error| Trouble::with_path(what, path.path(), error);
    // The folders that were created for it are removed too, if they are empty.
    let remove_folders = || {
        let above = std::iter::successors(path.parent(), RelativePath::parent).take(created.folders);
        above
            .skip_while(|folder| root.about(folder).is_err())
            .all(|folder| root.remove_folder(&folder).is_ok())
    };
    match now(root, path, created.length) {
        Ok(Some(now)) if hash(&now) == created.hash => match root.remove_file(path) {
            Ok(()) => {
                undone.removed += 1;
                remove_folders();
            }
            Err(error) => undone.troubles.push(wrong("remove", &error)),
        },
        Ok(_) => undone.troubles.push(edited(path)),
        // The run did not get to it, or it was removed before.
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            undone.untouched += 1;
            remove_folders();
        }
        Err(error) => undone.troubles.push(wrong("read", &error)),
    }
}

/// The state of a post, and its old content if it can be restored.
fn state(record: &Record, now: &[u8]) -> (FileState, Option<Vec<u8>>) {
    let hash_now = hash(now);
    if hash_now == record.before {
        return (FileState::Old, None);
    }
    let restored = (hash_now == record.after).then(|| record.restored(now)).flatten();
    match restored.filter(|restored| hash(restored) == record.before) {
        Some(before) => (FileState::New, Some(before)),
        None => (FileState::Changed, None),
    }
}

/// The state of every file that a run wrote: posts and then created files, in the order of its journal.
pub fn verify(root: &Folder, entries: &[Entry]) -> Vec<(RelativePath, FileState)> {
    let of_now = |path: &RelativePath, longest: u64, of_bytes: &dyn Fn(&[u8]) -> FileState| {
        let now = now(root, path, longest);
        (
            path.clone(),
            now.map_or(FileState::Gone, |now| now.map_or(FileState::Changed, |now| of_bytes(&now))),
        )
    };
    let of_post =
        |record: &Cow<'_, Record>| of_now(&record.path, record.longest, &|now| state(record, now).0);
    let mut states = parallel::map(&last_records(entries), of_post);
    states.extend(last_created(entries).iter().rev().map(|created| {
        let same = |now: &[u8]| if hash(now) == created.hash { FileState::New } else { FileState::Changed };
        of_now(&created.path, created.length, &same)
    }));
    states
}
