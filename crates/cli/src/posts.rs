//! Finds the posts under the given paths, as git would, and what holds for each.

use crate::args::PostArguments;
use crate::config::Config;
use crate::git::{self, GitFile, Selection, Staged};
use crate::ignored::{self, PassedOver};
use crate::paths::{self, parent};
use crate::project::{Asked, GROUPS, Project, Trust, known};
use crate::report::PAGE_START;
use crate::site::{SiteFacts, Sites};
use crate::trouble::Trouble;
use ignore::WalkBuilder;
use postmend_core::date::{Instant, TimeZone};
use postmend_core::{Format, Generator};
use postmend_engine::disk::{self, Below, Folder, Kind};
use postmend_rules::{Home, RuleSet, Site};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::io;
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
    /// Configs that cannot be used, and why. Their posts are not read.
    unusable: BTreeMap<PathBuf, Trouble>,
    /// The config of each folder.
    configs: HashMap<PathBuf, Option<PathBuf>>,
    sites: Sites,
    /// By the config's folder and the site's own.
    site_numbers: HashMap<(PathBuf, Option<PathBuf>), usize>,
}

impl<'a> Finder<'a> {
    /// Looks as the arguments say.
    pub fn new(arguments: &'a PostArguments) -> Self {
        let (asked, selection, projects, unusable) = Default::default();
        let (configs, sites, site_numbers) = Default::default();
        Self { arguments, asked, selection, projects, unusable, configs, sites, site_numbers }
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
    /// read, and the configs that could not be used.
    ///
    /// # Errors
    /// A config that was named and cannot be used, or a rule that does not exist.
    pub fn find(&mut self) -> Result<(Vec<PostFile>, Vec<Trouble>), Trouble> {
        let mut posts = Vec::new();
        let mut troubles = Vec::new();
        for path in &self.arguments.paths {
            let found = match self.selection.clone() {
                Some(selection) => self.find_changed(path, &selection, &mut posts, &mut troubles)?,
                None => self.find_named(path, &mut posts, &mut troubles)?,
            };
            // What is wrong with one path keeps no other from being read.
            troubles.extend(found.err());
        }
        troubles.extend(self.unusable.values().cloned());
        self.names_are_known(self.asked.select.iter().chain(self.asked.ignore))?;
        Ok((in_order(posts, self.arguments.paths.len() > 1), troubles))
    }

    /// The posts of a path that somebody named. The inner trouble is about the path alone.
    fn find_named(
        &mut self,
        path: &Path,
        posts: &mut Vec<PostFile>,
        troubles: &mut Vec<Trouble>,
    ) -> Result<Result<(), Trouble>, Trouble> {
        let real = match paths::real(path) {
            Ok(real) => real,
            Err(trouble) => return Ok(Err(trouble)),
        };
        let about = match std::fs::metadata(&real) {
            Ok(about) => about,
            Err(error) => return Ok(Err(Trouble::with_path("read", path, &error))),
        };
        if about.is_dir() {
            // A config that cannot be used is told of, whether there are posts or not.
            if let Err(trouble) = self.project(path)
                && !self.is_unusable(path)
            {
                return Err(trouble);
            }
            return self.walk(path, &real, posts, troubles);
        }
        // A pipe may have no end.
        if !about.is_file() {
            let message = format!("{} is neither a file nor a folder", path.display());
            return Ok(Err(Trouble::new(message, "give a post on standard input with `--stdin-filename`")));
        }
        // A link that is called like a post, and leads to something else, was not meant by whoever named all posts.
        if format_of(path).is_some() && format_of(&real).is_none() {
            let message =
                format!("{} leads to {}, which is not called as posts are", path.display(), real.display());
            return Ok(Err(Trouble::new(message, "name that file itself, if it is meant")));
        }
        // A file that somebody names is read whatever it is called.
        let format = format_of(path).unwrap_or(Format::Markdown);
        let path = without_dot(path);
        let post = self.usable_post(path.clone(), format, parent(&path))?;
        let is_elsewhere = paths::absolute(&path) != real;
        posts.extend(post.map(|post| PostFile { real: is_elsewhere.then_some(real), ..post }));
        Ok(Ok(()))
    }

    /// Whether a file is a page that `--report` wrote, which quotes what posts have wrong. But anybody can begin a post so.
    fn is_report(&self, path: &Path, format: Format, staged: Option<&Staged>) -> bool {
        let begins_so = || match staged {
            Some(Staged::Bytes(staged)) => staged.starts_with(PAGE_START.as_bytes()),
            Some(Staged::TooLarge) => false,
            None => format == Format::Html && disk::starts_with(path, PAGE_START.as_bytes()),
        };
        !self.arguments.isolated && begins_so()
    }

    /// What is told of a link that is called like a post, where no such link may hide what a site shows: that what it
    /// leads to is checked nowhere.
    fn led_away(&self, path: &Path) -> Option<Trouble> {
        let is_link = std::fs::symlink_metadata(path).is_ok_and(|about| about.is_symlink());
        if !self.arguments.isolated || !is_link || format_of(path).is_none() {
            return None;
        }
        let top = paths::absolute(path);
        let top = paths::repository(&top);
        let real = std::fs::canonicalize(path).ok();
        let is_checked = real.is_some_and(|real| {
            format_of(&real).is_some() && disk::is_regular(&real) && paths::repository(&real) == top
        });
        let message = format!("{} is a symbolic link to what is not checked", paths::shown(path).display());
        (!is_checked).then(|| Trouble::new(message, "put the post itself there"))
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

    /// The posts that git names, of those under a path that somebody named. The inner trouble is about the path alone.
    fn find_changed(
        &mut self,
        named: &Path,
        selection: &Selection,
        posts: &mut Vec<PostFile>,
        troubles: &mut Vec<Trouble>,
    ) -> Result<Result<(), Trouble>, Trouble> {
        // What is staged need not be there.
        let is_there = std::fs::symlink_metadata(named).is_ok();
        let within = match is_there {
            true => paths::real(named),
            false => Ok(paths::absolute(named)),
        };
        let within = match within {
            Ok(within) => within,
            Err(trouble) => return Ok(Err(trouble)),
        };
        let here = paths::absolute(Path::new("."));
        let folder = if within.is_dir() { within.as_path() } else { parent(&within) };
        let files = git::files(folder, selection, self.arguments.limits.post())?;
        // A name that is nothing at all is a mistake.
        if !is_there && !files.iter().any(|file| file.path.starts_with(&within)) {
            let error = io::Error::from(io::ErrorKind::NotFound);
            return Ok(Err(Trouble::with_path("read", named, &error)));
        }
        for GitFile { path, staged } in files {
            let Some(format) = format_of(&path).filter(|_| path.starts_with(&within)) else { continue };
            // A link may lead anywhere, and what it leads to is checked where it stands.
            if staged.is_none() && !disk::is_regular(&path) {
                troubles.extend(self.led_away(&path));
                continue;
            }
            if self.is_report(&path, format, staged.as_ref()) {
                continue;
            }
            let path = path.strip_prefix(&here).map(Path::to_owned).unwrap_or(path);
            let post = self.usable_post(path.clone(), format, parent(&path))?;
            posts.extend(post.map(|post| PostFile { staged, ..post }));
        }
        Ok(Ok(()))
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
        self.projects.values().flat_map(Project::files).chain(self.unusable.keys().cloned())
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
            if let Ok(real) = paths::real(&root) {
                let _ = self.walk(&root, &real, &mut posts, &mut Vec::new())?;
            }
            // Those with a config of their own are another site.
            posts.retain(|post: &PostFile| Arc::ptr_eq(&post.site, &site));
            posts.sort_by(|a, b| a.below.cmp(&b.below));
            sites.push(WholeSite { site, posts });
        }
        Ok(sites)
    }

    /// The posts in a folder, which is at `real` without links on the way. The inner trouble is about the folder alone.
    fn walk(
        &mut self,
        folder: &Path,
        real: &Path,
        posts: &mut Vec<PostFile>,
        troubles: &mut Vec<Trouble>,
    ) -> Result<Result<(), Trouble>, Trouble> {
        if let Err(trouble) = ignored::readable(folder) {
            return Ok(Err(trouble));
        }
        let is_elsewhere = paths::absolute(folder) != real;
        let passed_over = PassedOver::default();
        let noted = passed_over.clone();
        let mut walk = WalkBuilder::new(folder);
        walk.require_git(false).sort_by_file_name(std::cmp::Ord::cmp);
        walk.filter_entry(move |entry| {
            !entry.file_type().is_some_and(|kind| kind.is_dir()) || noted.spares(entry.path())
        });
        let mut found = Vec::new();
        for entry in walk.build() {
            match entry {
                Ok(entry) if entry.file_type().is_some_and(|kind| kind.is_file()) => {
                    found.extend(format_of(entry.path()).map(|format| (entry.into_path(), format)));
                }
                Ok(_) => {}
                Err(error) => {
                    let message = format!("cannot read: {error}");
                    troubles.push(Trouble::new(message, "see that you may read there"));
                }
            }
        }
        if self.arguments.isolated {
            let tracked = git::tracked(real)?;
            let below = tracked.iter().filter_map(|path| path.strip_prefix(real).ok());
            let folder_of_all =
                Folder::open(real).map_err(|error| Trouble::with_path("read", folder, &error))?;
            // A folder on the way may have become a link.
            let is_file = |path: &Path| {
                Below::new(path).is_ok_and(|path| matches!(folder_of_all.about(&path), Ok(Kind::File)))
            };
            for path in below {
                match format_of(path) {
                    Some(format) if is_file(path) => found.push((folder.join(path), format)),
                    _ => troubles.extend(self.led_away(&real.join(path))),
                }
            }
            found.sort_by(|(one, _), (other, _)| one.cmp(other));
            found.dedup_by(|(one, _), (other, _)| one == other);
        }
        for (path, format) in found {
            if self.is_report(&path, format, None) {
                continue;
            }
            let real = is_elsewhere
                .then(|| path.strip_prefix(folder).map_or(path.clone(), |below| real.join(below)));
            let post = self.usable_post(without_dot(&path), format, folder)?;
            posts.extend(post.map(|post| PostFile { real, ..post }));
        }
        troubles.extend(passed_over.troubles());
        Ok(Ok(()))
    }

    /// The same for one post of many: where its config cannot be used, that is told once and the post is not read.
    fn usable_post(
        &mut self,
        path: PathBuf,
        format: Format,
        folder: &Path,
    ) -> Result<Option<PostFile>, Trouble> {
        let home = parent(&path).to_owned();
        if !self.unusable.is_empty() && self.is_unusable(&home) {
            return Ok(None);
        }
        match self.post(path, format, folder) {
            Err(_) if self.is_unusable(&home) => Ok(None),
            found => found,
        }
    }

    /// Whether the config of a folder's posts was found and cannot be used.
    pub fn is_unusable(&mut self, folder: &Path) -> bool {
        let config = self.looked_for(folder);
        config.is_some_and(|config| self.unusable.contains_key(&config))
    }

    /// What holds for a post; `None` if it is excluded.
    fn post(&mut self, path: PathBuf, format: Format, folder: &Path) -> Result<Option<PostFile>, Trouble> {
        let Standing { config, below, applying, found, is_excluded } = self.standing(&path, folder)?;
        let Some(project) = self.projects.get_mut(&config).filter(|_| !is_excluded) else { return Ok(None) };
        let told = self.arguments.generator.or_else(|| project.generator(&applying));
        let generator = told.unwrap_or(found.generator);
        // Another generator's config says nothing about this one.
        let time_zone = found.time_zone.filter(|_| found.generator == generator);
        let rules = project.rule_set(&applying, self.asked);
        let rules = rules.map_err(|trouble| note(&mut self.unusable, self.arguments, &config, trouble))?;
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
            real: None,
            limit: self.arguments.limits.post(),
        }))
    }

    /// How a post stands to configs and sites, found below a folder that was named.
    ///
    /// # Errors
    /// A config that cannot be used.
    pub fn standing(&mut self, path: &Path, folder: &Path) -> Result<Standing, Trouble> {
        let absolute = paths::absolute(path);
        let config = self.project(parent(&absolute))?;
        // Files of the tree that tell of its generator are configs too.
        let found = if self.arguments.isolated { SiteFacts::NONE } else { self.sites.of(parent(&absolute)) };
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
        let path = self.arguments.config.clone().or_else(|| self.looked_for(folder));
        if let Some(trouble) = path.as_ref().and_then(|path| self.unusable.get(path)) {
            return Err(trouble.clone());
        }
        if !self.projects.contains_key(&path) {
            let project = self.read_project(path.as_deref());
            let project =
                project.map_err(|trouble| note(&mut self.unusable, self.arguments, &path, trouble))?;
            self.projects.insert(path.clone(), project);
        }
        Ok(path)
    }

    /// The config of a folder's posts, where none was named for all.
    fn looked_for(&mut self, folder: &Path) -> Option<PathBuf> {
        let is_looked_for = self.arguments.config.is_none() && !self.arguments.isolated;
        if is_looked_for { self.config(&paths::absolute(folder)) } else { None }
    }

    fn read_project(&mut self, path: Option<&Path>) -> Result<Project, Trouble> {
        let trust = match (&self.arguments.config, self.arguments.isolated) {
            (None, _) => Trust::Found,
            (Some(_), false) => Trust::Named,
            (Some(_), true) => Trust::NamedAlone,
        };
        let mut project = Project::new(path, trust, self.arguments.limits)?;
        if let Some(trouble) = project.failures().into_iter().next() {
            return Err(trouble);
        }
        // What is above a repository says nothing about it.
        let is_looked_for = self.arguments.config.is_none() && !project.root.join(".git").exists();
        if let Some(above) = project.root.parent().filter(|_| is_looked_for && path.is_some()) {
            // What is wrong with it is told where it is noted.
            project.above = self.project(above).ok().flatten();
        }
        // What is wrong with options is told of, whether a post asks for them or not.
        project.rule_set(&[], self.asked)?;
        Ok(project)
    }
}

/// Notes that a config cannot be used that nobody named: the posts of others are read all the same.
fn note(
    unusable: &mut BTreeMap<PathBuf, Trouble>,
    arguments: &PostArguments,
    config: &Option<PathBuf>,
    trouble: Trouble,
) -> Trouble {
    if let Some(config) = config.as_ref().filter(|_| arguments.config.is_none()) {
        unusable.insert(config.clone(), trouble.clone());
    }
    trouble
}

/// Sorted, each once: under its shortest name, where it has several.
fn in_order(mut posts: Vec<PostFile>, may_repeat: bool) -> Vec<PostFile> {
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
fn without_dot(path: &Path) -> PathBuf {
    let plain: PathBuf = path.components().filter(|part| *part != std::path::Component::CurDir).collect();
    if plain.as_os_str().is_empty() { path.to_owned() } else { plain }
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

/// Whether a file is called as posts are.
pub fn is_post(path: &Path) -> bool {
    format_of(path).is_some()
}

fn format_of(path: &Path) -> Option<Format> {
    Format::of_extension(path.extension()?.to_str()?)
}
