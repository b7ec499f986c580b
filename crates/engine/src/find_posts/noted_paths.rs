//! Paths that are noted while a folder is walked.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

/// A list that the walk, which owns what it calls, shares with its caller.
#[derive(Debug, Clone, Default)]
pub(super) struct NotedPaths(Arc<Mutex<Vec<PathBuf>>>);

impl NotedPaths {
    pub(super) fn add(&self, path: PathBuf) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(path);
    }

    /// The paths; the list is emptied.
    pub(super) fn take(&self) -> Vec<PathBuf> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
