//! The progress of a long job.

/// Receives the progress of a job.
pub trait Progress: Sync {
    /// A phase of the job starts; it has `count` things to process.
    fn start(&self, what: Things, count: usize);

    /// `count` more things are done.
    fn advance(&self, count: usize);

    /// The phase ends.
    fn finish(&self);
}

/// The things that a phase of a job processes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Things {
    /// Posts on the disk.
    Posts,
    /// Images that are fetched or uploaded.
    Images,
}

/// Shows no progress.
#[derive(Debug, Clone, Copy)]
pub struct Silent;

impl Progress for Silent {
    fn start(&self, _: Things, _: usize) {}
    fn advance(&self, _: usize) {}
    fn finish(&self) {}
}
