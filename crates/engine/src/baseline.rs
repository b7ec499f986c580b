//! Baselines: findings that already existed when checking was introduced, and that do not fail a run.
//!
//! A baseline lists each known finding by its rule, by what it is about (the address of an image, a field, a wrong
//! word) and by the words around it, so that it is found again after edits elsewhere in its post. A post that moved is
//! followed: git says where it came from, and where git does not know, its findings do.

mod carried;
mod file;
mod known;
mod merge;
mod moves;
mod one;
mod recognise;
mod recorded;
mod renamed_images;
mod stored;
mod three_way;
mod update;
mod version_1;

pub use carried::{CarriedBaseline, CarriedFindings};
pub use known::{KnownFinding, KnownMark};
pub use one::BaselineUse;
pub use recorded::{RecordedFinding, recorded};
pub use three_way::merge_files;
pub use update::{BaselineChange, Update};

use crate::examine::Examined;
use crate::find_posts::{FindOptions, PostFile};
use crate::paths;
use crate::plural::counted;
use crate::repository_files::RepositoryFiles;
use crate::trouble::Trouble;
use one::Baseline;
use postmend_rules::Finding;
use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

/// The default file name of a baseline.
pub const FILE_NAME: &str = "postmend-baseline.json";

/// The baselines of a run: each post belongs to the named one, or else to the nearest one at or above it.
pub struct Baselines<'r> {
    options: &'r FindOptions,
    named: Option<&'r Path>,
    purpose: BaselineUse,
    posts: &'r [PostFile],
    list: Vec<Baseline>,
    /// The index of the baseline of each folder.
    by_folder: HashMap<PathBuf, Option<usize>>,
    /// Baselines that the index lacks, where only that is read.
    unstaged: BTreeSet<PathBuf>,
}

/// A known finding that is no longer found.
#[derive(Debug)]
pub struct StaleFinding<'b> {
    /// The baseline.
    pub baseline: &'b Path,
    /// The path of its post in the baseline.
    pub post: &'b str,
    /// The finding.
    pub known: &'b KnownFinding,
}

impl<'r> Baselines<'r> {
    /// The baselines of all posts of a run.
    ///
    /// # Errors
    /// A file cannot be read, or is not a baseline.
    pub fn of(
        posts: &'r [PostFile],
        named: Option<&'r Path>,
        options: &'r FindOptions,
    ) -> Result<Self, Trouble> {
        let mut all = Self::empty(named, options, BaselineUse::Check);
        all.posts = posts;
        if let Some(path) = named {
            all.list.push(Baseline::read(path, true, options, all.purpose)?);
        }
        posts.iter().try_for_each(|post| all.add(post))?;
        Ok(all)
    }

    /// No baselines yet; [`Self::add`] reads them.
    pub fn empty(named: Option<&'r Path>, options: &'r FindOptions, purpose: BaselineUse) -> Self {
        Self {
            options,
            named,
            purpose,
            posts: &[],
            list: Vec::new(),
            by_folder: HashMap::new(),
            unstaged: BTreeSet::new(),
        }
    }

    /// Reads the baseline of a post unless it was read before.
    ///
    /// # Errors
    /// The file cannot be read, or is not a baseline.
    pub fn add(&mut self, post: &PostFile) -> Result<(), Trouble> {
        self.number_in(paths::parent(&post.real())).map(drop)
    }

    /// The index of the baseline of a folder, which is read unless it was read before.
    fn number_in(&mut self, folder: &Path) -> Result<Option<usize>, Trouble> {
        // A baseline in the tree may have been written to hide findings, so an isolated run ignores it.
        if self.named.is_some() || self.options.isolated {
            return Ok(None);
        }
        if let Some(number) = self.by_folder.get(folder) {
            return Ok(*number);
        }
        let on_disk = RepositoryFiles::default();
        // What is written anew is the file.
        let files = if self.purpose == BaselineUse::Check { &self.options.files } else { &on_disk };
        let number = match nearest(folder, files) {
            None => {
                self.unstaged.extend(nearest(folder, &on_disk));
                None
            }
            Some(path) => Some(match self.list.iter().position(|baseline| baseline.path == path) {
                Some(number) => number,
                None => {
                    self.list.push(Baseline::read(&path, false, self.options, self.purpose)?);
                    self.list.len() - 1
                }
            }),
        };
        self.by_folder.insert(folder.to_owned(), number);
        Ok(number)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Removes the known findings of a post from `examined`; returns those that it removed, as they were and as they are
    /// known.
    pub fn hide(&mut self, post: &PostFile, examined: &mut Examined) -> Vec<(Finding, KnownFinding)> {
        let Some(number) = self.number_of(post) else { return Vec::new() };
        self.list[number].hide(post, examined, self.posts)
    }

    fn number_of(&self, post: &PostFile) -> Option<usize> {
        if self.named.is_some() {
            return (!self.list.is_empty()).then_some(0);
        }
        *self.by_folder.get(paths::parent(&post.real()))?
    }

    /// A trouble for each baseline with a line that is no finding.
    pub fn damaged(&self) -> Vec<Trouble> {
        let trouble = |baseline: &Baseline| {
            let line = baseline.known.damaged()?;
            let message = format!("{} has a line that is no finding: {line}", baseline.path.display());
            Some(Trouble::new(message, "restore it from git, or delete the line"))
        };
        self.list.iter().filter_map(trouble).collect()
    }

    /// A line for each baseline: how many findings were hidden, and how many known findings are no longer found in the
    /// posts that were checked.
    pub fn summary(&self) -> Vec<String> {
        let line = |baseline: &Baseline| {
            let prune = match baseline.stale().len() {
                0 => String::new(),
                1 => "; 1 is no longer found and can be removed with `postmend baseline prune`".to_owned(),
                gone => {
                    format!("; {gone} are no longer found and can be removed with `postmend baseline prune`")
                }
            };
            let hidden = counted(baseline.hidden(), "finding");
            let is_used = baseline.hidden() > 0 || !prune.is_empty();
            is_used.then(|| format!("{hidden} of {} hidden{prune}", baseline.path.display()))
        };
        let unstaged = self.unstaged.iter().map(|path| {
            let path = path.display();
            format!("{path} is not staged, so what it knows is not hidden: `git add {path}`")
        });
        let shallow = self.list.iter().filter(|baseline| baseline.lacks_history()).map(|baseline| {
            let path = baseline.path.display();
            format!("posts of {path} are gone, and this shallow clone does not know whether they moved: fetch the history")
        });
        self.list.iter().filter_map(line).chain(unstaged).chain(shallow).collect()
    }

    /// The known findings that are no longer found: in posts that were checked, and of posts below the named paths
    /// that are gone.
    pub fn stale(&self) -> Vec<StaleFinding<'_>> {
        let all = self.list.iter().flat_map(|baseline| {
            let mut stale = baseline.stale();
            stale.extend(baseline.known_of(baseline.gone_posts(self.options)));
            stale.sort_unstable();
            stale.into_iter().map(|(post, known)| StaleFinding { baseline: &baseline.path, post, known })
        });
        all.collect()
    }
}

/// The nearest baseline at or above a folder, in the same repository.
pub fn nearest(folder: &Path, files: &RepositoryFiles) -> Option<PathBuf> {
    let absolute = paths::without_parents(&paths::absolute(folder));
    for above in absolute.ancestors() {
        let path = above.join(FILE_NAME);
        if files.has_file(&path) {
            return Some(paths::display_path(&path).to_owned());
        }
        if above.join(".git").exists() {
            break;
        }
    }
    None
}
