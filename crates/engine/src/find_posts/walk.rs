//! The files below a folder that have the extension of a post and that git would not ignore.

use super::noted_paths::NotedPaths;
use super::post_file::format_of;
use super::unreadable_ignores::{self, PassedOver};
use crate::disk::{self, EntryKind, Folder, RelativePath};
use crate::git::{self, Staged};
use crate::paths;
use crate::site_layout::is_package_folder;
use crate::trouble::Trouble;
use ignore::WalkBuilder;
use postmend_core::Format;
use std::path::{Path, PathBuf};

/// The beginning of the HTML page of a report, by which a report is recognized so that it is not taken for a post.
pub const REPORT_PAGE_START: &str = "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
                                     <meta name=\"generator\" content=\"postmend report\">\n";

/// The result of a walk.
#[derive(Default)]
pub(super) struct Walked {
    /// Files with the extension of a post, by path.
    pub(super) files: Vec<(PathBuf, Format)>,
    /// The files and folders that could not be read.
    pub(super) troubles: Vec<Trouble>,
    /// Folders of packages, and repositories within the repository.
    pub(super) left_out: Vec<PathBuf>,
}

/// The files in a folder; `real` is its path with symlinks resolved. With `isolated`, files that git tracks are
/// included even if an ignore file hides them.
///
/// # Errors
/// The folder cannot be read.
pub(super) fn walk(folder: &Path, real: &Path, isolated: bool) -> Result<Walked, Trouble> {
    unreadable_ignores::readable(folder)?;
    let passed_over = PassedOver::default();
    let noted = passed_over.clone();
    let mut walk = WalkBuilder::new(folder);
    walk.require_git(false).sort_by_file_name(std::cmp::Ord::cmp);
    let left_out = NotedPaths::default();
    let others = (!isolated).then(|| left_out.clone());
    let is_in_repository = paths::repository(real).is_some();
    walk.filter_entry(move |entry| {
        if !entry.file_type().is_some_and(|kind| kind.is_dir()) {
            return true;
        }
        if let Some(others) = others.as_ref().filter(|_| entry.depth() > 0)
            && is_of_others(entry.path(), is_in_repository)
        {
            others.add(entry.path().to_owned());
            return false;
        }
        noted.can_read(entry.path())
    });
    let mut walked = Walked::default();
    for entry in walk.build() {
        match entry {
            Ok(entry) if entry.file_type().is_some_and(|kind| kind.is_file()) => {
                walked.files.extend(format_of(entry.path()).map(|format| (entry.into_path(), format)));
            }
            Ok(_) => {}
            Err(error) => {
                let message = format!("cannot read: {error}");
                walked.troubles.push(Trouble::new(message, "check its permissions"));
            }
        }
    }
    if isolated {
        add_tracked(&mut walked, folder, real)?;
    }
    walked.troubles.extend(passed_over.troubles());
    walked.left_out = left_out.take();
    Ok(walked)
}

/// Whether a folder contains packages, or is a repository within the repository, such as a submodule, or a theme that is
/// one.
fn is_of_others(folder: &Path, is_in_repository: bool) -> bool {
    let name = |folder: &Path| folder.file_name().and_then(|name| name.to_str()).map(str::to_owned);
    let is_theme = || folder.parent().and_then(name).is_some_and(|above| above == "themes");
    name(folder).is_some_and(|name| is_package_folder(&name))
        || ((is_in_repository || is_theme()) && folder.join(".git").symlink_metadata().is_ok())
}

/// Adds the files that git tracks.
fn add_tracked(walked: &mut Walked, folder: &Path, real: &Path) -> Result<(), Trouble> {
    let tracked = git::tracked(real)?;
    let below = tracked.iter().filter_map(|path| path.strip_prefix(real).ok());
    let open = Folder::open(real).map_err(|error| Trouble::with_path("read", folder, &error))?;
    // A folder in the path may have been replaced by a symlink.
    let is_file = |path: &Path| {
        RelativePath::new(path).is_ok_and(|path| matches!(open.about(&path), Ok(EntryKind::File)))
    };
    for path in below {
        match format_of(path) {
            Some(format) if is_file(path) => walked.files.push((folder.join(path), format)),
            _ => walked.troubles.extend(unchecked_link(&real.join(path))),
        }
    }
    walked.files.sort_by(|(a, _), (b, _)| a.cmp(b));
    walked.files.dedup_by(|(a, _), (b, _)| a == b);
    Ok(())
}

/// Whether a file is a page that `--report` wrote, which quotes errors in posts. Any post can begin with the same
/// bytes, so callers do not ask this where the repository is not trusted.
pub(super) fn is_report(path: &Path, format: Format, staged: Option<&Staged>) -> bool {
    match staged {
        Some(Staged::Bytes(staged)) => staged.starts_with(REPORT_PAGE_START.as_bytes()),
        Some(Staged::TooLarge) => false,
        None => format == Format::Html && disk::starts_with(path, REPORT_PAGE_START.as_bytes()),
    }
}

/// The trouble for a symlink with the extension of a post, where symlinks must not be used to hide content from the
/// check: its target is not checked as a post of the same repository. `None` if it is.
pub(super) fn unchecked_link(path: &Path) -> Option<Trouble> {
    let is_link = std::fs::symlink_metadata(path).is_ok_and(|about| about.is_symlink());
    if !is_link || format_of(path).is_none() {
        return None;
    }
    let top = paths::absolute(path);
    let top = paths::repository(&top);
    let real = std::fs::canonicalize(path).ok();
    let is_checked = real.is_some_and(|real| {
        format_of(&real).is_some() && disk::is_regular(&real) && paths::repository(&real) == top
    });
    let message =
        format!("{} is a symbolic link to a file that is not checked", paths::display_path(path).display());
    (!is_checked).then(|| Trouble::new(message, "replace the link with the post itself"))
}
