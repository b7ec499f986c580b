//! The likeliest way to cut Chinese text into words.

use crate::lexicon::COST_OF_TEN;
use crate::model::{Model, Place};
use std::ops::Range;

/// What a character costs that is no word alone: as rare as one in a hundred million.
const UNKNOWN: u32 = (8.0 * COST_OF_TEN) as u32;

/// How a text is cut.
#[derive(Debug)]
pub(crate) struct Segments {
    /// What its words cost together.
    pub(crate) cost: u32,
    /// For each character, its word.
    words: Vec<Range<usize>>,
}

impl Segments {
    /// The word that a character is in.
    pub(crate) fn word_at(&self, at: usize) -> Range<usize> {
        self.words[at].clone()
    }

    /// Whether words begin and end where the range does.
    pub(crate) fn are_cut_at(&self, range: &Range<usize>) -> bool {
        self.words[range.start].start == range.start && self.words[range.end - 1].end == range.end
    }
}

/// A text and the words that may begin at each of its characters.
pub(crate) struct Lattice<'m> {
    model: &'m Model<'m>,
    text: Vec<Place>,
    /// For each character, so many characters decide which words begin there.
    looked_at: Vec<usize>,
    /// For each character, where its words end in `words`.
    ends: Vec<usize>,
    /// Lengths in characters, and costs.
    words: Vec<(u8, u8)>,
}

impl<'m> Lattice<'m> {
    pub(crate) fn of(text: Vec<Place>, model: &'m Model<'m>) -> Self {
        let mut lattice = Self {
            model,
            looked_at: Vec::with_capacity(text.len()),
            ends: Vec::with_capacity(text.len()),
            words: Vec::with_capacity(text.len() * 3),
            text,
        };
        for at in 0..lattice.text.len() {
            let looked_at = add_words(&mut lattice.words, &lattice.text[at..], model);
            lattice.looked_at.push(looked_at);
            lattice.ends.push(lattice.words.len());
        }
        lattice
    }

    /// The same with another character in one place.
    pub(crate) fn with(&self, place: usize, other: Place) -> Self {
        let length = self.text.len();
        let mut text = self.text.clone();
        text[place] = other;
        let mut with = Self {
            model: self.model,
            looked_at: self.looked_at.clone(),
            ends: Vec::with_capacity(length),
            words: Vec::with_capacity(self.words.len() + 8),
            text,
        };
        let mut start = 0;
        for at in 0..length {
            if at <= place && place < at + self.looked_at[at] {
                with.looked_at[at] = add_words(&mut with.words, &with.text[at..], self.model);
            } else {
                with.words.extend(&self.words[start..self.ends[at]]);
            }
            start = self.ends[at];
            with.ends.push(with.words.len());
        }
        with
    }

    /// What a word of the text costs.
    pub(crate) fn cost(&self, word: &Range<usize>) -> Option<u8> {
        let start = word.start.checked_sub(1).map_or(0, |before| self.ends[before]);
        let mut words = self.words[start..self.ends[word.start]].iter();
        words.find(|(length, _)| *length as usize == word.len()).map(|(_, cost)| *cost)
    }

    /// The words that cost least.
    pub(crate) fn cheapest(&self) -> Segments {
        let length = self.text.len();
        // The best cost up to each character, and the length of the last word on that way.
        let mut best = vec![(u32::MAX, 0_u8); length + 1];
        best[0].0 = 0;
        let mut start = 0;
        for at in 0..length {
            let so_far = best[at].0;
            let mut reach = |length: u8, cost: u32| {
                let end = &mut best[at + length as usize];
                if so_far + cost < end.0 {
                    *end = (so_far + cost, length);
                }
            };
            reach(1, UNKNOWN);
            let words = &self.words[start..self.ends[at]];
            words.iter().for_each(|(length, cost)| reach(*length, u32::from(*cost)));
            start = self.ends[at];
        }
        let mut words = vec![0..0; length];
        let mut end = length;
        while end > 0 {
            let start = end - best[end].1 as usize;
            words[start..end].fill(start..end);
            end = start;
        }
        Segments { cost: best[length].0, words }
    }
}

fn add_words(words: &mut Vec<(u8, u8)>, text: &[Place], model: &Model<'_>) -> usize {
    model
        .lexicon
        .words_at(text, |length, cost| words.extend(u8::try_from(length).map(|length| (length, cost))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_text_into_words() {
        let model = Model::embedded();
        for (text, lengths) in [("多所学校开工建设", vec![2; 4]), ("的", vec![1]), ("", vec![])] {
            let places: Vec<Place> = text.chars().map(|c| model.place(c).unwrap()).collect();
            let cut = Lattice::of(places, model).cheapest();
            let found: Vec<usize> = cut.words.iter().map(Range::len).collect();
            let lengths: Vec<usize> = lengths.into_iter().flat_map(|length| vec![length; length]).collect();
            assert_eq!(found, lengths, "{text}");
        }
    }
}
