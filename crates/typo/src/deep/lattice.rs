//! All segmentations of a piece of text into words, and the lowest cost through each word.

use super::habits::Habits;
use super::ngrams::{Ngrams, Word};
use crate::lexicon::CharIndex;
use crate::model::Model;
use std::ops::Range;

/// The cost of a character that is not a word.
const UNKNOWN: f32 = 18.0;

/// A piece of this many characters ends at the next punctuation, which limits the cost for texts without
/// spaces.
const LONG: usize = 256;

/// The dots between the parts of foreign names.
const DOTS: &str = "·•・";

/// A piece of text with only Chinese characters and punctuation.
#[derive(Debug)]
pub(super) struct Piece {
    pub(super) codes: Vec<u16>,
    /// The byte offset of each character in the text, and the end of the last one.
    pub(super) bytes: Vec<usize>,
    /// The index of each character in the model, if it is there.
    pub(super) indexes: Vec<Option<CharIndex>>,
    /// Whether a number or a Latin word is directly before it.
    pub(super) follows_number: bool,
    /// Whether the dot between the parts of a foreign name is directly before or after it.
    pub(super) follows_dot: bool,
    pub(super) precedes_dot: bool,
    /// Whether all its characters, or their usual forms, are in the model.
    is_known: bool,
    /// Number of characters that are not in the model in the form as written.
    variants: usize,
}

impl Default for Piece {
    fn default() -> Self {
        let (codes, bytes, indexes) = (Vec::new(), Vec::new(), Vec::new());
        Self {
            codes,
            bytes,
            indexes,
            follows_number: false,
            follows_dot: false,
            precedes_dot: false,
            is_known: true,
            variants: 0,
        }
    }
}

impl Piece {
    /// Whether this is simplified Chinese, apart from a few stray variants; traditional Chinese and Japanese
    /// text is full of them.
    fn is_simplified(&self) -> bool {
        const AMONG: usize = 8;
        self.is_known && self.variants * AMONG <= self.codes.len()
    }
}

/// A possible word at a position of a piece.
#[derive(Debug, Clone)]
pub(super) struct Arc {
    pub(super) range: Range<usize>,
    /// `None` for a character that is not a word.
    pub(super) word: Option<Word>,
    /// Its cost if no known word is before it.
    cost: f32,
    /// The lowest cost up to its end.
    before: f32,
    /// The lowest cost from its end on.
    after: f32,
    /// The previous arc on the cheapest path through this one.
    previous: Option<usize>,
    /// The next arc on the cheapest path through this one.
    next: Option<usize>,
}

/// The possible words of a piece.
#[derive(Debug)]
pub(super) struct Lattice<'n> {
    ngrams: &'n Ngrams,
    arcs: Vec<Arc>,
    /// For each character, the index of the first arc that starts there; arcs are sorted by their start.
    starts: Vec<usize>,
    /// For each position, the indices of the arcs that end there.
    ends: Vec<Vec<usize>>,
    /// The lowest cost of the whole piece.
    pub(super) total: f32,
    /// For each character, the index of its arc on the cheapest path.
    best: Vec<usize>,
}

/// The result of placing a word at a position.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fit {
    pub(super) cost: f32,
    /// Whether the model has the bigram of the previous word and this one, and of this one and the next.
    pub(super) seen_before: bool,
    pub(super) seen_after: bool,
    /// The arcs before and after it.
    previous: Option<usize>,
    next: Option<usize>,
}

/// The pieces of a text. Pieces with many characters that are not in the model are traditional Chinese or
/// Japanese, and are left out.
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
            let mut index = model.index(character);
            if is_han && index.is_none() {
                let usual = habits.usual_form(character as u16);
                index = usual.and_then(|usual| model.index_of_code(usual));
                piece.variants += 1;
                piece.is_known &= index.is_some();
            }
            piece.codes.push(character as u16);
            piece.bytes.push(at);
            piece.indexes.push(index);
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

    /// The word that contains a character on the cheapest path.
    pub(super) fn best_at(&self, at: usize) -> &Arc {
        &self.arcs[self.best[at]]
    }

    /// Whether the model has the bigram of the words on both sides of a boundary on the cheapest path.
    pub(super) fn are_known(&self, cut: usize) -> bool {
        let (before, after) = (self.best_at(cut - 1).word, self.best_at(cut).word);
        before.zip(after).is_some_and(|(before, after)| self.ngrams.step(before, after).pair.is_some())
    }

    /// The lowest cost of the piece if a word is placed at a range.
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

    /// The cost of the cheapest path under the trigram model.
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

    /// The same for the path through a word placed in the piece.
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

    /// The cost of a sequence of words under the trigram model; for unknown words their own cost counts.
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

/// The words that may start at a character; there is always a single-character one.
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
