//! Which files of a site are content.

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use std::path::Path;

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

/// A folder whose files are content, with exceptions.
#[derive(Debug, Default)]
pub struct ContentRoot {
    /// Its path relative to the site's folder; empty for the site's folder itself.
    pub folder: String,
    /// The extensions of content files; empty for all that posts have.
    pub(super) extensions: &'static [&'static str],
    /// The characters that the names of files and folders start with that are not content.
    pub(super) hidden: &'static str,
    /// The names of folders that are content although they start with such a character.
    pub(super) shown: Vec<String>,
    /// What else is not content, relative to the folder.
    pub(super) excluded: GlobSet,
    /// Whether the generator copies files without front matter as they are.
    pub(super) needs_front_matter: bool,
}

impl SiteLayout {
    /// The layout of a site whose content is what the user says.
    ///
    /// # Errors
    /// One of the paths is not below the config's folder.
    pub fn of_folders(folders: &[String]) -> Result<Self, String> {
        let roots = folders.iter().map(|folder| {
            normal(folder)
                .map(|folder| ContentRoot { folder, ..ContentRoot::default() })
                .ok_or_else(|| format!("`content` names {folder}, which is not below the config's folder"))
        });
        Ok(Self { roots: roots.collect::<Result<_, _>>()?, is_configured: true, ..Self::default() })
    }

    /// Whether a file is content; `path` is relative to the site's folder, with `/`. Asks `has_front_matter` if that
    /// depends on what the file contains.
    pub fn has(&self, path: &str, has_front_matter: impl Fn() -> bool) -> bool {
        let Some((folder, name)) =
            path.rsplit_once('/').or(Some(("", path))).filter(|_| !self.roots.is_empty())
        else {
            return true;
        };
        if self.roots.iter().any(|root| root.folder == path) {
            return true;
        }
        let root = self.roots.iter().find(|root| {
            root.below(folder).is_some_and(|folder| root.shows_folder(folder))
                && root.below(path).is_some_and(|path| root.shows_file(path, name))
        });
        root.is_some_and(|root| !root.needs_front_matter_in(path) || has_front_matter())
    }

    /// Whether there may be content in a folder; `path` is relative to the site's folder, with `/`.
    pub fn may_have_content(&self, path: &str) -> bool {
        self.roots.is_empty()
            || self.roots.iter().any(|root| match root.below(path) {
                Some(below) => root.shows_folder(below),
                None => root
                    .folder
                    .strip_prefix(path)
                    .is_some_and(|rest| path.is_empty() || rest.starts_with('/')),
            })
    }
}

impl ContentRoot {
    /// All files of a folder, but for those with a name that starts with one of the `hidden` characters.
    pub(super) fn new(folder: &str, hidden: &'static str) -> Self {
        Self { folder: normal(folder).unwrap_or_default(), hidden, ..Self::default() }
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
        let is_shown = |name: &str| !name.starts_with(|c| self.hidden.contains(c)) || self.shows_anyway(name);
        folder.is_empty()
            || (folder.split('/').all(is_shown)
                && Path::new(folder).ancestors().all(|above| !self.excluded.is_match(above)))
    }

    /// Whether a file, relative to this folder, is content if its folder is.
    fn shows_file(&self, path: &str, name: &str) -> bool {
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        !name.starts_with(|c| self.hidden.contains(c))
            && (self.extensions.is_empty()
                || self.extensions.iter().any(|listed| listed.eq_ignore_ascii_case(extension)))
            && !self.excluded.is_match(path)
    }

    fn shows_anyway(&self, name: &str) -> bool {
        self.shown.iter().any(|shown| shown == name)
    }

    /// Whether a file is copied as it is if it has no front matter.
    fn needs_front_matter_in(&self, path: &str) -> bool {
        self.needs_front_matter && !path.split('/').any(|name| self.shows_anyway(name))
    }

    pub(super) fn excluding(mut self, globs: impl IntoIterator<Item = String>) -> Self {
        self.excluded = glob_set(globs);
        self
    }
}

/// A set of the globs that can be used.
pub(super) fn glob_set(globs: impl IntoIterator<Item = String>) -> GlobSet {
    let mut set = GlobSetBuilder::new();
    for glob in globs.into_iter().take(MOST_GLOBS).filter(|glob| crate::glob_limits::is_sane(glob.as_bytes()))
    {
        let glob = GlobBuilder::new(glob.trim_start_matches("./")).literal_separator(true).build();
        glob.into_iter().for_each(|glob| {
            set.add(glob);
        });
    }
    set.build().unwrap_or_default()
}

/// The maximum number of patterns that a generator's config is read for.
pub(super) const MOST_GLOBS: usize = 1000;

/// A path in a generator's config, relative to the site, with `/` and without `.`; `None` if it leads elsewhere.
pub(super) fn normal(path: &str) -> Option<String> {
    let parts = path.trim().split(['/', '\\']).filter(|part| !matches!(*part, "" | "."));
    let parts: Vec<&str> = parts.collect();
    (!path.starts_with('/') && !parts.contains(&"..")).then(|| parts.join("/"))
}

pub(super) const MARKDOWN: &[&str] = &["md", "markdown"];
pub(super) const MARKDOWN_AND_MDX: &[&str] = &["md", "markdown", "mdx"];
