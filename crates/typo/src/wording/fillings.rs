//! The characters that fill the gaps shared by an odd phrase and a usual one, in the whole text.

use super::grams::{GRAM, Phrase, character, each_phrase, hash, with_gap};
use super::pairs::{MOST_FILLINGS, Pair};
use crate::runs::{Runs, WIDTH};
use std::collections::BTreeMap;

/// The fillings of some pairs' gaps, with their byte offsets.
pub(crate) struct Fillings(BTreeMap<Phrase, BTreeMap<u16, Vec<usize>>>);

impl Fillings {
    /// The fillings of these pairs' gaps in their text.
    pub(crate) fn of<'p>(pairs: impl Iterator<Item = &'p Pair>, runs: &Runs<'_>) -> Self {
        let mut fillings: BTreeMap<Phrase, BTreeMap<u16, Vec<usize>>> =
            pairs.map(|pair| (pair.gap, BTreeMap::new())).collect();
        // Two bits for each gap, to skip most of the text quickly.
        let bits = |gap: Phrase| 1_u64 << (hash(gap) >> 58) | 1 << (hash(gap) >> 52 & 63);
        let gaps = fillings.keys().fold(0, |gaps, gap| gaps | bits(*gap));
        let repeats = runs.repeats();
        for (number, run) in (0..).zip(&runs.different).filter(|(_, run)| run.length() >= GRAM) {
            each_phrase(run, &runs.codes, |start, phrase| {
                for at in 0..GRAM {
                    let gap = with_gap(phrase, at);
                    if bits(gap) & !gaps == 0
                        && let Some(fillings) = fillings.get_mut(&gap)
                    {
                        let starts = fillings.entry(character(phrase, at)).or_default();
                        let before = (start - run.codes.0) as usize * WIDTH;
                        starts.extend(repeats.of(number).chain([run.start]).map(|run| run as usize + before));
                    }
                }
            });
        }
        fillings.values_mut().flat_map(BTreeMap::values_mut).for_each(|starts| starts.sort_unstable());
        Self(fillings)
    }

    /// Whether the usual phrase does occur more than once, and the pair's gap has only a few fillings, both
    /// among those that occur once and among the others.
    pub(crate) fn are_few(&self, pair: &Pair) -> bool {
        let ways = self.0[&pair.gap].values();
        let once = ways.clone().filter(|starts| starts.len() == 1).count();
        self.usual(pair).len() > 1 && once <= MOST_FILLINGS && ways.len() - once <= MOST_FILLINGS
    }

    /// The byte offsets of the usual phrase, in order.
    pub(crate) fn usual(&self, pair: &Pair) -> &[usize] {
        &self.0[&pair.gap][&pair.right]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Model;
    use crate::wording::pairs::pairs;

    #[test]
    fn tells_open_places() {
        let are_few = |text: &str| {
            let runs = Runs::of(text);
            let pairs = pairs(&runs, Model::embedded());
            let fillings = Fillings::of(pairs.iter(), &runs);
            pairs.iter().map(|pair| fillings.are_few(pair)).collect::<Vec<_>>()
        };
        assert_eq!(are_few("开工建设。开工建设，开个建设。开甲建设。开乙建设。"), [true]);
        assert_eq!(are_few("开工建设。开工建设，开个建设。开甲建设。开乙建设。开丙建设。"), [false]);
    }

    #[test]
    fn finds_all_places() {
        let text = "学校开工建设。项目开工建设，公园开个建设开工建设。学校开工建设。";
        let runs = Runs::of(text);
        let pairs: Vec<Pair> = pairs(&runs, Model::embedded())
            .into_iter()
            .filter(|pair| &text[pair.usual()] == "开工建设")
            .collect();
        let fillings = Fillings::of(pairs.iter(), &runs);
        let starts: Vec<usize> = text.match_indices("开工建设").map(|(at, _)| at).collect();
        assert_eq!((pairs.len(), fillings.usual(&pairs[0])), (1, &starts[..]));
    }
}
