//! Where open posts live: their config, their rules, and the debt that they are known to have.

use crate::args::PostArguments;
use crate::baseline::{self, Baseline};
use crate::limits::Limits;
use crate::posts::{Finder, PostFile};
use crate::project::Trust;
use crate::run::Examined;
use crate::trouble::Trouble;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// Remembers what holds for posts; made anew when a config changes.
pub struct Homes<'a> {
    finder: Finder<'a>,
    /// The baseline of each folder.
    nearest: HashMap<PathBuf, Option<PathBuf>>,
    baselines: HashMap<PathBuf, Baseline>,
}

impl<'a> Homes<'a> {
    /// Knows nothing yet.
    pub fn new(posts: &'a PostArguments) -> Self {
        Self { finder: Finder::new(posts), nearest: HashMap::new(), baselines: HashMap::new() }
    }

    /// What holds for a post; `None` if it is excluded.
    ///
    /// # Errors
    /// A config or baseline that cannot be used.
    pub fn find(&mut self, path: &Path) -> Result<Option<PostFile>, Trouble> {
        let Some(post) = self.finder.named(path)? else { return Ok(None) };
        let folder = path.parent().unwrap_or(path).to_owned();
        if !self.nearest.contains_key(&folder) {
            let nearest = baseline::nearest(&folder);
            if let Some(file) = nearest.as_ref().filter(|file| !self.baselines.contains_key(*file)) {
                self.baselines
                    .insert(file.clone(), Baseline::read(file, Trust::Found, Limits::default().config())?);
            }
            self.nearest.insert(folder, nearest);
        }
        Ok(Some(post))
    }

    /// Hides what is known of a post's findings.
    pub fn hide(&mut self, post: &PostFile, examined: &mut Examined) {
        let folder = post.path.parent().unwrap_or(&post.path);
        let file = self.nearest.get(folder).and_then(Option::as_ref);
        if let Some(baseline) = file.and_then(|file| self.baselines.get_mut(file)) {
            baseline.hide(post, examined);
        }
    }
}
