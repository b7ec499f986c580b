//! The most likely segmentation of Chinese text into words.

use crate::lexicon::COST_OF_TEN;
use crate::lexicon::CharIndex;
use crate::model::Model;
use std::ops::Range;

/// The cost of a character that is not a word by itself: as rare as one in a hundred million.
const UNKNOWN: u32 = (8.0 * COST_OF_TEN) as u32;

/// A segmentation of a text.
#[derive(Debug)]
pub(crate) struct Segments {
    /// The total cost of its words.
    pub(crate) cost: u32,
    /// The range of the word for each character.
    words: Vec<Range<usize>>,
}

impl Segments {
    /// The word that contains a character.
    pub(crate) fn word_at(&self, at: usize) -> Range<usize> {
        self.words[at].clone()
    }

    /// Whether there are word boundaries at both ends of the range.
    pub(crate) fn are_cut_at(&self, range: &Range<usize>) -> bool {
        self.words[range.start].start == range.start && self.words[range.end - 1].end == range.end
    }
}

/// Segments a text into the words with the lowest total cost.
pub(crate) fn segment(text: &[CharIndex], model: &Model<'_>) -> Segments {
    // The lowest cost up to each character, and the length of the last word on that path.
    let mut best = vec![(u32::MAX, 0_u8); text.len() + 1];
    best[0].0 = 0;
    for at in 0..text.len() {
        let so_far = best[at].0;
        let mut reach = |length: usize, cost: u32| {
            let end = &mut best[at + length];
            if so_far + cost < end.0 {
                *end = (so_far + cost, length.min(u8::MAX as usize) as u8);
            }
        };
        reach(1, UNKNOWN);
        model.lexicon.words_at(&text[at..], |length, cost| reach(length, u32::from(cost)));
    }
    let mut words = vec![0..0; text.len()];
    let mut end = text.len();
    while end > 0 {
        let start = end - best[end].1 as usize;
        words[start..end].fill(start..end);
        end = start;
    }
    Segments { cost: best[text.len()].0, words }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_text_into_words() {
        let model = Model::embedded();
        for (text, lengths) in [("多所学校开工建设", vec![2; 4]), ("的", vec![1]), ("", vec![])] {
            let indexes: Vec<CharIndex> = text.chars().map(|c| model.index(c).unwrap()).collect();
            let cut = segment(&indexes, model);
            let found: Vec<usize> = cut.words.iter().map(Range::len).collect();
            let lengths: Vec<usize> = lengths.into_iter().flat_map(|length| vec![length; length]).collect();
            assert_eq!(found, lengths, "{text}");
        }
    }
}
