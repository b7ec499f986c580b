//! A new baseline, made from an old one and the current findings.

use super::{Baseline, Debt, findings_in, post_exists};
use crate::examine::Examined;
use crate::find_posts::PostFile;
use crate::trouble::Trouble;
use postmend_rules::REFUSED_FIX;
use std::collections::BTreeMap;

/// Rules that report failures of postmend itself; these never go into a baseline.
const NEVER: [&str; 2] = ["internal-error", REFUSED_FIX];

/// Collects the findings of a run, to write a new baseline.
pub struct Update {
    old: Baseline,
    found: BTreeMap<String, Debt>,
}

/// The content of a new baseline.
pub struct NewBaseline(BTreeMap<String, Debt>);

impl Update {
    /// An update of a baseline, without any findings yet.
    pub fn of(old: Baseline) -> Self {
        Self { old, found: BTreeMap::new() }
    }

    /// Adds the findings of a post.
    pub fn add(&mut self, post: &PostFile, examined: &mut Examined) {
        let debt = self.found.entry(self.old.key(&post.path)).or_default();
        let prints = examined.fingerprints().into_owned();
        for ((finding, ..), print) in examined.findings.iter().zip(&prints) {
            if !NEVER.contains(&finding.rule) {
                debt.entry(finding.rule.to_owned()).or_default().insert(print.clone());
            }
        }
        examined.prints = Some(prints);
        self.old.hide(post, examined);
    }

    /// A baseline with everything that was found.
    pub fn with_all(&self, has_troubles: bool) -> NewBaseline {
        self.with_others(self.found.clone(), has_troubles)
    }

    /// A baseline with the known findings that were found again.
    pub fn pruned(&self, has_troubles: bool) -> NewBaseline {
        self.with_others(self.old.again.clone(), has_troubles)
    }

    /// Adds the posts that were not checked, with their known findings, if they still exist.
    fn with_others(&self, mut posts: BTreeMap<String, Debt>, has_troubles: bool) -> NewBaseline {
        let old = &self.old;
        let others = old.posts.iter().filter(|(post, _)| {
            let is_kept = has_troubles || post_exists(&old.root, post);
            !self.found.contains_key(*post) && !old.seen.contains(*post) && is_kept
        });
        posts.extend(others.map(|(post, debt)| (post.clone(), debt.clone())));
        NewBaseline(posts)
    }

    /// A line for each folder and rule whose number of findings would grow. A post that moved is counted in its new
    /// folder, in the old baseline too.
    pub fn grown(&self, after: &NewBaseline) -> Vec<String> {
        let old = &self.old;
        let moved: BTreeMap<&String, &String> = old.moved.iter().map(|(here, was)| (was, here)).collect();
        let here = |post: &String| moved.get(post).map_or(post, |here| here).clone();
        let before = old.posts.iter().map(|(post, debt)| (here(post), debt.clone())).collect();
        let (before, after) = (by_folder(&before), by_folder(&after.0));
        let grows = after.iter().filter_map(|((folder, rule), now)| {
            let was = before.get(&(folder.clone(), rule.clone())).copied().unwrap_or_default();
            (*now > was).then(|| format!("{folder}: {rule} from {was} to {now}"))
        });
        grows.collect()
    }

    /// The number of findings in the old baseline.
    pub fn known_findings(&self) -> usize {
        count(&self.old.posts)
    }

    /// Replaces the old baseline with a new one.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn write(&self, after: NewBaseline) -> Result<(), Trouble> {
        self.old.write(after.0)
    }
}

impl NewBaseline {
    /// The number of findings in it.
    pub fn findings(&self) -> usize {
        count(&self.0)
    }
}

fn count(posts: &BTreeMap<String, Debt>) -> usize {
    posts.values().flat_map(findings_in).count()
}

fn by_folder(posts: &BTreeMap<String, Debt>) -> BTreeMap<(String, String), usize> {
    let mut counts = BTreeMap::new();
    for (post, debt) in posts {
        let folder = post.rsplit_once('/').map_or(".", |(folder, _)| folder);
        for (rule, prints) in debt {
            *counts.entry((folder.to_owned(), rule.clone())).or_default() += prints.len();
        }
    }
    counts
}
