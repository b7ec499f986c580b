//! `postmend check --watch`: checks again when a post, or a file that affects it, changes.

use crate::args::report::RunArguments;
use crate::print::{eprint_line, is_terminal, write_raw};
use crate::run::{Job, over_posts};
use crate::terminal::{print_trouble, start};
use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher};
use postmend_engine::baseline;
use postmend_engine::config::{self, Config};
use postmend_engine::detect_generator;
use postmend_engine::find_posts::{FindOptions, Finder};
use postmend_engine::paths::parent;
use postmend_engine::trouble::Trouble;
use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// After an event, wait until nothing happens for this long: editors write a file in several steps.
const QUIET: Duration = Duration::from_millis(100);

/// The maximum wait, as files may be written continuously.
const PATIENCE: Duration = Duration::from_secs(2);

/// Folders that change frequently and contain no posts.
const BUSY: [&str; 2] = [".git", ".postmend"];

/// Files that affect which posts there are.
const LISTS: [&str; 2] = [".gitignore", ".ignore"];

/// Clears the screen and moves the cursor to its first line; the scrollback stays.
const CLEAR: &str = "\x1B[2J\x1B[H";

/// The changes since the posts were checked.
#[derive(Debug, Default)]
struct Changes {
    paths: BTreeSet<PathBuf>,
    /// Whether the system dropped events, so that anything may have changed.
    is_anything: bool,
}

/// The files that affect the result of a check.
#[derive(Debug, PartialEq, Eq)]
struct WatchedFiles {
    posts: BTreeSet<PathBuf>,
    /// Files that affect how posts are checked.
    files: BTreeSet<PathBuf>,
}

/// Checks, and checks again after each change, until the user stops it.
pub fn watch(arguments: &RunArguments) -> Result<ExitCode, Trouble> {
    start(&arguments.selection.posts)?;
    let watched = Watched::of(arguments);
    let (give, changes) = channel();
    let handler = move |event: notify::Result<Event>| {
        if event.as_ref().map_or(true, is_change) {
            // If the receiver is gone, the job has ended.
            let _ = give.send(event);
        }
    };
    // The search for posts does not follow symlinks either.
    let options = notify::Config::default().with_follow_symlinks(false);
    let mut watcher = RecommendedWatcher::new(handler, options).map_err(|error| watch_trouble(&error))?;
    let mut found = watched.found();
    for (folder, mode) in watched.folders(found.as_ref())? {
        watcher.watch(&folder, mode).map_err(|error| watch_trouble(&error))?;
    }
    loop {
        if is_terminal() {
            let _ = write_raw(CLEAR.as_bytes());
        }
        match over_posts(arguments, &Job::CHECK) {
            Ok(ended) if !ended.is_output_open => return Ok(ended.code),
            Ok(_) => {}
            Err(trouble) => print_trouble(&trouble),
        }
        if !arguments.selection.posts.quiet {
            eprint_line(format_args!("watching; press Ctrl-C to end"));
        }
        loop {
            let change = next_change(&changes)?;
            let before = std::mem::replace(&mut found, watched.found());
            if change.is_anything || before != found || affects_posts(&change.paths, found.as_ref()) {
                break;
            }
        }
    }
}

/// Whether an event is more than a read access.
fn is_change(event: &Event) -> bool {
    let is_busy =
        |path: &PathBuf| path.components().any(|part| BUSY.iter().any(|busy| part.as_os_str() == *busy));
    event.need_rescan() || !(event.kind.is_access() || event.paths.iter().all(is_busy))
}

/// The folder of a path; itself if it is one.
fn folder_of(path: &Path) -> PathBuf {
    if path.is_dir() { path.to_owned() } else { parent(path).to_owned() }
}

/// The options that determine what is watched.
struct Watched {
    find: FindOptions,
    baselines: Vec<PathBuf>,
}

impl Watched {
    fn of(arguments: &RunArguments) -> Self {
        let find = arguments.selection.find();
        let named = arguments.selection.baseline.clone();
        let nearest =
            || find.paths.iter().filter_map(|path| baseline::nearest(&folder_of(path), &find.files));
        let baselines = match (arguments.no_baseline, named) {
            (true, _) => Vec::new(),
            (_, Some(named)) => vec![named],
            _ if find.isolated => Vec::new(),
            _ => nearest().collect(),
        };
        Self { baselines, find }
    }

    /// The folders to watch: those that are named, and those that contain named files or configs.
    fn folders(&self, found: Option<&WatchedFiles>) -> Result<Vec<(PathBuf, RecursiveMode)>, Trouble> {
        let mut whole = BTreeSet::new();
        let mut alone = BTreeSet::new();
        for path in &self.find.paths {
            let real =
                std::fs::canonicalize(path).map_err(|error| Trouble::with_path("read", path, &error))?;
            if real.is_dir() {
                whole.insert(real);
            } else {
                alone.insert(parent(path).to_owned());
            }
        }
        alone.extend(self.files().iter().map(|path| parent(path).to_owned()));
        alone.extend(found.iter().flat_map(|found| &found.files).map(|path| parent(path).to_owned()));
        let alone: BTreeSet<PathBuf> =
            alone.into_iter().filter_map(|folder| std::fs::canonicalize(folder).ok()).collect();
        let is_below =
            |path: &Path, folders: &BTreeSet<PathBuf>| folders.iter().any(|folder| path.starts_with(folder));
        let alone = alone.into_iter().filter(|folder| !is_below(folder, &whole)).collect::<Vec<_>>();
        let mut folders: Vec<_> =
            whole.into_iter().map(|folder| (folder, RecursiveMode::Recursive)).collect();
        folders.extend(alone.into_iter().map(|folder| (folder, RecursiveMode::NonRecursive)));
        Ok(folders)
    }

    /// The files that affect the named paths, as far as they are known before posts are searched.
    fn files(&self) -> Vec<PathBuf> {
        let mut files: Vec<PathBuf> = self.baselines.clone();
        match &self.find.config {
            Some(config) => files.push(config.clone()),
            None => {
                files.extend(self.find.paths.iter().filter_map(|path| Config::find(&folder_of(path))));
            }
        }
        files
    }

    /// The posts and the files that affect them; `None` if a config cannot be used.
    fn found(&self) -> Option<WatchedFiles> {
        let mut finder = Finder::new(&self.find);
        let (posts, _) = finder.find().ok()?;
        let posts = with_real_folders(posts.into_iter().map(|post| post.path));
        Some(WatchedFiles { posts, files: with_real_folders(finder.config_files().chain(self.files())) })
    }
}

/// The paths with symlinks of their folders resolved; the files may no longer exist.
fn with_real_folders(paths: impl Iterator<Item = PathBuf>) -> BTreeSet<PathBuf> {
    let mut folders: HashMap<PathBuf, PathBuf> = HashMap::new();
    let resolve = |path: PathBuf| {
        let folder = parent(&path);
        let cached = folders.get(folder).cloned();
        let folder = cached.unwrap_or_else(|| {
            let real = std::fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
            folders.insert(folder.to_owned(), real.clone());
            real
        });
        path.file_name().map_or(path.clone(), |name| folder.join(name))
    };
    paths.map(resolve).collect()
}

/// Waits for a change, and then until no more follow.
fn next_change(changes: &Receiver<notify::Result<Event>>) -> Result<Changes, Trouble> {
    let mut change = Changes::default();
    let ended = |_| Trouble::new("the watch has stopped", "start it again");
    let mut event = changes.recv().map_err(ended)?;
    let start = Instant::now();
    loop {
        match event {
            Ok(event) => {
                change.is_anything |= event.need_rescan();
                change.paths.extend(with_real_folders(event.paths.into_iter()));
            }
            Err(error) => print_trouble(&watch_trouble(&error)),
        }
        match changes.recv_timeout(QUIET) {
            Ok(next) if start.elapsed() < PATIENCE => event = next,
            Ok(_) | Err(_) => return Ok(change),
        }
    }
}

/// Whether a post changed, or a file that affects posts. If a config cannot be used, any change may have fixed it.
fn affects_posts(changed: &BTreeSet<PathBuf>, found: Option<&WatchedFiles>) -> bool {
    let Some(WatchedFiles { posts, files }) = found else { return true };
    let is_config_or_list = |path: &Path| {
        let is_called = |name: &&str| path.file_name().is_some_and(|file| file == *name);
        LISTS.iter().chain(&[config::FILE_NAME, baseline::FILE_NAME]).any(is_called)
            || detect_generator::is_evidence_file(path)
    };
    changed.iter().any(|path| posts.contains(path) || files.contains(path) || is_config_or_list(path))
}

fn watch_trouble(error: &notify::Error) -> Trouble {
    let path = error.paths.first().map_or_else(String::new, |path| format!(" {}", path.display()));
    let (why, help) = match &error.kind {
        notify::ErrorKind::MaxFilesWatch => (
            "the system cannot watch more folders".to_owned(),
            "watch fewer folders, or on Linux raise fs.inotify.max_user_watches",
        ),
        notify::ErrorKind::PathNotFound => ("no such path".to_owned(), "check the path"),
        notify::ErrorKind::Io(error) => (error.to_string(), "check its permissions"),
        kind => (format!("{kind:?}"), ""),
    };
    Trouble::new(format!("cannot watch{path}: {why}"), help)
}
