//! Options for finding posts.

use crate::git::Selection;
use crate::limits::Limits;
use crate::project::RuleSelection;
use crate::repository_files::RepositoryFiles;
use postmend_core::Generator;
use std::path::{Path, PathBuf};

/// Which posts to find, and the options that apply to all of them.
#[derive(Debug, Clone)]
pub struct FindOptions {
    /// Posts, and folders with posts.
    pub paths: Vec<PathBuf>,
    /// The generator of all posts, instead of the detected one.
    pub generator: Option<Generator>,
    /// The config for all posts, instead of the nearest `postmend.toml`.
    pub config: Option<PathBuf>,
    /// Whether the files of the repository, such as configs, are ignored when it is decided what is checked.
    pub isolated: bool,
    /// The limits for posts and configs.
    pub limits: Limits,
    /// The rules that the command line enables or disables, which override the configs.
    pub rules: RuleSelection,
    /// If set, only the files that git selects.
    pub selection: Option<Selection>,
    /// Where configs and baselines are read: in the index, if staged content is checked.
    pub files: RepositoryFiles,
}

impl FindOptions {
    /// All posts at or below a path.
    pub fn of(path: &Path) -> Self {
        Self { paths: vec![path.to_owned()], ..Self::default() }
    }

    /// The first path, which determines the project.
    pub fn first_path(&self) -> &Path {
        self.paths.first().map_or(Path::new("."), |path| path.as_path())
    }
}

impl Default for FindOptions {
    fn default() -> Self {
        let (generator, config, isolated, limits, rules, selection, files) = Default::default();
        Self { paths: vec![".".into()], generator, config, isolated, limits, rules, selection, files }
    }
}
