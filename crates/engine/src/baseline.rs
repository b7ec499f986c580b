//! Baselines: findings that already existed when checking was introduced, and that do not fail a run.

mod update;

pub use update::Update;

use crate::disk::{self, RelativePath};
use crate::examine::Examined;
use crate::find_posts::{FindOptions, PostFile};
use crate::named_files;
use crate::paths;
use crate::plural::counted;
use crate::project::Trust;
use crate::trouble::Trouble;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::Write;
use std::path::{Path, PathBuf};

/// The default file name of a baseline.
pub const FILE_NAME: &str = "postmend-baseline.json";
/// The version of the file format.
const VERSION: u32 = 1;
/// For each finding of a moved post, at most this many missing posts with the same finding are compared.
const MOST_ALIKE: usize = 64;
/// The content of the file. The path of a post uses `/` and is relative to the folder of the baseline.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct BaselineFile {
    version: u32,
    posts: BTreeMap<String, Debt>,
}

/// The fingerprints of a post's findings, by rule.
type Debt = BTreeMap<String, BTreeSet<String>>;

/// The known findings of all posts, and which of them were found again.
#[derive(Debug)]
pub struct Baseline {
    path: PathBuf,
    root: PathBuf,
    posts: BTreeMap<String, Debt>,
    /// Posts of the baseline that no longer exist, by each of their findings as (rule, fingerprint): a post that
    /// moved keeps its known findings.
    missing: HashMap<(String, String), BTreeSet<String>>,
    /// The former paths of posts that moved, by their current paths.
    moved: BTreeMap<String, String>,
    /// The known findings that were found again, by the current paths of the posts.
    again: BTreeMap<String, Debt>,
    /// The posts that were checked, by the paths that the baseline has for them.
    seen: BTreeSet<String>,
    /// The number of findings that were hidden.
    hidden: usize,
}

impl Baseline {
    /// Reads the named baseline, or else the nearest one at or above the posts; `None` if there is none.
    ///
    /// # Errors
    /// The file cannot be read, or is not a baseline.
    pub fn find(named: Option<&Path>, options: &FindOptions) -> Result<Option<Self>, Trouble> {
        Self::path_to_use(named, options).map(|path| Self::read(&path, named.is_some(), options)).transpose()
    }

    /// The path of the baseline to use: the named one, or else the nearest one.
    pub fn path_to_use(named: Option<&Path>, options: &FindOptions) -> Option<PathBuf> {
        // A baseline in the tree may have been written to hide findings, so an isolated run ignores it.
        let nearest = || if options.isolated { None } else { nearest(options.first_path()) };
        named.map(Path::to_owned).or_else(nearest)
    }

    /// Reads a baseline file that was either named (`is_named`) or found by searching the folders.
    ///
    /// # Errors
    /// The file cannot be read, or is not a baseline.
    pub fn read(path: &Path, is_named: bool, options: &FindOptions) -> Result<Self, Trouble> {
        let limit = options.limits.config();
        let trouble = |error| Trouble::with_path("read", path, &error);
        let text = match is_named {
            false => disk::read(path, limit).map_err(trouble),
            true => named_files::read(path, limit),
        };
        let text = text?;
        let help = "create a new one with `postmend baseline write`";
        let page: BaselineFile = serde_json::from_slice(&text).map_err(|error| {
            let (path, line, column) = (path.display(), error.line(), error.column());
            Trouble::new(format!("{path} is not a baseline: error at {line}:{column}"), help)
        })?;
        if page.version != VERSION {
            let message = format!("{} is a baseline of another version of postmend", path.display());
            return Err(Trouble::new(message, help));
        }
        Ok(Self::new(path, is_named, options, page.posts))
    }

    /// A baseline that hides nothing and has not been written to a file yet.
    pub fn empty(path: &Path, is_named: bool, options: &FindOptions) -> Self {
        Self::new(path, is_named, options, BTreeMap::new())
    }

    fn new(path: &Path, is_named: bool, options: &FindOptions, posts: BTreeMap<String, Debt>) -> Self {
        let absolute = paths::absolute(path);
        // A baseline from outside the tree names posts as if it were at the top of the repository.
        let root = match trust_in(is_named, options) {
            Trust::NamedAlone => paths::top(),
            Trust::Found | Trust::Named => absolute.parent().map(Path::to_owned).unwrap_or_default(),
        };
        let mut missing: HashMap<(String, String), BTreeSet<String>> = HashMap::new();
        for (post, debt) in posts.iter().filter(|(post, _)| !post_exists(&root, post)) {
            for (rule, print) in findings_in(debt) {
                missing.entry((rule.to_owned(), print.to_owned())).or_default().insert(post.clone());
            }
        }
        let (moved, again, seen) = Default::default();
        Self { path: path.to_owned(), root, posts, missing, moved, again, seen, hidden: 0 }
    }

    /// Removes the known findings of a post from `examined`.
    pub fn hide(&mut self, post: &PostFile, examined: &mut Examined) {
        let here = self.key(&post.path);
        let Some(recorded) = self.known_as(&here, examined) else { return };
        self.seen.insert(recorded.clone());
        if recorded != here {
            self.moved.insert(here.clone(), recorded.clone());
            for (rule, print) in findings_in(&self.posts[&recorded]) {
                if let Some(posts) = self.missing.get_mut(&(rule.to_owned(), print.to_owned())) {
                    posts.remove(&recorded);
                }
            }
        }
        let (debt, again) = (&self.posts[&recorded], self.again.entry(here).or_default());
        let prints = examined.fingerprints().into_owned();
        let mut new = Vec::new();
        let found = std::mem::take(&mut examined.findings);
        for (finding, print) in found.into_iter().zip(prints) {
            let rule = finding.0.rule;
            if debt.get(rule).is_some_and(|prints| prints.contains(&print)) {
                again.entry(rule.to_owned()).or_default().insert(print);
                self.hidden += 1;
            } else {
                examined.findings.push(finding);
                new.push(print);
            }
        }
        examined.prints = Some(new);
    }

    /// The path that the baseline has for a post.
    fn known_as(&self, here: &str, examined: &Examined) -> Option<String> {
        if self.posts.contains_key(here) {
            return Some(here.to_owned());
        }
        self.moved.get(here).cloned().or_else(|| self.moved_from(examined))
    }

    /// The missing post that shares the most findings with this one, if they share at least half of the smaller
    /// number of findings.
    fn moved_from(&self, examined: &Examined) -> Option<String> {
        if self.missing.is_empty() {
            return None;
        }
        let mut shared: BTreeMap<&String, usize> = BTreeMap::new();
        for ((finding, ..), print) in examined.findings.iter().zip(&*examined.fingerprints()) {
            let posts = self.missing.get(&(finding.rule.to_owned(), print.clone())).into_iter().flatten();
            posts.take(MOST_ALIKE).for_each(|post| *shared.entry(post).or_default() += 1);
        }
        let free = shared.into_iter().filter(|(post, _)| !self.seen.contains(*post));
        let (post, count) = free.max_by_key(|(post, count)| (*count, std::cmp::Reverse(*post)))?;
        let recorded_count = findings_in(&self.posts[post]).count();
        (2 * count >= recorded_count.min(examined.findings.len())).then(|| post.clone())
    }

    /// A summary of how many findings were hidden, and how many known findings are no longer found in the posts that
    /// were checked.
    pub fn hidden_summary(&self) -> Option<String> {
        let debts = self.posts.iter().filter(|(post, _)| self.seen.contains(*post));
        let total: usize = debts.map(|(_, debt)| findings_in(debt).count()).sum();
        let fixed = total - self.hidden;
        let prune = match fixed {
            0 => String::new(),
            1 => "; 1 is no longer found and can be removed with `postmend baseline prune`".to_owned(),
            _ => format!("; {fixed} are no longer found and can be removed with `postmend baseline prune`"),
        };
        let hidden = counted(self.hidden, "finding");
        (total > 0).then(|| format!("{hidden} of {} hidden{prune}", self.path.display()))
    }

    fn key(&self, path: &Path) -> String {
        let absolute = paths::absolute(path);
        let below = absolute.strip_prefix(&self.root).unwrap_or(&absolute);
        below.to_string_lossy().replace('\\', "/")
    }

    fn write(&self, posts: BTreeMap<String, Debt>) -> Result<(), Trouble> {
        let trouble = |error: std::io::Error| Trouble::with_path("write", &self.path, &error);
        let posts = posts.into_iter().filter(|(_, debt)| !debt.is_empty()).collect();
        let mut text = serde_json::to_string_pretty(&BaselineFile { version: VERSION, posts })
            .map_err(|error| trouble(error.into()))?;
        text.push('\n');
        let mut file = named_files::create(&self.path)?;
        file.write_all(text.as_bytes()).map_err(trouble)?;
        file.keep(false).map_err(trouble)
    }
}

/// How far the baseline is trusted, which depends on who named it.
fn trust_in(is_named: bool, options: &FindOptions) -> Trust {
    match (is_named, options.isolated) {
        (false, _) => Trust::Found,
        (true, false) => Trust::Named,
        (true, true) => Trust::NamedAlone,
    }
}

/// Whether a post that a baseline names exists. The baseline is untrusted, so its paths are checked first.
fn post_exists(root: &Path, post: &str) -> bool {
    RelativePath::new(Path::new(post)).is_ok_and(|below| disk::is_regular(&root.join(below.path())))
}

fn findings_in(debt: &Debt) -> impl Iterator<Item = (&str, &str)> {
    debt.iter().flat_map(|(rule, prints)| prints.iter().map(|print| (rule.as_str(), print.as_str())))
}

/// The nearest baseline at or above a path.
pub fn nearest(path: &Path) -> Option<PathBuf> {
    let absolute = std::path::absolute(path).ok()?;
    let found = absolute.ancestors().map(|above| above.join(FILE_NAME)).find(|path| path.is_file())?;
    Some(paths::display_path(&found).to_owned())
}
