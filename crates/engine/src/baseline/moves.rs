//! Posts that were moved since their findings were recorded: git says which, and where it cannot, the findings do.

use super::known::{KnownFinding, weight_of};
use super::stored::StoredPosts;
use crate::disk::{self, RelativePath};
use crate::git::{self, MovedFiles};
use postmend_rules::{Finding, SubjectKind};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

/// The former paths of posts, by their current paths.
pub(super) type FormerPaths = BTreeMap<String, String>;

/// What git says of the posts below the folder of a baseline.
#[derive(Debug, Default)]
pub(super) struct GitMoves {
    /// The posts that were moved.
    pub(super) moved: FormerPaths,
    /// The posts that are copies of others.
    pub(super) copied: FormerPaths,
    added: BTreeSet<String>,
    deleted: BTreeSet<String>,
}

impl GitMoves {
    /// Compares what git has now with what it had when the baseline was committed last.
    pub(super) fn since(baseline: &Path, root: &Path, is_staged: bool) -> Self {
        let Some(MovedFiles { moved, copied, added, deleted }) = git::moved_since(baseline, is_staged) else {
            return Self::default();
        };
        let key = |path: &Path| path.strip_prefix(root).ok().map(crate::paths::slashed);
        let former = |pairs: Vec<(PathBuf, PathBuf)>| {
            pairs.iter().filter_map(|(new, old)| Some((key(new)?, key(old)?))).collect()
        };
        Self {
            moved: former(moved),
            copied: former(copied),
            added: added.iter().filter_map(|path| key(path)).collect(),
            deleted: deleted.iter().filter_map(|path| key(path)).collect(),
        }
    }

    /// Whether git compared these two, and they are different posts.
    fn denies(&self, here: &str, was: &str) -> bool {
        self.added.contains(here) && self.deleted.contains(was)
    }
}

/// Where lost posts are now, if commits moved them before the baseline was committed last.
pub(super) fn by_history(lost: &[String], baseline: &Path, root: &Path) -> FormerPaths {
    let moved = git::moved_lately(baseline).unwrap_or_default();
    let here = |was: &String| {
        let here = moved.get(&root.join(was))?.strip_prefix(root).ok()?;
        Some((crate::paths::slashed(here), was.clone()))
    };
    lost.iter().filter_map(here).collect()
}

/// The posts of a baseline that are gone, apart from those that git found elsewhere.
pub(super) fn lost(known: &StoredPosts, git: &GitMoves, is_there: impl Fn(&str) -> bool) -> Vec<String> {
    let found: BTreeSet<&str> = git.moved.values().map(String::as_str).collect();
    let is_lost = |post: &&str| !found.contains(*post) && !is_there(post);
    known.paths().filter(is_lost).map(str::to_owned).collect()
}

/// Whether a post that a baseline names exists. The baseline is untrusted, so its paths are checked first: they are those
/// of files in the same repository.
pub(super) fn exists(root: &Path, post: &str) -> bool {
    let path = crate::paths::without_parents(&root.join(post));
    let top = crate::paths::repository(root).unwrap_or(root);
    let below = path.strip_prefix(top).ok().and_then(|below| RelativePath::new(below).ok());
    below.is_some_and(|below| disk::is_regular(&top.join(below.path())))
}

/// For posts that are new to a baseline, each with its findings, the lost posts that they were: those with which they
/// share most, if that is at least half of what is known.
pub(super) fn by_resemblance(
    new: &BTreeMap<String, Vec<&Finding>>,
    lost: &[String],
    known: &StoredPosts,
    git: &GitMoves,
) -> FormerPaths {
    /// A text or an address that occurs in both, or a field and the name of the file.
    const ENOUGH: usize = 2;
    let lost = LostPosts::of(lost, known);
    let mut turns = HashMap::new();
    let mut resembling = Vec::new();
    for (here, findings) in new {
        let shared = SharedFindings::of(findings);
        for was in lost.candidates(here, &shared, &mut turns) {
            let (count, weight) = lost.resemblance(was, &shared);
            let weight = weight + usize::from(count > 0 && file_name(here) == file_name(was));
            if 2 * count >= known[was].len() && weight >= ENOUGH && !git.denies(here, was) {
                resembling.push((weight, here, was));
            }
        }
    }
    resembling.sort_unstable_by_key(|(weight, here, was)| (Reverse(*weight), *here, *was));
    let (mut former, mut taken) = (FormerPaths::new(), BTreeSet::new());
    for (_, here, was) in resembling {
        if !former.contains_key(here) && taken.insert(was) {
            former.insert(here.clone(), was.to_owned());
        }
    }
    former
}

/// The rule of a finding, and what it is about.
type RuleAndSubject = (String, String);

/// How often something is found in a post, or known of it.
type CountsOf<K> = BTreeMap<K, usize>;

/// The findings of a post.
#[derive(Default)]
struct SharedFindings {
    /// By what they are about, each with its weight if that identifies it: an address or a field does, whatever the words
    /// around it are.
    by_subject: BTreeMap<RuleAndSubject, (usize, usize)>,
    /// The texts with the words around them.
    texts: CountsOf<KnownFinding>,
}

impl SharedFindings {
    fn of(findings: &[&Finding]) -> Self {
        /// Maximum number of findings that are compared.
        const MOST: usize = 256;
        let mut shared = Self::default();
        for finding in findings.iter().take(MOST) {
            let known = KnownFinding::of(finding);
            let is_text =
                finding.identity.as_ref().is_some_and(|identity| identity.about == SubjectKind::Text);
            let weight = if is_text { 0 } else { weight_of(finding) };
            shared.by_subject.entry(key_of(&known)).or_insert((0, weight)).0 += 1;
            if is_text {
                *shared.texts.entry(known).or_default() += 1;
            }
        }
        shared
    }
}

fn key_of(known: &KnownFinding) -> RuleAndSubject {
    (known.rule.clone(), known.subject().to_owned())
}

/// The lost posts by what is known of them.
struct LostPosts<'k> {
    /// For each subject, the posts with it, sorted, each with the number of times.
    by_subject: HashMap<RuleAndSubject, Vec<(&'k str, usize)>>,
    /// The same with the words around it.
    by_finding: HashMap<&'k KnownFinding, Vec<(&'k str, usize)>>,
    by_file_name: HashMap<&'k str, Vec<&'k str>>,
}

impl<'k> LostPosts<'k> {
    fn of(lost: &'k [String], known: &'k StoredPosts) -> Self {
        fn add<'k>(posts: &mut Vec<(&'k str, usize)>, post: &'k str) {
            match posts.last_mut() {
                Some((last, count)) if *last == post => *count += 1,
                _ => posts.push((post, 1)),
            }
        }
        let (mut by_subject, mut by_finding, mut by_file_name) =
            (HashMap::new(), HashMap::new(), HashMap::<&str, Vec<&str>>::new());
        for post in lost {
            by_file_name.entry(file_name(post)).or_default().push(post.as_str());
            for finding in &known[post.as_str()] {
                add(by_subject.entry(key_of(finding)).or_default(), post);
                add(by_finding.entry(finding).or_default(), post);
            }
        }
        Self { by_subject, by_finding, by_file_name }
    }

    /// The posts that may be this one: some with the same file name, and some with each finding. Of many that are
    /// alike, each post in turn gets others.
    fn candidates(
        &self,
        here: &str,
        shared: &SharedFindings,
        turns: &mut HashMap<RuleAndSubject, usize>,
    ) -> BTreeSet<&'k str> {
        /// Maximum number of posts with the same finding that a post is compared with.
        const MOST: usize = 16;
        let same_name = self.by_file_name.get(file_name(here)).into_iter().flatten().take(MOST).copied();
        let mut candidates: BTreeSet<&str> = same_name.collect();
        for text in shared.texts.keys() {
            let posts = self.by_finding.get(text).into_iter().flatten();
            candidates.extend(posts.take(MOST).map(|(post, _)| *post));
        }
        for key in shared.by_subject.keys() {
            let Some(posts) = self.by_subject.get(key) else { continue };
            let turn = turns.entry(key.clone()).or_default();
            let some = (0..MOST.min(posts.len())).map(|index| posts[(*turn + index) % posts.len()].0);
            candidates.extend(some);
            *turn += 1;
        }
        candidates
    }

    /// The number of subjects that a post shares with a lost one, and the weight of what identifies it.
    fn resemblance(&self, was: &str, shared: &SharedFindings) -> (usize, usize) {
        /// The weight of a text with the words around it.
        const TEXT: usize = 2;
        let common = |posts: Option<&Vec<(&str, usize)>>, count: usize| {
            let posts = posts.map_or(&[][..], Vec::as_slice);
            let found = posts.binary_search_by_key(&was, |(post, _)| post);
            found.map_or(0, |index| posts[index].1.min(count))
        };
        let (mut all, mut weights) = (0, 0);
        for (key, (count, weight)) in &shared.by_subject {
            let common = common(self.by_subject.get(key), *count);
            all += common;
            weights += common * weight;
        }
        for (text, count) in &shared.texts {
            weights += common(self.by_finding.get(text), *count) * TEXT;
        }
        (all, weights)
    }
}

/// The name of a post's file; of its folder if all posts have the same.
fn file_name(post: &str) -> &str {
    let mut parts = post.rsplit('/');
    let name = parts.next().unwrap_or_default();
    let is_common = ["index.md", "_index.md", "README.md", "index.mdx"].contains(&name);
    if is_common { parts.next().unwrap_or_default() } else { name }
}
