//! A post on the disk, or in git's index, and what holds for it.

use crate::disk;
use crate::git::Staged;
use crate::paths;
use postmend_core::date::TimeZone;
use postmend_core::{Format, Generator};
use postmend_rules::{Home, RuleSet, Site};
use std::borrow::Cow;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A post to look at.
pub struct PostFile {
    /// Where it is, as the user would write it.
    pub path: PathBuf,
    /// What it is.
    pub format: Format,
    /// Who reads it.
    pub generator: Generator,
    /// The time zone that the site's own config names.
    pub time_zone: Option<TimeZone>,
    /// Its path from the config's folder, with `/`.
    pub below: String,
    /// The rules that are on for it.
    pub rules: Arc<RuleSet>,
    /// Its site's words and proxies.
    pub site: Arc<Site>,
    /// Tells the posts of one site from those of others.
    pub site_number: usize,
    /// What it holds, if that is not what the file holds.
    pub staged: Option<Staged>,
    /// Where it is without links on the way, if that is elsewhere.
    pub real: Option<PathBuf>,
    /// The bytes that it may have.
    pub limit: u64,
}

impl PostFile {
    /// What it holds.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn bytes(&self) -> io::Result<Cow<'_, [u8]>> {
        match &self.staged {
            Some(Staged::Bytes(staged)) => Ok(Cow::Borrowed(staged)),
            Some(Staged::TooLarge) => Err(io::ErrorKind::FileTooLarge.into()),
            None => disk::read(self.real.as_deref().unwrap_or(&self.path), self.limit).map(Cow::Owned),
        }
    }

    /// Where it is, without links on the way.
    pub fn real(&self) -> Cow<'_, Path> {
        self.real.as_deref().map_or_else(|| Cow::Owned(paths::absolute(&self.path)), Cow::Borrowed)
    }

    /// Where it lives, for the rules.
    pub fn home(&self) -> Home<'_> {
        let Self { format, generator, .. } = *self;
        Home { path: &self.below, format, generator, time_zone: self.time_zone.as_ref(), site: &self.site }
    }
}

/// Sorted, each once: under its shortest name, where it has several.
pub(super) fn in_order(mut posts: Vec<PostFile>, may_repeat: bool) -> Vec<PostFile> {
    if may_repeat {
        let length = |post: &PostFile| post.path.as_os_str().len();
        posts.sort_by_cached_key(|post| {
            (post.real().into_owned(), post.real.is_some(), length(post), post.path.clone())
        });
        posts.dedup_by(|one, other| one.real() == other.real());
    }
    posts.sort_by(|a, b| a.path.cmp(&b.path));
    posts.dedup_by(|a, b| a.path == b.path);
    posts
}

/// A path without `.` before it or in it.
pub(super) fn without_dot(path: &Path) -> PathBuf {
    let plain: PathBuf = path.components().filter(|part| *part != std::path::Component::CurDir).collect();
    if plain.as_os_str().is_empty() { path.to_owned() } else { plain }
}

/// Whether a file is called as posts are.
pub fn is_post(path: &Path) -> bool {
    format_of(path).is_some()
}

pub(super) fn format_of(path: &Path) -> Option<Format> {
    Format::of_extension(path.extension()?.to_str()?)
}
