//! Which posts are looked for.

use crate::git::Selection;
use crate::limits::Limits;
use crate::project::RuleSelection;
use postmend_core::Generator;
use std::path::{Path, PathBuf};

/// Which posts are looked for, and what decides what holds for them.
#[derive(Debug, Clone)]
pub struct FindOptions {
    /// Posts, and folders of posts.
    pub paths: Vec<PathBuf>,
    /// The generator of all posts, instead of the one that the site's files name.
    pub generator: Option<Generator>,
    /// The config of all posts, instead of the nearest `postmend.toml`.
    pub config: Option<PathBuf>,
    /// Whether nothing of the repository says what is checked.
    pub isolated: bool,
    /// What a post and a config may cost.
    pub limits: Limits,
    /// Which rules run, whatever configs say.
    pub rules: RuleSelection,
    /// Only what git names.
    pub selection: Option<Selection>,
}

impl FindOptions {
    /// All posts at or below a path.
    pub fn of(path: &Path) -> Self {
        Self { paths: vec![path.to_owned()], ..Self::default() }
    }

    /// The path that says which project is meant.
    pub fn first_path(&self) -> &Path {
        self.paths.first().map_or(Path::new("."), |path| path.as_path())
    }
}

impl Default for FindOptions {
    fn default() -> Self {
        let (generator, config, isolated, limits, rules, selection) = Default::default();
        Self { paths: vec![".".into()], generator, config, isolated, limits, rules, selection }
    }
}
