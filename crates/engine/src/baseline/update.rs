//! New baselines, made from the old ones and the current findings.

use super::file::{self, KnownPosts};
use super::known::KnownFinding;
use super::one::{Baseline, BaselineUse, ran};
use super::stored::StoredPosts;
use super::{Baselines, FILE_NAME};
use crate::examine::Examined;
use crate::find_posts::{FindOptions, PostFile};
use crate::paths;
use crate::trouble::Trouble;
use postmend_rules::REFUSED_FIX;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Rules that report failures of postmend itself; these never go into a baseline.
const NEVER: [&str; 2] = ["internal-error", REFUSED_FIX];

/// Collects the findings of a run, to write new baselines.
pub struct Update<'r> {
    baselines: Baselines<'r>,
    /// For each baseline, what is found now by the current paths of the posts.
    found: Vec<BTreeMap<String, FoundAgain>>,
}

/// What is found in a post.
#[derive(Default)]
struct FoundAgain {
    known: Vec<KnownFinding>,
    new: Vec<KnownFinding>,
}

/// What happens to a baseline.
pub struct BaselineChange {
    /// The path of the baseline.
    pub path: PathBuf,
    /// Whether there was none.
    pub is_new: bool,
    after: KnownPosts,
    /// The number of findings in it before.
    pub before_count: usize,
    /// The findings that leave it, each with the path of its post.
    pub leaving: Vec<(String, KnownFinding)>,
    /// The findings that come to it.
    pub coming: Vec<(String, KnownFinding)>,
    /// The posts that moved: the former path, and the current one.
    pub moved: Vec<(String, String)>,
    /// A line for each folder and rule whose number of findings would grow. A post that moved is counted in its new
    /// folder, in the old baseline too.
    pub grown: Vec<String>,
}

impl<'r> Update<'r> {
    /// An update of the baselines of these posts. Where there is none, a new one is at the post's own config, or else
    /// in `top`.
    ///
    /// # Errors
    /// A file cannot be read, or is not a baseline.
    pub fn of(
        posts: &'r [PostFile],
        named: Option<&'r Path>,
        options: &'r FindOptions,
        purpose: BaselineUse,
        home_of: &dyn Fn(&PostFile) -> PathBuf,
    ) -> Result<Self, Trouble> {
        let mut baselines = Baselines::empty(named, options, purpose);
        baselines.posts = posts;
        if let Some(path) = named {
            baselines.list.push(match path.exists() {
                true => Baseline::read(path, true, options, purpose)?,
                false => Baseline::empty(path, true, options),
            });
        }
        for post in posts {
            baselines.add(post)?;
            if purpose == BaselineUse::Write && baselines.number_of(post).is_none() {
                baselines.create(post, &home_of(post));
            }
        }
        let found = baselines.list.iter().map(|_| BTreeMap::new()).collect();
        Ok(Self { baselines, found })
    }

    /// Whether no baseline was written before.
    pub fn is_new(&self) -> bool {
        self.baselines.list.iter().all(|baseline| !baseline.path.exists())
    }

    /// Adds the findings of a post.
    pub fn add(&mut self, post: &PostFile, examined: &mut Examined) {
        let Some(number) = self.baselines.number_of(post) else { return };
        let key = self.baselines.list[number].key(post);
        let hidden = self.baselines.hide(post, examined);
        let found = self.found[number].entry(key).or_default();
        let is_recorded = |rule: &str| !NEVER.contains(&rule);
        found.known.extend(hidden.into_iter().map(|(finding, known)| known.renewed(&finding)));
        let new = examined.findings.iter().map(|(finding, ..)| finding);
        found.new.extend(new.filter(|finding| is_recorded(finding.rule)).map(KnownFinding::of));
    }

    /// The changes of all baselines: `takes_new` says whether new findings come in.
    pub fn changes(&self, takes_new: bool, has_troubles: bool) -> Vec<BaselineChange> {
        let all = self.baselines.list.iter().zip(&self.found);
        all.map(|(baseline, found)| self.change(baseline, found, takes_new, has_troubles)).collect()
    }

    fn change(
        &self,
        baseline: &Baseline,
        found: &BTreeMap<String, FoundAgain>,
        takes_new: bool,
        has_troubles: bool,
    ) -> BaselineChange {
        let (mut after, mut coming, mut moved) = (KnownPosts::new(), Vec::new(), Vec::new());
        let mut replaced: BTreeSet<&str> = BTreeSet::new();
        for (post, FoundAgain { known, new }) in found {
            let checked = &baseline.checked[post];
            for recorded in &checked.recorded {
                replaced.insert(recorded);
                // The other one of a copy keeps what is its own.
                if recorded != post && found.contains_key(recorded) {
                    continue;
                }
                if recorded != post {
                    moved.push((recorded.clone(), post.clone()));
                }
                // What was not looked for stays.
                let known = baseline.known[recorded.as_str()].iter().zip(&baseline.again[recorded]);
                let is_kept = |(known, again): &(&KnownFinding, &bool)| {
                    !**again && (checked.is_partial || !ran(&checked.rules, known))
                };
                let kept = known.filter(is_kept).map(|(known, _)| known.clone());
                after.entry(post.clone()).or_default().extend(kept);
            }
            let now = after.entry(post.clone()).or_default();
            now.extend(known.iter().cloned());
            if takes_new {
                now.extend(new.iter().cloned());
                coming.extend(new.iter().map(|known| (post.clone(), known.clone())));
            }
        }
        // A post that could not be read only seems to be gone.
        let gone = if has_troubles { BTreeSet::new() } else { baseline.gone_posts(self.baselines.options) };
        for (post, known) in baseline.known.iter() {
            if !replaced.contains(post) && !gone.contains(post) {
                after.entry(post.to_owned()).or_default().extend(known.iter().cloned());
            }
        }
        after.retain(|_, known| !known.is_empty());
        after.values_mut().for_each(|known| known.sort_unstable());
        let mut leaving = baseline.stale();
        leaving.extend(baseline.known_of(gone));
        leaving.sort_unstable();
        let leaving = leaving.into_iter().map(|(post, known)| (post.to_owned(), known.clone())).collect();
        let grown = grown(&baseline.known, &moved, &after);
        BaselineChange {
            path: baseline.path.clone(),
            is_new: !baseline.path.exists(),
            after,
            before_count: baseline.known.iter().map(|(_, known)| known.len()).sum(),
            leaving,
            coming,
            moved,
            grown,
        }
    }
}

impl BaselineChange {
    /// Writes the new baseline.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn write(&self) -> Result<(), Trouble> {
        file::save(&self.after, &self.path)
    }

    /// The number of findings in the new baseline.
    pub fn findings(&self) -> usize {
        count(&self.after)
    }
}

impl Baselines<'_> {
    /// A new baseline for a post.
    fn create(&mut self, post: &PostFile, home: &Path) {
        let path = paths::display_path(&home.join(FILE_NAME)).to_owned();
        let number = self.list.iter().position(|baseline| baseline.path == path);
        let number = number.unwrap_or_else(|| {
            self.list.push(Baseline::empty(&path, false, self.options));
            self.list.len() - 1
        });
        self.by_folder.insert(paths::parent(&post.real()).to_owned(), Some(number));
    }
}

fn grown(before: &StoredPosts, moved: &[(String, String)], after: &KnownPosts) -> Vec<String> {
    let here: BTreeMap<&str, &str> = moved.iter().map(|(was, here)| (was.as_str(), here.as_str())).collect();
    let before = before.iter().map(|(post, known)| (here.get(post).copied().unwrap_or(post), known));
    let after = after.iter().map(|(post, known)| (post.as_str(), known.as_slice()));
    let (before, after) = (by_folder(before), by_folder(after));
    let grows = after.iter().filter_map(|((folder, rule), now)| {
        let was = before.get(&(*folder, *rule)).copied().unwrap_or_default();
        (*now > was).then(|| format!("{folder}: {rule} from {was} to {now}"))
    });
    grows.collect()
}

fn by_folder<'k>(
    posts: impl Iterator<Item = (&'k str, &'k [KnownFinding])>,
) -> BTreeMap<(&'k str, &'k str), usize> {
    let mut counts = BTreeMap::new();
    for (post, known) in posts {
        let folder = post.rsplit_once('/').map_or(".", |(folder, _)| folder);
        known.iter().for_each(|known| *counts.entry((folder, known.rule.as_str())).or_default() += 1);
    }
    counts
}

fn count(posts: &KnownPosts) -> usize {
    posts.values().map(Vec::len).sum()
}
