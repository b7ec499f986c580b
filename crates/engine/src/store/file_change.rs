//! The old and new content of a post, and how to restore the old one.

use super::hash::hash;
use super::journal::{Bytes, Splice};
use postmend_core::Patch;
use postmend_core::decode::Encoding;
use std::path::{Path, PathBuf};

/// The old and new content of a post.
pub struct FileChange {
    pub(super) path: PathBuf,
    pub(super) old: Vec<u8>,
    pub(super) new: Vec<u8>,
    /// The hashes of the old and the new content.
    pub(super) hashes: [String; 2],
    pub(super) undo: Vec<Vec<Splice>>,
}

impl FileChange {
    /// A change of a post; the patches in `undo`, applied in order, turn the new text into the old one.
    pub fn new(path: &Path, old: Vec<u8>, new: Vec<u8>, encoding: Encoding, undo: &[Patch]) -> Self {
        let old_hash = hash(&old);
        Self::of_known(path, (old, old_hash), new, encoding, undo)
    }

    /// As [`Self::new`], if the hash of the old content is known.
    pub fn of_known(
        path: &Path,
        (old, old_hash): (Vec<u8>, String),
        new: Vec<u8>,
        encoding: Encoding,
        undo: &[Patch],
    ) -> Self {
        let hashes = [old_hash, hash(&new)];
        let undo = match encoding {
            Encoding::Utf8 => undo.iter().map(splices).collect(),
            // In other encodings, spans in the text are not spans in the file.
            _ => vec![vec![whole_splice(&old, &new)]],
        };
        Self { path: path.to_owned(), old, new, hashes, undo }
    }

    /// A change of a file of which only the part between the first and the last difference is recorded.
    pub fn whole(path: &Path, old: Vec<u8>, new: Vec<u8>) -> Self {
        let (hashes, undo) = ([hash(&old), hash(&new)], vec![vec![whole_splice(&old, &new)]]);
        Self { path: path.to_owned(), old, new, hashes, undo }
    }

    /// The path of the post.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The old content.
    pub fn old(&self) -> &[u8] {
        &self.old
    }
}

fn splices(patch: &Patch) -> Vec<Splice> {
    let splice = |edit: &postmend_core::Edit| Splice {
        at: edit.span.start as usize,
        len: edit.span.len(),
        by: Bytes::Text(edit.text.clone()),
    };
    patch.edits().iter().map(splice).collect()
}

/// A single splice that replaces everything between the common start and the common end.
fn whole_splice(old: &[u8], new: &[u8]) -> Splice {
    let same = |pair: &(&u8, &u8)| pair.0 == pair.1;
    let start = old.iter().zip(new).take_while(same).count();
    let (old, new) = (&old[start..], &new[start..]);
    let end = old.iter().rev().zip(new.iter().rev()).take_while(same).count();
    let raw = old[..old.len() - end].to_vec();
    let by = String::from_utf8(raw).map_or_else(|error| Bytes::Raw(error.into_bytes()), Bytes::Text);
    Splice { at: start, len: new.len() - end, by }
}
