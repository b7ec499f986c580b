//! The debt of an old repository: findings that were there before the gate, and do not fail it.

use crate::args::{BaselineArguments, BaselineCommand, Choice, RunArguments};
use crate::examine::finder;
use crate::named;
use crate::paths;
use crate::posts::PostFile;
use crate::project::Trust;
use crate::run::{self, Examined, Stop, Task};
use crate::store::{About, Store, Writer};
use crate::terminal::{counted, output_failed, progress_bar, start, tell_all};
use crate::trouble::Trouble;
use crate::usage;
use postmend_engine::disk::{self, Below};
use postmend_engine::print::{line, say};
use postmend_rules::Claims;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Its name, if no other one is told.
pub const FILE_NAME: &str = "postmend-baseline.json";
/// The number of its shape.
const VERSION: u32 = 1;
/// So many posts that are gone and had the same finding are compared with one that is new.
const MOST_ALIKE: usize = 64;
/// These say that postmend failed, which is nobody's debt.
const NEVER: [&str; 2] = ["internal-error", "refused-fix"];

/// What the file says. A post's path has `/`, and is relative to the file's folder.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Page {
    version: u32,
    posts: BTreeMap<String, Debt>,
}

/// The fingerprints of a post's findings, by rule.
type Debt = BTreeMap<String, BTreeSet<String>>;

/// The debt that is known, and what of it was found again.
#[derive(Debug)]
pub struct Baseline {
    path: PathBuf,
    root: PathBuf,
    posts: BTreeMap<String, Debt>,
    /// Posts that are there no more, by each of their findings: one that moved keeps its debt.
    gone: HashMap<(String, String), BTreeSet<String>>,
    /// Where posts were that have moved, by where they are.
    moved: BTreeMap<String, String>,
    /// What was found again, under the paths that posts have now.
    again: BTreeMap<String, Debt>,
    /// The posts that were looked at, under the paths that the baseline has for them.
    seen: BTreeSet<String>,
    /// How many findings were hidden.
    hidden: usize,
}

impl Baseline {
    /// The one that the arguments name, or the nearest one at or above the posts; `None` if there is none or
    /// none is wanted.
    ///
    /// # Errors
    /// It cannot be read, or is none.
    pub fn of(arguments: &RunArguments) -> Result<Option<Self>, Trouble> {
        let trust = trust_in(&arguments.choice);
        let limit = arguments.choice.posts.limits.config();
        Self::place(arguments).map(|path| Self::read(&path, trust, limit)).transpose()
    }

    /// Where it is.
    pub fn place(arguments: &RunArguments) -> Option<PathBuf> {
        if arguments.no_baseline {
            return None;
        }
        let choice = &arguments.choice;
        // One of the tree may have been written to hide what is checked.
        let nearest = || if choice.posts.isolated { None } else { nearest(choice.posts.first_path()) };
        choice.baseline.clone().or_else(nearest)
    }

    /// The one in a file.
    ///
    /// # Errors
    /// It cannot be read, or is none.
    pub fn read(path: &Path, trust: Trust, limit: u64) -> Result<Self, Trouble> {
        let trouble = |error| Trouble::with_path("read", path, &error);
        let text = match trust {
            Trust::Found => disk::read(path, limit).map_err(trouble),
            Trust::Named | Trust::NamedAlone => named::read(path, limit),
        };
        let text = text?;
        let help = "`postmend baseline write` makes a new one";
        let page: Page = serde_json::from_slice(&text).map_err(|error| {
            let (path, line, column) = (path.display(), error.line(), error.column());
            Trouble::new(format!("{path} is no baseline: there is a mistake at {line}:{column}"), help)
        })?;
        if page.version != VERSION {
            let message = format!("{} is a baseline of another version of postmend", path.display());
            return Err(Trouble::new(message, help));
        }
        Ok(Self::new(path, trust, page.posts))
    }

    fn new(path: &Path, trust: Trust, posts: BTreeMap<String, Debt>) -> Self {
        let absolute = paths::absolute(path);
        // One that is not of the tree names posts as if it were.
        let root = match trust {
            Trust::NamedAlone => paths::top(),
            Trust::Found | Trust::Named => absolute.parent().map(Path::to_owned).unwrap_or_default(),
        };
        let mut gone: HashMap<(String, String), BTreeSet<String>> = HashMap::new();
        for (post, debt) in posts.iter().filter(|(post, _)| !is_there(&root, post)) {
            for (rule, print) in each(debt) {
                gone.entry((rule.to_owned(), print.to_owned())).or_default().insert(post.clone());
            }
        }
        let (moved, again, seen) = Default::default();
        Self { path: path.to_owned(), root, posts, gone, moved, again, seen, hidden: 0 }
    }

    /// Hides what is known of a post's findings.
    pub fn hide(&mut self, post: &PostFile, examined: &mut Examined) {
        let here = self.key(&post.path);
        let Some(known) = self.known_as(&here, examined) else { return };
        self.seen.insert(known.clone());
        if known != here {
            self.moved.insert(here.clone(), known.clone());
            for (rule, print) in each(&self.posts[&known]) {
                if let Some(posts) = self.gone.get_mut(&(rule.to_owned(), print.to_owned())) {
                    posts.remove(&known);
                }
            }
        }
        let (debt, again) = (&self.posts[&known], self.again.entry(here).or_default());
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

    /// The post that is there no more and had most of these findings, if it had half of them.
    fn moved_from(&self, examined: &Examined) -> Option<String> {
        if self.gone.is_empty() {
            return None;
        }
        let mut shared: BTreeMap<&String, usize> = BTreeMap::new();
        for ((finding, ..), print) in examined.findings.iter().zip(&*examined.fingerprints()) {
            let posts = self.gone.get(&(finding.rule.to_owned(), print.clone())).into_iter().flatten();
            posts.take(MOST_ALIKE).for_each(|post| *shared.entry(post).or_default() += 1);
        }
        let free = shared.into_iter().filter(|(post, _)| !self.seen.contains(*post));
        let (post, count) = free.max_by_key(|(post, count)| (*count, std::cmp::Reverse(*post)))?;
        let had = each(&self.posts[post]).count();
        (2 * count >= had.min(examined.findings.len())).then(|| post.clone())
    }

    /// What was hidden, and what of it is no longer found in the posts that were looked at.
    pub fn told(&self) -> Option<String> {
        let debts = self.posts.iter().filter(|(post, _)| self.seen.contains(*post));
        let known: usize = debts.map(|(_, debt)| each(debt).count()).sum();
        let mended = known - self.hidden;
        let prune = match mended {
            0 => String::new(),
            1 => "; 1 is no longer found, `postmend baseline prune` leaves it out".to_owned(),
            _ => format!("; {mended} are no longer found, `postmend baseline prune` leaves them out"),
        };
        let hidden = counted(self.hidden, "finding");
        (known > 0).then(|| format!("{hidden} of {} hidden{prune}", self.path.display()))
    }

    /// What would grow, by folder and rule; the debt of a post that moved goes with it.
    fn grown(&self, after: &BTreeMap<String, Debt>) -> Vec<String> {
        let moved: BTreeMap<&String, &String> = self.moved.iter().map(|(here, was)| (was, here)).collect();
        let here = |post: &String| moved.get(post).map_or(post, |here| here).clone();
        let before = self.posts.iter().map(|(post, debt)| (here(post), debt.clone())).collect();
        let (before, after) = (by_folder(&before), by_folder(after));
        let grows = after.iter().filter_map(|((folder, rule), now)| {
            let was = before.get(&(folder.clone(), rule.clone())).copied().unwrap_or_default();
            (*now > was).then(|| format!("{folder}: {rule} from {was} to {now}"))
        });
        grows.collect()
    }

    fn key(&self, path: &Path) -> String {
        let absolute = paths::absolute(path);
        let below = absolute.strip_prefix(&self.root).unwrap_or(&absolute);
        below.to_string_lossy().replace('\\', "/")
    }

    fn write(&self, posts: BTreeMap<String, Debt>) -> Result<(), Trouble> {
        let trouble = |error: std::io::Error| Trouble::with_path("write", &self.path, &error);
        let posts = posts.into_iter().filter(|(_, debt)| !debt.is_empty()).collect();
        let mut text = serde_json::to_string_pretty(&Page { version: VERSION, posts })
            .map_err(|error| trouble(error.into()))?;
        text.push('\n');
        let mut file = named::create(&self.path)?;
        file.write_all(text.as_bytes()).map_err(trouble)?;
        file.keep(false).map_err(trouble)
    }
}

/// Who says which baseline holds.
fn trust_in(choice: &Choice) -> Trust {
    match (&choice.baseline, choice.posts.isolated) {
        (None, _) => Trust::Found,
        (Some(_), false) => Trust::Named,
        (Some(_), true) => Trust::NamedAlone,
    }
}

/// Whether a post is there that a baseline names, which may come from anybody.
fn is_there(root: &Path, post: &str) -> bool {
    Below::new(Path::new(post)).is_ok_and(|below| disk::is_regular(&root.join(below.path())))
}

fn each(debt: &Debt) -> impl Iterator<Item = (&str, &str)> {
    debt.iter().flat_map(|(rule, prints)| prints.iter().map(|print| (rule.as_str(), print.as_str())))
}

/// The nearest one at or above a path.
pub fn nearest(path: &Path) -> Option<PathBuf> {
    let absolute = std::path::absolute(path).ok()?;
    let found = absolute.ancestors().map(|above| above.join(FILE_NAME)).find(|path| path.is_file())?;
    Some(paths::shown(&found).to_owned())
}

/// `postmend baseline`
pub fn baseline(arguments: &BaselineArguments) -> Result<ExitCode, Trouble> {
    let BaselineArguments { command, choice, grow } = arguments;
    start(&choice.posts)?;
    // Where a link leads elsewhere, nothing is written there.
    named::place(choice.posts.first_path())?;
    let place = match (&choice.baseline, nearest(choice.posts.first_path())) {
        (Some(told), _) => told.clone(),
        (None, Some(nearest)) => nearest,
        (None, None) => {
            paths::shown(&Store::of(choice.posts.first_path())?.root().join(FILE_NAME)).to_owned()
        }
    };
    let is_new = !place.exists();
    if is_new && *command == BaselineCommand::Prune {
        return Err(Trouble::new("there is no baseline to prune", "`postmend baseline write` makes one"));
    }
    let trust = trust_in(choice);
    let mut known = match is_new {
        true => Baseline::new(&place, trust, BTreeMap::new()),
        false => Baseline::read(&place, trust, choice.posts.limits.config())?,
    };
    let mut found: BTreeMap<String, Debt> = BTreeMap::new();
    let mut finder = finder(choice);
    let (posts, mut troubles) = finder.find()?;
    usage::gather(&mut finder)?;
    let bar = progress_bar(choice.posts.quiet, posts.len());
    let mut writer = Writer::new(About::now("baseline"), false);
    let mut claims = Claims::default();
    let mut take_in = |post: &PostFile, mut examined: Examined| {
        troubles.extend(examined.trouble.take());
        let debt = found.entry(known.key(&post.path)).or_default();
        let prints = examined.fingerprints().into_owned();
        for ((finding, ..), print) in examined.findings.iter().zip(&prints) {
            if !NEVER.contains(&finding.rule) {
                debt.entry(finding.rule.to_owned()).or_default().insert(print.clone());
            }
        }
        examined.prints = Some(prints);
        known.hide(post, &mut examined);
    };
    let mut number = 0;
    let ran = run::run(
        &posts,
        &Task::Check,
        None,
        &mut writer,
        |bundle, examined| {
            for (post, examined) in bundle.iter().zip(examined) {
                for (rule, claim) in &examined.claims {
                    claims.add(number, post.site_number, rule, &claim.key);
                }
                number += 1;
                take_in(post, examined);
            }
            Ok(())
        },
        |count| bar.inc(count as u64),
    );
    bar.finish_and_clear();
    if let Err(Stop::Job(trouble)) = ran {
        return Err(trouble);
    }
    for (number, contests) in &claims.contested() {
        take_in(&posts[*number], run::contested(&posts[*number], contests, &posts));
    }
    tell_all(&troubles);
    // Posts that were not looked at keep what they have, if they are still there.
    let has_troubles = !troubles.is_empty();
    let others = known.posts.iter().filter(|(post, _)| {
        let is_kept = has_troubles || is_there(&known.root, post);
        !found.contains_key(*post) && !known.seen.contains(*post) && is_kept
    });
    let others: BTreeMap<String, Debt> = others.map(|(post, debt)| (post.clone(), debt.clone())).collect();
    let mut after = if *command == BaselineCommand::Prune { known.again.clone() } else { found };
    after.extend(others);
    let grown = if *command == BaselineCommand::Prune { Vec::new() } else { known.grown(&after) };
    if !is_new && !grown.is_empty() && !grow {
        for grown in &grown {
            output_failed(line(format_args!("{grown}")))?;
        }
        say(format_args!("the baseline stays as it is, as it would grow; `--grow` lets it"));
        return Ok(ExitCode::from(1));
    }
    let count = |posts: &BTreeMap<String, Debt>| posts.values().flat_map(each).count();
    let (before, now) = (count(&known.posts), count(&after));
    known.write(after)?;
    let was = if is_new { String::new() } else { format!(", before {before}") };
    if !choice.posts.quiet {
        say(format_args!("{}: {}{was}", place.display(), counted(now, "finding")));
    }
    Ok(ExitCode::from(if troubles.is_empty() { 0 } else { 2 }))
}

fn by_folder(posts: &BTreeMap<String, Debt>) -> BTreeMap<(String, String), usize> {
    let mut counts = BTreeMap::new();
    for (post, debt) in posts {
        let folder = post.rsplit_once('/').map_or(".", |(folder, _)| folder);
        for (rule, prints) in debt {
            *counts.entry((folder.to_owned(), rule.clone())).or_default() += prints.len();
        }
    }
    counts
}
