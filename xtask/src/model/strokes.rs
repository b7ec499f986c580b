//! Which characters look similar, according to their stroke order.

use super::character::Character;
use std::collections::BTreeMap;

/// The maximum number of similar characters for each; the most similar ones are kept.
const MOST: usize = 24;

/// Finds the similar characters of each: those with a small edit distance between the strokes.
pub(super) fn find_alike(characters: &mut BTreeMap<char, Character>) {
    let list: Vec<(char, String)> =
        characters.iter().map(|(character, data)| (*character, data.strokes.clone())).collect();
    let counted: Vec<[u8; 26]> = list.iter().map(|(_, strokes)| counts(strokes)).collect();
    for (index, (character, strokes)) in list.iter().enumerate() {
        let mut near: Vec<(usize, char)> = Vec::new();
        for (other, (alike, theirs)) in list.iter().enumerate() {
            let most = most_changes(strokes.len().min(theirs.len()));
            if other != index && least(&counted[index], &counted[other]) <= most {
                let changes = changes(strokes.as_bytes(), theirs.as_bytes());
                near.extend((changes <= most).then_some((changes, *alike)));
            }
        }
        near.sort_unstable();
        near.truncate(MOST);
        let alike = near.into_iter().map(|(_, alike)| alike).collect();
        characters.get_mut(character).expect("it is from this map").alike = alike;
    }
}

/// The maximum number of strokes that may differ: a quarter, and at least one.
fn most_changes(strokes: usize) -> usize {
    (strokes / 4).max(usize::from(strokes > 1))
}

fn counts(strokes: &str) -> [u8; 26] {
    let mut counts = [0; 26];
    strokes.bytes().for_each(|stroke| counts[(stroke - b'a') as usize] += 1);
    counts
}

/// A lower bound for the edit distance, from the counts of strokes.
fn least(a: &[u8; 26], b: &[u8; 26]) -> usize {
    let more = |a: &[u8; 26], b: &[u8; 26]| a.iter().zip(b).map(|(a, b)| a.saturating_sub(*b) as usize).sum();
    let (only_a, only_b): (usize, usize) = (more(a, b), more(b, a));
    only_a.max(only_b)
}

/// The Levenshtein distance.
fn changes(a: &[u8], b: &[u8]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (above, stroke) in a.iter().enumerate() {
        let mut corner = row[0];
        row[0] = above + 1;
        for (at, other) in b.iter().enumerate() {
            let kept = corner + usize::from(stroke != other);
            corner = row[at + 1];
            row[at + 1] = kept.min(corner + 1).min(row[at] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_changes() {
        for (a, b, expected) in [("", "abc", 3), ("abc", "abc", 0), ("abcd", "acbd", 2), ("abc", "xbc", 1)] {
            assert_eq!(changes(a.as_bytes(), b.as_bytes()), expected, "{a} {b}");
            assert!(least(&counts(a), &counts(b)) <= expected);
        }
    }
}
