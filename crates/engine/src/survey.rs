//! One pass over the posts of a job: every post is examined on all cores and its result is handed over in order, and
//! then the posts with contested claims.

use crate::examine::{Examined, Task, claims_of_file, contested, examine_file};
use crate::find_posts::PostFile;
use crate::parallel;
use crate::progress::{Progress, Things};
use crate::shard::Shard;
use crate::store::{WriteFailure, Writer};
use crate::trouble::Trouble;
use postmend_rules::{Claims, REFUSED_FIX};
use std::io;

/// Posts are examined in bundles of this size, so that memory does not grow with the repository, and results are
/// printed while they are still in the CPU cache.
pub(crate) const BUNDLE: usize = 256;

/// The size of bundles if posts may be written, as the files of a bundle are flushed together.
const WRITTEN: usize = 1024;

/// Why a survey stopped early.
pub enum Stop {
    /// The results could not be handed over.
    Output(io::Error),
    /// Files cannot be written.
    Job(Trouble),
}

/// The results for some consecutive posts.
pub struct Bundle<'p> {
    /// The posts.
    pub posts: &'p [PostFile],
    /// The result for each of them.
    pub examined: Vec<Examined>,
    /// The index of the first one among all posts.
    pub first: usize,
    /// Whether they were handed over before, and these are additional findings of rules that compare posts.
    pub is_contested: bool,
}

/// A pass over posts.
pub struct Survey<'a> {
    /// The posts, sorted.
    pub posts: &'a [PostFile],
    /// The task for each of them.
    pub task: &'a Task,
    /// The share of the posts that is examined; `None` for all. From the other posts, only the claims are read.
    pub shard: Option<Shard>,
    /// Receives the progress.
    pub progress: &'a dyn Progress,
}

impl Survey<'_> {
    /// Performs the task on every post, writes the changed posts, and hands over the results, in the order of the
    /// posts and in bundles.
    ///
    /// # Errors
    /// Any error that `take` returns, or the reason why files cannot be written.
    pub fn run(
        &self,
        writer: Option<&mut Writer>,
        take: &mut dyn FnMut(Bundle<'_>) -> io::Result<()>,
    ) -> Result<(), Stop> {
        self.progress.start(Things::Posts, self.posts.len());
        let passed = self.pass(writer, take);
        self.progress.finish();
        let mut claims = passed?;
        for (number, contests) in &claims.contested() {
            let post = &self.posts[*number];
            if !self.is_in_shard(post) {
                continue;
            }
            let examined = vec![contested(post, contests, self.posts)];
            let posts = std::slice::from_ref(post);
            take(Bundle { posts, examined, first: *number, is_contested: true }).map_err(Stop::Output)?;
        }
        Ok(())
    }

    /// Examines every post once; returns their claims.
    fn pass(
        &self,
        mut writer: Option<&mut Writer>,
        take: &mut dyn FnMut(Bundle<'_>) -> io::Result<()>,
    ) -> Result<Claims, Stop> {
        let mut claims = Claims::default();
        let size = if writer.is_some() { WRITTEN } else { BUNDLE };
        for (first, posts) in (0..).step_by(size).zip(self.posts.chunks(size)) {
            let mut examined = parallel::map(posts, |post| {
                let examined =
                    if self.is_in_shard(post) { examine_file(post, self.task) } else { claims_of_file(post) };
                self.progress.advance(1);
                examined
            });
            if let Some(writer) = &mut writer {
                write(posts, &mut examined, writer).map_err(Stop::Job)?;
            }
            for ((number, post), examined) in (first..).zip(posts).zip(&examined) {
                for (rule, claim) in &examined.claims {
                    claims.add(number, post.site_number, rule, &claim.key);
                }
            }
            take(Bundle { posts, examined, first, is_contested: false }).map_err(Stop::Output)?;
        }
        if let Some(writer) = writer {
            writer.end().map_err(Stop::Job)?;
        }
        Ok(claims)
    }

    fn is_in_shard(&self, post: &PostFile) -> bool {
        self.shard.is_none_or(|shard| shard.holds(&post.relative_path))
    }
}

/// Writes the changed posts; the result of a post that could not be written is replaced with the reason.
fn write(posts: &[PostFile], examined: &mut [Examined], writer: &mut Writer) -> Result<(), Trouble> {
    let (mut indexes, mut changes) = (Vec::new(), Vec::new());
    for (index, examined) in examined.iter_mut().enumerate() {
        if let Some(change) = examined.change.take() {
            indexes.push(index);
            changes.push(change);
        }
    }
    for (index, done) in indexes.iter().zip(writer.write(&changes)?) {
        let post = &posts[*index];
        examined[*index] = match done {
            Ok(()) => continue,
            Err(WriteFailure::ChangedMeanwhile) => {
                let message = "fixes were not applied: the file was changed during the run".to_owned();
                Examined::whole_file(post, REFUSED_FIX, message)
            }
            Err(failure) => Examined::from_trouble(failure.trouble(&post.path)),
        };
    }
    Ok(())
}
