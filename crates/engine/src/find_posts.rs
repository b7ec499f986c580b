//! Finds the posts under the given paths, as git would, with the options that apply to each.

mod noted_paths;
mod options;
mod pattern;
mod post_file;
mod projects;
mod scope;
mod unknown_site;
pub(crate) mod unreadable_ignores;
mod walk;

pub use options::FindOptions;
pub use post_file::{PostFile, is_post};
pub use projects::PostConfig;
pub use scope::{ContentSite, LeftOut, OutsideFiles};
pub use walk::REPORT_PAGE_START;

use crate::disk;
use crate::git::{self, GitFile, Selection};
use crate::named_files;
use crate::paths::{self, parent};
use crate::project::{GROUPS, Project, check_rule_exists};
use crate::trouble::Trouble;
use globset::GlobMatcher;
use pattern::pattern_of;
use post_file::{format_of, in_order, without_dot};
use postmend_core::Format;
use postmend_rules::Site;
use projects::Projects;
use scope::ContentScope;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use walk::{Walked, is_report, unchecked_link, walk};

/// A site with all of its posts, sorted.
pub struct WholeSite {
    /// The options and data of the site that the rules use.
    pub site: Arc<Site>,
    /// The posts below the folder of the config.
    pub posts: Vec<PostFile>,
}

/// Finds posts, and caches the configs and sites that it reads.
pub struct Finder<'a> {
    options: &'a FindOptions,
    projects: Projects<'a>,
    scope: ContentScope,
    /// A number for each site, by the folder of its config and the folder that the generator was detected in.
    site_numbers: HashMap<(PathBuf, Option<PathBuf>), usize>,
}

/// The result for one path that was named: an error in one path does not prevent the others from being read.
type OfPath = Result<(), Trouble>;

impl<'a> Finder<'a> {
    /// A finder that has read nothing yet.
    pub fn new(options: &'a FindOptions) -> Self {
        Self {
            options,
            projects: Projects::new(options),
            scope: ContentScope::default(),
            site_numbers: HashMap::new(),
        }
    }

    /// All posts under the given paths, sorted and without duplicates; and a trouble for each path that could not be
    /// read and each config that could not be used.
    ///
    /// # Errors
    /// A named config cannot be used, or a rule does not exist.
    pub fn find(&mut self) -> Result<(Vec<PostFile>, Vec<Trouble>), Trouble> {
        let mut posts = Vec::new();
        let mut troubles = Vec::new();
        for path in &self.options.paths {
            let found = match self.options.selection.clone() {
                Some(selection) => self.find_changed(path, &selection, &mut posts, &mut troubles)?,
                None => self.find_named(path, &mut posts, &mut troubles)?,
            };
            // An error in one path does not prevent the others from being read.
            troubles.extend(found.err());
        }
        troubles.extend(self.projects.unusable.values().cloned());
        self.names_are_known(self.options.rules.named_rules())?;
        Ok((in_order(posts, self.options.paths.len() > 1), troubles))
    }

    /// The posts under a named path. The inner trouble is about this path only.
    fn find_named(
        &mut self,
        path: &Path,
        posts: &mut Vec<PostFile>,
        troubles: &mut Vec<Trouble>,
    ) -> Result<OfPath, Trouble> {
        if let Some((folder, pattern)) = pattern_of(path) {
            return self.find_matching(path, &folder, &pattern, posts, troubles);
        }
        let real = match named_files::real(path) {
            Ok(real) => real,
            Err(trouble) => return Ok(Err(trouble)),
        };
        let about = match std::fs::metadata(&real) {
            Ok(about) => about,
            Err(error) => return Ok(Err(Trouble::with_path("read", path, &error))),
        };
        if about.is_dir() {
            // A config that cannot be used is reported even if the folder has no posts.
            if let Err(trouble) = self.projects.project(path)
                && !self.is_unusable(path)
            {
                return Err(trouble);
            }
            return self.walk(path, &real, posts, troubles);
        }
        // A pipe may never end.
        if !about.is_file() {
            let message = format!("{} is neither a file nor a folder", path.display());
            return Ok(Err(Trouble::new(
                message,
                "to read a post from standard input, use `--stdin-filename`",
            )));
        }
        // A symlink with the extension of a post that leads to another kind of file was probably matched by a glob,
        // and is not intended as a post.
        if format_of(path).is_some() && format_of(&real).is_none() {
            let message = format!(
                "{} is a symbolic link to {}, which does not have the extension of a post",
                path.display(),
                real.display()
            );
            return Ok(Err(Trouble::new(message, "name that file itself to read it")));
        }
        // A file that is named explicitly is read whatever its extension is.
        let format = format_of(path).unwrap_or(Format::Markdown);
        let path = without_dot(path);
        let post = self.usable_post(path.clone(), format, parent(&path))?;
        if post.is_none() && !self.is_unusable(parent(&path)) {
            self.scope.left_out.excluded.insert(path.clone());
        }
        let is_elsewhere = paths::absolute(&path) != real;
        posts.extend(post.map(|post| PostFile { real: is_elsewhere.then_some(real), ..post }));
        Ok(Ok(()))
    }

    /// The posts that match a pattern that no shell has expanded. The inner trouble is about this pattern only.
    fn find_matching(
        &mut self,
        named: &Path,
        folder: &Path,
        pattern: &GlobMatcher,
        posts: &mut Vec<PostFile>,
        troubles: &mut Vec<Trouble>,
    ) -> Result<OfPath, Trouble> {
        let real = match named_files::real(folder) {
            Ok(real) => real,
            Err(trouble) => return Ok(Err(trouble)),
        };
        let mut found = Vec::new();
        let before = std::mem::take(&mut self.scope.left_out);
        let walked = self.walk(folder, &real, &mut found, troubles)?;
        let is_match = |path: &Path| {
            let path = without_dot(path);
            pattern.is_match(path.strip_prefix(without_dot(folder)).unwrap_or(&path))
        };
        found.retain(|post| is_match(&post.path));
        let outside = std::mem::replace(&mut self.scope.left_out, before).files;
        let is_outside = self.scope.left_out.add_files(outside, is_match);
        let is_empty = found.is_empty();
        posts.extend(found);
        let nothing = || match is_outside {
            true => Trouble::new(
                format!("{} matches only files outside the content of the site", named.display()),
                "name such a file, or its folder, to read it",
            ),
            false => Trouble::new(
                format!("no post matches {}", named.display()),
                "in a pattern, `*` stands for any name and `**/` for any folders",
            ),
        };
        Ok(if walked.is_ok() && is_empty { Err(nothing()) } else { walked })
    }

    /// Checks that rules exist, either as postmend's rules or as a site's own.
    ///
    /// # Errors
    /// One does not exist.
    pub fn names_are_known<'n>(&self, names: impl IntoIterator<Item = &'n String>) -> Result<(), Trouble> {
        // A config that cannot be used may define them.
        if !self.projects.unusable.is_empty() {
            return Ok(());
        }
        let own = || self.projects.by_config.values().flat_map(|project| &project.own);
        names
            .into_iter()
            .filter(|name| !GROUPS.contains(&name.as_str()))
            .try_for_each(|name| check_rule_exists(name, own()))
    }

    /// Checks that rules are on for some of the posts found.
    ///
    /// # Errors
    /// One is off for all of them.
    pub fn names_are_on(&self, names: &[String]) -> Result<(), Trouble> {
        let is_on = |name: &&String| self.projects.by_config.values().any(|project| project.has_rule(name));
        let has_posts = self.projects.by_config.values().any(Project::has_posts);
        match names.iter().find(|name| has_posts && !is_on(name)) {
            None => Ok(()),
            Some(name) => Err(Trouble::new(
                format!("the rule `{name}` is off here"),
                format!("`--select default,{name}` turns it on"),
            )),
        }
    }

    /// The posts that git selects under a named path. The inner trouble is about this path only.
    fn find_changed(
        &mut self,
        named: &Path,
        selection: &Selection,
        posts: &mut Vec<PostFile>,
        troubles: &mut Vec<Trouble>,
    ) -> Result<OfPath, Trouble> {
        // A staged file need not exist in the working tree.
        let is_there = std::fs::symlink_metadata(named).is_ok();
        let within = match is_there {
            true => named_files::real(named),
            false => Ok(paths::absolute(named)),
        };
        let within = match within {
            Ok(within) => within,
            Err(trouble) => return Ok(Err(trouble)),
        };
        let here = paths::absolute(Path::new("."));
        let folder = if within.is_dir() { within.as_path() } else { parent(&within) };
        let files = git::files(folder, selection)?;
        // A path that neither exists nor is staged is an error.
        if !is_there && !files.iter().any(|file| file.path.starts_with(&within)) {
            return Ok(Err(Trouble::new(
                format!("{} does not exist, and git does not know it", named.display()),
                "check the path; to compare with a commit, write `--changed=COMMIT`",
            )));
        }
        for GitFile { path, object } in files {
            let Some(format) = format_of(&path).filter(|_| path.starts_with(&within)) else { continue };
            let limit = self.options.limits.post();
            let staged =
                object.map(|object| self.options.files.object(folder, &object, limit)).transpose()?;
            // A symlink may lead anywhere; a target in the repository is checked under its own path.
            if staged.is_none() && !disk::is_regular(&path) {
                troubles.extend(self.options.isolated.then(|| unchecked_link(&path)).flatten());
                continue;
            }
            if !self.options.isolated && is_report(&path, format, staged.as_ref()) {
                continue;
            }
            let path = path.strip_prefix(&here).map(Path::to_owned).unwrap_or(path);
            if within.is_dir() && !self.is_in_scope(&path, &within) {
                continue;
            }
            let post = self.usable_post(path.clone(), format, parent(&path))?;
            posts.extend(post.map(|post| PostFile { staged, ..post }));
        }
        Ok(Ok(()))
    }

    /// The post of standard input, which has a path but need not exist as a file.
    ///
    /// # Errors
    /// The config cannot be used.
    pub fn post_at(&mut self, path: &Path) -> Result<Option<PostFile>, Trouble> {
        let post = self.post(path.to_owned(), format_of(path).unwrap_or(Format::Markdown), parent(path))?;
        self.names_are_known(self.options.rules.named_rules())?;
        Ok(post)
    }

    /// A name that distinguishes a site from others: the folder of its config and the folder that its generator was
    /// detected in.
    pub fn site_name(&self, number: usize) -> String {
        let site = self.site_numbers.iter().find(|(_, site_number)| **site_number == number);
        let folder_text = |folder: &Path| paths::display_path(folder).display().to_string();
        site.map_or_else(String::new, |((config, own), _)| {
            [folder_text(config), own.as_deref().map(folder_text).unwrap_or_default()].join(":")
        })
    }

    /// Whether `all` was to include `likely-misspelling`, which did not run, as there is no model for it.
    pub fn lacks_model(&self) -> bool {
        self.projects.by_config.values().any(|project| project.lacks_model)
    }

    /// The folder of the config of a post; `None` if it has none.
    pub fn config_folder(&self, post: &PostFile) -> Option<PathBuf> {
        let site = self.site_numbers.iter().find(|(_, number)| **number == post.site_number);
        let ((folder, _), _) = site?;
        folder.join(crate::config::FILE_NAME).is_file().then(|| folder.clone())
    }

    /// The files that affect the posts found so far: configs, and the files that these name.
    pub fn config_files(&self) -> impl Iterator<Item = PathBuf> {
        self.projects
            .by_config
            .values()
            .flat_map(Project::files)
            .chain(self.projects.unusable.keys().cloned())
    }

    /// The sites of the posts found so far for which a rule needs data from all posts.
    ///
    /// # Errors
    /// A config cannot be used.
    pub fn sites_to_read(&mut self) -> Result<Vec<WholeSite>, Trouble> {
        let projects = self.projects.by_config.values().filter(|project| project.needs_usage());
        let sites_of_projects: Vec<(PathBuf, Arc<Site>)> =
            projects.map(|project| (project.root.clone(), Arc::clone(&project.site))).collect();
        let mut sites = Vec::new();
        let left_out = std::mem::take(&mut self.scope.left_out);
        for (root, site) in sites_of_projects {
            let mut posts = Vec::new();
            // Files that cannot be read are reported by the check itself.
            if let Ok(real) = named_files::real(&root) {
                let _ = self.walk(&root, &real, &mut posts, &mut Vec::new())?;
            }
            // Posts with a nearer config belong to another site.
            posts.retain(|post: &PostFile| Arc::ptr_eq(&post.site, &site));
            posts.sort_by(|a, b| a.relative_path.cmp(&b.relative_path));
            sites.push(WholeSite { site, posts });
        }
        self.scope.left_out = left_out;
        Ok(sites)
    }

    /// The posts in a folder; `real` is its path with symlinks resolved. The inner trouble is about this folder only.
    fn walk(
        &mut self,
        folder: &Path,
        real: &Path,
        posts: &mut Vec<PostFile>,
        troubles: &mut Vec<Trouble>,
    ) -> Result<OfPath, Trouble> {
        let Walked { files, troubles: unread, left_out } = match walk(folder, real, self.options.isolated) {
            Ok(walked) => walked,
            Err(trouble) => return Ok(Err(trouble)),
        };
        let named = paths::absolute(folder);
        let is_elsewhere = named != real;
        for (path, format) in files {
            if !self.options.isolated && is_report(&path, format, None) {
                continue;
            }
            if !self.is_in_scope(&path, &named) {
                continue;
            }
            let real = is_elsewhere
                .then(|| path.strip_prefix(folder).map_or(path.clone(), |below| real.join(below)));
            let post = self.usable_post(without_dot(&path), format, folder)?;
            posts.extend(post.map(|post| PostFile { real, ..post }));
        }
        self.scope.left_out.folders.extend(left_out.iter().map(|folder| without_dot(folder)));
        troubles.extend(unread);
        Ok(Ok(()))
    }

    /// Whether a file below a named folder, whose path is absolute, is content of its site. Where the repository decides
    /// nothing, all are.
    fn is_in_scope(&mut self, path: &Path, named: &Path) -> bool {
        self.options.isolated || self.scope.has(&mut self.projects, path, named)
    }

    /// What was not read because it is not content.
    pub fn left_out(&self) -> &LeftOut {
        &self.scope.left_out
    }

    /// The sites that a folder belongs to, the innermost first.
    pub fn sites_of(&mut self, folder: &Path) -> Arc<[ContentSite]> {
        self.scope.sites_of(&mut self.projects, &paths::absolute(folder))
    }

    /// The site that a file, which need not exist, belongs to without being content, so that it is only read if it is
    /// named.
    pub fn left_out_by(&mut self, path: &Path) -> Option<ContentSite> {
        self.scope.left_out_by(&mut self.projects, path, Path::new("/"))
    }

    /// The site that a folder belongs to without having content of it.
    pub fn folder_left_out_by(&mut self, folder: &Path) -> Option<ContentSite> {
        let folder = paths::without_parents(&paths::absolute(folder));
        let sites = self.sites_of(&folder);
        let lacks_content = |site: &&ContentSite| {
            let below = folder.strip_prefix(&site.folder).ok().map(paths::slashed);
            below.is_some_and(|below| !site.layout.may_have_content(&below))
        };
        sites.iter().find(lacks_content).cloned()
    }

    /// As [`Self::post`], for one of many posts: if its config cannot be used, that is reported once for the config
    /// and the post is skipped.
    fn usable_post(
        &mut self,
        path: PathBuf,
        format: Format,
        folder: &Path,
    ) -> Result<Option<PostFile>, Trouble> {
        let home = parent(&path).to_owned();
        if !self.projects.unusable.is_empty() && self.is_unusable(&home) {
            return Ok(None);
        }
        match self.post(path, format, folder) {
            Err(_) if self.is_unusable(&home) => Ok(None),
            found => found,
        }
    }

    /// A post with the options that apply to it; `None` if it is excluded.
    fn post(&mut self, path: PathBuf, format: Format, folder: &Path) -> Result<Option<PostFile>, Trouble> {
        let PostConfig { config, relative_path, applying, found, is_excluded } =
            self.projects.config_of(&path, folder)?;
        let Some(project) = self.projects.by_config.get_mut(&config).filter(|_| !is_excluded) else {
            return Ok(None);
        };
        let configured = self.options.generator.or_else(|| project.generator(&applying));
        let generator = configured.unwrap_or(found.generator);
        // The config of another generator does not apply.
        let time_zone = found.time_zone.filter(|_| found.generator == generator);
        let permalink = found.permalink.filter(|_| found.generator == generator);
        let is_markdown = format_of(&path) == Some(Format::Markdown);
        let is_mdx = is_markdown && self.scope.reads_md_as_mdx(found.root.as_deref(), generator);
        let format = if is_mdx { Format::Mdx } else { format };
        let rules = project.rule_set(&applying, &self.options.rules);
        let rules = rules
            .map_err(|trouble| projects::note(&mut self.projects.unusable, self.options, &config, trouble))?;
        let relative_path = paths::slashed(&relative_path);
        let site = Arc::clone(&project.site);
        let site_number = self.site_numbers.len();
        let site_number = *self.site_numbers.entry((project.root.clone(), found.root)).or_insert(site_number);
        Ok(Some(PostFile {
            path,
            format,
            generator,
            time_zone,
            permalink,
            relative_path,
            rules,
            site,
            site_number,
            staged: None,
            real: None,
            limit: self.options.limits.post(),
        }))
    }

    /// The config and site of a post, which was found below the named `folder`.
    ///
    /// # Errors
    /// The config cannot be used.
    pub fn config_of(&mut self, path: &Path, folder: &Path) -> Result<PostConfig, Trouble> {
        self.projects.config_of(path, folder)
    }

    /// The project of a config.
    pub fn project_of(&self, config: &PostConfig) -> &Project {
        &self.projects.by_config[&config.config]
    }

    /// Whether the config for the posts of a folder was found but cannot be used.
    pub fn is_unusable(&mut self, folder: &Path) -> bool {
        self.projects.is_unusable(folder)
    }
}
