//! Takes a run back, and says what became of the files that it wrote.

use super::journal::{self, Created, Entry, Record};
use super::replace::{Failure, Swap};
use super::{Run, Store, hash};
use crate::trouble::Trouble;
use rayon::prelude::*;
use std::collections::HashSet;
use std::path::{Path, PathBuf};

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
pub enum State {
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
    let entries = journal::read(&run.folder)?;
    let mut undone = Undone::default();
    let records = last_records(&entries);
    for bundle in records.rchunks(BUNDLE) {
        restore(&mut run, bundle, &mut undone);
    }
    for entry in entries.iter().rev() {
        if let Entry::Created(created) = entry {
            remove(&run, created, &mut undone);
        }
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

/// A file to be restored: its path, and its bytes now and before.
struct Restored {
    path: PathBuf,
    now: Vec<u8>,
    before: Vec<u8>,
}

fn restore(run: &mut Run, bundle: &[&Record], undone: &mut Undone) {
    let root = &run.root;
    let look = |record: &&Record| {
        let path = root.join(&record.path);
        let now = std::fs::read(&path).map_err(|error| Some(Trouble::with_path("read", &path, &error)))?;
        match state(record, &now) {
            (State::New, Some(before)) => Ok(Restored { path, now, before }),
            (State::Old, _) => Err(None),
            _ => Err(Some(edited(&record.path))),
        }
    };
    let looked: Vec<Result<Restored, Option<Trouble>>> = bundle.par_iter().map(look).collect();
    let mut restored = Vec::new();
    for one in looked {
        match one {
            Ok(one) => restored.push(one),
            Err(None) => undone.untouched += 1,
            Err(Some(trouble)) => undone.troubles.push(trouble),
        }
    }
    let swaps = restored.iter().map(|one| Swap { path: &one.path, old: &one.now, new: &one.before });
    for (done, one) in run.bench.replace(&swaps.collect::<Vec<_>>()).into_iter().zip(&restored) {
        match done {
            Ok(()) => undone.restored += 1,
            Err(Failure::ChangedMeanwhile) => {
                undone.troubles.push(edited(&one.path.to_string_lossy()));
            }
            Err(Failure::Io(error)) => {
                undone.troubles.push(Trouble::with_path("write", &one.path, &error));
            }
        }
    }
}

fn edited(path: &str) -> Trouble {
    Trouble::new(
        format!("{path} was changed since, and stays as it is"),
        "take back what changed it first, or mend it by hand",
    )
}

fn remove(run: &Run, created: &Created, undone: &mut Undone) {
    let path = run.root.join(&created.path);
    match std::fs::read(&path) {
        Ok(now) if hash(&now) == created.hash => match std::fs::remove_file(&path) {
            Ok(()) => {
                undone.removed += 1;
                // The folders that were made for it go too, if nothing else came there.
                let mut above = path.ancestors().skip(1).take(created.folders);
                above.all(|folder| std::fs::remove_dir(folder).is_ok());
            }
            Err(error) => undone.troubles.push(Trouble::with_path("remove", &path, &error)),
        },
        Ok(_) => undone.troubles.push(edited(&created.path)),
        // The run never came to it, or it was taken back before.
        Err(_) => undone.untouched += 1,
    }
}

/// What became of a post, and its old bytes where they can be had.
fn state(record: &Record, now: &[u8]) -> (State, Option<Vec<u8>>) {
    let hash_now = hash(now);
    if hash_now == record.before {
        return (State::Old, None);
    }
    let restored = (hash_now == record.after).then(|| record.restored(now)).flatten();
    match restored.filter(|restored| hash(restored) == record.before) {
        Some(before) => (State::New, Some(before)),
        None => (State::Changed, None),
    }
}

/// What became of every file that a run wrote, in the order of its journal.
pub fn verify(root: &Path, entries: &[Entry]) -> Vec<(String, State)> {
    let of_post = |record: &&Record| {
        let now = std::fs::read(root.join(&record.path));
        (record.path.clone(), now.map_or(State::Gone, |now| state(record, &now).0))
    };
    let mut states: Vec<(String, State)> = last_records(entries).par_iter().map(of_post).collect();
    states.extend(entries.iter().filter_map(|entry| {
        let Entry::Created(created) = entry else { return None };
        let same = |now: Vec<u8>| if hash(&now) == created.hash { State::New } else { State::Changed };
        let now = std::fs::read(root.join(&created.path));
        Some((created.path.clone(), now.map_or(State::Gone, same)))
    }));
    states
}
