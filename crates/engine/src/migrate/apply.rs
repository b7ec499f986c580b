//! Applies the moves of a plan, and records them in the journal.

use super::copies::{fetched, no_place};
use super::copy_names::is_called_an_image;
use super::plan_file::{self, CopyRow, Outline, PostPlan, Proof};
use super::upload::{self, UploadTarget};
use crate::baseline::CarriedFindings;
use crate::disk::{Folder, RelativePath};
use crate::find_posts::{FindOptions, Finder, PostFile, is_post};
use crate::parallel;
use crate::paths::{display_path, parent};
use crate::progress::{Progress, Things};
use crate::store::{Entry, FileChange, JournalRun, Store, WriteFailure, hash};
use crate::trouble::Trouble;
use postmend_core::Patch;
use postmend_core::decode::{decode, encode};
use postmend_rules::migrate::{are_of_urls, edit, prove};
use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

/// The file name of the plan in the run's folder.
const PLAN: &str = "plan.jsonl";

/// The number of posts that are written together.
const BUNDLE: usize = 1024;

/// The result of applying a plan.
#[derive(Debug, Default)]
pub struct Applied {
    /// The number of posts that were written.
    pub posts: usize,
    /// The number of URLs that were moved.
    pub moves: usize,
    /// The number of image copies that were created.
    pub copies: usize,
    /// The number of posts that already had the content that the plan results in.
    pub already: usize,
    /// The number of known findings that go with their images.
    pub known: usize,
    /// The baselines outside of the project, in which images keep their old names.
    pub unnamed: Vec<PathBuf>,
    /// The reasons why other posts were not written.
    pub troubles: Vec<Trouble>,
}

/// What to do with a post of a plan.
enum Step {
    Already,
    Change(FileChange),
    Trouble(Trouble),
}

/// The outline of the plan in a run's folder.
///
/// # Errors
/// The plan cannot be read.
pub fn kept_outline(run: &JournalRun) -> Result<Outline, Trouble> {
    plan_file::outline(kept_plan(run)?, Path::new(PLAN))
}

/// Everything that is needed to apply a plan.
pub struct Application<'a> {
    /// The store with the project's runs.
    pub store: &'a Store,
    /// The options to find the posts again if the plan is not trusted.
    pub find: &'a FindOptions,
    /// The permitted targets of uploads.
    pub uploads: &'a UploadTarget,
    /// Whether the plan is trusted or proved again.
    pub proof: Proof,
    /// Receives the progress.
    pub progress: &'a dyn Progress,
}

/// What is known before the first post is processed.
struct ApplyState {
    /// The posts that an interrupted run already wrote, with the hash of what it wrote.
    written: HashMap<RelativePath, String>,
    /// The copies that could not be created.
    missing: HashSet<String>,
}

impl Application<'_> {
    /// Applies the moves of the plan in the run's folder.
    ///
    /// # Errors
    /// The plan cannot be read, or the journal cannot be written.
    pub fn apply(&self, run: &mut JournalRun, outline: Outline) -> Result<Applied, Trouble> {
        let Outline { posts, copies, folders } = outline;
        let mut applied = Applied::default();
        let mut carried = CarriedFindings::new(self.find);
        // A baseline that cannot be used is told before anything is written.
        folders.iter().try_for_each(|folder| carried.read(&run.root.path().join(folder)))?;
        let missing = self.make_copies(run, copies, &mut applied)?;
        self.progress.start(Things::Posts, posts);
        let written = run.entries()?.into_iter().filter_map(written).collect();
        let state = ApplyState { written, missing };
        let mut bundle = Vec::new();
        plan_file::read(
            kept_plan(run)?,
            Path::new(PLAN),
            &mut |post| {
                bundle.push(post);
                if bundle.len() < BUNDLE {
                    return Ok(());
                }
                self.write(run, &std::mem::take(&mut bundle), &state, &mut carried, &mut applied)?;
                self.progress.advance(BUNDLE);
                Ok(())
            },
            &mut |_| Ok(()),
        )?;
        self.write(run, &bundle, &state, &mut carried, &mut applied)?;
        carry(run, &carried, &mut applied)?;
        self.progress.finish();
        if applied.troubles.is_empty() {
            run.end(Entry::Done)?;
        }
        Ok(applied)
    }

    fn write(
        &self,
        run: &mut JournalRun,
        bundle: &[PostPlan],
        state: &ApplyState,
        carried: &mut CarriedFindings<'_>,
        applied: &mut Applied,
    ) -> Result<(), Trouble> {
        let root = &run.root;
        // A plan that is not trusted may name any file, so the size limit applies.
        let limit = if self.proof == Proof::Anew { self.find.limits.post() } else { u64::from(u32::MAX) };
        let look = |plan: &PostPlan| {
            let needed = plan.moves.iter().filter_map(|row| row.copy.as_ref());
            match needed.into_iter().find(|copy| state.missing.contains(*copy)) {
                Some(copy) => Step::Trouble(Trouble::new(
                    format!("{} was not changed, because {copy} could not be created", plan.post.post),
                    "fix the problem with the copy, then run `postmend migrate resume`",
                )),
                None => step(root, plan, state.written.get(&plan.post.post), limit),
            }
        };
        let mut steps = parallel::map(bundle, look);
        if self.proof == Proof::Anew {
            self.verify_untrusted(root.path(), bundle, &mut steps)?;
        }
        let (mut changes, mut changed_plans) = (Vec::new(), Vec::new());
        for (step, plan) in steps.into_iter().zip(bundle) {
            match step {
                Step::Already => {
                    applied.already += 1;
                    applied.note(carried, &run.root, plan);
                }
                Step::Trouble(trouble) => applied.troubles.push(trouble),
                Step::Change(change) => {
                    changes.push(change);
                    changed_plans.push(plan);
                }
            }
        }
        let together: Vec<&FileChange> = changes.iter().collect();
        for ((done, change), plan) in run.write(&together)?.into_iter().zip(&changes).zip(changed_plans) {
            match done {
                Ok(()) => {
                    applied.posts += 1;
                    applied.moves += plan.moves.len();
                    applied.note(carried, &run.root, plan);
                }
                Err(WriteFailure::ChangedMeanwhile) => {
                    applied.troubles.push(changed(display_path(change.path())))
                }
                Err(failure) => applied.troubles.push(failure.trouble(display_path(change.path()))),
            }
        }
        Ok(())
    }

    /// Creates the copies of images; returns those that could not be created.
    fn make_copies(
        &self,
        run: &mut JournalRun,
        copies: Vec<CopyRow>,
        applied: &mut Applied,
    ) -> Result<HashSet<String>, Trouble> {
        let mut missing = HashSet::new();
        if copies.is_empty() {
            return Ok(missing);
        }
        let cache = self.store.cache()?;
        let (remote, local): (Vec<CopyRow>, Vec<CopyRow>) =
            copies.into_iter().partition(|copy| copy.upload.is_some());
        let mut answers: Vec<Result<bool, Trouble>> =
            local.iter().map(|copy| make_copy(run, copy, &cache)).collect();
        answers.extend(upload::upload(run, &remote, &cache, (self.uploads, self.proof), self.progress)?);
        for (copy, done) in local.into_iter().chain(remote).zip(answers) {
            match done {
                Ok(is_new) => applied.copies += usize::from(is_new),
                Err(trouble) => {
                    applied.troubles.push(trouble);
                    missing.insert(copy.to);
                }
            }
        }
        Ok(missing)
    }

    /// If somebody else made or changed the plan, it is not trusted: each post is read and compared again, and a file
    /// that is not a post, or that would be read differently, is left as it is.
    fn verify_untrusted(&self, root: &Path, bundle: &[PostPlan], steps: &mut [Step]) -> Result<(), Trouble> {
        let mut homes: HashMap<usize, PostFile> = HashMap::new();
        let mut finder = Finder::new(self.find);
        for (number, plan) in bundle.iter().enumerate() {
            let Step::Change(..) = &steps[number] else { continue };
            let path = root.join(plan.post.post.path());
            let post = if is_post(&path) { finder.post_at(&path) } else { Ok(None) };
            match post {
                Ok(Some(post)) => drop(homes.insert(number, post)),
                Ok(None) => {
                    let message = format!("{} is not a post, or is excluded", plan.post.post);
                    steps[number] = Step::Trouble(Trouble::new(message, "fix the plan"));
                }
                Err(trouble) if finder.is_unusable(parent(&path)) => steps[number] = Step::Trouble(trouble),
                Err(trouble) => return Err(trouble),
            }
        }
        for (number, post) in homes {
            let plan = &bundle[number];
            let new: Vec<&str> = plan.moves.iter().map(|row| row.new.as_str()).collect();
            let Step::Change(change) = &steps[number] else { continue };
            let proved = decode(change.old()).ok().and_then(|decoded| {
                let patch = patch(plan, &decoded.text)?;
                let moves = plan.moves.iter().map(|row| {
                    Some((row.at.bytes()?, row.at.parsed_escaping()?, row.old.as_str(), row.new.as_str()))
                });
                let are_urls =
                    are_of_urls(&post.context(), &decoded.text, &moves.collect::<Option<Vec<_>>>()?);
                Some(are_urls.and_then(|()| prove(&post.context(), &decoded.text, &patch, &new)))
            });
            if let Some(Err(reason)) = proved {
                let message =
                    format!("with the plan's moves, {} would be read differently: {reason}", plan.post.post);
                steps[number] = Step::Trouble(Trouble::new(message, "fix the plan"));
            }
        }
        Ok(())
    }
}

impl Applied {
    /// Notes the images of a post for its baseline.
    fn note(&mut self, carried: &mut CarriedFindings<'_>, root: &Folder, plan: &PostPlan) {
        let moves = plan.moves.iter().map(|row| (row.old.as_str(), row.new.as_str()));
        self.troubles.extend(carried.note(&root.path().join(plan.post.post.path()), moves).err());
    }
}

/// Renames the images that moved in the baselines.
fn carry(run: &mut JournalRun, carried: &CarriedFindings<'_>, applied: &mut Applied) -> Result<(), Trouble> {
    let (baselines, elsewhere) = match carried.changes(run.root.path()) {
        Ok(changes) => changes,
        Err(trouble) => {
            applied.troubles.push(trouble);
            return Ok(());
        }
    };
    applied.unnamed = elsewhere;
    let changes: Vec<&FileChange> = baselines.iter().map(|baseline| &baseline.change).collect();
    if changes.is_empty() {
        return Ok(());
    }
    for (done, baseline) in run.write(&changes)?.into_iter().zip(&baselines) {
        match done {
            Ok(()) => applied.known += baseline.findings,
            Err(failure) => {
                applied.troubles.push(failure.trouble(display_path(baseline.change.path())));
            }
        }
    }
    Ok(())
}

/// Creates a copy in the project; returns whether it is new.
fn make_copy(run: &mut JournalRun, copy: &CopyRow, cache: &Folder) -> Result<bool, Trouble> {
    // The plan may come from somebody else.
    let there = RelativePath::new(Path::new(&copy.to)).map_err(|why| no_place(&copy.to, why))?;
    if !is_called_an_image(&there.to_text()) {
        let message =
            format!("{} is not a valid name for a copy: it lacks the extension of an image", copy.to);
        return Err(Trouble::new(message, "fix the plan, or `--name`"));
    }
    match run.root.read(&there, u64::MAX) {
        Ok(now) if hash(&now) == copy.hash => Ok(false),
        Ok(_) => Err(Trouble::new(
            format!("{} already exists with other content", copy.to),
            "move it away, or plan again",
        )),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            run.create(&there, &fetched(copy, cache)?, &copy.from).map(|()| true)
        }
        Err(error) => Err(Trouble::with_path("write", there.path(), &error)),
    }
}

/// Opens the plan in a run's folder.
fn kept_plan(run: &JournalRun) -> Result<File, Trouble> {
    run.folder.open_file(&plan_name()).map_err(|error| Trouble::with_path("read", Path::new(PLAN), &error))
}

/// The path of the plan in the run's folder.
pub fn plan_name() -> RelativePath {
    RelativePath::new(Path::new(PLAN)).expect("it is a name")
}

/// The path of a post that a run wrote, and the hash of what it wrote.
fn written(entry: Entry) -> Option<(RelativePath, String)> {
    match entry {
        Entry::Post(record) => Some((record.path, record.after)),
        _ => None,
    }
}

fn changed(post: &Path) -> Trouble {
    Trouble::new(
        format!("{} was changed after the plan was made, so it was skipped", post.display()),
        "plan again for this post",
    )
}

/// What to do with the current content of a post; `written` is the hash of what this run wrote before.
fn step(root: &Folder, plan: &PostPlan, written: Option<&String>, limit: u64) -> Step {
    if plan.moves.is_empty() {
        return Step::Already;
    }
    let post = &plan.post.post;
    let bytes = match root.read(post, limit) {
        Ok(bytes) => bytes,
        Err(error) => return Step::Trouble(Trouble::with_path("read", post.path(), &error)),
    };
    let now = hash(&bytes);
    if now == plan.post.result || written == Some(&now) {
        return Step::Already;
    }
    let change = || {
        let decoded = decode(&bytes).ok()?;
        let patch = patch(plan, &decoded.text)?;
        let text = patch.apply(&decoded.text);
        let undo = [patch.reverse(&decoded.text)];
        let written = encode(&text, decoded.encoding)?;
        let encoding = decoded.encoding;
        Some((written, encoding, undo))
    };
    if now != plan.post.hash {
        return Step::Trouble(changed(post.path()));
    }
    match change() {
        Some((written, encoding, undo)) => {
            let path = root.path().join(post.path());
            Step::Change(FileChange::of_known(&path, (bytes, now), written, encoding, &undo))
        }
        None => Step::Trouble(Trouble::new(
            format!("the plan does not match {}", plan.post.post),
            "its URLs, places and spans must be those of the post; plan again",
        )),
    }
}

/// The edits of the moves; `None` if one does not match the text.
pub fn patch(plan: &PostPlan, text: &str) -> Option<Patch> {
    let edits = plan
        .moves
        .iter()
        .map(|row| edit(text, row.at.bytes()?, row.at.parsed_escaping()?, &row.old, &row.new));
    Patch::new(edits.collect::<Option<Vec<_>>>()?)
}
