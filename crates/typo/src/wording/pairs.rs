//! Finds sequences of four characters that occur once in a text and differ in one character from sequences that
//! occur more often.
//!
//! Each sequence of four characters is stored with each character left out in turn: see the example in
//! [`grams`](super::grams). Few phrases share a gap with others, so few have to be sorted and compared.

use super::gaps::{ALL, Gaps};
use super::grams::{BYTES, GRAM, Phrase, character, each_phrase, hash, open, with_gap};
use crate::confusion::Confusion;
use crate::lexicon::CharIndex;
use crate::model::Model;
use crate::runs::{Runs, WIDTH, clear};
use std::cell::RefCell;
use std::ops::Range;

/// A gap with more fillings than this is variable: 第*二十.
pub(super) const MOST_FILLINGS: usize = 3;

/// Four characters that occur once, and four that occur more often and differ in one character.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Pair {
    /// The byte offset of the phrase that occurs once.
    odd: usize,
    /// The byte offset of the first occurrence of the other phrase.
    usual: usize,
    /// The gap that the two share.
    pub(super) gap: Phrase,
    /// The code point that fills the gap more often.
    pub(crate) right: u16,
    /// How the odd character may have been confused.
    pub(crate) confusion: Confusion,
}

impl Pair {
    /// The byte range of the phrase that occurs once.
    pub(crate) fn odd(self) -> Range<usize> {
        self.odd..self.odd + BYTES
    }

    /// The byte range of the first occurrence of the other phrase.
    pub(crate) fn usual(self) -> Range<usize> {
        self.usual..self.usual + BYTES
    }

    /// The byte offset of the odd character.
    pub(crate) fn odd_character(self) -> usize {
        self.odd + open(self.gap) * WIDTH
    }
}

/// The phrases that occur once, each with one that occurs more often and whose character may be confused with
/// its own.
pub(crate) fn pairs(runs: &Runs<'_>, model: &Model<'_>) -> Vec<Pair> {
    SEARCH.with_borrow_mut(|search| {
        let pairs = search.pairs(runs, model);
        if runs.codes.len() > MOST_KEPT {
            *search = Search::default();
        }
        pairs
    })
}

thread_local! {
    static SEARCH: RefCell<Search> = RefCell::default();
}

/// After a text with more characters than this, the buffers of a search are freed.
const MOST_KEPT: usize = 1 << 16;

/// A search with its buffers, which are kept for the next one: allocating them anew takes a tenth of the time.
#[derive(Default)]
struct Search {
    gaps: Gaps,
    /// Phrases that may occur once, and those that occur more often.
    once: Vec<PlacedPhrase>,
    again: Vec<PlacedPhrase>,
    /// The same, once for each gap that they share with the other list.
    odd: Vec<Filled>,
    usual: Vec<Filled>,
    letters: Vec<u32>,
}

impl Search {
    fn pairs(&mut self, runs: &Runs<'_>, model: &Model<'_>) -> Vec<Pair> {
        self.read(runs);
        let Self { gaps, once, again, odd, usual, letters } = self;
        gaps.fill(again.iter().map(|placed| placed.phrase));
        // A phrase all of whose gaps are shared with repeated phrases is itself repeated.
        fill(odd, once, |phrase| Some(gaps.filled_by(phrase)).filter(|open| *open != ALL).unwrap_or(0));
        gaps.fill(odd.iter().map(Filled::phrase));
        fill(usual, again, |phrase| gaps.filled_by(phrase));
        keep_confusable(odd, usual, model, letters);
        keep_confusable(usual, odd, model, letters);
        odd.sort_unstable_by_key(|filled| filled.gap);
        usual.sort_unstable_by_key(|filled| (filled.gap, filled.character));
        usual.dedup_by_key(|filled| (filled.gap, filled.character));
        let mut pairs = Vec::new();
        for odd in odd.chunk_by(|a, b| a.gap == b.gap) {
            let usual = &usual[usual.partition_point(|filled| filled.gap < odd[0].gap)..];
            let usual = &usual[..usual.partition_point(|filled| filled.gap == odd[0].gap)];
            if odd.len() <= MOST_FILLINGS && usual.len() <= MOST_FILLINGS {
                let all = odd.iter().flat_map(|odd| usual.iter().map(move |usual| (odd, usual)));
                pairs.extend(all.filter_map(|(odd, usual)| pair(odd, usual, runs, model)));
            }
        }
        pairs
    }

    /// Reads the phrases of a text. Most phrases of repeated runs that share no gap with a phrase that occurs
    /// once are left out.
    fn read(&mut self, runs: &Runs<'_>) {
        let Self { gaps, once, again, .. } = self;
        gaps.clear(runs.codes.len());
        once.clear();
        again.clear();
        let long = runs.different.iter().filter(|run| run.length() >= GRAM);
        for run in long.clone().filter(|run| !run.again) {
            each_phrase(run, &runs.codes, |start, phrase| {
                let list = if gaps.filled_by(phrase) == ALL { &mut *again } else { &mut *once };
                list.push(PlacedPhrase { phrase, start });
                gaps.add(phrase);
            });
        }
        for run in long.filter(|run| run.again) {
            each_phrase(run, &runs.codes, |start, phrase| {
                if gaps.is_filled_by(phrase) {
                    again.push(PlacedPhrase { phrase, start });
                }
            });
        }
    }
}

/// The pair of these two, if one character may be mistaken for the other.
fn pair(odd: &Filled, usual: &Filled, runs: &Runs<'_>, model: &Model<'_>) -> Option<Pair> {
    let (gap, right) = (usual.gap, usual.character);
    let confusion = model.confusion_of_codes(odd.character, right)?;
    if confusion == Confusion::SameInitial {
        // This is true of every tenth pair of characters, so the usual one must also be part of a word.
        let indexes = [0, 1, 2, 3].map(|at| model.index_of_code(character(usual.phrase(), at)));
        let indexes = indexes.into_iter().collect::<Option<Vec<CharIndex>>>()?;
        if !model.lexicon.has_word_over(&indexes, open(gap)) {
            return None;
        }
    }
    let [odd, usual] = [odd, usual].map(|filled| runs.byte_of(filled.start as usize));
    Some(Pair { odd, usual, gap, right, confusion })
}

/// A phrase of a text.
#[derive(Debug, Clone, Copy)]
struct PlacedPhrase {
    phrase: Phrase,
    /// The index of its first code point.
    start: u32,
}

/// A phrase, split into a gap and the character that fills it.
#[derive(Debug, Clone, Copy, Default)]
struct Filled {
    /// The phrase without the character.
    gap: Phrase,
    character: u16,
    /// The index of the phrase's first code point.
    start: u32,
}

impl Filled {
    fn phrase(&self) -> Phrase {
        self.gap | Phrase::from(self.character) << (16 * open(self.gap))
    }
}

/// Adds phrases to a list, once for each gap whose bit `filled_by` returns.
fn fill(filled: &mut Vec<Filled>, phrases: &[PlacedPhrase], filled_by: impl Fn(Phrase) -> u64) {
    filled.clear();
    for placed in phrases {
        let mut open = filled_by(placed.phrase);
        while open != 0 {
            let at = open.trailing_zeros() as usize;
            open &= open - 1;
            let (gap, character) = (with_gap(placed.phrase, at), character(placed.phrase, at));
            filled.push(Filled { gap, character, start: placed.start });
        }
    }
}

/// Keeps the phrases whose character may be confused with a character that fills the same gap in `others`.
fn keep_confusable(some: &mut Vec<Filled>, others: &[Filled], model: &Model<'_>, letters: &mut Vec<u32>) {
    clear(letters, others.len() * 4);
    let shift = 64 - letters.len().trailing_zeros();
    let slot = |gap| (hash(gap) >> shift) as usize;
    others.iter().for_each(|filled| letters[slot(filled.gap)] |= model.letters(filled.character));
    some.retain(|filled| {
        let letters = letters[slot(filled.gap)];
        letters != 0 && letters & model.confused_letters(filled.character) != 0
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(&str, &str, usize)> {
        pairs(&Runs::of(text), Model::embedded())
            .iter()
            .map(|pair| (&text[pair.odd()], &text[pair.usual()], open(pair.gap)))
            .collect()
    }

    #[test]
    fn finds_what_stands_once_beside_what_stands_twice() {
        let text = "学校开工建设。项目开工建设，公园开个建设";
        assert_eq!(found(text), [("开个建设", "开工建设", 1)]);
        assert_eq!(found("学校开工建设。公园开个建设"), []);
        assert_eq!(found("开工建设。开工建设，开个建设。开个建设"), []);
        assert_eq!(found(""), []);
    }
}
