//! Writes posts, in one run for each project.

use super::atomic_files::WriteFailure;
use super::file_change::FileChange;
use super::journal::{About, Entry};
use super::journal_run::JournalRun;
use super::project_store::Store;
use crate::paths;
use crate::trouble::Trouble;
use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

/// Writes posts, and starts a run in a project when the first of its posts is written.
pub struct Writer {
    about: About,
    breaks_links: bool,
    runs: Vec<(Store, JournalRun)>,
    /// The folder and the run number of each project in which something was written.
    ended: Vec<(PathBuf, u32)>,
    /// Messages for the user about the stores.
    notes: Vec<String>,
    /// The index of the run for the posts of each folder.
    folders: HashMap<PathBuf, usize>,
}

impl Writer {
    /// A writer that has started no run. With `breaks_links`, files with several hard links are also replaced: the
    /// path that was found gets the new content.
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

    /// Replaces posts. Returns a result for each, in order.
    ///
    /// # Errors
    /// Another run is active, or a journal cannot be written; then none of the posts of that project was replaced.
    pub fn write(&mut self, changes: &[FileChange]) -> Result<Vec<Result<(), WriteFailure>>, Trouble> {
        let numbers = changes.iter().map(|change| self.run_for(change)).collect::<Result<Vec<_>, _>>()?;
        let mut answers: Vec<Option<Result<(), WriteFailure>>> = changes.iter().map(|_| None).collect();
        for number in numbers.iter().collect::<BTreeSet<_>>() {
            let indexes: Vec<usize> = (0..changes.len()).filter(|index| numbers[*index] == *number).collect();
            let together: Vec<&FileChange> = indexes.iter().map(|index| &changes[*index]).collect();
            for (index, answer) in indexes.iter().zip(self.runs[*number].1.write(&together)?) {
                answers[*index] = Some(answer);
            }
        }
        Ok(answers.into_iter().flatten().collect())
    }

    /// The index of the run for the project that a post belongs to: the nearest git working tree, if there is one.
    fn run_for(&mut self, change: &FileChange) -> Result<usize, Trouble> {
        let folder = paths::parent(change.path());
        if let Some(number) = self.folders.get(folder) {
            return Ok(*number);
        }
        let in_git = paths::repository(folder);
        let contains_folder =
            |root: &Path| in_git.map_or_else(|| folder.starts_with(root), |top| top == root);
        let existing = self.runs.iter().position(|(store, _)| contains_folder(store.root()));
        let number = existing.map_or_else(|| self.begin(change.path()), Ok)?;
        self.folders.insert(folder.to_owned(), number);
        Ok(number)
    }

    fn begin(&mut self, path: &Path) -> Result<usize, Trouble> {
        let store = Store::of(path)?;
        // If git is not installed, a repository inside another project belongs to that project.
        if let Some(index) = self.runs.iter().position(|(other, _)| other.root() == store.root()) {
            return Ok(index);
        }
        let begun = store.begin(&self.about);
        self.notes.extend(store.notes());
        let mut run = begun?;
        if self.breaks_links {
            run.break_links();
        }
        self.runs.push((store, run));
        Ok(self.runs.len() - 1)
    }

    /// Records the end of all runs.
    ///
    /// # Errors
    /// A journal cannot be written.
    pub fn end(&mut self) -> Result<(), Trouble> {
        self.folders.clear();
        for (store, mut run) in self.runs.drain(..) {
            run.end(Entry::Done)?;
            let number = run.number;
            if store.close(run, false) {
                self.ended.push((store.root().to_owned(), number));
            }
        }
        Ok(())
    }

    /// The messages for the user since the last call.
    pub fn notes(&mut self) -> Vec<String> {
        std::mem::take(&mut self.notes)
    }

    /// The folder and the run number of each project in which something was written.
    pub fn runs(&self) -> impl Iterator<Item = (&Path, u32)> {
        self.ended.iter().map(|(root, number)| (root.as_path(), *number))
    }
}
