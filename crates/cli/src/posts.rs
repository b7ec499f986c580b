//! Finds the posts under the given paths, as git would, and what holds for each.

use crate::args::PostArguments;
use crate::config::Config;
use crate::git::{self, GitFile, Selection};
use crate::model;
use crate::report::PAGE_START;
use crate::site::Sites;
use crate::trouble::Trouble;
use globset::{Glob, GlobSet, GlobSetBuilder};
use ignore::WalkBuilder;
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use postmend_core::date::{Instant, TimeZone};
use postmend_core::{Format, Generator};
use postmend_rules::{ALL, Card, Home, RuleSet, Site, WHOLE_FILE, card, nearest};
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

/// A config with all that was built from it.
struct Project {
    config: Config,
    root: PathBuf,
    site: Arc<Site>,
    excluded: Gitignore,
    overrides: Vec<GlobSet>,
    /// The model that the config names.
    model: Option<PathBuf>,
    /// By which overrides apply.
    rule_sets: HashMap<Vec<usize>, Arc<RuleSet>>,
}

/// Finds posts, and remembers configs and sites on the way.
pub struct Finder<'a> {
    arguments: &'a PostArguments,
    select: &'a [String],
    ignore: &'a [String],
    /// Whether likely misspellings are looked for, and with which model.
    deep: Option<&'a Option<PathBuf>>,
    /// Only what git names.
    selection: Option<Selection>,
    projects: HashMap<Option<PathBuf>, Project>,
    sites: Sites,
    /// By the config's folder and the site's own.
    site_numbers: HashMap<(PathBuf, Option<PathBuf>), usize>,
}

impl<'a> Finder<'a> {
    /// Looks as the arguments say.
    pub fn new(arguments: &'a PostArguments) -> Self {
        let (projects, sites, site_numbers) = Default::default();
        let (select, ignore): (&[String], &[String]) = (&[], &[]);
        Self { arguments, select, ignore, deep: None, selection: None, projects, sites, site_numbers }
    }

    /// Takes other rules than the config says.
    pub fn selecting(mut self, select: &'a [String], ignore: &'a [String]) -> Self {
        self.select = select;
        self.ignore = ignore;
        self
    }

    /// Looks for likely misspellings too, with this model.
    pub fn asking(mut self, deep: Option<&'a Option<PathBuf>>) -> Self {
        self.deep = deep;
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
            return Ok((in_order(posts), troubles));
        }
        for path in &self.arguments.paths {
            let about = std::fs::metadata(path).map_err(|error| Trouble::with_path("read", path, &error))?;
            // A pipe may have no end.
            if !about.is_dir() && !about.is_file() {
                let message = format!("{} is neither a file nor a folder", path.display());
                return Err(Trouble::new(message, "give a post on standard input with `--stdin-filename`"));
            }
            let folder = if about.is_dir() { path.as_path() } else { parent(path) };
            let project = self.project(folder)?;
            if about.is_dir() {
                self.walk(path, &project, &mut posts, &mut troubles)?;
            } else {
                // A file that somebody names is read whatever it is called.
                let format = format_of(path).unwrap_or(Format::Markdown);
                posts.extend(self.post(path.clone(), format, &project, folder)?);
            }
        }
        Ok((in_order(posts), troubles))
    }

    /// The posts that git names, of those under the arguments' paths.
    fn find_changed(&mut self, selection: &Selection, posts: &mut Vec<PostFile>) -> Result<(), Trouble> {
        let absolute = |path: &Path| std::fs::canonicalize(path).or_else(|_| std::path::absolute(path));
        let here = absolute(Path::new(".")).unwrap_or_default();
        for named in &self.arguments.paths {
            let within = absolute(named).map_err(|error| Trouble::with_path("read", named, &error))?;
            let folder = if named.is_dir() { named } else { parent(named) };
            for GitFile { path, staged } in git::files(folder, selection)? {
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
                let project = self.project(parent(&path))?;
                let post = self.post(path.clone(), format, &project, parent(&path))?;
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
        let project = self.project(parent(path))?;
        self.post(path.to_owned(), format_of(path).unwrap_or(Format::Markdown), &project, parent(path))
    }

    /// What tells a site from others, in words: the config's folder and the site's own.
    pub fn site_name(&self, number: usize) -> String {
        let site = self.site_numbers.iter().find(|(_, known)| **known == number);
        let here = std::path::absolute(".").unwrap_or_default();
        let shown = |folder: &Path| folder.strip_prefix(&here).unwrap_or(folder).display().to_string();
        site.map_or_else(String::new, |((config, own), _)| {
            [shown(config), own.as_deref().map(shown).unwrap_or_default()].join(":")
        })
    }

    /// The sites of the posts found so far that must be known as a whole.
    ///
    /// # Errors
    /// A config that cannot be used.
    pub fn sites_to_read(&mut self) -> Result<Vec<WholeSite>, Trouble> {
        let needs_usage = |project: &Project| project.rule_sets.values().any(|rules| rules.needs_usage());
        let projects = self.projects.iter().filter(|(_, project)| needs_usage(project));
        let projects: Vec<Option<PathBuf>> = projects.map(|(path, _)| path.clone()).collect();
        let mut sites = Vec::new();
        for path in projects {
            let Project { root, site, .. } = &self.projects[&path];
            let (root, site) = (root.clone(), Arc::clone(site));
            let mut posts = Vec::new();
            // What cannot be read is told of where it is to be checked.
            self.walk(&root, &path, &mut posts, &mut Vec::new())?;
            posts.sort_by(|a, b| a.below.cmp(&b.below));
            sites.push(WholeSite { site, posts });
        }
        Ok(sites)
    }

    fn walk(
        &mut self,
        folder: &Path,
        project: &Option<PathBuf>,
        posts: &mut Vec<PostFile>,
        troubles: &mut Vec<Trouble>,
    ) -> Result<(), Trouble> {
        for entry in WalkBuilder::new(folder).require_git(false).sort_by_file_name(std::cmp::Ord::cmp).build()
        {
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
                posts.extend(self.post(path, format, project, folder)?);
            }
        }
        Ok(())
    }

    /// What holds for a post; `None` if it is excluded.
    fn post(
        &mut self,
        path: PathBuf,
        format: Format,
        project: &Option<PathBuf>,
        folder: &Path,
    ) -> Result<Option<PostFile>, Trouble> {
        let absolute = std::path::absolute(&path).unwrap_or_else(|_| path.clone());
        let Some(project) = self.projects.get_mut(project) else { return Ok(None) };
        // Of a path that is not below the root, only what is below the folder that was named counts.
        let folder = std::path::absolute(folder).unwrap_or_default();
        let below = absolute.strip_prefix(&project.root).or_else(|_| absolute.strip_prefix(folder));
        let below = below.unwrap_or(&absolute);
        if project.excluded.matched_path_or_any_parents(below, false).is_ignore() {
            return Ok(None);
        }
        let applying: Vec<usize> =
            (0..project.overrides.len()).filter(|&index| project.overrides[index].is_match(below)).collect();
        let overridden = applying.iter().rev().find_map(|&index| project.config.overrides[index].generator);
        let told = self.arguments.generator.or(overridden).or(project.config.generator);
        let found = self.sites.of(parent(&absolute));
        let generator = told.unwrap_or(found.generator);
        // Another generator's config says nothing about this one.
        let time_zone = found.time_zone.filter(|_| found.generator == generator);
        let rules = project.rule_set(applying, self.select, self.ignore, self.deep)?;
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

    /// The project that a folder belongs to, by its config's path.
    fn project(&mut self, folder: &Path) -> Result<Option<PathBuf>, Trouble> {
        let path = self.arguments.config.clone().or_else(|| Config::find(folder));
        if !self.projects.contains_key(&path) {
            let project = Project::new(path.as_deref())?;
            self.projects.insert(path.clone(), project);
        }
        Ok(path)
    }
}

impl Project {
    fn new(path: Option<&Path>) -> Result<Self, Trouble> {
        let config = path.map_or_else(|| Ok(Config::default()), Config::read)?;
        let name = path.map_or_else(|| "the config".to_owned(), |path| path.display().to_string());
        let wrong = |message: String| Trouble::new(format!("{name}: {message}"), "correct it in the config");
        let root = path.map_or_else(|| std::path::absolute("."), |path| std::path::absolute(parent(path)));
        let root = root.map_err(|error| wrong(error.to_string()))?;
        let mut options = config.site();
        options.dates.today.get_or_insert_with(today);
        let place = |file: &str| path.and_then(Path::parent).unwrap_or(Path::new("")).join(file);
        let model = options.words.model.as_deref().map(place);
        let beside = |file: &str| {
            let file = place(file);
            std::fs::read_to_string(&file).map_err(|error| Trouble::with_path("read", &file, &error))
        };
        for row in &mut options.front_matter.schemas {
            row.text = beside(&row.schema)?;
        }
        if let Some(dictionary) = &options.words.dictionary {
            options.words.listed = beside(dictionary)?;
        }
        let site = Arc::new(Site::new(&options).map_err(wrong)?);
        let mut excluded = GitignoreBuilder::new(&root);
        for pattern in &config.exclude {
            excluded.add_line(None, pattern).map_err(|error| wrong(error.to_string()))?;
        }
        let excluded = excluded.build().map_err(|error| wrong(error.to_string()))?;
        let overrides = config.overrides.iter().map(|one| globs(&one.paths));
        let overrides = overrides.collect::<Result<Vec<_>, _>>().map_err(|error| wrong(error.to_string()))?;
        Ok(Self { config, root, site, excluded, overrides, model, rule_sets: HashMap::new() })
    }

    fn rule_set(
        &mut self,
        applying: Vec<usize>,
        select: &[String],
        ignore: &[String],
        deep: Option<&Option<PathBuf>>,
    ) -> Result<Arc<RuleSet>, Trouble> {
        if let Some(rules) = self.rule_sets.get(&applying) {
            return Ok(Arc::clone(rules));
        }
        let overrides = || applying.iter().map(|&index| &self.config.overrides[index]);
        let told = (!select.is_empty()).then_some(select);
        let told = told.or_else(|| overrides().rev().find_map(|one| one.select.as_deref()));
        let standard = vec!["default".to_owned()];
        let select = told.or(self.config.select.as_deref()).unwrap_or(&standard);
        let mut ignore: Vec<&String> = ignore.iter().chain(&self.config.ignore).collect();
        ignore.extend(overrides().flat_map(|one| &one.ignore));
        select
            .iter()
            .filter(|name| *name != "default" && *name != "all")
            .try_for_each(|name| known(name).map(drop))?;
        ignore.iter().try_for_each(|name| known(name).map(drop))?;
        self.config.rules.keys().try_for_each(|name| known(name).map(drop))?;
        let model = model::place(deep.and_then(Option::as_ref), self.model.as_deref());
        let is_asked = deep.is_some() || select.iter().any(|name| name == model::RULE);
        let names = |card: &Card, list: &[String]| {
            list.iter().any(|name| {
                name == card.name || (name == "all" && (card.name != model::RULE || model.is_some()))
            })
        };
        let is_on = |card: &Card| {
            let by_default = card.on_by_default && select.iter().any(|name| name == "default");
            let always = WHOLE_FILE.contains(&card.name);
            let asked = card.name == model::RULE && is_asked;
            (always || by_default || asked || names(card, select))
                && !ignore.iter().any(|name| **name == card.name)
        };
        let rules = RuleSet::new(is_on, &self.config.rules).map_err(|error| {
            Trouble::new(error.to_string(), "`postmend explain RULE` lists a rule's options")
        })?;
        if rules.severity(model::RULE).is_some() {
            self.site.ask(model::open(model.as_deref())?);
        }
        let rules = Arc::new(rules);
        self.rule_sets.insert(applying, Arc::clone(&rules));
        Ok(rules)
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
fn today() -> String {
    let now = now().to_string();
    now.split_once('T').map_or_else(|| now.clone(), |(day, _)| day.to_owned())
}

/// That a rule of this name exists.
///
/// # Errors
/// None does; the help offers the nearest name.
pub fn known(name: &str) -> Result<&'static Card, Trouble> {
    card(name).ok_or_else(|| {
        let help = nearest(name, ALL.iter().map(|card| card.name)).map_or_else(
            || "`postmend rules` lists them".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        Trouble::new(format!("there is no rule `{name}`"), help)
    })
}

fn globs(patterns: &[String]) -> Result<GlobSet, globset::Error> {
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        set.add(Glob::new(pattern)?);
    }
    set.build()
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

fn parent(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
