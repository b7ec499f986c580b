//! The files of a generator's config, each of which may be anybody's.

use crate::disk;
use std::path::Path;

/// Maximum size of such a file in bytes.
const LARGEST: u64 = 1_000_000;

/// The text of a file; `None` if it cannot be read.
pub(super) fn text_of(path: &Path) -> Option<String> {
    disk::read_text(path, LARGEST).ok()
}

/// The name and text of the first of these files that can be read, relative to a folder.
pub(super) fn first_of(folder: &Path, names: &[&'static str]) -> Option<(&'static str, String)> {
    names.iter().find_map(|name| Some((*name, text_of(&folder.join(name))?)))
}
