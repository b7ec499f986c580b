//! The configs, rules and baselines of open posts.

use postmend_engine::baseline::{self, Baseline};
use postmend_engine::examine::Examined;
use postmend_engine::find_posts::{FindOptions, Finder, PostFile};
use postmend_engine::trouble::Trouble;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// A cache of the configs, rules and baselines of posts, which is replaced when a config changes.
pub struct Configs<'a> {
    options: &'a FindOptions,
    finder: Finder<'a>,
    /// The nearest baseline of each folder.
    nearest: HashMap<PathBuf, Option<PathBuf>>,
    baselines: HashMap<PathBuf, Baseline>,
}

impl<'a> Configs<'a> {
    /// An empty cache.
    pub fn new(options: &'a FindOptions) -> Self {
        Self { options, finder: Finder::new(options), nearest: HashMap::new(), baselines: HashMap::new() }
    }

    /// A post with the options that apply to it; `None` if it is excluded.
    ///
    /// # Errors
    /// A config or baseline cannot be used.
    pub fn find(&mut self, path: &Path) -> Result<Option<PostFile>, Trouble> {
        let Some(post) = self.finder.post_at(path)? else { return Ok(None) };
        let folder = path.parent().unwrap_or(path).to_owned();
        if !self.nearest.contains_key(&folder) {
            let nearest = baseline::nearest(&folder);
            if let Some(file) = nearest.as_ref().filter(|file| !self.baselines.contains_key(*file)) {
                self.baselines.insert(file.clone(), Baseline::read(file, false, self.options)?);
            }
            self.nearest.insert(folder, nearest);
        }
        Ok(Some(post))
    }

    /// Removes the findings that the baseline contains.
    pub fn hide(&mut self, post: &PostFile, examined: &mut Examined) {
        let folder = post.path.parent().unwrap_or(&post.path);
        let file = self.nearest.get(folder).and_then(Option::as_ref);
        if let Some(baseline) = file.and_then(|file| self.baselines.get_mut(file)) {
            baseline.hide(post, examined);
        }
    }
}
