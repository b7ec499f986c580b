//! One baseline, and what of it was found again.

use super::file::{self, NoBaseline};
use super::known::KnownFinding;
use super::merge::parse_merged;
use super::moves::{FormerPaths, GitMoves, by_history, by_resemblance, exists, lost};
use super::recognise::recognise;
use super::stored::StoredPosts;
use crate::disk;
use crate::examine::{Examined, Task, examine_file};
use crate::find_posts::{FindOptions, PostFile};
use crate::git::{self, Selection};
use crate::named_files;
use crate::parallel;
use crate::paths;
use crate::project::Trust;
use crate::trouble::Trouble;
use postmend_rules::{EXCEEDED_LIMIT, Finding, REFUSED_FIX, RuleSet};
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The known findings of some posts, and which of them were found again.
pub(super) struct Baseline {
    /// Its path as the user would write it.
    pub(super) path: PathBuf,
    /// The folder that the paths of posts are relative to.
    pub(super) root: PathBuf,
    pub(super) known: StoredPosts,
    /// The posts that were checked, by their current paths.
    pub(super) checked: BTreeMap<String, CheckedPost>,
    /// For each post of the baseline that was checked, which of its findings were found again.
    pub(super) again: BTreeMap<String, Vec<bool>>,
    /// For posts that were copied, what is known of them and is still found in them.
    kept: HashMap<String, Vec<bool>>,
    is_staged: bool,
    git: OnceCell<GitMoves>,
    run: OnceCell<RunPosts>,
    /// What git tracks, and a sparse checkout leaves out.
    skipped: OnceCell<BTreeSet<PathBuf>>,
    /// The number of findings that were hidden.
    hidden: usize,
}

/// A post that was checked.
pub(super) struct CheckedPost {
    /// The rules that ran.
    pub(super) rules: Arc<RuleSet>,
    /// The paths that the baseline has for it.
    pub(super) recorded: Vec<String>,
    /// Whether not all of it was looked at, so that what is not found may still be there.
    pub(super) is_partial: bool,
}

/// The rules of findings that say so.
const PARTIAL: [&str; 4] = [EXCEEDED_LIMIT, "undecodable-file", "internal-error", REFUSED_FIX];

/// The posts of a run, which are only looked through when one of them has findings that are not known.
#[derive(Debug)]
struct RunPosts {
    /// The index of each one, by its path in the baseline.
    posts: HashMap<String, usize>,
    /// The posts of the baseline that are gone.
    lost: Vec<String>,
    by_history: OnceCell<FormerPaths>,
    resembling: OnceCell<FormerPaths>,
}

/// The task of looking at a post for its findings.
pub(super) const IDENTIFY: Task = Task { fix: None, identifies: true };

/// What a baseline is read for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BaselineUse {
    /// To hide what is known; only the lines of the posts that are looked at are parsed.
    Check,
    /// To write it anew.
    Write,
    /// To write it without what is no longer found, and without the conflicts that git may have left.
    Prune,
}

impl Baseline {
    /// Reads a baseline that was either named (`is_named`) or found by searching the folders.
    ///
    /// # Errors
    /// The file cannot be read, or is not a baseline.
    pub(super) fn read(
        path: &Path,
        is_named: bool,
        options: &FindOptions,
        purpose: BaselineUse,
    ) -> Result<Self, Trouble> {
        let limit = options.limits.config();
        let trouble = |error| Trouble::with_path("read", path, &error);
        let text = match is_named {
            false => {
                // What is written anew is the file.
                let is_read = purpose == BaselineUse::Check;
                let staged = is_read.then(|| options.files.staged_bytes(path, limit)).flatten();
                staged.unwrap_or_else(|| disk::read(path, limit)).map_err(trouble)
            }
            true => named_files::read(path, limit),
        }?;
        let known = match purpose {
            BaselineUse::Check => StoredPosts::read(text),
            BaselineUse::Write => file::parse(&text).map(StoredPosts::of),
            BaselineUse::Prune => parse_merged(&text, sides(path, limit).as_ref()).map(StoredPosts::of),
        };
        let known = known.map_err(|reason| unusable(path, &reason))?;
        Ok(Self::new(path, is_named, options, known))
    }

    /// A baseline that hides nothing and has not been written to a file yet.
    pub(super) fn empty(path: &Path, is_named: bool, options: &FindOptions) -> Self {
        Self::new(path, is_named, options, StoredPosts::default())
    }

    fn new(path: &Path, is_named: bool, options: &FindOptions, known: StoredPosts) -> Self {
        let absolute = paths::without_parents(&paths::absolute(path));
        let (folder, top) = (real(paths::parent(&absolute)), real(&paths::top()));
        // A baseline from outside the tree names posts as if it were at the top of the repository.
        let root = match trust_in(is_named, options) {
            Trust::Found => folder,
            Trust::Named if folder.starts_with(&top) => folder,
            Trust::Named | Trust::NamedAlone => top,
        };
        let is_staged = options.selection == Some(Selection::Staged);
        let (checked, again, kept, git, run, skipped) = Default::default();
        let path = path.to_owned();
        Self { path, root, known, checked, again, kept, is_staged, git, run, skipped, hidden: 0 }
    }

    /// The path of a post in the baseline.
    pub(super) fn key(&self, post: &PostFile) -> String {
        let absolute = paths::without_parents(&paths::absolute(&post.real()));
        match absolute.strip_prefix(&self.root) {
            Ok(below) => paths::slashed(below),
            Err(_) => paths::slashed(&paths::relative(&absolute, &self.root)),
        }
    }

    /// Removes the known findings of a post from `examined`; returns those that it removed, as they were and as they are
    /// known. `posts` are all of the run.
    pub(super) fn hide(
        &mut self,
        post: &PostFile,
        examined: &mut Examined,
        posts: &[PostFile],
    ) -> Vec<(Finding, KnownFinding)> {
        let here = self.key(post);
        let is_partial = examined.findings.iter().any(|(finding, ..)| PARTIAL.contains(&finding.rule));
        let checked = CheckedPost { rules: Arc::clone(&post.rules), recorded: Vec::new(), is_partial };
        self.checked.entry(here.clone()).or_insert(checked);
        let mut hidden = Vec::new();
        self.hide_as(&here, &here, examined, &mut hidden);
        let is_new = !examined.findings.is_empty() && !self.known.is_empty();
        if is_new && let Some(former) = self.former(&here, examined, posts) {
            self.keep(&former, posts);
            self.hide_as(&here, &former, examined, &mut hidden);
        }
        self.hidden += hidden.len();
        hidden
    }

    /// Notes what is known of a post that is still found in it, if it was copied rather than moved.
    fn keep(&mut self, former: &str, posts: &[PostFile]) {
        let index = self.run.get().and_then(|run| run.posts.get(former));
        if let (Some(index), false) = (index, self.kept.contains_key(former)) {
            let known = &self.known[former];
            let examined = examine_file(&posts[*index], &IDENTIFY);
            let findings: Vec<&Finding> = examined.findings.iter().map(|(finding, ..)| finding).collect();
            let mut kept = vec![false; known.len()];
            let found = recognise(&findings, &examined.text, known, |_| true);
            found.into_iter().flatten().for_each(|index| kept[index] = true);
            self.kept.insert(former.to_owned(), kept);
        }
    }

    /// Removes the findings that are known of the post called `recorded`.
    fn hide_as(
        &mut self,
        here: &str,
        recorded: &str,
        examined: &mut Examined,
        hidden: &mut Vec<(Finding, KnownFinding)>,
    ) {
        let Some(known) = self.known.get(recorded) else { return };
        let checked = self.checked.get_mut(here).map(|checked| &mut checked.recorded);
        if let Some(paths) = checked.filter(|paths| !paths.iter().any(|path| path == recorded)) {
            paths.push(recorded.to_owned());
        }
        let again = self.again.entry(recorded.to_owned()).or_insert_with(|| vec![false; known.len()]);
        let kept = self.kept.get(recorded).filter(|_| here != recorded);
        let is_free = |index: usize| !again[index] && kept.is_none_or(|kept| !kept[index]);
        let findings: Vec<&Finding> = examined.findings.iter().map(|(finding, ..)| finding).collect();
        let found = recognise(&findings, &examined.text, known, is_free);
        let all = std::mem::take(&mut examined.findings);
        for (finding, found) in all.into_iter().zip(found) {
            match found {
                Some(index) => {
                    again[index] = true;
                    hidden.push((finding.0, known[index].clone()));
                }
                None => examined.findings.push(finding),
            }
        }
    }

    /// The path of a post before it was moved, if the baseline has that.
    fn former(&self, here: &str, examined: &Examined, posts: &[PostFile]) -> Option<String> {
        let git = self.git.get_or_init(|| GitMoves::since(&self.path, &self.root, self.is_staged));
        let run = self.run.get_or_init(|| self.run(posts, git));
        if let Some(former) = git.moved.get(here) {
            return self.known.has(former).then(|| former.clone());
        }
        // Of a copy it must be known what is still found in the other one.
        if let Some(former) = git.copied.get(here) {
            return (self.known.has(former) && run.posts.contains_key(former)).then(|| former.clone());
        }
        if run.lost.is_empty() {
            return None;
        }
        let by_history = run.by_history.get_or_init(|| by_history(&run.lost, &self.path, &self.root));
        if let Some(former) = by_history.get(here) {
            return Some(former.clone());
        }
        if self.known.has(here) {
            return None;
        }
        if run.posts.contains_key(here) {
            return run.resembling.get_or_init(|| self.resembling(posts, git, run)).get(here).cloned();
        }
        let findings = examined.findings.iter().map(|(finding, ..)| finding).collect();
        let new = BTreeMap::from([(here.to_owned(), findings)]);
        by_resemblance(&new, &run.lost, &self.known, git).remove(here)
    }

    fn run(&self, posts: &[PostFile], git: &GitMoves) -> RunPosts {
        let keys = posts.iter().enumerate().map(|(index, post)| (self.key(post), index));
        let posts: HashMap<String, usize> = keys.collect();
        let lost = lost(&self.known, git, |post| posts.contains_key(post) || self.is_there(post));
        RunPosts { posts, lost, by_history: OnceCell::new(), resembling: OnceCell::new() }
    }

    /// What the posts of the run that the baseline does not know resemble.
    fn resembling(&self, posts: &[PostFile], git: &GitMoves, run: &RunPosts) -> FormerPaths {
        if run.lost.is_empty() {
            return FormerPaths::new();
        }
        let is_new =
            |key: &str| !self.known.has(key) && !git.moved.contains_key(key) && !git.copied.contains_key(key);
        let new = run.posts.iter().filter(|(key, _)| is_new(key));
        let new: Vec<(&PostFile, &String)> = new.map(|(key, index)| (&posts[*index], key)).collect();
        let examined = parallel::map(&new, |(post, _)| examine_file(post, &IDENTIFY));
        let findings = new.iter().zip(&examined).map(|((_, key), examined)| {
            ((*key).clone(), examined.findings.iter().map(|(finding, ..)| finding).collect::<Vec<_>>())
        });
        let new = findings.filter(|(_, findings)| !findings.is_empty()).collect();
        by_resemblance(&new, &run.lost, &self.known, git)
    }

    /// The known findings that were looked for and are no longer found, by post.
    pub(super) fn stale(&self) -> Vec<(&str, &KnownFinding)> {
        let mut stale = Vec::new();
        let all = self.checked.iter().filter(|(_, checked)| !checked.is_partial);
        for (here, checked) in all {
            // What is known of a post that was copied is looked for in that post.
            let is_own = |post: &&String| *post == here || !self.kept.contains_key(*post);
            for post in checked.recorded.iter().filter(is_own) {
                let known = self.known[post].iter().zip(&self.again[post]);
                let gone = known.filter(|(known, again)| !**again && ran(&checked.rules, known));
                stale.extend(gone.map(|(known, _)| (post.as_str(), known)));
            }
        }
        stale
    }

    /// The posts of the baseline below the named paths that are gone, if nothing else selects posts or rules.
    pub(super) fn gone_posts(&self, options: &FindOptions) -> BTreeSet<&str> {
        if options.rules.is_limited() || options.selection.is_some() {
            return BTreeSet::new();
        }
        let named: Vec<PathBuf> = options.paths.iter().map(|path| real(path)).collect();
        let is_named = |post: &str| {
            let path = self.root.join(post);
            named.iter().any(|named| path.starts_with(named))
        };
        let found: BTreeSet<&str> =
            self.checked.values().flat_map(|checked| &checked.recorded).map(String::as_str).collect();
        let posts = self.known.paths().filter(|post| !found.contains(post) && is_named(post));
        posts.filter(|post| !self.is_there(post)).collect()
    }

    /// Whether a post of the baseline exists, as far as that can be said: a sparse checkout has not all that is there,
    /// and of a name that is not valid the path is not known.
    fn is_there(&self, post: &str) -> bool {
        let is_skipped = || {
            let skipped = self.skipped.get_or_init(|| git::skipped(&self.root).unwrap_or_default());
            skipped.contains(&self.root.join(post))
        };
        exists(&self.root, post) || post.contains(char::REPLACEMENT_CHARACTER) || is_skipped()
    }

    /// The known findings of posts of the baseline.
    pub(super) fn known_of<'b>(
        &'b self,
        posts: BTreeSet<&'b str>,
    ) -> impl Iterator<Item = (&'b str, &'b KnownFinding)> {
        posts.into_iter().flat_map(|post| self.known[post].iter().map(move |known| (post, known)))
    }

    /// Whether posts may have moved without being followed, as git has only a part of the history here.
    pub(super) fn lacks_history(&self) -> bool {
        self.run.get().is_some_and(|run| !run.lost.is_empty()) && git::is_shallow(&self.root)
    }

    /// The number of findings that were hidden.
    pub(super) fn hidden(&self) -> usize {
        self.hidden
    }
}

/// Whether the rule of a known finding ran.
pub(super) fn ran(rules: &RuleSet, known: &KnownFinding) -> bool {
    rules.severity(&known.rule).is_some()
}

/// The versions of a baseline that git could not merge.
fn sides(path: &Path, limit: u64) -> Option<[Vec<u8>; 3]> {
    let path = real(path);
    let folder = paths::parent(&path);
    let sides = git::unmerged(folder).ok()?.remove(&path)?;
    git::contents(folder, &sides, limit).ok()
}

/// A path with symlinks resolved, if it is there.
fn real(path: &Path) -> PathBuf {
    let absolute = paths::without_parents(&paths::absolute(path));
    std::fs::canonicalize(&absolute).unwrap_or(absolute)
}

pub(super) fn unusable(path: &Path, reason: &NoBaseline) -> Trouble {
    let name = path.display();
    let anew = "restore it from git, or delete it and create a new one with `postmend baseline write`";
    match reason {
        NoBaseline::Conflict => Trouble::new(
            format!("{name} has conflicts of a merge"),
            "`postmend baseline prune` merges both sides, and takes nothing new in",
        ),
        NoBaseline::Malformed(error) => {
            let (line, column) = (error.line(), error.column());
            Trouble::new(format!("{name} is not a baseline: error at {line}:{column}"), anew)
        }
        NoBaseline::Parts => Trouble::new(
            format!("{name} is not a baseline: a finding in it has neither five parts nor three"),
            anew,
        ),
        NoBaseline::Version => {
            Trouble::new(format!("{name} is a baseline of a later version of postmend"), "update postmend")
        }
    }
}

/// How far a baseline is trusted, which depends on who named it.
fn trust_in(is_named: bool, options: &FindOptions) -> Trust {
    match (is_named, options.isolated) {
        (false, _) => Trust::Found,
        (true, false) => Trust::Named,
        (true, true) => Trust::NamedAlone,
    }
}
