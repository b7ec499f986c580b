//! Patterns of a generator's config for files and folders.

use crate::glob_limits::is_sane;
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

/// The maximum number of patterns that a generator's config is read for.
const MOST_PATTERNS: usize = 1000;

/// Patterns that are matched as one generator matches them.
#[derive(Debug, Default)]
pub(super) struct Patterns {
    globs: GlobSet,
    /// Starts of paths.
    starts: Vec<String>,
    /// What the generator puts before a path to match it.
    above: &'static str,
}

impl Patterns {
    /// Globs in which `*` stands for a name without slashes.
    pub(super) fn globs(globs: impl IntoIterator<Item = String>) -> Self {
        let globs = globs.into_iter().map(|glob| glob.trim_start_matches("./").to_owned());
        Self { globs: set(globs, true), ..Self::default() }
    }

    /// Globs in which `*` stands for slashes too, for paths with a folder above them.
    pub(super) fn absolute_globs(globs: impl IntoIterator<Item = String>, above: &'static str) -> Self {
        Self { globs: set(globs.into_iter(), false), above, ..Self::default() }
    }

    /// Jekyll's: starts of paths, and globs as Ruby's `fnmatch` reads them.
    pub(super) fn of_jekyll(patterns: impl IntoIterator<Item = String>) -> Self {
        let patterns = patterns.into_iter().map(|pattern| pattern.trim_start_matches('/').to_owned());
        let starts: Vec<String> =
            patterns.filter(|pattern| !pattern.is_empty()).take(MOST_PATTERNS).collect();
        // It has no alternatives in braces, and `**` is no more than `*`.
        let globs = starts.iter().map(|glob| glob.replace("**", "*").replace('{', "[{]").replace('}', "[}]"));
        Self { globs: set(globs, false), starts, ..Self::default() }
    }

    /// Whether a path matches.
    pub(super) fn match_path(&self, path: &str) -> bool {
        let starts = |start: &String| {
            path.starts_with(start.as_str()) || start.strip_suffix('/').is_some_and(|folder| folder == path)
        };
        self.starts.iter().any(starts)
            || match self.above {
                "" => self.globs.is_match(path),
                above => self.globs.is_match(format!("{above}{path}")),
            }
    }
}

/// A set of the globs that can be used.
fn set(globs: impl Iterator<Item = String>, literal_separator: bool) -> GlobSet {
    let mut set = GlobSetBuilder::new();
    for glob in globs.take(MOST_PATTERNS).filter(|glob| is_sane(glob.as_bytes())) {
        let glob = GlobBuilder::new(&glob).literal_separator(literal_separator).build();
        glob.into_iter().for_each(|glob| {
            set.add(glob);
        });
    }
    set.build().unwrap_or_default()
}
