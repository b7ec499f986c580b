//! Who recorded the findings of a baseline, and when.

use super::file;
use super::known::KnownFinding;
use super::one::unusable;
use crate::git;
use crate::named_files;
use crate::trouble::Trouble;
use std::collections::HashMap;
use std::path::Path;

/// A finding of a baseline.
#[derive(Debug)]
pub struct RecordedFinding {
    /// The path of its post, relative to the folder of the baseline.
    pub post: String,
    /// The finding.
    pub known: KnownFinding,
    /// The date on which it was recorded, and by whom; `None` if that is not committed.
    pub by: Option<(String, String)>,
}

/// The findings of a baseline, with who recorded them according to git.
///
/// # Errors
/// The file cannot be read, or is not a baseline.
pub fn recorded(path: &Path, limit: u64) -> Result<Vec<RecordedFinding>, Trouble> {
    let text = named_files::read(path, limit)?;
    let posts = file::parse(&text).map_err(|reason| unusable(path, &reason))?;
    let mut authors: HashMap<(String, KnownFinding), (String, String)> = HashMap::new();
    for blamed in git::blame(path).unwrap_or_default() {
        if let Some(line) = file::parse_line(&blamed.line) {
            authors.insert(line, (blamed.date, blamed.author));
        }
    }
    let all =
        posts.into_iter().flat_map(|(post, known)| known.into_iter().map(move |known| (post.clone(), known)));
    let recorded = |(post, known): (String, KnownFinding)| {
        let by = authors.get(&(post.clone(), known.clone())).cloned();
        RecordedFinding { post, known, by }
    };
    Ok(all.map(recorded).collect())
}
