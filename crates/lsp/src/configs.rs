//! The configs, rules and baselines of open posts.

use postmend_engine::baseline::{BaselineUse, Baselines};
use postmend_engine::examine::Examined;
use postmend_engine::find_posts::{FindOptions, Finder, PostFile};
use postmend_engine::trouble::Trouble;
use std::path::Path;

/// A cache of the configs, rules and baselines of posts, which is replaced when a config changes.
pub struct Configs<'a> {
    finder: Finder<'a>,
    baselines: Baselines<'a>,
}

impl<'a> Configs<'a> {
    /// An empty cache.
    pub fn new(options: &'a FindOptions) -> Self {
        Self { finder: Finder::new(options), baselines: Baselines::empty(None, options, BaselineUse::Check) }
    }

    /// A post with the options that apply to it; `None` if it is excluded.
    ///
    /// # Errors
    /// A config or baseline cannot be used.
    pub fn find(&mut self, path: &Path) -> Result<Option<PostFile>, Trouble> {
        let Some(post) = self.finder.post_at(path)? else { return Ok(None) };
        self.baselines.add(&post)?;
        Ok(Some(post))
    }

    /// Removes the findings that the baseline contains.
    pub fn hide(&mut self, post: &PostFile, examined: &mut Examined) {
        self.baselines.hide(post, examined);
    }
}
