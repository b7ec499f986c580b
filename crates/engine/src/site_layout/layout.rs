//! Which files of a site are content.

use super::patterns::Patterns;

/// The content of a site.
#[derive(Debug, Default)]
pub struct SiteLayout {
    /// Where its content is; empty if that is not known, so that everything is content.
    pub roots: Vec<ContentRoot>,
    /// Where that is written: a file of the site, or nothing for the generator's default.
    pub source: Option<&'static str>,
    /// Whether postmend's own config names it.
    pub is_configured: bool,
    /// Whether the generator compiles `.md` files as MDX.
    pub reads_md_as_mdx: bool,
}

/// A folder whose files are content, with exceptions; or a single file.
#[derive(Debug, Default)]
pub struct ContentRoot {
    /// Its path relative to the site's folder; empty for the site's folder itself.
    pub folder: String,
    /// The extensions of content files; empty for all that posts have.
    pub(super) extensions: &'static [&'static str],
    /// The characters that the names of files and folders start with that are not content.
    pub(super) hidden: &'static str,
    /// Folders that are content although their names start with such a character.
    pub(super) shown: Vec<ShownFolder>,
    /// What else is content in spite of its name.
    pub(super) included: Patterns,
    /// Whether what is included may match by its name alone.
    pub(super) includes_names: bool,
    /// Files and folders that are not content.
    pub(super) excluded: Patterns,
    /// Files that are not content.
    pub(super) skipped: Patterns,
    /// Files outside of the folders in `shown` that are not content.
    pub(super) skipped_pages: Patterns,
    /// Whether the generator copies files without front matter as they are.
    pub(super) needs_front_matter: bool,
}

/// A folder that is content although its name starts with a hidden character.
#[derive(Debug)]
pub(super) struct ShownFolder {
    pub(super) name: String,
    /// The folder that it must be in; anywhere if there is none.
    pub(super) within: Option<String>,
    /// Whether its files are posts, with or without front matter.
    pub(super) has_posts: bool,
}

impl SiteLayout {
    /// The layout of a site whose content is what the user says.
    ///
    /// # Errors
    /// One of the paths is not below the config's folder.
    pub fn of_folders(folders: &[String]) -> Result<Self, String> {
        let roots = folders.iter().map(|folder| {
            joined("", folder)
                .map(|folder| ContentRoot { folder, ..ContentRoot::default() })
                .ok_or_else(|| format!("`content` names {folder}, which is not below the config's folder"))
        });
        Ok(Self { roots: roots.collect::<Result<_, _>>()?, is_configured: true, ..Self::default() })
    }

    /// Whether a file is content; `path` is relative to the site's folder, with `/`. Asks `has_front_matter` if that
    /// depends on what the file contains.
    pub fn has(&self, path: &str, has_front_matter: impl Fn() -> bool) -> bool {
        if self.roots.is_empty() {
            return true;
        }
        self.roots.iter().any(|root| {
            root.folder == path
                || root.below(path).is_some_and(|below| {
                    root.shows_file(below) && (!root.needs_front_matter_in(below) || has_front_matter())
                })
        })
    }

    /// Whether there may be content in a folder; `path` is relative to the site's folder, with `/`.
    pub fn may_have_content(&self, path: &str) -> bool {
        let is_above = |folder: &str| {
            path.is_empty() || folder.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'))
        };
        self.roots.is_empty()
            || self.roots.iter().any(|root| match root.below(path) {
                Some(below) => below.is_empty() || root.shows_folder(below),
                None => is_above(&root.folder),
            })
    }
}

impl ContentRoot {
    /// All files of a folder, but for those with a name that starts with one of the `hidden` characters.
    pub(super) fn new(folder: &str, hidden: &'static str) -> Self {
        Self { folder: joined("", folder).unwrap_or_default(), hidden, ..Self::default() }
    }

    /// A path below this folder, relative to it.
    fn below<'p>(&self, path: &'p str) -> Option<&'p str> {
        if self.folder.is_empty() {
            return Some(path);
        }
        let rest = path.strip_prefix(&self.folder)?;
        if rest.is_empty() { Some("") } else { rest.strip_prefix('/') }
    }

    /// Whether the files of a folder, relative to this one, are content.
    fn shows_folder(&self, folder: &str) -> bool {
        let ends = folder.match_indices('/').map(|(at, _)| at).chain([folder.len()]);
        ends.into_iter().all(|end| self.shows(&folder[..end]))
    }

    /// Whether a file or folder is content if what is above it is.
    fn shows(&self, path: &str) -> bool {
        let name = path.rsplit('/').next().unwrap_or(path);
        let is_included =
            self.included.match_path(path) || (self.includes_names && self.included.match_path(name));
        is_included
            || (!self.excluded.match_path(path)
                && (!name.starts_with(|c| self.hidden.contains(c)) || self.shown_folder(path).is_some()))
    }

    fn shown_folder(&self, path: &str) -> Option<&ShownFolder> {
        let (above, name) = path.rsplit_once('/').unwrap_or(("", path));
        self.shown
            .iter()
            .find(|shown| shown.name == name && shown.within.as_deref().is_none_or(|within| within == above))
    }

    /// Whether a file, relative to this folder, is content.
    fn shows_file(&self, path: &str) -> bool {
        let name = path.rsplit('/').next().unwrap_or(path);
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        let is_read = self.extensions.is_empty()
            || self.extensions.iter().any(|listed| listed.eq_ignore_ascii_case(extension));
        let is_shown = self.shows_folder(path) || self.included.match_path(path);
        is_read
            && is_shown
            && !self.skipped.match_path(path)
            && (self.is_in_shown(path) || !self.skipped_pages.match_path(path))
    }

    /// Whether a file is in one of the folders that are shown in spite of their names.
    fn is_in_shown(&self, path: &str) -> bool {
        path.match_indices('/').any(|(at, _)| self.shown_folder(&path[..at]).is_some())
    }

    /// Whether a file is copied as it is if it has no front matter.
    fn needs_front_matter_in(&self, path: &str) -> bool {
        let mut folders = path.match_indices('/').filter_map(|(at, _)| self.shown_folder(&path[..at]));
        self.needs_front_matter && !folders.any(|shown| shown.has_posts)
    }
}

/// A path relative to a folder of the site, with `/`, and without `.` and `..`; `None` if it leads out of the site.
pub(super) fn joined(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    let path = path.trim();
    for part in folder.split('/').chain(path.split(['/', '\\'])) {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    (!path.starts_with('/')).then(|| parts.join("/"))
}

pub(super) const MARKDOWN_AND_MDX: &[&str] = &["md", "mdx"];
