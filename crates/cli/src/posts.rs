//! Finds the posts under the given paths, as git would, and what holds for each.

use crate::args::PostArguments;
use crate::config::Config;
use crate::git::{self, GitFile, Selection};
use crate::ignored::{self, PassedOver};
use crate::paths::{self, parent};
use crate::project::{Asked, GROUPS, Project, known};
use crate::report::PAGE_START;
use crate::site::{SiteFacts, Sites};
use crate::trouble::Trouble;
use ignore::WalkBuilder;
use postmend_core::date::{Instant, TimeZone};
use postmend_core::{Format, Generator};
use postmend_rules::{Home, RuleSet, Site};
use std::borrow::Cow;
use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

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
    pub staged: Option<Vec<u8>>,
}

impl PostFile {
    /// What it holds.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn bytes(&self) -> io::Result<Cow<'_, [u8]>> {
        match &self.staged {
            Some(staged) => Ok(Cow::Borrowed(staged)),
            None => std::fs::read(&self.path).map(Cow::Owned),
        }
    }

    /// Where it lives, for the rules.
    pub fn home(&self) -> Home<'_> {
        let Self { format, generator, .. } = *self;
        Home { path: &self.below, format, generator, time_zone: self.time_zone.as_ref(), site: &self.site }
    }
}

/// A site with all its posts, sorted.
pub struct WholeSite {
    /// What the rules know of it.
    pub site: Arc<Site>,
    /// Those below the config's folder.
    pub posts: Vec<PostFile>,
}

/// How a post stands to configs and sites.
pub struct Standing {
    /// The nearest config.
    config: Option<PathBuf>,
    /// The post's path from there.
    below: PathBuf,
    /// The overrides that apply to it, by their numbers.
    pub applying: Vec<usize>,
    /// What the site's own files tell.
    pub found: SiteFacts,
    /// Whether a config says that it is not read.
    pub is_excluded: bool,
}

/// Finds posts, and remembers configs and sites on the way.
pub struct Finder<'a> {
    arguments: &'a PostArguments,
    asked: Asked<'a>,
    /// Only what git names.
    selection: Option<Selection>,
    /// By the config's path.
    projects: HashMap<Option<PathBuf>, Project>,
    /// The config of each folder.
    configs: HashMap<PathBuf, Option<PathBuf>>,
    sites: Sites,
    /// By the config's folder and the site's own.
    site_numbers: HashMap<(PathBuf, Option<PathBuf>), usize>,
}

impl<'a> Finder<'a> {
    /// Looks as the arguments say.
    pub fn new(arguments: &'a PostArguments) -> Self {
        let (projects, configs, sites, site_numbers) = Default::default();
        Self { arguments, asked: Asked::default(), selection: None, projects, configs, sites, site_numbers }
    }

    /// Takes other rules than the config says.
    pub fn asking(mut self, asked: Asked<'a>) -> Self {
        self.asked = asked;
        self
    }

    /// Looks only at what git names.
    pub fn selected(mut self, selection: Option<Selection>) -> Self {
        self.selection = selection;
        self
    }

    /// Every post under the arguments' paths, sorted, each once; and the paths that could not be
    /// read.
    ///
    /// # Errors
    /// A path that does not exist, or a config that cannot be used.
    pub fn find(&mut self) -> Result<(Vec<PostFile>, Vec<Trouble>), Trouble> {
        let mut posts = Vec::new();
        let mut troubles = Vec::new();
        if let Some(selection) = self.selection.clone() {
            self.find_changed(&selection, &mut posts)?;
        }
        let walked = if self.selection.is_none() { self.arguments.paths.as_slice() } else { &[] };
        for path in walked {
            let about = std::fs::metadata(path).map_err(|error| Trouble::with_path("read", path, &error))?;
            // A pipe may have no end.
            if !about.is_dir() && !about.is_file() {
                let message = format!("{} is neither a file nor a folder", path.display());
                return Err(Trouble::new(message, "give a post on standard input with `--stdin-filename`"));
            }
            let folder = if about.is_dir() { path.as_path() } else { parent(path) };
            if about.is_dir() {
                // A config that cannot be used is told of, whether there are posts or not.
                self.project(folder)?;
                self.walk(path, &mut posts, &mut troubles)?;
            } else {
                // A file that somebody names is read whatever it is called.
                let format = format_of(path).unwrap_or(Format::Markdown);
                posts.extend(self.post(path.clone(), format, folder)?);
            }
        }
        self.names_are_known(self.asked.select.iter().chain(self.asked.ignore))?;
        Ok((in_order(posts), troubles))
    }

    /// That rules exist, postmend's or some site's own.
    ///
    /// # Errors
    /// One does not.
    pub fn names_are_known<'n>(&self, names: impl IntoIterator<Item = &'n String>) -> Result<(), Trouble> {
        let own = || self.projects.values().flat_map(|project| &project.own);
        names
            .into_iter()
            .filter(|name| !GROUPS.contains(&name.as_str()))
            .try_for_each(|name| known(name, own()))
    }

    /// The posts that git names, of those under the arguments' paths.
    fn find_changed(&mut self, selection: &Selection, posts: &mut Vec<PostFile>) -> Result<(), Trouble> {
        let absolute = |path: &Path| std::fs::canonicalize(path).or_else(|_| std::path::absolute(path));
        let here = absolute(Path::new(".")).unwrap_or_default();
        for named in &self.arguments.paths {
            let within = absolute(named).map_err(|error| Trouble::with_path("read", named, &error))?;
            let folder = if named.is_dir() { named } else { parent(named) };
            let files = git::files(folder, selection)?;
            // What is staged need not be there; a name that is nothing at all is a mistake.
            if !files.iter().any(|file| file.path.starts_with(&within)) {
                std::fs::symlink_metadata(named)
                    .map_err(|error| Trouble::with_path("read", named, &error))?;
            }
            for GitFile { path, staged } in files {
                let Some(format) = format_of(&path).filter(|_| path.starts_with(&within)) else { continue };
                // A link may lead anywhere, and what it leads to is checked where it stands.
                if staged.is_none() && !std::fs::symlink_metadata(&path).is_ok_and(|about| about.is_file()) {
                    continue;
                }
                let is_report = match &staged {
                    Some(staged) => staged.starts_with(PAGE_START.as_bytes()),
                    None => is_report(&path, format),
                };
                if is_report {
                    continue;
                }
                let path = path.strip_prefix(&here).map(Path::to_owned).unwrap_or(path);
                let post = self.post(path.clone(), format, parent(&path))?;
                posts.extend(post.map(|post| PostFile { staged, ..post }));
            }
        }
        Ok(())
    }

    /// The post of standard input, which has a name but need not be a file.
    ///
    /// # Errors
    /// A config that cannot be used.
    pub fn named(&mut self, path: &Path) -> Result<Option<PostFile>, Trouble> {
        let post = self.post(path.to_owned(), format_of(path).unwrap_or(Format::Markdown), parent(path))?;
        self.names_are_known(self.asked.select.iter().chain(self.asked.ignore))?;
        Ok(post)
    }

    /// What tells a site from others, in words: the config's folder and the site's own.
    pub fn site_name(&self, number: usize) -> String {
        let site = self.site_numbers.iter().find(|(_, known)| **known == number);
        let shown = |folder: &Path| paths::shown(folder).display().to_string();
        site.map_or_else(String::new, |((config, own), _)| {
            [shown(config), own.as_deref().map(shown).unwrap_or_default()].join(":")
        })
    }

    /// The files that say what holds for the posts found so far: configs, and what these name.
    pub fn config_files(&self) -> impl Iterator<Item = PathBuf> {
        self.projects.values().flat_map(Project::files)
    }

    /// The sites of the posts found so far that must be known as a whole.
    ///
    /// # Errors
    /// A config that cannot be used.
    pub fn sites_to_read(&mut self) -> Result<Vec<WholeSite>, Trouble> {
        let projects = self.projects.values().filter(|project| project.needs_usage());
        let known: Vec<(PathBuf, Arc<Site>)> =
            projects.map(|project| (project.root.clone(), Arc::clone(&project.site))).collect();
        let mut sites = Vec::new();
        for (root, site) in known {
            let mut posts = Vec::new();
            // What cannot be read is told of where it is to be checked.
            self.walk(&root, &mut posts, &mut Vec::new())?;
            // Those with a config of their own are another site.
            posts.retain(|post: &PostFile| Arc::ptr_eq(&post.site, &site));
            posts.sort_by(|a, b| a.below.cmp(&b.below));
            sites.push(WholeSite { site, posts });
        }
        Ok(sites)
    }

    fn walk(
        &mut self,
        folder: &Path,
        posts: &mut Vec<PostFile>,
        troubles: &mut Vec<Trouble>,
    ) -> Result<(), Trouble> {
        ignored::readable(folder)?;
        let passed_over = PassedOver::default();
        let noted = passed_over.clone();
        let mut walk = WalkBuilder::new(folder);
        walk.require_git(false).sort_by_file_name(std::cmp::Ord::cmp);
        walk.filter_entry(move |entry| {
            !entry.file_type().is_some_and(|kind| kind.is_dir()) || noted.spares(entry.path())
        });
        for entry in walk.build() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    troubles
                        .push(Trouble::new(format!("cannot read: {error}"), "see that you may read there"));
                    continue;
                }
            };
            let is_file = entry.file_type().is_some_and(|kind| kind.is_file());
            if let (true, Some(format)) = (is_file, format_of(entry.path())) {
                if is_report(entry.path(), format) {
                    continue;
                }
                let path = entry.into_path();
                let path = path.strip_prefix(".").map_or_else(|_| path.clone(), Path::to_owned);
                posts.extend(self.post(path, format, folder)?);
            }
        }
        troubles.extend(passed_over.troubles());
        Ok(())
    }

    /// What holds for a post; `None` if it is excluded.
    fn post(&mut self, path: PathBuf, format: Format, folder: &Path) -> Result<Option<PostFile>, Trouble> {
        let Standing { config, below, applying, found, is_excluded } = self.standing(&path, folder)?;
        let Some(project) = self.projects.get_mut(&config).filter(|_| !is_excluded) else { return Ok(None) };
        let told = self.arguments.generator.or_else(|| project.generator(&applying));
        let generator = told.unwrap_or(found.generator);
        // Another generator's config says nothing about this one.
        let time_zone = found.time_zone.filter(|_| found.generator == generator);
        let rules = project.rule_set(&applying, self.asked)?;
        let below = below.to_string_lossy().replace('\\', "/");
        let site = Arc::clone(&project.site);
        let site_number = self.site_numbers.len();
        let site_number = *self.site_numbers.entry((project.root.clone(), found.root)).or_insert(site_number);
        Ok(Some(PostFile {
            path,
            format,
            generator,
            time_zone,
            below,
            rules,
            site,
            site_number,
            staged: None,
        }))
    }

    /// How a post stands to configs and sites, found below a folder that was named.
    ///
    /// # Errors
    /// A config that cannot be used.
    pub fn standing(&mut self, path: &Path, folder: &Path) -> Result<Standing, Trouble> {
        let absolute = paths::absolute(path);
        let config = self.project(parent(&absolute))?;
        let found = self.sites.of(parent(&absolute));
        let project = &self.projects[&config];
        // Of a path that is not below the root, only what is below the folder that was named counts.
        let below = absolute.strip_prefix(&project.root);
        let below = below.or_else(|_| absolute.strip_prefix(paths::absolute(folder)));
        let below = below.unwrap_or(&absolute).to_owned();
        let is_excluded = project.excludes(&below) || self.is_excluded_above(&config, &absolute);
        let applying = project.applying(&below);
        Ok(Standing { config, below, applying, found, is_excluded })
    }

    /// The project of a config.
    pub fn project_of(&self, standing: &Standing) -> &Project {
        &self.projects[&standing.config]
    }

    /// Whether a config above a post's own says that the post is not read.
    fn is_excluded_above(&self, config: &Option<PathBuf>, post: &Path) -> bool {
        let above = |project: &&Project| self.projects.get(&Some(project.above.clone()?));
        std::iter::successors(self.projects.get(config), above)
            .skip(1)
            .any(|project| post.strip_prefix(&project.root).is_ok_and(|below| project.excludes(below)))
    }

    /// The nearest config at or above a folder.
    fn config(&mut self, folder: &Path) -> Option<PathBuf> {
        if let Some(known) = self.configs.get(folder) {
            return known.clone();
        }
        let found = Config::within(folder).or_else(|| self.config(folder.parent()?));
        self.configs.insert(folder.to_owned(), found.clone());
        found
    }

    /// The project that a folder belongs to, by its config's path.
    fn project(&mut self, folder: &Path) -> Result<Option<PathBuf>, Trouble> {
        let path = match &self.arguments.config {
            Some(path) => Some(path.clone()),
            None => self.config(&paths::absolute(folder)),
        };
        if !self.projects.contains_key(&path) {
            let mut project = Project::new(path.as_deref())?;
            if let Some(trouble) = project.failures().into_iter().next() {
                return Err(trouble);
            }
            // What is above a repository says nothing about it.
            let is_looked_for = self.arguments.config.is_none() && !project.root.join(".git").exists();
            if let Some(above) = project.root.parent().filter(|_| is_looked_for && path.is_some()) {
                project.above = self.project(above)?;
            }
            // What is wrong with options is told of, whether a post asks for them or not.
            project.rule_set(&[], self.asked)?;
            self.projects.insert(path.clone(), project);
        }
        Ok(path)
    }
}

/// Sorted, each once.
fn in_order(mut posts: Vec<PostFile>) -> Vec<PostFile> {
    posts.sort_by(|a, b| a.path.cmp(&b.path));
    posts.dedup_by(|a, b| a.path == b.path);
    posts
}

/// The machine's clock.
pub fn now() -> Instant {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Instant(i64::try_from(now.as_millis()).unwrap_or(0))
}

/// The day by the machine's clock, in UTC.
pub fn today() -> String {
    let now = now().to_string();
    now.split_once('T').map_or_else(|| now.clone(), |(day, _)| day.to_owned())
}

fn format_of(path: &Path) -> Option<Format> {
    Format::of_extension(path.extension()?.to_str()?)
}

/// Whether a file is a page that `--report` wrote, which quotes what posts have wrong.
fn is_report(path: &Path, format: Format) -> bool {
    let mut start = [0; PAGE_START.len()];
    format == Format::Html
        && File::open(path).and_then(|mut file| file.read_exact(&mut start)).is_ok()
        && start == *PAGE_START.as_bytes()
}
