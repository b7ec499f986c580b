//! Merges what two branches did to a baseline: what one of them removed is removed, and what one of them added is added.

use super::file::{self, KnownPosts, NoBaseline};
use super::known::KnownFinding;
use std::collections::BTreeMap;

/// The number of times that each known finding is listed.
type Counts = BTreeMap<PostFinding, usize>;

/// The path of a post, and what is known of it.
type PostFinding = (String, KnownFinding);

/// Both branches together. Without what was there before them, all of both is kept.
pub(super) fn merged(before: Option<&KnownPosts>, [ours, theirs]: [&KnownPosts; 2]) -> KnownPosts {
    let (before, mut ours, mut theirs) = (before.map(counts), counts(ours), counts(theirs));
    if let Some(before) = &before {
        let (mine, others) = (ours.clone(), theirs.clone());
        remove_paid(before, &mine, &others, &mut theirs);
        remove_paid(before, &others, &mine, &mut ours);
    }
    let mut all: Vec<_> = ours.keys().chain(theirs.keys()).collect();
    all.sort_unstable();
    all.dedup();
    let mut kept = Counts::new();
    for key in all {
        let count = |counts: &Counts| counts.get(key).copied().unwrap_or_default();
        let joined = joined(before.as_ref().map(count), count(&ours), count(&theirs));
        if joined > 0 {
            kept.insert(key.clone(), joined);
        }
    }
    if let Some(before) = &before {
        remove_reworded(before, &ours, &theirs, &mut kept);
    }
    let mut posts = KnownPosts::new();
    for ((post, known), count) in kept {
        posts.entry(post).or_default().extend(std::iter::repeat_n(known, count));
    }
    posts
}

/// How many there are of something on both branches together.
fn joined(before: Option<usize>, ours: usize, theirs: usize) -> usize {
    match before {
        // If there are several, both may have removed the same one, or added the same one.
        Some(before) if ours < before && theirs < before => ours.min(theirs),
        Some(before) if ours <= before || theirs <= before => (ours + theirs).saturating_sub(before),
        _ => ours.max(theirs),
    }
}

/// Removes what both branches recorded of the same finding with other words around it: of each subject of a post there
/// are as many as both branches together say.
fn remove_reworded(before: &Counts, ours: &Counts, theirs: &Counts, kept: &mut Counts) {
    let [before, mine, others, now] = [before, ours, theirs, &*kept].map(by_subject);
    let mut surplus: BTreeMap<SubjectKey, usize> = BTreeMap::new();
    for (key, now) in now {
        let count = |counts: &BTreeMap<SubjectKey, usize>| counts.get(&key).copied().unwrap_or_default();
        let (was, mine, others) = (count(&before), count(&mine), count(&others));
        // Where one added some, both may be new.
        let most = if mine <= was && others <= was { joined(Some(was), mine, others) } else { now };
        if now > most {
            surplus.insert(key, now - most);
        }
    }
    for (key, count) in kept.iter_mut().filter(|(key, _)| !ours.contains_key(*key)) {
        if let Some(surplus) = surplus.get_mut(&subject_key(key)) {
            let gone = (*surplus).min(*count);
            *surplus -= gone;
            *count -= gone;
        }
    }
}

/// The post, the rule and what a finding is about.
type SubjectKey = [String; 3];

fn subject_key((post, known): &PostFinding) -> SubjectKey {
    [post.clone(), known.rule.clone(), known.subject().to_owned()]
}

fn by_subject(counts: &Counts) -> BTreeMap<SubjectKey, usize> {
    let mut by_subject = BTreeMap::new();
    for (key, count) in counts {
        *by_subject.entry(subject_key(key)).or_default() += count;
    }
    by_subject
}

/// Removes from `moved` what one branch moved with its post and the other one removed: it left one post and came to
/// another there, and here it left without coming to any.
fn remove_paid(before: &Counts, removing: &Counts, moving: &Counts, moved: &mut Counts) {
    let count = |counts: &Counts, key: &PostFinding| counts.get(key).copied().unwrap_or_default();
    let mut paid: BTreeMap<&KnownFinding, usize> = BTreeMap::new();
    for (key, was) in before {
        let left = was.saturating_sub(count(removing, key)).min(was.saturating_sub(count(moving, key)));
        if left > 0 {
            *paid.entry(&key.1).or_default() += left;
        }
    }
    let new = |counts: &Counts, key: &PostFinding| count(counts, key).saturating_sub(count(before, key));
    let mut came: BTreeMap<&KnownFinding, usize> = BTreeMap::new();
    removing.keys().for_each(|key| *came.entry(&key.1).or_default() += new(removing, key));
    for key in moving.keys() {
        let Some(paid) = paid.get_mut(&key.1) else { continue };
        // Where both moved the post, it may be in either place.
        if came.get(&key.1).is_some_and(|came| *came > 0) {
            continue;
        }
        let gone = new(moving, key).min(*paid);
        *paid -= gone;
        if let Some(now) = moved.get_mut(key) {
            *now -= gone;
        }
    }
}

fn counts(posts: &KnownPosts) -> Counts {
    let mut counts = Counts::new();
    for (post, known) in posts {
        known.iter().for_each(|known| *counts.entry((post.clone(), known.clone())).or_default() += 1);
    }
    counts
}

/// Reads a baseline in which git may have left conflicts: see [`merged`]. `sides` are the three versions if git still has
/// them: of a driver that could not be run, it leaves our version without any marks.
pub(super) fn parse_merged(text: &[u8], sides: Option<&[Vec<u8>; 3]>) -> Result<KnownPosts, NoBaseline> {
    let parsed = file::parse(text);
    let is_conflict = matches!(parsed, Err(NoBaseline::Conflict));
    match sides {
        Some(sides) if is_conflict || sides[1] == text => {
            // What was before may have conflicts of an earlier merge.
            let before = parse_side(&sides[0]).ok();
            let (ours, theirs) = (parse_side(&sides[1])?, parse_side(&sides[2])?);
            Ok(merged(before.as_ref(), [&ours, &theirs]))
        }
        _ if is_conflict => {
            let (before, [ours, theirs]) = file::sides(text)?;
            Ok(merged(before.as_ref(), [&ours, &theirs]))
        }
        _ => parsed,
    }
}

/// Reads a version of a baseline; an empty file stands for a baseline that was not there.
pub(super) fn parse_side(text: &[u8]) -> Result<KnownPosts, NoBaseline> {
    if text.trim_ascii().is_empty() { Ok(KnownPosts::new()) } else { file::parse(text) }
}
