//! Known findings of images whose URLs a migration moves: they stay known.

use super::file::{self, KnownPosts};
use super::known::{KnownFinding, KnownMark};
use super::moves::GitMoves;
use super::one::{BaselineUse, IDENTIFY, unusable};
use super::{Baselines, renamed_images::RenamedImages};
use crate::disk;
use crate::examine::examine_file;
use crate::find_posts::{FindOptions, Finder};
use crate::paths::{self, parent};
use crate::store::FileChange;
use crate::trouble::Trouble;
use postmend_rules::image_subject;
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

/// Collects the moves of images that baselines have findings of.
pub struct CarriedFindings<'r> {
    baselines: Baselines<'r>,
    finder: Finder<'r>,
    options: &'r FindOptions,
    /// For each baseline, what its images are called now, by the path of the post in it.
    renamed: Vec<BTreeMap<String, RenamedImages>>,
    /// For each baseline that was asked, the posts that git moved.
    moves: HashMap<usize, GitMoves>,
}

/// A baseline in which images have other names.
pub struct CarriedBaseline {
    /// The change of its file.
    pub change: FileChange,
    /// The number of findings that go with their images.
    pub findings: usize,
}

impl<'r> CarriedFindings<'r> {
    /// No moves yet.
    pub fn new(options: &'r FindOptions) -> Self {
        let baselines = Baselines::empty(None, options, BaselineUse::Check);
        Self { baselines, finder: Finder::new(options), options, renamed: Vec::new(), moves: HashMap::new() }
    }

    /// Reads the baseline of a folder.
    ///
    /// # Errors
    /// It cannot be used.
    pub fn read(&mut self, folder: &Path) -> Result<(), Trouble> {
        self.baselines.number_in(folder).map(drop)
    }

    /// Notes the URLs of a post that were moved, each with the one before. The post is already written.
    ///
    /// # Errors
    /// The config or the baseline of the post cannot be used.
    pub fn note<'m>(
        &mut self,
        post: &Path,
        moves: impl Iterator<Item = (&'m str, &'m str)>,
    ) -> Result<(), Trouble> {
        let Some(number) = self.baselines.number_in(parent(post))? else { return Ok(()) };
        let Some(post) = self.finder.post_at(post)? else { return Ok(()) };
        let baseline = &self.baselines.list[number];
        let mut key = baseline.key(&post);
        if !baseline.known.has(&key) && !baseline.known.is_empty() {
            let moves = self.moves.entry(number);
            let moves = moves.or_insert_with(|| GitMoves::since(&baseline.path, &baseline.root, false));
            let Some(former) = moves.moved.get(&key) else { return Ok(()) };
            key.clone_from(former);
        }
        let Some(known) = baseline.known.get(&key) else { return Ok(()) };
        let subjects = moves.map(|(old, new)| [old, new].map(|url| image_subject(url, &post.site)));
        let mut images = RenamedImages::of(subjects);
        if images.are_in(known) {
            let examined = examine_file(&post, &IDENTIFY);
            images.count(known, examined.findings.iter().map(|(finding, ..)| KnownFinding::of(finding)));
            self.renamed.resize_with(self.baselines.list.len(), BTreeMap::new);
            self.renamed[number].insert(key, images);
        }
        Ok(())
    }

    /// The baselines below a folder in which images have other names now, and the paths of those elsewhere.
    ///
    /// # Errors
    /// One cannot be read any more.
    pub fn changes(&self, root: &Path) -> Result<(Vec<CarriedBaseline>, Vec<PathBuf>), Trouble> {
        let (mut changes, mut elsewhere) = (Vec::new(), Vec::new());
        let all = self.baselines.list.iter().zip(&self.renamed).filter(|(_, renamed)| !renamed.is_empty());
        for (baseline, renamed) in all {
            let path = &baseline.path;
            let old = disk::read(path, self.options.limits.config())
                .map_err(|error| Trouble::with_path("read", path, &error))?;
            let mut known = file::parse(&old).map_err(|reason| unusable(path, &reason))?;
            let findings = rename(&mut known, renamed);
            if findings == 0 {
                continue;
            }
            if !paths::absolute(path).starts_with(root) && !baseline.root.starts_with(root) {
                elsewhere.push(path.clone());
                continue;
            }
            let new = file::text_of(&known);
            changes.push(CarriedBaseline { change: FileChange::whole(path, old, new), findings });
        }
        Ok((changes, elsewhere))
    }
}

/// Renames the images; returns the number of findings that this changes.
fn rename(posts: &mut KnownPosts, renamed: &BTreeMap<String, RenamedImages>) -> usize {
    let mut count = 0;
    for (post, images) in renamed {
        let Some(known) = posts.get_mut(post) else { continue };
        let mut left = images.leaving.clone();
        for KnownFinding { rule, mark } in known.iter_mut() {
            let KnownMark::Identity([subject, ..]) = mark else { continue };
            let leaving = left.get_mut(&(rule.clone(), subject.clone())).filter(|leaving| **leaving > 0);
            let (Some(leaving), Some(new)) = (leaving, images.name_now(subject)) else { continue };
            *leaving -= 1;
            *subject = new.to_owned();
            count += 1;
        }
        known.sort_unstable();
    }
    count
}
