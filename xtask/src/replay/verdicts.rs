//! What people think of the findings that stopped a commit, in a file of lines with tabs. A new finding has `?`; write
//! `right`, `wrong` or `noisy` in its place, and it stays when the replay is repeated.

use super::check::ReplayedFinding;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// The verdicts of all repositories.
pub(super) struct Verdicts {
    path: PathBuf,
    /// By repository, post, rule and fingerprint.
    lines: BTreeMap<FindingKey, JudgedFinding>,
}

type FindingKey = [String; 4];

struct JudgedFinding {
    verdict: String,
    /// Commit, line, message and text.
    about: [String; 4],
}

/// What is thought of a commit that was stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum BlockVerdict {
    /// At least one finding is right.
    Right,
    /// None is right, and one is wrong.
    Wrong,
    /// All that were judged are right, but not worth it.
    Noisy,
    /// Nothing was judged.
    Unjudged,
}

impl Verdicts {
    pub(super) fn read(path: &Path) -> Result<Self, String> {
        let text = std::fs::read_to_string(path).unwrap_or_default();
        let mut lines = BTreeMap::new();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let parts: Vec<String> = line.split('\t').map(str::to_owned).collect();
            let parts: Result<[String; 9], _> = parts.try_into();
            let Ok([verdict, repository, post, rule, print, commit, at, message, text]) = parts else {
                return Err(format!("{}: not nine parts: {line}", path.display()));
            };
            let about = [commit, at, message, text];
            lines.insert([repository, post, rule, print], JudgedFinding { verdict, about });
        }
        Ok(Self { path: path.to_owned(), lines })
    }

    /// Notes a finding that stopped a commit, with the text of its line.
    pub(super) fn note(&mut self, repository: &str, commit: &str, finding: &ReplayedFinding, text: &str) {
        let plain = |text: &str| text.replace(['\t', '\n', '\r'], " ").chars().take(300).collect::<String>();
        let about = [commit.to_owned(), finding.lines.0.to_string(), plain(&finding.message), plain(text)];
        let new = || JudgedFinding { verdict: "?".to_owned(), about: Default::default() };
        self.lines.entry(key(repository, finding)).or_insert_with(new).about = about;
    }

    /// What is thought of a commit that these findings stopped.
    pub(super) fn of(&self, repository: &str, findings: &[ReplayedFinding]) -> BlockVerdict {
        let verdicts = findings.iter().filter_map(|finding| self.lines.get(&key(repository, finding)));
        let verdicts = verdicts.map(|judged| match judged.verdict.as_str() {
            "right" => BlockVerdict::Right,
            "wrong" => BlockVerdict::Wrong,
            "noisy" => BlockVerdict::Noisy,
            _ => BlockVerdict::Unjudged,
        });
        verdicts.min().unwrap_or(BlockVerdict::Unjudged)
    }

    pub(super) fn write(&self) -> Result<(), String> {
        let mut text =
            "# verdict, repository, post, rule, fingerprint, commit, line, message, text\n".to_owned();
        for (
            [repository, post, rule, print],
            JudgedFinding { verdict, about: [commit, at, message, line] },
        ) in &self.lines
        {
            let _ = writeln!(
                text,
                "{verdict}\t{repository}\t{post}\t{rule}\t{print}\t{commit}\t{at}\t{message}\t{line}"
            );
        }
        std::fs::write(&self.path, text)
            .map_err(|error| format!("cannot write {}: {error}", self.path.display()))
    }
}

fn key(repository: &str, finding: &ReplayedFinding) -> FindingKey {
    let plain = |text: &str| text.replace(['\t', '\n', '\r'], " ");
    [repository.to_owned(), plain(&finding.post), finding.rule.clone(), finding.fingerprint.clone()]
}
