//! Backwards: small mistakes that somebody put right later, and whether postmend finds them before that.

use super::check::{GateChecker, ReplayedFinding};
use super::diff::{Hunk, hunks};
use super::history::{Commit, Happened, History, is_post};
use super::kind::{MistakeKind, kind_of};
use postmend_core::{Generator, front};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

/// A commit that changes more posts or lines than this puts more right than a small mistake.
const MOST_POSTS: usize = 4;
const MOST_HUNKS: usize = 6;

/// A small mistake that was put right.
struct MendedMistake {
    kind: MistakeKind,
    is_caught: bool,
}

/// Steps through the history, and checks posts before and after each small fix. The list of all goes to `report`.
pub(super) fn replay(
    history: &History,
    checker: &GateChecker,
    report: &Path,
) -> Result<Vec<(MistakeKind, bool)>, String> {
    let commits = history.commits(1_000_000)?;
    let mut mended = Vec::new();
    let mut list = String::new();
    let mut before: Option<&Commit> = None;
    for commit in &commits {
        let Some(parent) = before.replace(commit) else {
            history.step(&commit.hash, &history.all(&commit.hash)?)?;
            continue;
        };
        let changes = history.changes(&parent.hash, &commit.hash)?;
        let posts: Vec<&String> = changes.keys().filter(|path| is_post(path)).collect();
        let is_small = !posts.is_empty()
            && posts.len() <= MOST_POSTS
            && posts.iter().all(|post| matches!(changes[*post], Happened::Changed(_)));
        if !is_small {
            history.step(&commit.hash, &changes)?;
            continue;
        }
        let mistakes = mistakes(history, &parent.hash, &commit.hash, &posts)?;
        if mistakes.is_empty() {
            history.step(&commit.hash, &changes)?;
            continue;
        }
        let named: Vec<&str> = ["--"].into_iter().chain(posts.iter().map(|post| post.as_str())).collect();
        let found = checker.check(&named)?.findings;
        history.step(&commit.hash, &changes)?;
        let left = checker.check(&named)?.findings;
        for (post, hunk, kind) in &mistakes {
            let by = caught_by(post, hunk, &found, &left);
            let mark = by.map_or("missed".to_owned(), |finding| format!("caught by {}", finding.rule));
            let _ = writeln!(
                list,
                "{mark}: {kind:?}: {} {post}:{} ({})\n- {}\n+ {}",
                &commit.hash[..12],
                hunk.first,
                commit.subject,
                hunk.removed.join("\n- "),
                hunk.added.join("\n+ ")
            );
            mended.push(MendedMistake { kind: *kind, is_caught: by.is_some() });
        }
    }
    std::fs::write(report, list).map_err(|error| format!("cannot write {}: {error}", report.display()))?;
    Ok(mended.into_iter().map(|mistake| (mistake.kind, mistake.is_caught)).collect())
}

/// The small mistakes that a commit puts right, if it does nothing else in posts.
fn mistakes<'p>(
    history: &History,
    from: &str,
    to: &str,
    posts: &[&'p String],
) -> Result<Vec<(&'p String, Hunk, MistakeKind)>, String> {
    let mut mistakes = Vec::new();
    for post in posts {
        let hunks = hunks(history, from, to, post)?;
        if hunks.len() + mistakes.len() > MOST_HUNKS {
            return Ok(Vec::new());
        }
        let text = history.content(from, post)?;
        let body = body_of(&String::from_utf8_lossy(&text));
        for hunk in hunks {
            let Some(kind) = kind_of(&hunk, body) else { return Ok(Vec::new()) };
            mistakes.push((*post, hunk, kind));
        }
    }
    Ok(mistakes)
}

/// The number of the first line after the front matter, from 1.
fn body_of(text: &str) -> usize {
    let body = front::read(text, Generator::None).body;
    text[..body].matches('\n').count() + 1
}

/// A finding on the lines that were removed, of which there are fewer afterwards.
fn caught_by<'f>(
    post: &str,
    hunk: &Hunk,
    found: &'f [ReplayedFinding],
    left: &[ReplayedFinding],
) -> Option<&'f ReplayedFinding> {
    let last = hunk.first + hunk.removed.len();
    let is_here = |finding: &&ReplayedFinding| {
        finding.post == post && finding.lines.0 < last && finding.lines.1 >= hunk.first
    };
    let count = |list: &[ReplayedFinding], like: &ReplayedFinding| {
        let same = |other: &&ReplayedFinding| {
            other.post == like.post && other.rule == like.rule && other.message == like.message
        };
        list.iter().filter(same).count()
    };
    found.iter().filter(is_here).find(|finding| count(left, finding) < count(found, finding))
}

/// The results of all repositories.
#[derive(Default)]
pub(super) struct MendedTable {
    rows: Vec<String>,
    by_kind: BTreeMap<MistakeKind, [usize; 2]>,
}

impl MendedTable {
    pub(super) fn add(&mut self, name: &str, mended: Vec<(MistakeKind, bool)>) {
        let caught = mended.iter().filter(|(_, is_caught)| *is_caught).count();
        self.rows.push(format!("| {name} | {} | {caught} |", mended.len()));
        for (kind, is_caught) in mended {
            let [all, caught] = self.by_kind.entry(kind).or_default();
            *all += 1;
            *caught += usize::from(is_caught);
        }
    }

    pub(super) fn page(&self) -> String {
        let mut page = "## What it would have caught\n\n\
            | kind of mistake | put right | caught | % |\n|---|---|---|---|\n"
            .to_owned();
        let line = |name: &str, [all, caught]: [usize; 2]| {
            format!("| {name} | {all} | {caught} | {:.1} |\n", 100.0 * caught as f64 / all.max(1) as f64)
        };
        let mut total = [0, 0];
        for (kind, name) in MistakeKind::ALL {
            let counts = self.by_kind.get(&kind).copied().unwrap_or_default();
            total = [total[0] + counts[0], total[1] + counts[1]];
            page += &line(name, counts);
        }
        page += &line("all", total);
        let _ =
            write!(page, "\n| repository | put right | caught |\n|---|---|---|\n{}\n", self.rows.join("\n"));
        page
    }
}
