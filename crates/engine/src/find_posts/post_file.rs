//! A post on the disk, or in git's index, with the options that apply to it.

use super::unknown_site;
use crate::disk;
use crate::git::Staged;
use crate::paths::{self, parent};
use postmend_core::date::TimeZone;
use postmend_core::{Format, Generator};
use postmend_rules::{PostContext, RuleSet, Site, SiteFiles};
use std::borrow::Cow;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A post to check.
pub struct PostFile {
    /// Its path, as the user would write it.
    pub path: PathBuf,
    /// Its format.
    pub format: Format,
    /// The generator that reads it.
    pub generator: Generator,
    /// The time zone in the site's own config.
    pub time_zone: Option<TimeZone>,
    /// The permalink in the site's own config.
    pub permalink: Option<String>,
    /// Its path relative to the config's folder, with `/`.
    pub relative_path: String,
    /// The rules that are enabled for it.
    pub rules: Arc<RuleSet>,
    /// The options and data of its site, such as words and proxies.
    pub site: Arc<Site>,
    /// The number of its site.
    pub site_number: usize,
    /// Its content in git's index, if that is checked instead of the file.
    pub staged: Option<Staged>,
    /// Its path with symlinks resolved, if that differs.
    pub real: Option<PathBuf>,
    /// Its maximum size in bytes.
    pub limit: u64,
}

impl PostFile {
    /// Its content.
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

    /// Its absolute path with symlinks resolved.
    pub fn real(&self) -> Cow<'_, Path> {
        self.real.as_deref().map_or_else(|| Cow::Owned(paths::absolute(&self.path)), Cow::Borrowed)
    }

    /// Its path, format and site, in the form that the rules take.
    pub fn context(&self) -> PostContext<'_> {
        let Self { format, generator, .. } = *self;
        PostContext {
            path: &self.relative_path,
            format,
            generator,
            time_zone: self.time_zone.as_ref(),
            permalink: self.permalink.as_deref(),
            files: Some(self),
            site: &self.site,
        }
    }
}

impl fmt::Debug for PostFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PostFile").field(&self.path).finish()
    }
}

impl SiteFiles for PostFile {
    fn exists(&self, path: &str) -> Option<bool> {
        let folder = paths::absolute(parent(&self.path));
        let file = paths::without_parents(&folder.join(path));
        // What is above the repository, or behind a link, is none of its business.
        let root = paths::repository(&folder).unwrap_or(&folder);
        let about = |path: &Path| std::fs::symlink_metadata(path);
        let mut above =
            file.ancestors().skip(1).take_while(|above| *above != root && !folder.starts_with(above));
        if !file.starts_with(root) || above.any(|above| about(above).is_ok_and(|about| about.is_symlink())) {
            return None;
        }
        Some(about(&file).is_ok())
    }

    fn is_of_unknown_site(&self) -> bool {
        let folder = paths::absolute(parent(&self.path));
        unknown_site::is_in_site(&folder, paths::repository(&folder).unwrap_or(&folder))
    }

    fn is_named_nearby(&self, name: &str) -> bool {
        let folder = paths::absolute(parent(&self.path));
        unknown_site::is_named_nearby(&folder, paths::repository(&folder).unwrap_or(&folder), name)
    }
}

/// Sorts posts by path and removes duplicates. Of several paths for one file, the one without symlinks is kept, and
/// then the shortest.
pub(super) fn in_order(mut posts: Vec<PostFile>, may_repeat: bool) -> Vec<PostFile> {
    if may_repeat {
        let length = |post: &PostFile| post.path.as_os_str().len();
        posts.sort_by_cached_key(|post| {
            (post.real().into_owned(), post.real.is_some(), length(post), post.path.clone())
        });
        posts.dedup_by(|a, b| a.real() == b.real());
    }
    posts.sort_by(|a, b| a.path.cmp(&b.path));
    posts.dedup_by(|a, b| a.path == b.path);
    posts
}

/// A path without `.` components.
pub(super) fn without_dot(path: &Path) -> PathBuf {
    let plain: PathBuf = path.components().filter(|part| *part != std::path::Component::CurDir).collect();
    if plain.as_os_str().is_empty() { path.to_owned() } else { plain }
}

/// Whether a file has the extension of a post.
pub fn is_post(path: &Path) -> bool {
    format_of(path).is_some()
}

pub(super) fn format_of(path: &Path) -> Option<Format> {
    Format::of_extension(path.extension()?.to_str()?)
}
