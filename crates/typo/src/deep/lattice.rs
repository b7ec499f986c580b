//! All ways to cut a piece of text into words, and what the best way through each of them costs.

use super::habits::Habits;
use super::ngrams::{Ngrams, Word};
use crate::lexicon::CharIndex;
use crate::model::Model;
use std::ops::Range;

/// What a character costs that is no word.
const UNKNOWN: f32 = 18.0;

/// A piece of so many characters ends at the next punctuation, so that a text without blanks takes no longer.
const LONG: usize = 256;

/// The dots between the parts of a foreign name.
const DOTS: &str = "·•・";

/// A piece of text without anything but Chinese characters and punctuation.
#[derive(Debug)]
pub(super) struct Piece {
    pub(super) codes: Vec<u16>,
    /// Where each character stands in the text, and the end of the last one.
    pub(super) bytes: Vec<usize>,
    /// Where the model keeps each character, if it does.
    pub(super) places: Vec<Option<CharIndex>>,
    /// Whether a number or a Latin word stands right before it.
    pub(super) follows_number: bool,
    /// Whether the dot between the parts of a foreign name stands right before or after it.
    pub(super) follows_dot: bool,
    pub(super) precedes_dot: bool,
    /// Whether the model has all its characters, or their usual forms.
    is_known: bool,
    /// How many of them it has in their usual form only.
    variants: usize,
}

impl Default for Piece {
    fn default() -> Self {
        let (codes, bytes, places) = (Vec::new(), Vec::new(), Vec::new());
        Self {
            codes,
            bytes,
            places,
            follows_number: false,
            follows_dot: false,
            precedes_dot: false,
            is_known: true,
            variants: 0,
        }
    }
}

impl Piece {
    /// Whether this is simplified Chinese, but for a form or two that slipped in; traditional and Japanese
    /// text is full of them.
    fn is_simplified(&self) -> bool {
        const AMONG: usize = 8;
        self.is_known && self.variants * AMONG <= self.codes.len()
    }
}

/// A word that may stand somewhere in a piece.
#[derive(Debug, Clone)]
pub(super) struct Arc {
    pub(super) range: Range<usize>,
    /// `None` for a character that is no word.
    pub(super) word: Option<Word>,
    /// What it costs that nothing known stands before it.
    cost: f32,
    /// The least cost up to its end.
    before: f32,
    /// The least cost from its end on.
    after: f32,
    /// The arc before it on the cheapest way.
    previous: Option<usize>,
    /// The arc after it on the cheapest way.
    next: Option<usize>,
}

/// The words that may stand in a piece.
#[derive(Debug)]
pub(super) struct Lattice<'n> {
    ngrams: &'n Ngrams,
    arcs: Vec<Arc>,
    /// Where the arcs that start at each character are; they are sorted by their start.
    starts: Vec<usize>,
    /// The arcs that end at each character.
    ends: Vec<Vec<usize>>,
    /// The least cost of the whole piece.
    pub(super) total: f32,
    /// The words of the cheapest way, by character.
    best: Vec<usize>,
}

/// What it would cost to have a word somewhere.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fit {
    pub(super) cost: f32,
    /// Whether the model knows the word after the one before, and the next one after the word.
    pub(super) seen_before: bool,
    pub(super) seen_after: bool,
    /// The arcs before and after it.
    previous: Option<usize>,
    next: Option<usize>,
}

/// The pieces of a text. Pieces with characters that the model does not have are traditional Chinese or
/// Japanese, and left out.
pub(super) fn pieces(text: &str, model: &Model<'_>, habits: &Habits) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut piece = Piece::default();
    let mut before = ' ';
    for (at, character) in text.char_indices().chain([(text.len(), '\n')]) {
        let is_han = ('\u{4E00}'..='\u{9FFF}').contains(&character);
        let is_long = piece.codes.len() >= if is_han { 2 * LONG } else { LONG };
        if (is_han || "，。；？！：“”、…".contains(character)) && !is_long {
            piece.follows_number |= piece.codes.is_empty() && before.is_alphanumeric();
            piece.follows_dot |= piece.codes.is_empty() && DOTS.contains(before);
            let mut place = model.place(character);
            if is_han && place.is_none() {
                let usual = habits.usual_form(character as u16);
                place = usual.and_then(|usual| model.place_of_code(usual));
                piece.variants += 1;
                piece.is_known &= place.is_some();
            }
            piece.codes.push(character as u16);
            piece.bytes.push(at);
            piece.places.push(place);
        } else if !piece.codes.is_empty() {
            piece.bytes.push(at);
            piece.precedes_dot = DOTS.contains(character);
            let whole = std::mem::take(&mut piece);
            pieces.extend(whole.is_simplified().then_some(whole));
        }
        before = character;
    }
    pieces
}

impl<'n> Lattice<'n> {
    pub(super) fn of(piece: &Piece, ngrams: &'n Ngrams) -> Self {
        let length = piece.codes.len();
        let (mut arcs, mut starts) = (Vec::with_capacity(length * 3), Vec::with_capacity(length + 1));
        let mut ends: Vec<Vec<usize>> = vec![Vec::new(); length + 1];
        for start in 0..length {
            starts.push(arcs.len());
            for arc in arcs_at(piece, start, ngrams) {
                ends[arc.range.end].push(arcs.len());
                arcs.push(arc);
            }
        }
        starts.push(arcs.len());
        let mut lattice = Self { ngrams, arcs, starts, ends, total: 0.0, best: vec![0; length] };
        lattice.walk_forward();
        lattice.walk_back();
        lattice
    }

    fn walk_forward(&mut self) {
        for index in 0..self.arcs.len() {
            let start = self.arcs[index].range.start;
            let mut best = (f32::INFINITY, None);
            for previous in &self.ends[start] {
                let cost = self.arcs[*previous].before + self.step(&self.arcs[*previous], &self.arcs[index]);
                if cost < best.0 {
                    best = (cost, Some(*previous));
                }
            }
            if start == 0 {
                best = (self.arcs[index].cost, None);
            }
            (self.arcs[index].before, self.arcs[index].previous) = best;
        }
    }

    fn walk_back(&mut self) {
        let length = self.best.len();
        for index in (0..self.arcs.len()).rev() {
            let end = self.arcs[index].range.end;
            if end < length {
                let nexts = self.starts[end]..self.starts[end + 1];
                let costs = nexts.map(|next| {
                    (self.step(&self.arcs[index], &self.arcs[next]) + self.arcs[next].after, next)
                });
                let best = costs.min_by(|a, b| a.0.total_cmp(&b.0));
                let (cost, next) = best.expect("each character is a word");
                (self.arcs[index].after, self.arcs[index].next) = (cost, Some(next));
            }
        }
        let last =
            self.ends[length].iter().min_by(|a, b| self.arcs[**a].before.total_cmp(&self.arcs[**b].before));
        let mut next = last.copied();
        self.total = next.map_or(0.0, |last| self.arcs[last].before);
        while let Some(index) = next {
            self.best[self.arcs[index].range.clone()].fill(index);
            next = self.arcs[index].previous;
        }
    }

    /// The word that a character is in on the cheapest way.
    pub(super) fn best_at(&self, at: usize) -> &Arc {
        &self.arcs[self.best[at]]
    }

    /// Whether the model knows the words before and after a cut of the cheapest way behind each other.
    pub(super) fn are_known(&self, cut: usize) -> bool {
        let (before, after) = (self.best_at(cut - 1).word, self.best_at(cut).word);
        before.zip(after).is_some_and(|(before, after)| self.ngrams.step(before, after).pair.is_some())
    }

    /// What the piece would cost if a word stood at a range.
    pub(super) fn fit(&self, range: &Range<usize>, word: Word) -> Fit {
        let own = self.ngrams.cost(word);
        let mut before = (if range.start == 0 { own } else { f32::INFINITY }, false, None);
        for previous in &self.ends[range.start] {
            let arc = &self.arcs[*previous];
            let (cost, seen) = arc.word.map_or((own, false), |first| {
                let step = self.ngrams.step(first, word);
                (step.cost, step.pair.is_some())
            });
            if arc.before + cost < before.0 {
                before = (arc.before + cost, seen, Some(*previous));
            }
        }
        let mut after = (if range.end == self.best.len() { 0.0 } else { f32::INFINITY }, false, None);
        if range.end < self.best.len() {
            for next in self.starts[range.end]..self.starts[range.end + 1] {
                let arc = &self.arcs[next];
                let (cost, seen) = arc.word.map_or((arc.cost, false), |second| {
                    let step = self.ngrams.step(word, second);
                    (step.cost, step.pair.is_some())
                });
                if cost + arc.after < after.0 {
                    after = (cost + arc.after, seen, Some(next));
                }
            }
        }
        let (cost, seen_before, seen_after) = (before.0 + after.0, before.1, after.1);
        Fit { cost, seen_before, seen_after, previous: before.2, next: after.2 }
    }

    /// What the cheapest way costs where three words are looked at together.
    pub(super) fn total_in_threes(&self) -> f32 {
        let mut words = Vec::new();
        let mut at = 0;
        while at < self.best.len() {
            let arc = self.best_at(at);
            words.push((arc.word, arc.cost));
            at = arc.range.end;
        }
        self.in_threes(&words)
    }

    /// The same of the way through a word that stands somewhere.
    pub(super) fn fit_in_threes(&self, fit: &Fit, word: Word) -> f32 {
        let mut words = Vec::new();
        let mut before = fit.previous;
        while let Some(index) = before {
            words.push((self.arcs[index].word, self.arcs[index].cost));
            before = self.arcs[index].previous;
        }
        words.reverse();
        words.push((Some(word), self.ngrams.cost(word)));
        let mut after = fit.next;
        while let Some(index) = after {
            words.push((self.arcs[index].word, self.arcs[index].cost));
            after = self.arcs[index].next;
        }
        self.in_threes(&words)
    }

    /// What words cost behind each other; where one is unknown, its own cost counts.
    fn in_threes(&self, words: &[(Option<Word>, f32)]) -> f32 {
        let mut total = 0.0;
        let mut pair = None;
        let mut before = None;
        for (word, own) in words {
            let step = before.zip(*word).map(|(before, word)| self.ngrams.step(before, word));
            let two = step.map_or(*own, |step| step.cost);
            total += match (pair, word) {
                (Some(pair), Some(word)) => {
                    let three = self.ngrams.after_pair(pair, *word);
                    three.unwrap_or_else(|| self.ngrams.pair_backoff(pair) + two)
                }
                _ => two,
            };
            pair = step.and_then(|step| step.pair);
            before = *word;
        }
        total
    }

    fn step(&self, first: &Arc, second: &Arc) -> f32 {
        match (first.word, second.word) {
            (Some(first), Some(second)) => self.ngrams.step(first, second).cost,
            _ => second.cost,
        }
    }
}

/// The words that may start at a character; there is always one of it alone.
fn arcs_at(piece: &Piece, start: usize, ngrams: &Ngrams) -> Vec<Arc> {
    let mut arcs: Vec<Arc> = Vec::with_capacity(4);
    let arc = |length: usize, word: Option<Word>, cost: f32| Arc {
        range: start..start + length,
        word,
        cost,
        before: 0.0,
        after: 0.0,
        previous: None,
        next: None,
    };
    let rest = &piece.codes[start..];
    arcs.extend(ngrams.words_at(rest).map(|(length, word)| arc(length, Some(word), ngrams.cost(word))));
    if arcs.iter().all(|arc| arc.range.len() != 1) {
        arcs.push(arc(1, None, UNKNOWN));
    }
    arcs
}
