//! The journal of a run: one line of JSON for each file that it writes, flushed before the file is.

use super::names::own;
use crate::disk::{Below, Folder};
use crate::trouble::Trouble;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::io::{self, Write};

/// The file that says what a run is.
const ABOUT: &str = "about.json";

/// What that file may have: arguments are the longest part of it.
const LONGEST_ABOUT: u64 = 1 << 26;

/// The file of the entries.
pub(super) const JOURNAL: &str = "journal.jsonl";

/// What a run is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct About {
    /// `fix` or `migrate`.
    pub command: String,
    /// The whole command line.
    pub arguments: Vec<String>,
    /// When it started: `2026-11-23T13:00:00Z`.
    pub started: String,
    /// The postmend that ran.
    pub version: String,
    /// What the names of its temporary files hold, and nobody else knows.
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
    /// A file is about to be made that was not there.
    Created(Created),
    /// A file was uploaded. It stays there when the run is taken back.
    Uploaded(Uploaded),
    /// The file that was named last with this path was not written after all.
    Refused(Refused),
    /// The run came to its end.
    Done,
    /// Everything was taken back.
    Undone,
}

impl Entry {
    /// Whether it names a file of the project.
    pub fn is_file(&self) -> bool {
        self.path().is_some()
    }

    /// Whether it is of something that lasts when the run is over.
    pub fn is_lasting(&self) -> bool {
        matches!(self, Self::Post(_) | Self::Created(_) | Self::Uploaded(_))
    }

    /// The hashes of what a file of the project was and is to be.
    pub fn hashes(&self) -> impl Iterator<Item = &str> {
        let hashes = match self {
            Self::Post(record) => [Some(&record.before), Some(&record.after)],
            Self::Created(created) => [Some(&created.hash), None],
            Self::Uploaded(_) | Self::Refused(_) | Self::Done | Self::Undone => [None, None],
        };
        hashes.into_iter().flatten().map(String::as_str)
    }

    /// The file of the project that it names.
    pub fn path(&self) -> Option<&Below> {
        match self {
            Self::Post(record) => Some(&record.path),
            Self::Created(created) => Some(&created.path),
            Self::Uploaded(_) | Self::Refused(_) | Self::Done | Self::Undone => None,
        }
    }
}

/// A post that is replaced, and what brings the old one back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Its path from the project's folder, with `/`.
    pub path: Below,
    /// The SHA-256 of the old bytes.
    pub before: String,
    /// The SHA-256 of the new bytes.
    pub after: String,
    /// How many bytes the longer of both has.
    pub longest: u64,
    /// What makes the old bytes of the new ones: steps of splices, each sorted and disjoint.
    pub undo: Vec<Vec<Splice>>,
}

/// A file that a run makes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Created {
    /// Its path from the project's folder, with `/`.
    pub path: Below,
    /// The SHA-256 of its bytes.
    pub hash: String,
    /// How many bytes it has.
    pub length: u64,
    /// Where its bytes came from.
    pub from: String,
    /// How many of the folders above it were made for it.
    #[serde(default)]
    pub folders: usize,
}

/// A file that a run was to write, and did not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Refused {
    /// Its path from the project's folder, with `/`.
    pub path: Below,
}

/// A file that a run uploads.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Uploaded {
    /// Its URL or key there.
    pub path: String,
    /// The SHA-256 of its bytes.
    pub hash: String,
    /// Where its bytes came from.
    pub from: String,
}

/// Bytes that take the place of others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Splice {
    /// Where, in bytes.
    pub at: usize,
    /// How many bytes are replaced.
    pub len: usize,
    /// What stands there then.
    #[serde(flatten)]
    pub by: Bytes,
}

/// Bytes in JSON.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Bytes {
    /// UTF-8.
    Text(String),
    /// Anything else, as numbers.
    Raw(Vec<u8>),
}

impl Record {
    /// The old bytes, made of the new ones; `None` if these are not what the splices are for.
    pub fn restored(&self, new: &[u8]) -> Option<Vec<u8>> {
        let mut bytes = new.to_vec();
        for step in &self.undo {
            bytes = spliced(&bytes, step)?;
        }
        Some(bytes)
    }
}

fn spliced(bytes: &[u8], splices: &[Splice]) -> Option<Vec<u8>> {
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

/// What a run says that it is.
pub(super) fn about(run: &Folder) -> Option<About> {
    serde_json::from_slice(&run.read(&own(ABOUT), LONGEST_ABOUT).ok()?).ok()
}

/// Says what a run is.
pub(super) fn write_about(run: &Folder, about: &About) -> io::Result<()> {
    let mut file = run.create(&own(ABOUT), 0o600)?;
    file.write_all(&serde_json::to_vec(about)?).and_then(|()| file.sync_all())
}

/// How many bytes of a journal are whole lines. A killed run may have left half a one.
pub(super) fn whole_length(journal: &[u8]) -> usize {
    journal.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1)
}

/// The entries of a run that stand: without those of files that it did not write after all.
///
/// # Errors
/// The journal cannot be read, or a line of it is none of ours.
pub(super) fn read(run: &Folder) -> Result<Vec<Entry>, Trouble> {
    let entries = read_all(run)?;
    if !entries.iter().any(|entry| matches!(entry, Entry::Refused(_))) {
        return Ok(entries);
    }
    let mut standing: Vec<Option<Entry>> = Vec::with_capacity(entries.len());
    let mut last: HashMap<Below, usize> = HashMap::new();
    for entry in entries {
        if let Entry::Refused(Refused { path }) = &entry {
            if let Some(place) = last.remove(path) {
                standing[place] = None;
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

/// All entries of a run, without a last line that was never finished: its file was not touched.
///
/// # Errors
/// The journal cannot be read, or a line of it is none of ours.
pub(super) fn read_all(run: &Folder) -> Result<Vec<Entry>, Trouble> {
    let path = run.path().join(JOURNAL);
    let bytes = match run.read(&own(JOURNAL), u64::MAX) {
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
