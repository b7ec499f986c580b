//! How far a long job is.

/// Who is told how far a job is.
pub trait Progress: Sync {
    /// A part of the job starts.
    fn start(&self, what: Things, count: usize);

    /// More of its things are done.
    fn advance(&self, count: usize);

    /// That part of the job is over.
    fn finish(&self);
}

/// What a part of a job goes through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Things {
    /// Posts on the disk.
    Posts,
    /// Images from, or to, the network.
    Images,
}

/// Nobody is told.
#[derive(Debug, Clone, Copy)]
pub struct Silent;

impl Progress for Silent {
    fn start(&self, _: Things, _: usize) {}
    fn advance(&self, _: usize) {}
    fn finish(&self) {}
}
