//! The journals of runs, and undoing runs. The store is a folder outside the posts, to which only this machine
//! writes.

mod atomic_files;
mod file_change;
mod hash;
mod journal;
mod journal_run;
mod location;
mod names;
mod project_store;
mod sweep;
mod undo;
mod writer;

pub use atomic_files::WriteFailure;
pub use file_change::FileChange;
pub use hash::hash;
pub use journal::{About, Entry, Uploaded};
pub use journal_run::JournalRun;
pub use project_store::Store;
pub use undo::{FileState, undo, verify};
pub use writer::Writer;
