//! The journal of a run: one line of JSON for each file that it writes, flushed before the file is written.

use super::names::own_name;
use crate::disk::{Folder, RelativePath};
use crate::trouble::Trouble;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::io::{self, Write};

/// The file that describes a run.
const ABOUT: &str = "about.json";

/// The maximum size of that file in bytes; the arguments are the longest part of it.
const LONGEST_ABOUT: u64 = 1 << 26;

/// The file with the journal entries.
pub(super) const JOURNAL: &str = "journal.jsonl";

/// The description of a run.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct About {
    /// The command: `fix` or `migrate`.
    pub command: String,
    /// The command line arguments.
    pub arguments: Vec<String>,
    /// The time when it started, such as `2026-11-23T13:00:00Z`.
    pub started: String,
    /// The version of postmend.
    pub version: String,
    /// An unpredictable part of the names of its temporary files.
    #[serde(default)]
    pub token: String,
}

impl About {
    /// A run of this command that starts now.
    pub fn now(command: &str) -> Self {
        Self {
            command: command.to_owned(),
            arguments: std::env::args().skip(1).collect(),
            started: crate::clock::now().to_string(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            token: format!("{:016x}", RandomState::new().hash_one(std::process::id())),
        }
    }
}

/// A line of the journal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Entry {
    /// A post is about to be replaced.
    Post(Record),
    /// A new file is about to be created.
    Created(Created),
    /// A file was uploaded. Undoing the run does not remove it.
    Uploaded(Uploaded),
    /// The file in the last entry with this path was not written after all.
    Refused(Refused),
    /// The run is complete.
    Done,
    /// The run was undone.
    Undone,
}

impl Entry {
    /// Whether it is about a file of the project.
    pub fn is_file(&self) -> bool {
        self.path().is_some()
    }

    /// Whether it is about something that remains after the run.
    pub fn is_lasting(&self) -> bool {
        matches!(self, Self::Post(_) | Self::Created(_) | Self::Uploaded(_))
    }

    /// The hashes of the old and new content of a file of the project.
    pub fn hashes(&self) -> impl Iterator<Item = &str> {
        let hashes = match self {
            Self::Post(record) => [Some(&record.before), Some(&record.after)],
            Self::Created(created) => [Some(&created.hash), None],
            Self::Uploaded(_) | Self::Refused(_) | Self::Done | Self::Undone => [None, None],
        };
        hashes.into_iter().flatten().map(String::as_str)
    }

    /// The path of the file of the project that it is about.
    pub fn path(&self) -> Option<&RelativePath> {
        match self {
            Self::Post(record) => Some(&record.path),
            Self::Created(created) => Some(&created.path),
            Self::Uploaded(_) | Self::Refused(_) | Self::Done | Self::Undone => None,
        }
    }
}

/// A post that is replaced, and how to restore the old content.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Its path relative to the project's folder, with `/`.
    pub path: RelativePath,
    /// The SHA-256 of the old content.
    pub before: String,
    /// The SHA-256 of the new content.
    pub after: String,
    /// The length in bytes of the longer of both.
    pub longest: u64,
    /// How to get the old content from the new one: steps that are applied in order, each with sorted and disjoint
    /// splices.
    pub undo: Vec<Vec<Splice>>,
}

/// A file that a run creates.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Created {
    /// Its path relative to the project's folder, with `/`.
    pub path: RelativePath,
    /// The SHA-256 of its content.
    pub hash: String,
    /// Its length in bytes.
    pub length: u64,
    /// The original URL of its content.
    pub from: String,
    /// How many of its parent folders were created for it.
    #[serde(default)]
    pub folders: usize,
}

/// A file that a run could not write.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Refused {
    /// Its path relative to the project's folder, with `/`.
    pub path: RelativePath,
}

/// A file that a run uploads.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Uploaded {
    /// Its key in the store.
    pub path: String,
    /// The SHA-256 of its content.
    pub hash: String,
    /// The original URL of its content.
    pub from: String,
}

/// A replacement of a byte range.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Splice {
    /// The byte offset of the range.
    pub at: usize,
    /// The length of the range in bytes.
    pub len: usize,
    /// The new bytes.
    #[serde(flatten)]
    pub by: Bytes,
}

/// Bytes in JSON.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Bytes {
    /// Valid UTF-8, as a string.
    Text(String),
    /// Anything else, as an array of numbers.
    Raw(Vec<u8>),
}

impl Record {
    /// This change and then another one, as one.
    #[must_use]
    pub fn followed_by(&self, next: &Self) -> Self {
        Self {
            path: self.path.clone(),
            before: self.before.clone(),
            after: next.after.clone(),
            longest: self.longest.max(next.longest),
            undo: [&next.undo[..], &self.undo].concat(),
        }
    }

    /// The old content, computed from the new one; `None` if the splices do not fit it.
    pub fn restored(&self, new: &[u8]) -> Option<Vec<u8>> {
        let mut bytes = new.to_vec();
        for step in &self.undo {
            bytes = apply_splices(&bytes, step)?;
        }
        Some(bytes)
    }
}

fn apply_splices(bytes: &[u8], splices: &[Splice]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut kept_from = 0;
    for splice in splices {
        out.extend_from_slice(bytes.get(kept_from..splice.at)?);
        match &splice.by {
            Bytes::Text(text) => out.extend_from_slice(text.as_bytes()),
            Bytes::Raw(raw) => out.extend_from_slice(raw),
        }
        kept_from = splice.at.checked_add(splice.len)?;
    }
    out.extend_from_slice(bytes.get(kept_from..)?);
    Some(out)
}

/// Reads the description of a run.
pub(super) fn about(run: &Folder) -> Option<About> {
    serde_json::from_slice(&run.read(&own_name(ABOUT), LONGEST_ABOUT).ok()?).ok()
}

/// Writes the description of a run.
pub(super) fn write_about(run: &Folder, about: &About) -> io::Result<()> {
    let mut file = run.create(&own_name(ABOUT), 0o600)?;
    file.write_all(&serde_json::to_vec(about)?).and_then(|()| file.sync_all())
}

/// The length in bytes of the complete lines in a journal. A killed run may have left an incomplete line at the end.
pub(super) fn whole_length(journal: &[u8]) -> usize {
    journal.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1)
}

/// The effective entries of a run: without those of files that were not written after all.
///
/// # Errors
/// The journal cannot be read, or has an invalid line.
pub(super) fn read(run: &Folder) -> Result<Vec<Entry>, Trouble> {
    let entries = read_all(run)?;
    if !entries.iter().any(|entry| matches!(entry, Entry::Refused(_))) {
        return Ok(entries);
    }
    let mut standing: Vec<Option<Entry>> = Vec::with_capacity(entries.len());
    let mut last: HashMap<RelativePath, usize> = HashMap::new();
    for entry in entries {
        if let Entry::Refused(Refused { path }) = &entry {
            if let Some(index) = last.remove(path) {
                standing[index] = None;
            }
            continue;
        }
        if let Some(path) = entry.path() {
            last.insert(path.clone(), standing.len());
        }
        standing.push(Some(entry));
    }
    Ok(standing.into_iter().flatten().collect())
}

/// All entries of a run, without an incomplete last line, whose file was not touched yet.
///
/// # Errors
/// The journal cannot be read, or has an invalid line.
pub(super) fn read_all(run: &Folder) -> Result<Vec<Entry>, Trouble> {
    let path = run.path().join(JOURNAL);
    let bytes = match run.read(&own_name(JOURNAL), u64::MAX) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Trouble::with_path("read", &path, &error)),
    };
    let lines = bytes[..whole_length(&bytes)].split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    lines
        .enumerate()
        .map(|(number, line)| {
            serde_json::from_slice(line).map_err(|error| {
                let message = format!("{} is damaged in line {}: {error}", path.display(), number + 1);
                Trouble::new(message, "restore the journal, or delete the run's folder to forget it")
            })
        })
        .collect()
}
