//! Takes a run back, and says what became of the files that it wrote.

use super::atomic_files::{Swap, WriteFailure};
use super::hash::hash;
use super::journal::{Created, Entry, Record};
use super::journal_run::JournalRun;
use super::project_store::Store;
use crate::disk::{Below, Folder};
use crate::trouble::Trouble;
use rayon::prelude::*;
use std::collections::{HashMap, HashSet, hash_map};
use std::io;

/// Files are restored in bundles of this many, so that memory does not grow with the run.
const BUNDLE: usize = 1024;

/// What taking a run back did.
#[derive(Debug, Default)]
pub struct Undone {
    /// How many files are as they were before the run.
    pub restored: usize,
    /// How many files of the run were as before it already: the run never came to them, or they were
    /// restored before.
    pub untouched: usize,
    /// How many files that the run had made are gone.
    pub removed: usize,
    /// Why the others are as they are.
    pub troubles: Vec<Trouble>,
}

/// What became of a file that a run wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileState {
    /// It is as the run left it, and can be taken back.
    New,
    /// It is as it was before the run.
    Old,
    /// Somebody changed it since, or the journal cannot take it back.
    Changed,
    /// It is gone, or cannot be read.
    Gone,
}

/// Restores every file that is still as the run left it.
///
/// # Errors
/// Another run is at work, or the journal cannot be read or written.
pub fn undo(store: &Store, number: u32) -> Result<Undone, Trouble> {
    let mut run = store.open(number)?;
    // What has another name since keeps its content there.
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

/// The records; of a post that a resumed run came to twice, the last one.
fn last_records(entries: &[Entry]) -> Vec<&Record> {
    let mut seen = HashSet::new();
    let newest_first = entries.iter().rev().filter_map(|entry| match entry {
        Entry::Post(record) => Some(record),
        _ => None,
    });
    let mut last: Vec<_> = newest_first.filter(|record| seen.insert(&record.path)).collect();
    last.reverse();
    last
}

/// The files that a run made, newest first. Of one that a resumed run came to twice, the first entry knows which folders
/// were made for it.
fn last_created(entries: &[Entry]) -> Vec<Created> {
    let mut files: Vec<Created> = Vec::new();
    let mut known: HashMap<&Below, usize> = HashMap::new();
    for entry in entries {
        let Entry::Created(created) = entry else { continue };
        match known.entry(&created.path) {
            hash_map::Entry::Occupied(place) => {
                let file = &mut files[*place.get()];
                let folders = file.folders.max(created.folders);
                *file = Created { folders, ..created.clone() };
            }
            hash_map::Entry::Vacant(place) => {
                place.insert(files.len());
                files.push(created.clone());
            }
        }
    }
    files.reverse();
    files
}

/// What a file holds now, if it is not longer than it may be: then somebody put something else there.
fn now(root: &Folder, path: &Below, longest: u64) -> io::Result<Option<Vec<u8>>> {
    match root.read(path, longest) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::FileTooLarge => Ok(None),
        Err(error) => Err(error),
    }
}

/// A file to be restored: its path, and its bytes now and before.
struct Restored<'r> {
    path: &'r Below,
    now: Vec<u8>,
    before: Vec<u8>,
}

/// The bytes of a file now and before; or why it is not restored, if there is a reason to tell.
type Looked = Result<(Vec<u8>, Vec<u8>), Option<Trouble>>;

fn restore(run: &mut JournalRun, bundle: &[&Record], undone: &mut Undone) {
    let root = &run.root;
    let look = |record: &&'_ Record| match now(root, &record.path, record.longest) {
        Ok(None) => Err(Some(edited(&record.path))),
        Ok(Some(now)) => match state(record, &now) {
            (FileState::New, Some(before)) => Ok((now, before)),
            (FileState::Old, _) => Err(None),
            _ => Err(Some(edited(&record.path))),
        },
        Err(error) => Err(Some(Trouble::with_path("read", record.path.path(), &error))),
    };
    let looked: Vec<Looked> = bundle.par_iter().map(look).collect();
    let mut restored = Vec::new();
    for (record, one) in bundle.iter().zip(looked) {
        match one {
            Ok((now, before)) => restored.push(Restored { path: &record.path, now, before }),
            Err(None) => undone.untouched += 1,
            Err(Some(trouble)) => undone.troubles.push(trouble),
        }
    }
    let swaps = restored.iter().map(|one| Swap { path: one.path, old: &one.now, new: &one.before });
    let swaps: Vec<Swap<'_>> = swaps.collect();
    for (done, one) in run.bench.replace(&run.root, &swaps).into_iter().zip(&restored) {
        match done {
            Ok(()) => undone.restored += 1,
            Err(WriteFailure::ChangedMeanwhile) => undone.troubles.push(edited(one.path)),
            Err(failure) => undone.troubles.push(failure.trouble(one.path.path())),
        }
    }
}

fn edited(path: &Below) -> Trouble {
    Trouble::new(
        format!("{path} was changed after the run, so it was skipped"),
        "undo the later change first, or restore it by hand",
    )
}

fn remove(run: &JournalRun, created: &Created, undone: &mut Undone) {
    let (root, path) = (&run.root, &created.path);
    let wrong = |what: &str, error: &io::Error| Trouble::with_path(what, path.path(), error);
    // The folders that were made for it go too, if nothing else came there.
    let remove_folders = || {
        let above = std::iter::successors(path.parent(), Below::parent).take(created.folders);
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
        // The run never came to it, or it was taken back before.
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            undone.untouched += 1;
            remove_folders();
        }
        Err(error) => undone.troubles.push(wrong("read", &error)),
    }
}

/// What became of a post, and its old bytes where they can be had.
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

/// What became of every file that a run wrote, in the order of its journal.
pub fn verify(root: &Folder, entries: &[Entry]) -> Vec<(Below, FileState)> {
    let of_now = |path: &Below, longest: u64, of_bytes: &dyn Fn(&[u8]) -> FileState| {
        let now = now(root, path, longest);
        (
            path.clone(),
            now.map_or(FileState::Gone, |now| now.map_or(FileState::Changed, |now| of_bytes(&now))),
        )
    };
    let of_post = |record: &&Record| of_now(&record.path, record.longest, &|now| state(record, now).0);
    let mut states: Vec<(Below, FileState)> = last_records(entries).par_iter().map(of_post).collect();
    states.extend(last_created(entries).iter().rev().map(|created| {
        let same = |now: &[u8]| if hash(now) == created.hash { FileState::New } else { FileState::Changed };
        of_now(&created.path, created.length, &same)
    }));
    states
}
