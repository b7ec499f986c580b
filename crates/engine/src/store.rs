//! What runs write, and how it is restored: a folder where only this machine writes, outside of the posts.

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
