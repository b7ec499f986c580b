//! Measures the typo engine: what each rule finds of known mistakes, what it says of clean text, and
//! how fast it is.

mod inject;
mod sets;

use postmend_typo::{Model, inconsistencies};
use sets::Set;
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use std::time::Instant;

/// Lines of a set make documents of this many.
const DOCUMENT: usize = 50;

/// What a rule would write instead of a range of bytes.
struct Change {
    range: Range<usize>,
    right: String,
}

/// A rule under test: what it would change in a text.
struct Checker<'c> {
    name: &'static str,
    /// Whether it reads whole documents rather than lines.
    reads_documents: bool,
    changes: Box<dyn Fn(&str) -> Vec<Change> + 'c>,
}

/// Measures over the sets in a folder and, if given, the posts below another one.
pub(crate) fn measure(sets: &Path, posts: Option<&Path>, show: bool) -> Result<String, String> {
    let model = Model::embedded();
    let checkers = checkers(model);
    let mut sets = sets::read(sets)?;
    if let Some(posts) = posts {
        sets.push(sets::posts(posts)?);
    }
    let mut table = vec![
        "| set | rule | mistakes | precision % | recall % | alarms | per 10,000 characters | characters a second |".to_owned(),
        "|---|---|---|---|---|---|---|---|".to_owned(),
    ];
    for set in &sets {
        for checker in &checkers {
            table.push(score(set, checker, show));
        }
    }
    table.push(String::new());
    for set in sets.iter().filter(|set| set.is_clean()) {
        if std::env::var_os("DBG").is_none() {
            table.push(inject::found(set, model));
        }
    }
    Ok(table.join("\n"))
}

fn checkers<'m>(model: &'m Model<'m>) -> Vec<Checker<'m>> {
    vec![Checker {
        name: "inconsistent-wording",
        reads_documents: true,
        changes: Box::new(|text| {
            let found = inconsistencies(text, model).into_iter();
            found.map(|one| Change { range: one.range, right: one.usual }).collect()
        }),
    }]
}

/// A row of the table.
fn score(set: &Set, checker: &Checker<'_>, show: bool) -> String {
    let (mut mistakes, mut proposed, mut right, mut alarms) = (0, 0, 0, 0);
    let documents = if checker.reads_documents { set.documents(DOCUMENT) } else { set.documents(1) };
    let start = Instant::now();
    let changes: Vec<Vec<Change>> =
        documents.iter().map(|document| (checker.changes)(&document.source)).collect();
    let seconds = start.elapsed().as_secs_f64();
    for (document, changes) in documents.iter().zip(&changes) {
        alarms += changes.len();
        let written = written(&document.source, changes);
        let targets = document.target.chars();
        for (at, ((start, old), target)) in document.source.char_indices().zip(targets).enumerate() {
            mistakes += usize::from(old != target);
            if let Some(new) = written.get(&at) {
                proposed += 1;
                right += usize::from(*new == target && old != target);
                if show && *new != target {
                    println!(
                        "{} {}: {} {old}→{new}",
                        set.name,
                        checker.name,
                        around(&document.source, start)
                    );
                }
            }
        }
    }
    let characters = set.han();
    let percent = |part: usize, whole: usize| {
        if whole == 0 { "–".to_owned() } else { format!("{:.1}", 100.0 * part as f64 / whole as f64) }
    };
    let clean = if set.is_clean() {
        format!("{alarms} | {:.3}", 1e4 * alarms as f64 / characters as f64)
    } else {
        " | ".to_owned()
    };
    format!(
        "| {} | {} | {mistakes} | {} | {} | {clean} | {:.1} M |",
        set.name,
        checker.name,
        percent(right, proposed),
        percent(right, mistakes),
        characters as f64 / seconds / 1e6,
    )
}

/// The characters that would change, by their number in the text.
fn written(text: &str, changes: &[Change]) -> BTreeMap<usize, char> {
    let mut written = BTreeMap::new();
    for change in changes {
        let first = text[..change.range.start].chars().count();
        let pairs = text[change.range.clone()].chars().zip(change.right.chars()).enumerate();
        written.extend(pairs.filter(|(_, (old, new))| old != new).map(|(at, (_, new))| (first + at, new)));
    }
    written
}

/// The text around a byte.
fn around(text: &str, at: usize) -> String {
    let start = text[..at].char_indices().rev().nth(9).map_or(0, |(start, _)| start);
    text[start..].chars().take(20).collect::<String>().replace('\n', " ")
}
