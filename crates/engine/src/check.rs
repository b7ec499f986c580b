//! The simple way to check all posts of a folder.

use crate::examine::{Examined, Task};
use crate::find_posts::{FindOptions, Finder, PostFile};
use crate::progress::Silent;
use crate::site_usage;
use crate::survey::{Stop, Survey};
use crate::trouble::Trouble;

/// The results for the posts of a folder.
pub struct CheckedFolder {
    /// All posts, sorted by path.
    pub posts: Vec<PostFile>,
    /// The result for each post, in the same order.
    pub examined: Vec<Examined>,
    /// The files that could not be read, and the configs that could not be used.
    pub troubles: Vec<Trouble>,
}

/// Checks the posts that the options name, on all cores. All results are kept in memory; a [`Survey`] hands them over
/// bundle by bundle instead.
///
/// # Errors
/// A named config cannot be used, or a rule does not exist.
pub fn check(options: &FindOptions) -> Result<CheckedFolder, Trouble> {
    let (posts, troubles) = find_to_check(&mut Finder::new(options), &[])?;
    let mut examined: Vec<Examined> = Vec::with_capacity(posts.len());
    let survey =
        Survey { posts: &posts, task: &Task { fix: None, identifies: true }, shard: None, progress: &Silent };
    let surveyed = survey.run(None, &mut |bundle| {
        if bundle.is_contested {
            for (found, contested) in examined[bundle.first..].iter_mut().zip(bundle.examined) {
                found.findings.extend(contested.findings);
                found.findings.sort_by_key(|(finding, ..)| finding.span);
            }
        } else {
            examined.extend(bundle.examined);
        }
        Ok(())
    });
    match surveyed {
        Err(Stop::Job(trouble)) => Err(trouble),
        Ok(()) | Err(Stop::Output(_)) => Ok(CheckedFolder { posts, examined, troubles }),
    }
}

/// Finds posts, and collects what rules must know about all posts of a site. The rules in `named` must exist.
///
/// # Errors
/// A named config cannot be used, or a rule does not exist.
pub fn find_to_check(
    finder: &mut Finder<'_>,
    named: &[String],
) -> Result<(Vec<PostFile>, Vec<Trouble>), Trouble> {
    let found = finder.find()?;
    finder.names_are_known(named)?;
    site_usage::gather(finder)?;
    Ok(found)
}
