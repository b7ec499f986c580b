//! Forwards: a baseline some commits ago, and each later commit checked as CI would.

use super::check::{GateChecker, ReplayedFinding};
use super::history::{History, is_post};
use super::verdicts::{BlockVerdict, Verdicts};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::Duration;

/// The file of the baseline.
const BASELINE: &str = "postmend-baseline.json";

/// What the gate did to the commits of a repository.
pub(super) struct ForwardsRun {
    commits: usize,
    /// The commits that change posts, and the time that their checks took.
    checked: Vec<Duration>,
    /// The findings that stopped a commit.
    blocks: Vec<Vec<ReplayedFinding>>,
}

/// Checks the last commits. What stops one is taken into the baseline, so that it stops no other.
pub(super) fn replay(
    history: &History,
    checker: &GateChecker,
    count: usize,
    name: &str,
    verdicts: &mut Verdicts,
) -> Result<ForwardsRun, String> {
    let commits = history.commits(count + 1)?;
    let [first, later @ ..] = commits.as_slice() else { return Err(format!("{name} has no commits")) };
    let all = history.all(&first.hash)?;
    history.step(&first.hash, &all)?;
    history.commit_with(&all, None, None)?;
    checker.run(&["baseline", "write", "--quiet"])?;
    let mut before = history.commit_with(&BTreeMap::new(), Some(BASELINE), None)?;
    let mut last = first;
    let mut run = ForwardsRun { commits: later.len(), checked: Vec::new(), blocks: Vec::new() };
    for commit in later {
        let changes = history.changes(&last.hash, &commit.hash)?;
        history.step(&commit.hash, &changes)?;
        last = commit;
        let now = history.commit_with(&changes, Some(BASELINE), Some(&before))?;
        if changes.keys().any(|path| is_post(path)) {
            let since = format!("--changed={before}");
            let checked =
                checker.check(&[&since]).map_err(|error| format!("{name} {}: {error}", commit.hash))?;
            run.checked.push(checked.time);
            if checked.fails {
                let findings: Vec<_> =
                    checked.findings.into_iter().filter(|finding| finding.severity != "info").collect();
                for finding in &findings {
                    verdicts.note(name, &commit.hash, finding, &line_of(history, finding));
                }
                run.blocks.push(findings);
                checker.run(&["baseline", "write", "--grow", "--quiet", &since])?;
            }
        }
        before = now;
    }
    Ok(run)
}

fn line_of(history: &History, finding: &ReplayedFinding) -> String {
    let bytes = std::fs::read(history.folder().join(&finding.post)).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    text.lines().nth(finding.lines.0.saturating_sub(1)).unwrap_or_default().trim().to_owned()
}

/// The results of all repositories.
#[derive(Default)]
pub(super) struct BlockTable {
    rows: Vec<String>,
    by_rule: BTreeMap<String, usize>,
    total: [usize; 6],
}

impl BlockTable {
    pub(super) fn add(&mut self, name: &str, run: ForwardsRun, verdicts: &Verdicts) {
        let of_kind = |kind| run.blocks.iter().filter(|block| verdicts.of(name, block) == kind).count();
        let kinds = [BlockVerdict::Right, BlockVerdict::Wrong, BlockVerdict::Noisy, BlockVerdict::Unjudged];
        let [right, wrong, noisy, unjudged] = kinds.map(of_kind);
        let counts = [run.commits, run.checked.len(), right, wrong, noisy, unjudged];
        self.total.iter_mut().zip(counts).for_each(|(total, count)| *total += count);
        let mut times = run.checked;
        times.sort_unstable();
        let time =
            |share: usize| times.get(times.len() * share / 100).or(times.last()).copied().unwrap_or_default();
        self.rows.push(format!(
            "| {name} | {} | {} | {} |",
            counts.map(|count| count.to_string()).join(" | "),
            milliseconds(time(50)),
            milliseconds(time(95))
        ));
        for finding in run.blocks.iter().flatten() {
            *self.by_rule.entry(finding.rule.clone()).or_default() += 1;
        }
    }

    pub(super) fn page(&self) -> String {
        let mut page = "## What the gate would have stopped\n\n\
            | repository | commits | with posts | right | wrong | noisy | not judged | median ms | 95 % ms |\n\
            |---|---|---|---|---|---|---|---|---|\n"
            .to_owned();
        let [commits, _, right, wrong, noisy, _] = self.total;
        let _ = writeln!(page, "{}", self.rows.join("\n"));
        let _ = writeln!(page, "| all | {} | | |", self.total.map(|count| count.to_string()).join(" | "));
        let per_hundred = |count: usize| 100.0 * count as f64 / commits.max(1) as f64;
        let _ = writeln!(
            page,
            "\nPer 100 commits: {:.2} right, {:.2} wrong or noisy.\n\n| rule | findings that stopped a commit |\n|---|---|",
            per_hundred(right),
            per_hundred(wrong + noisy)
        );
        let mut rules: Vec<_> = self.by_rule.iter().collect();
        rules.sort_by_key(|(rule, count)| (std::cmp::Reverse(**count), *rule));
        for (rule, count) in rules {
            let _ = writeln!(page, "| {rule} | {count} |");
        }
        page
    }
}

/// Milliseconds for a table.
fn milliseconds(time: Duration) -> String {
    format!("{:.0}", time.as_secs_f64() * 1000.0)
}
