//! The plan file: JSON lines, written and read post by post.

use crate::disk::RelativePath;
use crate::paths::parent;
use crate::trouble::Trouble;
use postmend_core::{Escaping, Span};
use postmend_rules::migrate::MigrationOptions;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashSet};
use std::fs::File;
use std::io::{self, BufRead, Read};
use std::path::{Path, PathBuf};

/// The version of the file format.
pub(super) const VERSION: u32 = 1;

/// A line of a plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "row", rename_all = "kebab-case", deny_unknown_fields)]
pub enum PlanRow {
    /// The first line: the options of the plan.
    Plan {
        /// The version of the file format.
        version: u32,
        /// The maps, and which URLs they apply to.
        options: Box<MigrationOptions>,
    },
    /// A copy of an image, which is created before any post is changed.
    Copy(CopyRow),
    /// A post with moves, which follow.
    Post(PostRow),
    /// A URL to move.
    Move(MoveRow),
    /// A URL that should move but stays.
    Left(LeftRow),
    /// The last line, which shows that the plan is complete.
    End {
        /// The number of posts with moves.
        posts: usize,
        /// The number of moves.
        moves: usize,
    },
}

/// A post with moves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PostRow {
    /// Its path relative to the project's folder, with `/`.
    pub post: RelativePath,
    /// The SHA-256 of its content.
    pub hash: String,
    /// The SHA-256 of its content after all of its moves.
    pub result: String,
}

/// A copy of an image.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CopyRow {
    /// Its path relative to the project's root, or its key in the store that it is uploaded to.
    pub to: String,
    /// The store that it is uploaded to: `s3://bucket`, or `command`; `None` for the project.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upload: Option<String>,
    /// The SHA-256 of its content.
    pub hash: String,
    /// Its MIME type.
    pub media_type: String,
    /// The original URL of the image.
    pub from: String,
}

/// The location of a URL.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UrlLocation {
    /// The post's path relative to the project's folder, with `/`.
    pub post: RelativePath,
    /// Its line, from 1.
    pub line: usize,
    /// The offsets of its first byte and of the end, in the post's text as UTF-8.
    pub span: (u32, u32),
    /// How the URL is escaped there.
    #[serde(rename = "place")]
    pub escaping: String,
}

/// A URL to move.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MoveRow {
    /// Its location.
    #[serde(flatten)]
    pub at: UrlLocation,
    /// The current URL.
    pub old: String,
    /// The new URL.
    pub new: String,
    /// The maps that move it, in the order in which they apply.
    pub by: String,
    /// Whether no part of the image's URL is guessed or dropped.
    pub lossless: bool,
    /// Whether a second run would move it again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub moves_again: bool,
    /// The name of the copy that it leads to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copy: Option<String>,
}

/// A URL that stays.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LeftRow {
    /// Its location.
    #[serde(flatten)]
    pub at: UrlLocation,
    /// The URL.
    pub url: String,
    /// Why it stays.
    pub why: String,
}

/// Whether the result that a plan describes is trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// This process just made the plan, and proved it.
    Planned,
    /// The plan may come from anybody: each file is read again and must be a post.
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
    /// Its byte span in the post's text; `None` if the end is before the start.
    pub fn bytes(&self) -> Option<Span> {
        (self.span.0 <= self.span.1).then_some(Span { start: self.span.0, end: self.span.1 })
    }

    /// How the URL is escaped; `None` if the name is unknown.
    pub fn parsed_escaping(&self) -> Option<Escaping> {
        self.escaping.parse().ok()
    }
}

/// The parts of a plan that are kept in memory.
#[derive(Debug)]
pub struct Outline {
    /// The number of its posts.
    pub posts: usize,
    /// The copies to create.
    pub copies: Vec<CopyRow>,
    /// The folders of the posts.
    pub folders: BTreeSet<PathBuf>,
}

/// Reads a whole plan, and returns its outline.
///
/// # Errors
/// The plan cannot be read, is not a plan, is truncated, or names a post twice.
pub fn outline(source: File, path: &Path) -> Result<Outline, Trouble> {
    let (mut posts, mut copies, mut folders) = (HashSet::new(), Vec::new(), BTreeSet::new());
    // A second entry for a post would apply to the result of the first, which could then not be undone.
    let mut count = |plan: PostPlan| match posts.insert(plan.post.post.clone()) {
        true => {
            folders.insert(parent(plan.post.post.path()).to_owned());
            Ok(())
        }
        false => {
            let message = format!("{} names {} twice", path.display(), plan.post.post);
            Err(Trouble::new(message, "`postmend migrate plan` names each post once"))
        }
    };
    let mut note = |row| {
        if let PlanRow::Copy(copy) = row {
            copies.push(copy);
        }
        Ok(())
    };
    read(source, path, &mut count, &mut note)?;
    Ok(Outline { posts: posts.len(), copies, folders })
}

/// The maximum length of a line in bytes: two URLs, each of which may be a whole image as a data URL.
const LONGEST_LINE: u64 = 256_000_000;

/// Reads the plan in `source` post by post; `path` is for messages. All other lines (URLs that stay, copies, the
/// first and the last line) go to `other`.
///
/// # Errors
/// The plan cannot be read, is not a plan, is truncated, or a callback fails.
pub fn read(
    source: File,
    path: &Path,
    on_post: &mut dyn FnMut(PostPlan) -> Result<(), Trouble>,
    on_row: &mut dyn FnMut(PlanRow) -> Result<(), Trouble>,
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
        // Checking the whole line for UTF-8 is faster than checking each string.
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
                open.replace(PostPlan { post, moves: Vec::new() }).map_or(Ok(()), &mut *on_post)?;
            }
            row => {
                is_whole |= matches!(row, PlanRow::End { .. });
                on_row(row)?;
            }
        }
    }
    if !is_whole {
        return Err(Trouble::new(
            format!("{} is truncated: its last line is missing", path.display()),
            "plan again",
        ));
    }
    open.map_or(Ok(()), on_post)
}
