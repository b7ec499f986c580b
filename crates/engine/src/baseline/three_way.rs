//! The merge driver of git: three versions of a baseline become one.

use super::file::{self, KnownPosts};
use super::merge::{merged, parse_side};
use super::one::unusable;
use crate::named_files;
use crate::trouble::Trouble;
use std::path::Path;

/// Merges what two branches did to a baseline, and writes the result in place of `ours`. An empty file stands for a
/// baseline that was not there.
///
/// # Errors
/// A file cannot be read or written, or is not a baseline.
pub fn merge_files(before: &Path, ours: &Path, theirs: &Path, limit: u64) -> Result<(), Trouble> {
    let read = |path: &Path| -> Result<KnownPosts, Trouble> {
        let text = named_files::read(path, limit)?;
        parse_side(&text).map_err(|reason| unusable(path, &reason))
    };
    let (before, mine, others) = (read(before)?, read(ours)?, read(theirs)?);
    file::save(&merged(Some(&before), [&mine, &others]), ours)
}
