//! Merges what two branches did to a baseline: what one of them removed is removed, and what one of them added is added.

use super::file::{self, KnownPosts, NoBaseline};
use super::known::KnownFinding;
use std::collections::BTreeMap;

/// The number of times that each known finding is listed.
type Counts = BTreeMap<(String, KnownFinding), usize>;

/// Both branches together. Without what was there before them, all of both is kept.
pub(super) fn merged(before: Option<&KnownPosts>, [ours, theirs]: [&KnownPosts; 2]) -> KnownPosts {
    let (before, ours, theirs) = (before.map(counts), counts(ours), counts(theirs));
    let mut all: Vec<_> = ours.keys().chain(theirs.keys()).collect();
    all.sort_unstable();
    all.dedup();
    let mut posts = KnownPosts::new();
    for key in all {
        let count = |counts: &Counts| counts.get(key).copied().unwrap_or_default();
        let (ours, theirs) = (count(&ours), count(&theirs));
        let kept = match before.as_ref().map(count) {
            // If there are several, both may have removed the same one, or added the same one.
            Some(before) if ours < before && theirs < before => ours.min(theirs),
            Some(before) if ours <= before || theirs <= before => (ours + theirs).saturating_sub(before),
            _ => ours.max(theirs),
        };
        let (post, known) = key;
        if kept > 0 {
            posts.entry(post.clone()).or_default().extend(std::iter::repeat_n(known.clone(), kept));
        }
    }
    posts
}

fn counts(posts: &KnownPosts) -> Counts {
    let mut counts = Counts::new();
    for (post, known) in posts {
        known.iter().for_each(|known| *counts.entry((post.clone(), known.clone())).or_default() += 1);
    }
    counts
}

/// Reads a baseline in which git may have left conflicts: see [`merged`].
pub(super) fn parse_merged(text: &[u8]) -> Result<KnownPosts, NoBaseline> {
    let parsed = file::parse(text);
    if !matches!(parsed, Err(NoBaseline::Conflict)) {
        return parsed;
    }
    let (before, [ours, theirs]) = file::sides(text)?;
    Ok(merged(before.as_ref(), [&ours, &theirs]))
}
