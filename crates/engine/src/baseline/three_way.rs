//! The merge driver of git: three versions of a baseline become one.

use super::file::{self, KnownPosts, NoBaseline};
use super::merge::merged;
use super::one::unusable;
use crate::named_files;
use crate::trouble::Trouble;
use std::io::Write;
use std::path::Path;

/// Merges what two branches did to a baseline, and writes the result in place of `ours`. An empty file stands for a
/// baseline that was not there.
///
/// # Errors
/// A file cannot be read or written, or is not a baseline.
pub fn merge_files(before: &Path, ours: &Path, theirs: &Path, limit: u64) -> Result<(), Trouble> {
    let read = |path: &Path| -> Result<KnownPosts, Trouble> {
        let text = named_files::read(path, limit)?;
        if text.trim_ascii().is_empty() {
            return Ok(KnownPosts::new());
        }
        file::parse(&text).map_err(|reason: NoBaseline| unusable(path, &reason))
    };
    let (before, mine, others) = (read(before)?, read(ours)?, read(theirs)?);
    let mut text = Vec::new();
    let trouble = |error: std::io::Error| Trouble::with_path("write", ours, &error);
    file::write(&merged(Some(&before), [&mine, &others]), &mut text).map_err(trouble)?;
    let mut out = named_files::create(ours)?;
    out.write_all(&text).map_err(trouble)?;
    out.keep(false).map_err(trouble)
}
