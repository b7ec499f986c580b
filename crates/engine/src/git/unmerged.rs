//! Files that the index has in another way than the working tree: what a merge left to people, and what a sparse
//! checkout leaves out.

use super::{Blobs, Staged, WorkTree, git_output, path};
use crate::trouble::Trouble;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The objects of a file before both branches, on this one and on the other one; `None` where it is not there.
pub type MergeSides = [Option<String>; 3];

/// The files with conflicts in the repository that a folder belongs to.
///
/// # Errors
/// git fails.
pub fn unmerged(folder: &Path) -> Result<BTreeMap<PathBuf, MergeSides>, Trouble> {
    let mut files: BTreeMap<PathBuf, MergeSides> = BTreeMap::new();
    let Some(tree) = WorkTree::of(folder) else { return Ok(files) };
    let answer = git_output(&tree.top, &["ls-files", "--unmerged", "-z"])?;
    for line in answer.split(|byte| *byte == 0) {
        // `MODE OBJECT STAGE`, a tab and the path.
        let Some(tab) = line.iter().position(|byte| *byte == b'\t') else { continue };
        let about = String::from_utf8_lossy(&line[..tab]);
        let mut words = about.split(' ').skip(1);
        let (object, stage) = (words.next(), words.next().and_then(|stage| stage.parse::<usize>().ok()));
        let sides = files.entry(tree.top.join(path(&line[tab + 1..]))).or_default();
        if let Some(side) = stage.and_then(|stage| sides.get_mut(stage.wrapping_sub(1))) {
            *side = object.map(str::to_owned);
        }
    }
    Ok(files)
}

/// The contents of the sides of a file; that of a side without the file is empty.
///
/// # Errors
/// git fails, or a content is larger than `limit` bytes.
pub fn contents(folder: &Path, sides: &MergeSides, limit: u64) -> Result<[Vec<u8>; 3], Trouble> {
    let mut blobs = Blobs::of(folder)?;
    let mut contents: [Vec<u8>; 3] = Default::default();
    for (content, side) in contents.iter_mut().zip(sides) {
        let Some(object) = side else { continue };
        match blobs.read(object.as_bytes(), limit)? {
            Some(Staged::Bytes(bytes)) => *content = bytes,
            _ => {
                return Err(Trouble::new(
                    format!("git has no content of {object}"),
                    "is the clone complete?",
                ));
            }
        }
    }
    Ok(contents)
}

/// The files that git tracks and a sparse checkout leaves out, in the repository that a folder belongs to.
///
/// # Errors
/// git fails.
pub fn skipped(folder: &Path) -> Result<BTreeSet<PathBuf>, Trouble> {
    let Some(tree) = WorkTree::of(folder) else { return Ok(BTreeSet::new()) };
    let answer = git_output(&tree.top, &["ls-files", "-t", "-z"])?;
    let names = answer.split(|byte| *byte == 0).filter_map(|line| line.strip_prefix(b"S "));
    Ok(names.map(|name| tree.top.join(path(name))).collect())
}
