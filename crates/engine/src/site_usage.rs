//! Data about all posts of a site, collected before any of them is checked.

use crate::find_posts::{Finder, PostFile, WholeSite};
use crate::parallel;
use crate::survey::BUNDLE;
use crate::trouble::Trouble;
use postmend_core::decode::decode;
use postmend_rules::SiteUsage;
use postmend_typo::{PhraseCounts, Runs, UsageBuilder};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Reads all posts of the sites with rules that need this, even posts that are not checked: the findings in a post
/// must not depend on which other posts are named.
///
/// # Errors
/// A config cannot be used.
pub fn gather(finder: &mut Finder<'_>) -> Result<(), Trouble> {
    for WholeSite { site, posts } in finder.sites_to_read()? {
        // A post that is too large is not read.
        let length = |post: &PostFile| {
            let length = std::fs::metadata(&post.path).map_or(0, |about| about.len());
            if length > post.limit { 0 } else { length }
        };
        let counts = PhraseCounts::new(posts.iter().map(length).sum());
        parallel::map(&posts, |post| with_runs(post, |runs| counts.add(runs)));
        let mut builder = UsageBuilder::new(counts, posts.len());
        for (first, bundle) in (0..).step_by(BUNDLE).zip(posts.chunks(BUNDLE)) {
            let read = |post: &_| with_runs(post, |runs| builder.phrases(runs)).unwrap_or_default();
            let found = parallel::map(bundle, read);
            (first..).zip(&found).for_each(|(number, phrases)| builder.add(number, phrases));
        }
        let paths = posts.into_iter().map(|post| post.relative_path).collect();
        site.learn(SiteUsage { phrases: builder.finish(), paths });
    }
    Ok(())
}

/// Calls `say` with the runs of Chinese text in a post. Returns `None` if the post cannot be read, which is reported
/// when it is checked.
fn with_runs<T>(post: &PostFile, say: impl FnOnce(&Runs<'_>) -> T) -> Option<T> {
    let bytes = post.bytes().ok()?;
    let text = decode(&bytes).ok()?.text;
    let read = || say(&Runs::of(&post.context().read(&text).prose.text));
    catch_unwind(AssertUnwindSafe(read)).ok()
}
