//! Known findings of images whose URLs a migration moves: they stay known.

use super::Baselines;
use super::file::{self, KnownPosts};
use super::known::{KnownFinding, KnownMark};
use super::one::{BaselineUse, unusable};
use crate::disk;
use crate::find_posts::{FindOptions, Finder};
use crate::paths::parent;
use crate::store::FileChange;
use crate::trouble::Trouble;
use postmend_rules::image_subject;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

/// What the images of a post that has known findings are called before and after a migration, and how many URLs of
/// each one moved.
type RenamedImages = HashMap<String, (String, usize)>;

/// Collects the moves of images that baselines have findings of.
pub struct CarriedFindings<'r> {
    baselines: Baselines<'r>,
    finder: Finder<'r>,
    options: &'r FindOptions,
    /// For each baseline, the moves by the path of the post in it.
    renamed: Vec<BTreeMap<String, RenamedImages>>,
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
        Self { baselines, finder: Finder::new(options), options, renamed: Vec::new() }
    }

    /// Notes the URLs of a post that were moved, each with the one before.
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
        let key = baseline.key(&post);
        let Some(known) = baseline.known.get(&key) else { return Ok(()) };
        let subjects =
            moves.map(|(old, new)| (image_subject(old, &post.site), image_subject(new, &post.site)));
        let mut renamed = RenamedImages::new();
        for (old, new) in subjects.filter(|(old, new)| old != new) {
            if known.iter().any(|known| known.subject() == old) {
                renamed.entry(old).or_insert((new, 0)).1 += 1;
            }
        }
        if !renamed.is_empty() {
            self.renamed.resize_with(self.baselines.list.len(), BTreeMap::new);
            self.renamed[number].insert(key, renamed);
        }
        Ok(())
    }

    /// The baselines in which images have other names now.
    ///
    /// # Errors
    /// One cannot be read any more.
    pub fn changes(&self) -> Result<Vec<CarriedBaseline>, Trouble> {
        let all = self.baselines.list.iter().zip(&self.renamed).filter(|(_, renamed)| !renamed.is_empty());
        let change = all.map(|(baseline, renamed)| {
            let path = &baseline.path;
            let old = disk::read(path, self.options.limits.config())
                .map_err(|error| Trouble::with_path("read", path, &error))?;
            let mut known = file::parse(&old).map_err(|reason| unusable(path, &reason))?;
            let findings = rename(&mut known, renamed);
            let new = file::text_of(&known);
            Ok(CarriedBaseline { change: FileChange::whole(path, old, new), findings })
        });
        change.collect()
    }
}

/// Renames the images; returns the number of findings that this changes.
fn rename(posts: &mut KnownPosts, renamed: &BTreeMap<String, RenamedImages>) -> usize {
    let mut count = 0;
    for (post, images) in renamed {
        let Some(known) = posts.get_mut(post) else { continue };
        // Of two equal images of which one moved, one finding stays with the other.
        let mut moved: HashMap<(String, String), usize> = HashMap::new();
        for KnownFinding { rule, mark } in known.iter_mut() {
            let KnownMark::Identity([subject, ..]) = mark else { continue };
            let Some((new, most)) = images.get(subject) else { continue };
            let so_far = moved.entry((rule.clone(), subject.clone())).or_default();
            if *so_far < *most {
                *so_far += 1;
                count += 1;
                *subject = new.clone();
            }
        }
        known.sort_unstable();
    }
    count
}
