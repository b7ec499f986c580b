//! The configs and sites of the posts found so far.

use super::options::FindOptions;
use crate::config;
use crate::detect_generator::{SiteFacts, Sites};
use crate::paths::{self, parent};
use crate::project::{Project, Trust};
use crate::trouble::Trouble;
use postmend_core::Generator;
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

/// The config and site of a post.
pub struct PostConfig {
    /// The nearest config.
    pub(super) config: Option<PathBuf>,
    /// The post's path relative to the project's folder.
    pub(super) relative_path: PathBuf,
    /// The indexes of the overrides that apply to it.
    pub applying: Vec<usize>,
    /// What the site's own files say.
    pub found: SiteFacts,
    /// Whether a config excludes it.
    pub is_excluded: bool,
}

/// A cache of configs and sites.
pub(super) struct Projects<'a> {
    options: &'a FindOptions,
    /// By the config's path.
    pub(super) by_config: HashMap<Option<PathBuf>, Project>,
    /// Configs that cannot be used, with the reason. Their posts are skipped.
    pub(super) unusable: BTreeMap<PathBuf, Trouble>,
    /// The nearest config for each folder.
    configs: HashMap<PathBuf, Option<PathBuf>>,
    sites: Sites,
}

impl<'a> Projects<'a> {
    pub(super) fn new(options: &'a FindOptions) -> Self {
        let (by_config, unusable, configs, sites) = Default::default();
        Self { options, by_config, unusable, configs, sites }
    }

    /// Whether the config for the posts of a folder was found but cannot be used.
    pub(super) fn is_unusable(&mut self, folder: &Path) -> bool {
        let config = self.config_to_use(folder);
        config.is_some_and(|config| self.unusable.contains_key(&config))
    }

    /// The config and site of a post, which was found below the named `folder`.
    ///
    /// # Errors
    /// The config cannot be used.
    pub(super) fn config_of(&mut self, path: &Path, folder: &Path) -> Result<PostConfig, Trouble> {
        let absolute = paths::absolute(path);
        let config = self.project(parent(&absolute))?;
        // The files that identify a generator count as configs, which an isolated run ignores.
        let found = if self.options.isolated { SiteFacts::NONE } else { self.sites.of(parent(&absolute)) };
        let project = &self.by_config[&config];
        // If the path is not below the project's folder, it is taken relative to the named folder.
        let relative_path = absolute.strip_prefix(&project.root);
        let relative_path = relative_path.or_else(|_| absolute.strip_prefix(paths::absolute(folder)));
        let relative_path = relative_path.unwrap_or(&absolute).to_owned();
        let is_excluded = project.excludes(&relative_path) || self.is_excluded_above(&config, &absolute);
        let applying = project.applying(&relative_path);
        Ok(PostConfig { config, relative_path, applying, found, is_excluded })
    }

    /// What the files of the nearest site say.
    pub(super) fn facts(&mut self, folder: &Path) -> SiteFacts {
        self.sites.of(folder)
    }

    /// The generator that the command line names.
    pub(super) fn named_generator(&self) -> Option<Generator> {
        self.options.generator
    }

    /// Whether a config above the post's own config excludes the post.
    fn is_excluded_above(&self, config: &Option<PathBuf>, post: &Path) -> bool {
        let above = |project: &&Project| self.by_config.get(&Some(project.above.clone()?));
        std::iter::successors(self.by_config.get(config), above)
            .skip(1)
            .any(|project| post.strip_prefix(&project.root).is_ok_and(|below| project.excludes(below)))
    }

    /// The nearest config at or above a folder.
    fn config(&mut self, folder: &Path) -> Option<PathBuf> {
        if let Some(config) = self.configs.get(folder) {
            return config.clone();
        }
        let path = folder.join(config::FILE_NAME);
        let own = self.options.files.has_file(&path).then(|| paths::display_path(&path).to_owned());
        let found = own.or_else(|| self.config(folder.parent()?));
        self.configs.insert(folder.to_owned(), found.clone());
        found
    }

    /// The project that a folder belongs to, as the path of its config.
    pub(super) fn project(&mut self, folder: &Path) -> Result<Option<PathBuf>, Trouble> {
        let path = self.options.config.clone().or_else(|| self.config_to_use(folder));
        if let Some(trouble) = path.as_ref().and_then(|path| self.unusable.get(path)) {
            return Err(trouble.clone());
        }
        if !self.by_config.contains_key(&path) {
            let project = self.read_project(path.as_deref());
            let project =
                project.map_err(|trouble| note(&mut self.unusable, self.options, &path, trouble))?;
            self.by_config.insert(path.clone(), project);
        }
        Ok(path)
    }

    /// The nearest config for the posts of a folder, unless the command line names one for all posts or the run is
    /// isolated.
    fn config_to_use(&mut self, folder: &Path) -> Option<PathBuf> {
        let is_looked_for = self.options.config.is_none() && !self.options.isolated;
        if is_looked_for { self.config(&paths::absolute(folder)) } else { None }
    }

    fn read_project(&mut self, path: Option<&Path>) -> Result<Project, Trouble> {
        let trust = match (&self.options.config, self.options.isolated) {
            (None, _) => Trust::Found,
            (Some(_), false) => Trust::Named,
            (Some(_), true) => Trust::NamedAlone,
        };
        let mut project = Project::new(path, trust, self.options.limits, &self.options.files)?;
        if let Some(trouble) = project.failures().into_iter().next() {
            return Err(trouble);
        }
        // Configs above the root of a repository do not apply to it.
        let is_looked_for = self.options.config.is_none() && !project.root.join(".git").exists();
        if let Some(above) = project.root.parent().filter(|_| is_looked_for && path.is_some()) {
            // An error in that config was recorded by `note`, so it is reported anyway.
            project.above = self.project(above).ok().flatten();
        }
        // Errors in the options are reported even if no post uses them.
        project.rule_set(&[], &self.options.rules)?;
        Ok(project)
    }
}

/// Records that a config that was found, not named, cannot be used: posts with other configs are still read.
pub(super) fn note(
    unusable: &mut BTreeMap<PathBuf, Trouble>,
    options: &FindOptions,
    config: &Option<PathBuf>,
    trouble: Trouble,
) -> Trouble {
    if let Some(config) = config.as_ref().filter(|_| options.config.is_none()) {
        unusable.insert(config.clone(), trouble.clone());
    }
    trouble
}
