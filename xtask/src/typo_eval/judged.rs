//! How many findings of the typo rules on posts of repositories are right, as people judged them. Verdicts are kept, posts
//! are not: the same repositories give the same numbers again, and a change of the rules shows what it gained and lost.

use crate::rows;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The rules that are measured.
const RULES: &str =
    "could-of,inconsistent-wording,misspelling,repeated-word,unknown-word,wrong-article,wrong-ordinal";

/// The file of verdicts: rows of `verdict TAB repository TAB post TAB start TAB end TAB rule`.
const KEPT: &str = "xtask/verdicts.tsv";
const HEAD: &str = "# Verdicts on findings of the typo rules: `right`, `fix` (a mistake, but something else is intended) or `wrong`;\n\
# repository, post, its first and last byte, rule. Kept by `cargo xtask typo-eval --repositories`.\n";

/// Number of bytes before and after a finding that are shown.
const AROUND: usize = 100;

/// Where a finding is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct FindingPlace {
    repository: String,
    post: String,
    start: usize,
    end: usize,
    rule: String,
}

/// The verdicts by place.
type KeptVerdicts = BTreeMap<FindingPlace, String>;

/// What to judge with, and where.
pub(crate) struct JudgedOptions<'w> {
    /// A folder with a folder for each repository.
    pub(crate) repositories: &'w Path,
    /// The postmend to ask.
    pub(crate) binary: PathBuf,
    /// The file of findings, which is written; verdicts in it are kept first.
    pub(crate) findings: &'w Path,
}

/// Asks postmend for the findings of all repositories, writes them to be judged, and returns a table of those that are.
pub(crate) fn judge(root: &Path, wanted: &JudgedOptions<'_>) -> Result<String, String> {
    let path = root.join(KEPT);
    let mut kept = verdicts(&rows::read_or_none(&path)?)?;
    kept.extend(verdicts(&rows::read_or_none(wanted.findings)?)?);
    write(&path, &kept_text(&kept))?;
    let mut tally: BTreeMap<(String, String), BTreeMap<&str, usize>> = BTreeMap::new();
    let mut list = format!("{HEAD}# After those: how safe the fix is, the message, the text around.\n");
    for repository in folders(wanted.repositories)? {
        for finding in findings(&wanted.binary, &repository)? {
            let verdict = kept.get(&finding.place).map_or("?", String::as_str);
            let counts = tally.entry((finding.place.rule.clone(), finding.safety.clone())).or_default();
            *counts.entry(verdict).or_default() += 1;
            let row = row(verdict, &finding.place);
            let _ = writeln!(list, "{row}\t{}\t{}\t{}", finding.safety, finding.message, finding.around);
        }
    }
    write(wanted.findings, &list)?;
    Ok(table(&tally))
}

/// A finding of a post.
struct FoundTypo {
    place: FindingPlace,
    safety: String,
    message: String,
    around: String,
}

fn findings(binary: &Path, repository: &Path) -> Result<Vec<FoundTypo>, String> {
    let name = repository.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let ran = Command::new(binary)
        .args(["check", "--quiet", "--isolated", "--format", "json", "--select", RULES, "."])
        .current_dir(repository)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("cannot run {}: {error}", binary.display()))?;
    let report: Value = serde_json::from_slice(&ran.stdout)
        .map_err(|_| format!("{name}: {}", String::from_utf8_lossy(&ran.stderr).trim()))?;
    let mut found = Vec::new();
    for value in report["findings"].as_array().into_iter().flatten() {
        let text = |key: &str| plain(value[key].as_str().unwrap_or_default());
        let offset = |key: &str| value[key]["offset"].as_u64().unwrap_or_default() as usize;
        let (start, end) = (offset("start"), offset("end"));
        let post = value["path"].as_str().unwrap_or_default();
        let source = fs::read(repository.join(post)).unwrap_or_default();
        let place =
            FindingPlace { repository: name.clone(), post: plain(post), start, end, rule: text("rule") };
        let safety = plain(value["fix"]["safety"].as_str().unwrap_or("none"));
        found.push(FoundTypo {
            place,
            safety,
            message: text("message"),
            around: around(&source, start, end),
        });
    }
    Ok(found)
}

/// The text around a finding, which is marked.
fn around(source: &[u8], start: usize, end: usize) -> String {
    let part = |from: usize, to: usize| {
        String::from_utf8_lossy(source.get(from.min(source.len())..to.min(source.len())).unwrap_or_default())
            .into_owned()
    };
    plain(&format!(
        "{}[[{}]]{}",
        part(start.saturating_sub(AROUND), start),
        part(start, end),
        part(end, end + AROUND)
    ))
}

fn plain(text: &str) -> String {
    text.replace(['\t', '\n', '\r'], " ")
}

fn verdicts(lines: &[String]) -> Result<KeptVerdicts, String> {
    let mut verdicts = BTreeMap::new();
    for line in lines {
        let mut columns = line.split('\t');
        let [verdict, repository, post, start, end, rule] =
            std::array::from_fn(|_| columns.next().unwrap_or_default());
        let (Ok(start), Ok(end)) = (start.parse(), end.parse()) else {
            return Err(format!("no verdict on a place: {line}"));
        };
        if verdict != "?" {
            let [repository, post, rule] = [repository, post, rule].map(str::to_owned);
            verdicts.insert(FindingPlace { repository, post, start, end, rule }, verdict.to_owned());
        }
    }
    Ok(verdicts)
}

fn row(verdict: &str, place: &FindingPlace) -> String {
    let FindingPlace { repository, post, start, end, rule } = place;
    format!("{verdict}\t{repository}\t{post}\t{start}\t{end}\t{rule}")
}

fn kept_text(verdicts: &KeptVerdicts) -> String {
    let rows = verdicts.iter().map(|(place, verdict)| format!("{}\n", row(verdict, place)));
    format!("{HEAD}{}", rows.collect::<String>())
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    fs::write(path, text).map_err(|error| format!("cannot write {}: {error}", path.display()))
}

fn folders(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries =
        fs::read_dir(folder).map_err(|error| format!("cannot read {}: {error}", folder.display()))?;
    let mut paths: Vec<PathBuf> =
        entries.flatten().map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    paths.sort();
    Ok(paths)
}

/// A row for each rule and safety: what was found, what of it is judged, and how many of these are right.
fn table(tally: &BTreeMap<(String, String), BTreeMap<&str, usize>>) -> String {
    let mut table = "| rule | fix | findings | judged | right | another word | wrong | right % |\n|---|---|---|---|---|---|---|---|\n".to_owned();
    for ((rule, safety), counts) in tally {
        let count = |verdict: &str| counts.get(verdict).copied().unwrap_or(0);
        let all: usize = counts.values().sum();
        let [right, fix, wrong] = ["right", "fix", "wrong"].map(count);
        let judged = right + fix + wrong;
        let share = if judged == 0 {
            "–".to_owned()
        } else {
            format!("{:.1}", 100.0 * right as f64 / judged as f64)
        };
        let _ =
            writeln!(table, "| {rule} | {safety} | {all} | {judged} | {right} | {fix} | {wrong} | {share} |");
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdicts_are_kept_by_place() {
        let lines =
            ["right\ta__b\tx.md\t1\t8\tmisspelling\tsafe\tmessage", "?\ta__b\ty.md\t2\t9\tmisspelling"];
        let kept = verdicts(&lines.map(str::to_owned)).unwrap();
        assert_eq!(kept.len(), 1);
        let again: Vec<String> =
            kept_text(&kept).lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect();
        assert_eq!(verdicts(&again).unwrap(), kept);
        assert!(verdicts(&["right\tno place".to_owned()]).is_err());
        assert_eq!(around("a recieve\tb".as_bytes(), 2, 9), "a [[recieve]] b");
    }
}
