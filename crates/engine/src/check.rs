//! The short way: all posts of a folder, checked.

use crate::examine::{Examined, Task};
use crate::find_posts::{FindOptions, Finder, PostFile};
use crate::progress::Silent;
use crate::site_usage;
use crate::survey::{Stop, Survey};
use crate::trouble::Trouble;

/// What was found in the posts of a folder.
pub struct CheckedFolder {
    /// Every post, sorted by path.
    pub posts: Vec<PostFile>,
    /// What was found in each of them.
    pub examined: Vec<Examined>,
    /// What could not be read, configs that cannot be used among it.
    pub troubles: Vec<Trouble>,
}

/// Checks the posts that the options name, on all cores. What was found is kept in memory: a [`Survey`] hands it over
/// bundle by bundle.
///
/// # Errors
/// A config that was named and cannot be used, or a rule that does not exist.
pub fn check(options: &FindOptions) -> Result<CheckedFolder, Trouble> {
    let (posts, troubles) = find_to_check(&mut Finder::new(options), &[])?;
    let mut examined: Vec<Examined> = Vec::with_capacity(posts.len());
    let survey = Survey { posts: &posts, task: &Task::Check, shard: None, progress: &Silent };
    let surveyed = survey.run(None, |bundle| {
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

/// Finds posts, and reads what rules must know of all posts of their sites. `named` are rules that must exist.
///
/// # Errors
/// A config that was named and cannot be used, or a rule that does not exist.
pub fn find_to_check(
    finder: &mut Finder<'_>,
    named: &[String],
) -> Result<(Vec<PostFile>, Vec<Trouble>), Trouble> {
    let found = finder.find()?;
    finder.names_are_known(named)?;
    site_usage::gather(finder)?;
    Ok(found)
}
