//! The file of a plan: JSON lines, written post by post and read the same way.

use crate::disk::Below;
use crate::trouble::Trouble;
use postmend_core::{Escaping, Span};
use postmend_rules::migrate::MigrationOptions;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::fs::File;
use std::io::{self, BufRead, Read};
use std::path::Path;

/// The version of the file's form.
pub(super) const VERSION: u32 = 1;

/// A line of a plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "row", rename_all = "kebab-case", deny_unknown_fields)]
pub enum PlanRow {
    /// The first line: what was asked for.
    Plan {
        /// The version of the file's form.
        version: u32,
        /// The maps and their reach.
        options: Box<MigrationOptions>,
    },
    /// A copy of an image that is to be made before any post is changed.
    Copy(CopyRow),
    /// A post in which URLs move; its moves follow.
    Post(PostRow),
    /// A URL that moves.
    Move(MoveRow),
    /// A URL that should move and stays.
    Left(LeftRow),
    /// The last line: the plan is whole.
    End {
        /// How many posts have moves.
        posts: usize,
        /// How many URLs move.
        moves: usize,
    },
}

/// A post in which URLs move.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PostRow {
    /// Its path from the project's folder, with `/`.
    pub post: Below,
    /// The SHA-256 of its bytes.
    pub hash: String,
    /// The SHA-256 of its bytes after all of its moves.
    pub result: String,
}

/// A copy of an image.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CopyRow {
    /// Its path from the project's root, or its key in the store that it is uploaded to.
    pub to: String,
    /// The store that it is uploaded to, if it is: `s3://bucket`, or `command`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upload: Option<String>,
    /// The SHA-256 of its bytes.
    pub hash: String,
    /// What servers call its kind.
    pub media_type: String,
    /// The URL that it came from.
    pub from: String,
}

/// Where a URL is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UrlLocation {
    /// The post's path from the project's folder, with `/`.
    pub post: Below,
    /// The line that it is in, from 1.
    pub line: usize,
    /// Its first byte, and one past its last, in the post's text as UTF-8.
    pub span: (u32, u32),
    /// How it is escaped there.
    #[serde(rename = "place")]
    pub escaping: String,
}

/// A URL that moves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MoveRow {
    /// Where it is.
    #[serde(flatten)]
    pub at: UrlLocation,
    /// What it is.
    pub old: String,
    /// What it becomes.
    pub new: String,
    /// The maps that move it, in their order.
    pub by: String,
    /// Whether nothing about the image's address is guessed or dropped.
    pub lossless: bool,
    /// Whether a second run would move it once more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub moves_again: bool,
    /// The copy that it needs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copy: Option<String>,
}

/// A URL that stays.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LeftRow {
    /// Where it is.
    #[serde(flatten)]
    pub at: UrlLocation,
    /// What it is.
    pub url: String,
    /// Why it stays.
    pub why: String,
}

/// Whether what a plan says of its outcome is believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// This process made the plan just now, and proved it.
    Planned,
    /// It may come from anybody: each post is read again, and must be one.
    Anew,
}

/// A post with its moves.
#[derive(Debug)]
pub struct PostPlan {
    /// The post.
    pub post: PostRow,
    /// Its moves, in the order of the text.
    pub moves: Vec<MoveRow>,
}

impl UrlLocation {
    /// Its bytes in the post's text.
    pub fn bytes(&self) -> Option<Span> {
        (self.span.0 <= self.span.1).then_some(Span { start: self.span.0, end: self.span.1 })
    }

    /// How it is escaped.
    pub fn parsed_escaping(&self) -> Option<Escaping> {
        self.escaping.parse().ok()
    }
}

/// What a plan says as a whole.
#[derive(Debug)]
pub struct Outline {
    /// How many posts it has.
    pub posts: usize,
    /// The copies that it needs.
    pub copies: Vec<CopyRow>,
}

/// What a plan says as a whole; every line was read.
///
/// # Errors
/// The plan cannot be read, is none, or was not written to its end.
pub fn outline(source: File, path: &Path) -> Result<Outline, Trouble> {
    let (mut posts, mut copies) = (HashSet::new(), Vec::new());
    // A second look at a post would find the first one's outcome, which could not be taken back then.
    let count = |plan: PostPlan| match posts.insert(plan.post.post.clone()) {
        true => Ok(()),
        false => {
            let message = format!("{} names {} twice", path.display(), plan.post.post);
            Err(Trouble::new(message, "`postmend migrate plan` names each post once"))
        }
    };
    let note = |row| {
        if let PlanRow::Copy(copy) = row {
            copies.push(copy);
        }
        Ok(())
    };
    read(source, path, count, note)?;
    Ok(Outline { posts: posts.len(), copies })
}

/// The bytes that a line of a plan may have: two URLs that may each be a whole image.
const LONGEST_LINE: u64 = 256_000_000;

/// Reads a plan, which is at `path`, post by post. URLs that stay, the first line and the last go to `other`.
///
/// # Errors
/// The plan cannot be read, is none, was not written to its end, or one of the calls says so.
pub fn read(
    source: File,
    path: &Path,
    mut each: impl FnMut(PostPlan) -> Result<(), Trouble>,
    mut other: impl FnMut(PlanRow) -> Result<(), Trouble>,
) -> Result<(), Trouble> {
    let mut source = io::BufReader::with_capacity(1 << 16, source);
    let mut line = Vec::new();
    let mut open: Option<PostPlan> = None;
    let mut is_whole = false;
    for number in 0.. {
        let wrong = |message: &str| {
            let message = format!("{}, line {}: {message}", path.display(), number + 1);
            Trouble::new(
                message,
                "plans are written by `postmend migrate plan`; only whole lines of moves can be deleted",
            )
        };
        line.clear();
        let length = source.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line);
        if length.map_err(|error| wrong(&error.to_string()))? == 0 {
            break;
        }
        if line.len() as u64 == LONGEST_LINE {
            return Err(wrong("the line is too long"));
        }
        // One look at the whole line costs less than one at each string.
        let text = std::str::from_utf8(&line).map_err(|_| wrong("not UTF-8"))?;
        let row: PlanRow = serde_json::from_str(text).map_err(|error| wrong(&error.to_string()))?;
        if (number == 0) != matches!(row, PlanRow::Plan { .. }) {
            return Err(wrong("not a plan"));
        }
        match row {
            PlanRow::Plan { version, .. } if version != VERSION => {
                return Err(wrong("the plan is of another version of postmend"));
            }
            PlanRow::Move(row) => match &mut open {
                Some(plan) if plan.post.post == row.at.post => plan.moves.push(row),
                _ => return Err(wrong("the move does not follow its post")),
            },
            PlanRow::Post(post) => {
                open.replace(PostPlan { post, moves: Vec::new() }).map_or(Ok(()), &mut each)?;
            }
            row => {
                is_whole |= matches!(row, PlanRow::End { .. });
                other(row)?;
            }
        }
    }
    if !is_whole {
        return Err(Trouble::new(
            format!("{} is truncated: its last line is missing", path.display()),
            "plan again",
        ));
    }
    open.map_or(Ok(()), each)
}
