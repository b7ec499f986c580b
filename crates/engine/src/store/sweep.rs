//! Removes temporary files of a killed run.

use super::atomic_files::{FILES, UNFINISHED, temporary_names};
use super::hash::hash;
use super::journal::{self, Entry};
use super::names::{PRIVATE, own_name, remove_all};
use crate::disk::{Folder, RelativePath};
use crate::paths;
use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};

/// The folder in a run's folder for files that a user saved at the moment when the run was killed.
const SAVED: &str = "saved";

/// Removes the temporary files that a killed run left in its folder, and among posts on another file system: those
/// with the old or the new content of a file, and incomplete ones. A file with other content was saved by a user
/// during the run; it is kept, and a message about it is returned.
pub(super) fn sweep(root: &Folder, run: &Folder) -> Vec<String> {
    let mut notes = Vec::new();
    if run.about(&own_name(FILES)).is_err() {
        return notes;
    }
    let entries = journal::read_all(run).unwrap_or_default();
    let known: HashSet<&str> = entries.iter().flat_map(Entry::hashes).collect();
    for number in run.names(Some(&own_name(FILES))).unwrap_or_default() {
        let Ok(bench) = RelativePath::new(&Path::new(FILES).join(number)) else { continue };
        for name in run.names(Some(&bench)).unwrap_or_default() {
            let Ok(left) = RelativePath::new(&bench.path().join(name)) else { continue };
            if is_known(run, &left, &known) {
                continue;
            }
            let target = own_name(&format!("{SAVED}/{}", left.to_text().replace('/', "-")));
            let kept = run.make_folders(&own_name(SAVED), PRIVATE);
            if kept.and_then(|_| run.rename(&left, run, &target)).is_ok() {
                notes.push(saved_meanwhile(&run.path().join(target.path())));
            }
        }
    }
    // The run's own folder is removed last: while it exists, the run still has to be cleaned up.
    sweep_beside(root, run, &entries, &known, &mut notes);
    remove_all(run, &own_name(FILES));
    notes
}

/// The same for temporary files next to posts; files with other content stay there.
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
    let folders: BTreeSet<Option<RelativePath>> =
        entries.iter().filter_map(Entry::path).map(RelativePath::parent).collect();
    for folder in folders {
        for name in root.names(folder.as_ref()).unwrap_or_default() {
            let path =
                folder.as_ref().map_or_else(|| PathBuf::from(&name), |folder| folder.path().join(&name));
            if name.to_str().is_some_and(|name| name.starts_with(&names))
                && let Ok(left) = RelativePath::new(&path)
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
    let path = paths::display_path(path).display();
    format!("{path} was saved while a run was being killed, and is kept there")
}

/// Whether a leftover file was the run's own: it is incomplete, or the journal contains its hash.
fn is_known(folder: &Folder, left: &RelativePath, known: &HashSet<&str>) -> bool {
    let read = folder.open_file(left).and_then(|file| file.metadata());
    let is_whole = read.is_ok_and(|about| about.is_file() && !is_unfinished(&about));
    !is_whole || folder.read(left, u64::MAX).is_ok_and(|bytes| known.contains(hash(&bytes).as_str()))
}

#[cfg(unix)]
fn is_unfinished(about: &std::fs::Metadata) -> bool {
    std::os::unix::fs::MetadataExt::mode(about) & 0o777 == UNFINISHED
}

/// Where files are not exchanged, no leftover file can be a user's.
#[cfg(not(unix))]
fn is_unfinished(_: &std::fs::Metadata) -> bool {
    let _ = UNFINISHED;
    true
}
