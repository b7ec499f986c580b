//! Uploads copies of images to an S3-compatible store, or with a command from the user.

#[cfg(feature = "upload")]
mod s3;
mod uploader;

use super::copies::{cached, fetched, no_place};
use super::plan_file::{CopyRow, Proof};
use crate::disk::{Folder, RelativePath};
use crate::escape::in_line;
use crate::parallel;
use crate::progress::{Progress, Things};
use crate::store::{Entry, JournalRun, Uploaded};
use crate::trouble::Trouble;
use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::process::{Command, Stdio};
use uploader::Uploader;

/// The name in plans for uploads with a command.
pub const COMMAND: &str = "command";

/// The maximum number of concurrent uploads.
const WORKERS: usize = 8;

/// Uploads are recorded in the journal in bundles of this size.
const BUNDLE: usize = 64;

/// The permitted targets of uploads, from the command line: a plan may come from anybody, so it cannot choose a
/// target by itself.
#[derive(Debug, Clone, Default)]
pub struct UploadTarget {
    /// The store, `s3://bucket/prefix`, if the plan uploads to one.
    pub store: Option<String>,
    /// The command that uploads a copy, if the plan needs one.
    pub command: Option<String>,
}

/// Splits `s3://bucket/prefix` into the store, `s3://bucket`, and the prefix.
///
/// # Errors
/// The URL does not have this form, or this postmend was built without uploads.
pub fn store_and_prefix(url: &str) -> Result<(String, String), Trouble> {
    let rest = url.strip_prefix("s3://").unwrap_or_default();
    let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
    if bucket.is_empty() {
        return Err(Trouble::new(format!("`{url}` is not a store"), "use the form s3://bucket/prefix"));
    }
    if cfg!(not(feature = "upload")) {
        return Err(without_uploads());
    }
    Ok((format!("s3://{bucket}"), prefix.to_owned()))
}

fn without_uploads() -> Trouble {
    Trouble::new(
        "this postmend was built without uploads",
        "build it with `--features upload`, or give `--upload-command`",
    )
}

/// Uploads copies, except those that the run uploaded before. Returns for each whether it is new.
///
/// # Errors
/// A store cannot be used at all, or the journal cannot be written.
pub fn upload(
    run: &mut JournalRun,
    copies: &[CopyRow],
    cache: &Folder,
    uploads: (&UploadTarget, Proof),
    progress: &dyn Progress,
) -> Result<Vec<Result<bool, Trouble>>, Trouble> {
    if copies.is_empty() {
        return Ok(Vec::new());
    }
    let before: HashSet<String> = run.entries()?.into_iter().filter_map(uploaded).collect();
    let mut targets: HashMap<&str, Box<dyn Uploader>> = HashMap::new();
    for store in copies.iter().filter_map(|copy| copy.upload.as_deref()) {
        if !targets.contains_key(store) {
            targets.insert(store, target(store, uploads)?);
        }
    }
    let pool = rayon::ThreadPoolBuilder::new().num_threads(WORKERS).build();
    let pool = pool.map_err(|error| Trouble::new(format!("cannot start threads: {error}"), "try again"))?;
    progress.start(Things::Images, copies.len());
    let put = |copy: &CopyRow| {
        let is_there = before.contains(&copy.to);
        let done = match is_there {
            true => Ok(false),
            false => check_target(copy, uploads).and_then(|()| upload_copy(copy, cache, &targets)),
        };
        progress.advance(1);
        done
    };
    let mut answers = Vec::new();
    for bundle in copies.chunks(BUNDLE) {
        let done = pool.install(|| parallel::map(bundle, put));
        let files = bundle.iter().zip(&done).filter(|(_, done)| matches!(done, Ok(true)));
        run.uploaded(files.map(|(copy, _)| created(copy)).collect())?;
        answers.extend(done);
    }
    progress.finish();
    Ok(answers)
}

fn uploaded(entry: Entry) -> Option<String> {
    match entry {
        Entry::Uploaded(file) => Some(file.path),
        _ => None,
    }
}

fn created(copy: &CopyRow) -> Uploaded {
    Uploaded { path: copy.to.clone(), hash: copy.hash.clone(), from: copy.from.clone() }
}

fn upload_copy(
    copy: &CopyRow,
    cache: &Folder,
    targets: &HashMap<&str, Box<dyn Uploader>>,
) -> Result<bool, Trouble> {
    let bytes = fetched(copy, cache)?;
    let target = targets.get(copy.upload.as_deref().unwrap_or_default());
    let target = target.ok_or_else(without_uploads)?;
    target.put(copy, &cache.path().join(cached(&copy.from).path()), bytes).map_err(|reason| {
        Trouble::new(
            format!("cannot upload {}: {reason}", copy.to),
            "fix the problem, then run `postmend migrate resume`",
        )
    })
}

/// Checks that a copy goes into the part of the store that the command line names.
fn check_target(copy: &CopyRow, (uploads, proof): (&UploadTarget, Proof)) -> Result<(), Trouble> {
    // The user's command may use the name as a path.
    RelativePath::new(Path::new(&copy.to)).map_err(|why| no_place(&copy.to, why))?;
    let store = copy.upload.as_deref().unwrap_or_default();
    if store == COMMAND || proof == Proof::Planned {
        return Ok(());
    }
    let (_, prefix) = store_and_prefix(uploads.store.as_deref().unwrap_or_default())?;
    let prefix = prefix.trim_matches('/');
    let rest = copy.to.strip_prefix(prefix);
    if rest.is_some_and(|rest| prefix.is_empty() || rest.starts_with('/')) {
        return Ok(());
    }
    let message = format!("{store}/{} is not in the store that `--upload` names", copy.to);
    Err(Trouble::new(message, "fix the plan, or `--upload`"))
}

fn target(store: &str, (uploads, proof): (&UploadTarget, Proof)) -> Result<Box<dyn Uploader>, Trouble> {
    if store == COMMAND {
        let command = uploads.command.as_deref().ok_or_else(|| {
            let message = "the plan needs an upload command, which is never taken from a file";
            Trouble::new(message, "give it with `--upload-command`")
        })?;
        return Ok(Box::new(ByCommand(command.to_owned())));
    }
    let named = uploads.store.as_deref().map(store_and_prefix).transpose()?;
    if proof == Proof::Anew && named.is_none_or(|(named, _)| named != store) {
        let message = format!("the plan uploads to {store}, which is never taken from a file");
        return Err(Trouble::new(message, format!("confirm it with `--upload {}`", in_line(store))));
    }
    #[cfg(feature = "upload")]
    return s3::S3::open(store).map(|s3| Box::new(s3) as Box<dyn Uploader>);
    #[cfg(not(feature = "upload"))]
    Err(without_uploads())
}

/// Uploads with a shell command.
struct ByCommand(String);

impl Uploader for ByCommand {
    #[expect(clippy::disallowed_methods, reason = "the command line names the command")]
    fn put(&self, copy: &CopyRow, file: &Path, _: Vec<u8>) -> Result<bool, String> {
        let (shell, flag) = if cfg!(windows) { ("cmd", "/C") } else { ("sh", "-c") };
        let ran = Command::new(shell)
            .args([flag, &self.0])
            .env("POSTMEND_FILE", file)
            .env("POSTMEND_NAME", &copy.to)
            .env("POSTMEND_TYPE", &copy.media_type)
            .env("POSTMEND_FROM", &copy.from)
            .stdin(Stdio::null())
            .output()
            .map_err(|error| format!("cannot start {shell}: {error}"))?;
        if ran.status.success() {
            return Ok(true);
        }
        let errors = String::from_utf8_lossy(&ran.stderr);
        let errors = errors.trim().lines().last().unwrap_or_default();
        Err(format!("the command failed with {}: {errors}", ran.status))
    }
}
