//! Makes the moves of a plan, through the store's journal.

use super::args::UploadArguments;
use super::copies::{cached, no_place};
use super::place::is_called_an_image;
use super::plan::{self, CopyRow, Outline, PostPlan};
use super::upload;
use crate::args::PostArguments;
use crate::fetch::Picture;
use crate::paths::{parent, shown};
use crate::posts::{Finder, PostFile, is_post};
use crate::store::{Change, Entry, Failure, Run, Store, hash};
use crate::terminal::progress_bar;
use crate::trouble::Trouble;
use postmend_core::Patch;
use postmend_core::decode::{decode, encode};
use postmend_engine::disk::{Below, Folder};
use postmend_rules::migrate::{are_of_urls, edit, prove};
use rayon::prelude::*;
use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io;
use std::path::Path;

/// What the plan is called there.
const PLAN: &str = "plan.jsonl";

/// Posts are written in bundles of this many.
const BUNDLE: usize = 1024;

/// What applying a plan did.
#[derive(Debug, Default)]
pub struct Applied {
    /// Posts that were written.
    pub posts: usize,
    /// URLs that moved.
    pub moves: usize,
    /// Copies of images that were made.
    pub copies: usize,
    /// Posts that were as the plan wants them already.
    pub already: usize,
    /// Why the others were not written.
    pub troubles: Vec<Trouble>,
}

/// What becomes of a post of a plan.
enum Step {
    Already,
    Change(Change, usize),
    Trouble(Trouble),
}

/// Whether what a plan says of its outcome is believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// This process made the plan just now, and proved it.
    Planned,
    /// It may come from anybody: each post is read again, and must be one.
    Anew,
}

/// What the plan in a run's folder says as a whole.
///
/// # Errors
/// The plan cannot be read.
pub fn outline(run: &Run) -> Result<Outline, Trouble> {
    plan::outline(kept_plan(run)?, Path::new(PLAN))
}

/// Makes the moves of the plan in the run's folder.
///
/// # Errors
/// The plan cannot be read, or the journal cannot be written.
pub fn apply(
    run: &mut Run,
    store: &Store,
    arguments: &PostArguments,
    uploads: &UploadArguments,
    (Outline { posts, copies }, proof): (Outline, Proof),
) -> Result<Applied, Trouble> {
    let mut applied = Applied::default();
    let missing = make_copies(run, store, copies, (uploads, proof), &mut applied)?;
    let bar = progress_bar(arguments.quiet, posts);
    // What an interrupted run came to.
    let written: HashMap<Below, String> = run.entries()?.into_iter().filter_map(written).collect();
    let source = kept_plan(run)?;
    let mut bundle = Vec::new();
    plan::read(
        source,
        Path::new(PLAN),
        |post| {
            bundle.push(post);
            if bundle.len() < BUNDLE {
                return Ok(());
            }
            write(run, &std::mem::take(&mut bundle), (arguments, proof), (&written, &missing), &mut applied)?;
            bar.inc(BUNDLE as u64);
            Ok(())
        },
        |_| Ok(()),
    )?;
    write(run, &bundle, (arguments, proof), (&written, &missing), &mut applied)?;
    bar.finish_and_clear();
    if applied.troubles.is_empty() {
        run.end(Entry::Done)?;
    }
    Ok(applied)
}

fn write(
    run: &mut Run,
    bundle: &[PostPlan],
    (arguments, proof): (&PostArguments, Proof),
    (written, missing): (&HashMap<Below, String>, &HashSet<String>),
    applied: &mut Applied,
) -> Result<(), Trouble> {
    let root = &run.root;
    // What somebody else names may be anything.
    let limit = if proof == Proof::Anew { arguments.limits.post() } else { u64::from(u32::MAX) };
    let look = |plan: &PostPlan| {
        let needed = plan.moves.iter().filter_map(|row| row.copy.as_ref());
        match needed.into_iter().find(|copy| missing.contains(*copy)) {
            Some(copy) => Step::Trouble(Trouble::new(
                format!("{} stays as it is, as {copy} could not be made", plan.post.post),
                "mend what is told about the copy, then `postmend migrate resume`",
            )),
            None => step(root, plan, written.get(&plan.post.post), limit),
        }
    };
    let mut steps: Vec<Step> = bundle.par_iter().map(look).collect();
    if proof == Proof::Anew {
        prove_anew(root.path(), bundle, arguments, &mut steps)?;
    }
    let (mut changes, mut moves) = (Vec::new(), Vec::new());
    for step in steps {
        match step {
            Step::Already => applied.already += 1,
            Step::Trouble(trouble) => applied.troubles.push(trouble),
            Step::Change(change, count) => {
                changes.push(change);
                moves.push(count);
            }
        }
    }
    let together: Vec<&Change> = changes.iter().collect();
    for ((done, change), moves) in run.write(&together)?.into_iter().zip(&changes).zip(moves) {
        match done {
            Ok(()) => {
                applied.posts += 1;
                applied.moves += moves;
            }
            Err(Failure::ChangedMeanwhile) => applied.troubles.push(changed(shown(change.path()))),
            Err(failure) => applied.troubles.push(failure.trouble(shown(change.path()))),
        }
    }
    Ok(())
}

/// Makes the copies of images; gives those that could not be made.
fn make_copies(
    run: &mut Run,
    store: &Store,
    copies: Vec<CopyRow>,
    uploads: (&UploadArguments, Proof),
    applied: &mut Applied,
) -> Result<HashSet<String>, Trouble> {
    let mut missing = HashSet::new();
    if copies.is_empty() {
        return Ok(missing);
    }
    let cache = store.cache()?;
    let (remote, local): (Vec<CopyRow>, Vec<CopyRow>) =
        copies.into_iter().partition(|copy| copy.upload.is_some());
    let mut answers: Vec<Result<bool, Trouble>> =
        local.iter().map(|copy| make_copy(run, copy, &cache)).collect();
    answers.extend(upload::upload(run, &remote, &cache, uploads)?);
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

/// Makes a copy in the project; gives whether it was not there before.
fn make_copy(run: &mut Run, copy: &CopyRow, cache: &Folder) -> Result<bool, Trouble> {
    // A plan may come from somebody else.
    let there = Below::new(Path::new(&copy.to)).map_err(|why| no_place(&copy.to, why))?;
    if !is_called_an_image(&there.to_text()) {
        let message = format!("{} is no place for a copy: images are not called so", copy.to);
        return Err(Trouble::new(message, "correct the plan, or `--name`"));
    }
    match run.root.read(&there, u64::MAX) {
        Ok(now) if hash(&now) == copy.hash => Ok(false),
        Ok(_) => Err(Trouble::new(
            format!("{} is there already and is another file", copy.to),
            "move it away, or make the plan again",
        )),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            run.create(&there, &fetched(copy, cache)?, &copy.from).map(|()| true)
        }
        Err(error) => Err(Trouble::with_path("write", there.path(), &error)),
    }
}

/// The bytes of a copy, from the cache.
pub(super) fn fetched(copy: &CopyRow, cache: &Folder) -> Result<Vec<u8>, Trouble> {
    let bytes = cache.read(&cached(&copy.from), u64::MAX).ok().filter(|bytes| hash(bytes) == copy.hash);
    // What the plan calls an image must be one, whoever put it there.
    let proved = bytes.and_then(Picture::proved).filter(|picture| picture.media_type == copy.media_type);
    proved.map(|picture| picture.bytes).ok_or_else(|| {
        let message = format!("the image for {} is no longer at hand", copy.to);
        Trouble::new(message, "make the plan again, which fetches it")
    })
}

/// The plan that a run keeps.
fn kept_plan(run: &Run) -> Result<File, Trouble> {
    run.folder.open_file(&plan_name()).map_err(|error| Trouble::with_path("read", Path::new(PLAN), &error))
}

/// The plan's name in the run's folder.
pub fn plan_name() -> Below {
    Below::new(Path::new(PLAN)).expect("it is a name")
}

/// A post that a run wrote, and the hash of what it wrote.
fn written(entry: Entry) -> Option<(Below, String)> {
    match entry {
        Entry::Post(record) => Some((record.path, record.after)),
        _ => None,
    }
}

fn changed(post: &Path) -> Trouble {
    Trouble::new(
        format!("{} was changed since the plan was made, and stays as it is", post.display()),
        "plan again for it",
    )
}

/// What the moves make of a post as it is now; `written` is the hash of what this run wrote before.
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
            let change = Change::of_known(&path, (bytes, now), written, encoding, &undo);
            Step::Change(change, plan.moves.len())
        }
        None => Step::Trouble(Trouble::new(
            format!("the plan's moves cannot be made in {}", plan.post.post),
            "their old URLs, places and spans must be those of the post; make the plan again",
        )),
    }
}

/// The edits of the moves; `None` where one does not fit the text.
pub fn patch(plan: &PostPlan, text: &str) -> Option<Patch> {
    let edits =
        plan.moves.iter().map(|row| edit(text, row.bytes()?, row.parsed_place()?, &row.old, &row.new));
    Patch::new(edits.collect::<Option<Vec<_>>>()?)
}

/// Where somebody else made or changed the plan, its own proof does not count: each post is read and compared again,
/// and what is none stays as it is.
fn prove_anew(
    root: &Path,
    bundle: &[PostPlan],
    arguments: &PostArguments,
    steps: &mut [Step],
) -> Result<(), Trouble> {
    let mut homes: HashMap<usize, PostFile> = HashMap::new();
    let mut finder = Finder::new(arguments);
    for (number, plan) in bundle.iter().enumerate() {
        let Step::Change(..) = &steps[number] else { continue };
        let path = root.join(plan.post.post.path());
        let post = if is_post(&path) { finder.named(&path) } else { Ok(None) };
        match post {
            Ok(Some(post)) => drop(homes.insert(number, post)),
            Ok(None) => {
                let message = format!("{} is not a post, or is excluded", plan.post.post);
                steps[number] = Step::Trouble(Trouble::new(message, "correct the plan"));
            }
            Err(trouble) if finder.is_unusable(parent(&path)) => steps[number] = Step::Trouble(trouble),
            Err(trouble) => return Err(trouble),
        }
    }
    for (number, post) in homes {
        let plan = &bundle[number];
        let new: Vec<&str> = plan.moves.iter().map(|row| row.new.as_str()).collect();
        let Step::Change(change, _) = &steps[number] else { continue };
        let proved = decode(change.old()).ok().and_then(|decoded| {
            let patch = patch(plan, &decoded.text)?;
            let moves = plan
                .moves
                .iter()
                .map(|row| Some((row.bytes()?, row.parsed_place()?, row.old.as_str(), row.new.as_str())));
            let are_urls = are_of_urls(&post.home(), &decoded.text, &moves.collect::<Option<Vec<_>>>()?);
            Some(are_urls.and_then(|()| prove(&post.home(), &decoded.text, &patch, &new)))
        });
        if let Some(Err(reason)) = proved {
            let message =
                format!("with the plan's moves, {} would be read differently: {reason}", plan.post.post);
            steps[number] = Step::Trouble(Trouble::new(message, "correct the plan"));
        }
    }
    Ok(())
}
