//! Measures the typo engine: what each rule finds of known misspellings, its false alarms in clean text, and its
//! speed.

mod inject;
pub(crate) mod judged;
mod sets;

use postmend_typo::{Deep, Model, Runs, Words, inconsistencies};
use sets::{DOCUMENT, Set};
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use std::time::Instant;

/// A byte range, and the text that a rule would replace it with.
struct Correction {
    range: Range<usize>,
    right: String,
}

/// A function that returns the corrections of a text.
type Corrections<'c> = Box<dyn Fn(&str) -> Vec<Correction> + 'c>;

/// A rule under test, with its corrections for a text.
struct Checker<'c> {
    name: &'static str,
    changes: Corrections<'c>,
}

/// The options of the measurement.
pub(crate) struct EvalOptions<'w> {
    /// The folder of the sets.
    pub(crate) sets: &'w Path,
    /// A folder of posts that are assumed to have no misspellings.
    pub(crate) posts: Option<&'w Path>,
    /// The model of `likely-misspelling`.
    pub(crate) deep: Option<&'w Path>,
    /// The minimum odds of a correction, as a natural logarithm.
    pub(crate) least_odds: f32,
    /// Whether corrections that differ from the set are printed.
    pub(crate) show: bool,
}

/// Measures each rule on each set; returns a table.
pub(crate) fn measure(wanted: &EvalOptions<'_>) -> Result<String, String> {
    let model = Model::embedded();
    let words = Words::new(std::iter::empty(), std::iter::empty())?;
    let read =
        |path: &Path| std::fs::read(path).map_err(|error| format!("cannot read {}: {error}", path.display()));
    let deep = wanted.deep.map(read).transpose()?;
    let deep = deep.map(|bytes| Deep::new(Box::new(bytes)).ok_or("that is no model")).transpose()?;
    let checkers = checkers(model, &words, deep.as_ref(), wanted.least_odds);
    let mut sets = sets::read(wanted.sets)?;
    if let Some(posts) = wanted.posts {
        sets.push(sets::posts(posts)?);
    }
    let mut table = vec![
        "| set | rule | mistakes | precision % | recall % | alarms | per 10,000 characters | characters a second |".to_owned(),
        "|---|---|---|---|---|---|---|---|".to_owned(),
    ];
    for set in &sets {
        table.extend(checkers.iter().map(|checker| score(set, checker, wanted.show)));
    }
    table.push(String::new());
    for set in sets.iter().filter(|set| set.is_clean()) {
        table.push(inject::found(set, model));
    }
    Ok(table.join("\n"))
}

fn checkers<'c>(
    model: &'c Model<'c>,
    words: &'c Words,
    deep: Option<&'c Deep>,
    least_odds: f32,
) -> Vec<Checker<'c>> {
    let find_wording = move |text: &str| {
        let found = inconsistencies(&Runs::of(text), model, |_| false).into_iter();
        found
            .map(|inconsistency| Correction { range: inconsistency.range, right: inconsistency.usual })
            .collect()
    };
    let find_words = move |text: &str| {
        let mut found: Vec<Correction> = Vec::new();
        words.find(&Runs::of(text), |wrong| {
            // English is not measured here.
            if !text[wrong.range.clone()].is_ascii() {
                found.push(Correction { right: wrong.right[0].clone(), range: wrong.range });
            }
        });
        found
    };
    let mut checkers = vec![
        Checker { name: "inconsistent-wording", changes: Box::new(find_wording) },
        Checker { name: "misspelling", changes: Box::new(find_words) },
    ];
    if let Some(deep) = deep {
        let find_likely = move |text: &str| {
            let found = deep.unlikely(text, least_odds).into_iter();
            found.map(|unlikely| Correction { range: unlikely.range, right: unlikely.right }).collect()
        };
        checkers.push(Checker { name: "likely-misspelling", changes: Box::new(find_likely) });
    }
    checkers
}

/// A row of the table.
fn score(set: &Set, checker: &Checker<'_>, show: bool) -> String {
    let (mut mistakes, mut proposed, mut right, mut alarms) = (0, 0, 0, 0);
    let documents = set.documents(DOCUMENT);
    let start = Instant::now();
    let changes: Vec<Vec<Correction>> =
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
        "| {} | {} | {mistakes} | {} | {} | {clean} | {:.2} M |",
        set.name,
        checker.name,
        percent(right, proposed),
        percent(right, mistakes),
        characters as f64 / seconds / 1e6,
    )
}

/// The characters that would change, by their index in the text.
fn written(text: &str, changes: &[Correction]) -> BTreeMap<usize, char> {
    let mut written = BTreeMap::new();
    for change in changes {
        let first = text[..change.range.start].chars().count();
        let pairs = text[change.range.clone()].chars().zip(change.right.chars()).enumerate();
        written.extend(pairs.filter(|(_, (old, new))| old != new).map(|(at, (_, new))| (first + at, new)));
    }
    written
}

/// The text around a byte offset.
fn around(text: &str, at: usize) -> String {
    let start = text[..at].char_indices().rev().nth(9).map_or(0, |(start, _)| start);
    text[start..].chars().take(20).collect::<String>().replace('\n', " ")
}
