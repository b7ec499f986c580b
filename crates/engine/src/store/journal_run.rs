//! A run that writes: every change is in its journal before it is made.

use super::atomic_files::{Bench, FILES, Swap, UNFINISHED, WriteFailure};
use super::journal::{About, Bytes, Created, Entry, JOURNAL, Record, Refused, Splice, Uploaded};
use super::{Store, below, hash, journal, own, remove_all};
use crate::disk::{Below, Folder};
use crate::paths;
use crate::trouble::Trouble;
use postmend_core::Patch;
use postmend_core::decode::Encoding;
use rayon::prelude::*;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A run that holds the store's lock.
pub struct JournalRun {
    /// Its number.
    pub number: u32,
    /// Its folder in the store.
    pub folder: Folder,
    /// The project's folder.
    pub root: Folder,
    journal: File,
    /// Whether something was written that lasts.
    wrote: bool,
    pub(super) bench: Bench,
    _lock: File,
}

/// Writes posts, and starts a run in each project of theirs when the first of its posts is written.
pub struct Writer {
    about: About,
    breaks_links: bool,
    runs: Vec<(Store, JournalRun)>,
    /// The folders of the projects in which something was written, and the numbers of their runs.
    ended: Vec<(PathBuf, u32)>,
    /// What the user should know of the stores.
    notes: Vec<String>,
    /// Which run the posts of a folder belong to.
    folders: HashMap<PathBuf, usize>,
}

impl Writer {
    /// Nothing is written yet. With `breaks_links`, a file that has several names is replaced under the one that was
    /// found.
    pub fn new(about: About, breaks_links: bool) -> Self {
        Self {
            about,
            breaks_links,
            runs: Vec::new(),
            ended: Vec::new(),
            notes: Vec::new(),
            folders: HashMap::new(),
        }
    }

    /// Replaces posts. One answer for each, in their order.
    ///
    /// # Errors
    /// Another run is at work, or a journal cannot be written: none of its posts was replaced.
    pub fn write(&mut self, changes: &[FileChange]) -> Result<Vec<Result<(), WriteFailure>>, Trouble> {
        let numbers = changes.iter().map(|change| self.run_for(change)).collect::<Result<Vec<_>, _>>()?;
        let mut answers: Vec<Option<Result<(), WriteFailure>>> = changes.iter().map(|_| None).collect();
        for number in numbers.iter().collect::<BTreeSet<_>>() {
            let places: Vec<usize> = (0..changes.len()).filter(|place| numbers[*place] == *number).collect();
            let together: Vec<&FileChange> = places.iter().map(|place| &changes[*place]).collect();
            for (place, answer) in places.iter().zip(self.runs[*number].1.write(&together)?) {
                answers[*place] = Some(answer);
            }
        }
        Ok(answers.into_iter().flatten().collect())
    }

    /// The run of the project that a post belongs to: the nearest work tree of git, where there is one.
    fn run_for(&mut self, change: &FileChange) -> Result<usize, Trouble> {
        let folder = paths::parent(&change.path);
        if let Some(known) = self.folders.get(folder) {
            return Ok(*known);
        }
        let in_git = paths::repository(folder);
        let is_meant = |root: &Path| in_git.map_or_else(|| folder.starts_with(root), |top| top == root);
        let known = self.runs.iter().position(|(store, _)| is_meant(store.root()));
        let number = known.map_or_else(|| self.begin(&change.path), Ok)?;
        self.folders.insert(folder.to_owned(), number);
        Ok(number)
    }

    fn begin(&mut self, path: &Path) -> Result<usize, Trouble> {
        let store = Store::of(path)?;
        // git may not be there to be asked: then it is one project, with all that is in it.
        if let Some(known) = self.runs.iter().position(|(known, _)| known.root() == store.root()) {
            return Ok(known);
        }
        let begun = store.begin(&self.about);
        self.notes.extend(store.notes());
        let mut run = begun?;
        run.bench.breaks_links = self.breaks_links;
        self.runs.push((store, run));
        Ok(self.runs.len() - 1)
    }

    /// Notes that the runs came to their end, if there are any.
    ///
    /// # Errors
    /// A journal cannot be written.
    pub fn end(&mut self) -> Result<(), Trouble> {
        self.folders.clear();
        for (store, mut run) in self.runs.drain(..) {
            run.end(Entry::Done)?;
            let number = run.number;
            if run.close(&store, false) {
                self.ended.push((store.root().to_owned(), number));
            }
        }
        Ok(())
    }

    /// What the user should know of the stores since this was last asked.
    pub fn notes(&mut self) -> Vec<String> {
        std::mem::take(&mut self.notes)
    }

    /// The folders of the projects in which something was written, and the numbers of their runs.
    pub fn runs(&self) -> impl Iterator<Item = (&Path, u32)> {
        self.ended.iter().map(|(root, number)| (root.as_path(), *number))
    }
}

/// A post's old and new bytes.
pub struct FileChange {
    path: PathBuf,
    old: Vec<u8>,
    new: Vec<u8>,
    /// The hashes of both.
    hashes: [String; 2],
    undo: Vec<Vec<Splice>>,
}

impl FileChange {
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

    /// Where the post is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The old bytes.
    pub fn old(&self) -> &[u8] {
        &self.old
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

impl JournalRun {
    pub(super) fn new(number: u32, folder: Folder, root: Folder, lock: File) -> Result<Self, Trouble> {
        let wrong = |error: io::Error| Trouble::with_path("write", &folder.path().join(JOURNAL), &error);
        let wrote = journal::read(&folder)?.iter().any(Entry::is_lasting);
        let journal = folder.append(&own(JOURNAL)).map_err(wrong)?;
        folder.flush_names(None);
        let bytes = folder.read(&own(JOURNAL), u64::MAX).map_err(wrong)?;
        journal.set_len(journal::whole_length(&bytes) as u64).map_err(wrong)?;
        let again = folder.again().map_err(wrong)?;
        let bench = Bench::new(again, temporary_names(&folder)).map_err(wrong)?;
        Ok(Self { number, folder, root, journal, wrote, bench, _lock: lock })
    }

    /// Replaces files that have several names too, under the one that was found.
    pub fn break_links(&mut self) {
        self.bench.breaks_links = true;
    }

    /// Replaces posts of this project. One answer for each, in their order.
    ///
    /// # Errors
    /// The journal cannot be written: none was replaced.
    pub fn write(&mut self, changes: &[&FileChange]) -> Result<Vec<Result<(), WriteFailure>>, Trouble> {
        let root = self.root.path();
        let paths: Vec<Result<Below, WriteFailure>> = changes
            .par_iter()
            .map(|change| below(root, &change.path).map_err(WriteFailure::Outside))
            .collect();
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
        let answer = |path: Result<Below, WriteFailure>| {
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

    /// Makes a file that is not there yet, and the folders above it.
    ///
    /// # Errors
    /// The journal or the file cannot be written.
    pub fn create(&mut self, path: &Below, bytes: &[u8], from: &str) -> Result<(), Trouble> {
        let wrong = |error: io::Error| Trouble::with_path("write", path.path(), &error);
        if self.root.about(path).is_ok() {
            return Err(wrong(io::ErrorKind::AlreadyExists.into()));
        }
        let above = std::iter::successors(path.parent(), Below::parent);
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

    fn put(&self, path: &Below, bytes: &[u8]) -> io::Result<()> {
        let parent = path.parent();
        if let Some(parent) = &parent {
            self.root.make_folders(parent, 0o777)?;
        }
        // The run's own folder, where a killed run leaves nothing that is in the way; another one only if it
        // is on another file system.
        let done = put_new((&self.folder, &own("new")), (&self.root, path), bytes);
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

    /// Notes what was uploaded.
    ///
    /// # Errors
    /// The journal cannot be written.
    pub fn uploaded(&mut self, files: Vec<Uploaded>) -> Result<(), Trouble> {
        let entries: Vec<Entry> = files.into_iter().map(Entry::Uploaded).collect();
        self.wrote |= !entries.is_empty();
        self.log(&entries)
    }

    /// The entries of its journal so far.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn entries(&self) -> Result<Vec<Entry>, Trouble> {
        journal::read(&self.folder)
    }

    /// Lets others write. A run that wrote nothing leaves nothing, unless it is to be gone on with; gives
    /// whether it wrote.
    pub fn close(self, store: &Store, goes_on: bool) -> bool {
        let (wrote, number) = (self.wrote, self.number);
        drop(self);
        if !wrote && !goes_on {
            store.forget(number);
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
            return Err(Trouble::with_path("write", &self.folder.path().join(JOURNAL), &error));
        }
        Ok(())
    }

    /// Notes which files of the last entries were not written. Where that cannot be noted, they are seen to be as they
    /// were when the run is taken back.
    fn log_refused(&mut self, paths: Vec<Below>) {
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

/// What the names of a run's temporary files begin with, where they must be among the posts. Nobody who writes the
/// repository knows the token.
fn temporary_names(run: &Folder) -> String {
    let token = journal::about(run).unwrap_or_default().token;
    format!(".postmend-{token}-")
}

/// The folder in a run's own of what somebody saved at the very moment in which the run was killed.
const SAVED: &str = "saved";

/// Removes what a killed run left in its folder, and among posts that are on another file system: files as they were,
/// and as they were to be. What is neither was saved by somebody while the run was at it; it is kept, and told.
pub(super) fn sweep(root: &Folder, run: &Folder) -> Vec<String> {
    let mut notes = Vec::new();
    if run.about(&own(FILES)).is_err() {
        return notes;
    }
    let entries = journal::read_all(run).unwrap_or_default();
    let known: HashSet<&str> = entries.iter().flat_map(Entry::hashes).collect();
    for number in run.names(Some(&own(FILES))).unwrap_or_default() {
        let Ok(bench) = Below::new(&Path::new(FILES).join(number)) else { continue };
        for name in run.names(Some(&bench)).unwrap_or_default() {
            let Ok(left) = Below::new(&bench.path().join(name)) else { continue };
            if is_known(run, &left, &known) {
                continue;
            }
            let place = own(&format!("{SAVED}/{}", left.to_text().replace('/', "-")));
            let kept = run.make_folders(&own(SAVED), super::PRIVATE);
            if kept.and_then(|_| run.rename(&left, run, &place)).is_ok() {
                notes.push(saved_meanwhile(&run.path().join(place.path())));
            }
        }
    }
    // As long as the folder is there, the run is one to look after.
    sweep_beside(root, run, &entries, &known, &mut notes);
    remove_all(run, &own(FILES));
    notes
}

/// The same for files beside posts, which stay there.
fn sweep_beside(
    root: &Folder,
    run: &Folder,
    entries: &[Entry],
    known: &HashSet<&str>,
    notes: &mut Vec<String>,
) {
    let (token, names) = (journal::about(run).unwrap_or_default().token, temporary_names(run));
    if token.is_empty() {
        return;
    }
    let folders: BTreeSet<Option<Below>> =
        entries.iter().filter_map(Entry::path).map(Below::parent).collect();
    for folder in folders {
        for name in root.names(folder.as_ref()).unwrap_or_default() {
            let path =
                folder.as_ref().map_or_else(|| PathBuf::from(&name), |folder| folder.path().join(&name));
            if name.to_str().is_some_and(|name| name.starts_with(&names))
                && let Ok(left) = Below::new(&path)
            {
                match is_known(root, &left, known) {
                    true => drop(root.remove_file(&left)),
                    false => notes.push(saved_meanwhile(&root.path().join(left.path()))),
                }
            }
        }
    }
}

fn saved_meanwhile(path: &Path) -> String {
    let path = paths::shown(path).display();
    format!("{path} was saved at the moment in which a run was killed, and is kept there")
}

/// Whether a file that a run left was its own: not all of it is there, or it has a hash that the journal names.
fn is_known(folder: &Folder, left: &Below, known: &HashSet<&str>) -> bool {
    let read = folder.open_file(left).and_then(|file| file.metadata());
    let is_whole = read.is_ok_and(|about| about.is_file() && !is_unfinished(&about));
    !is_whole || folder.read(left, u64::MAX).is_ok_and(|bytes| known.contains(hash(&bytes).as_str()))
}

#[cfg(unix)]
fn is_unfinished(about: &std::fs::Metadata) -> bool {
    std::os::unix::fs::MetadataExt::mode(about) & 0o777 == UNFINISHED
}

/// Where files are not swapped, none that is left is somebody's.
#[cfg(not(unix))]
fn is_unfinished(_: &std::fs::Metadata) -> bool {
    let _ = UNFINISHED;
    true
}

/// Writes a file under one name, and gives it another, which nothing has, once it is whole.
fn put_new(temporary: (&Folder, &Below), target: (&Folder, &Below), bytes: &[u8]) -> io::Result<()> {
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
