//! Injects misspellings into phrases that a document repeats, and counts those that are found. The seed is fixed, so
//! that each run injects the same ones.

use super::sets::{DOCUMENT, Set, is_han};
use postmend_typo::{CharIndex, Confusion, Model, Runs, inconsistencies};
use std::collections::BTreeMap;

/// The length of a phrase in characters.
const PHRASE: usize = 4;
/// The minimum number of times that a phrase must appear.
const TIMES: usize = 3;
/// The maximum number of misspellings of each kind per document.
const ROUNDS: usize = 4;

/// The numbers of found and injected misspellings for each kind of confusion.
pub(super) fn found(set: &Set, model: &Model<'_>) -> String {
    let mut numbers = SplitMix(0x5EED);
    let mut tally: BTreeMap<Confusion, (usize, usize)> = BTreeMap::new();
    let kinds = [Confusion::SameSound, Confusion::NearSound, Confusion::Shape, Confusion::SameInitial];
    for document in set.documents(DOCUMENT) {
        let characters: Vec<char> = document.source.chars().collect();
        let phrases = repeated(&characters);
        for kind in kinds.into_iter().cycle().take(kinds.len() * ROUNDS.min(phrases.len())) {
            let starts = numbers.pick(&phrases);
            let at = numbers.pick(starts) + numbers.below(PHRASE);
            let others = confused(characters[at], kind, model);
            if others.is_empty() {
                continue;
            }
            let mut spoilt = characters.clone();
            spoilt[at] = *numbers.pick(&others);
            let text: String = spoilt.iter().collect();
            let byte = spoilt[..at].iter().map(|c| c.len_utf8()).sum::<usize>();
            let is_fix = |inconsistency: &postmend_typo::Inconsistency| {
                inconsistency.odd.start == byte && inconsistency.usual.contains(characters[at])
            };
            let counts = tally.entry(kind).or_default();
            counts.1 += 1;
            counts.0 += usize::from(inconsistencies(&Runs::of(&text), model, |_| false).iter().any(is_fix));
        }
    }
    let shares = tally.iter().map(|(kind, (found, all))| {
        format!("{kind:?} {found} of {all} ({:.1} %)", 100.0 * *found as f64 / (*all).max(1) as f64)
    });
    format!(
        "injected into phrases that stand {TIMES} times, {}: {}",
        set.name,
        shares.collect::<Vec<_>>().join(", ")
    )
}

/// The positions of each phrase that appears often enough.
fn repeated(characters: &[char]) -> Vec<Vec<usize>> {
    let mut starts: BTreeMap<&[char], Vec<usize>> = BTreeMap::new();
    for (start, phrase) in characters.windows(PHRASE).enumerate() {
        if phrase.iter().all(|c| is_han(*c)) {
            starts.entry(phrase).or_default().push(start);
        }
    }
    starts.into_values().filter(|starts| starts.len() >= TIMES).collect()
}

/// Common characters that are confused with this one in this way.
fn confused(character: char, kind: Confusion, model: &Model<'_>) -> Vec<char> {
    let Some(index) = model.index(character) else { return Vec::new() };
    // Only common characters: those that are a word on their own at least once in a hundred thousand words.
    let common = |other: &CharIndex| model.lexicon.cost(&[*other]).is_some_and(|cost| cost < 160);
    let all = (0..model.len() as CharIndex).filter(|other| *other != index).filter(common);
    all.filter(|other| model.confusion(index, *other) == Some(kind))
        .map(|other| model.character(other))
        .collect()
}

/// Pseudo-random numbers from a fixed seed (SplitMix64).
struct SplitMix(u64);

impl SplitMix {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % end as u64) as usize
    }

    fn pick<'l, T>(&mut self, list: &'l [T]) -> &'l T {
        &list[self.below(list.len())]
    }
}
