//! Words and their costs, as a trie that is read in place.
//!
//! The first level of the trie consists of the model's characters, so they need no labels. In the file: for
//! each character the cost of the one-character word (`u8`) and the index of its first child (`u32`, with an
//! additional one at the end); the total number of children of all nodes before each block of 64 (`u32`); then
//! for each other node, level by level and siblings ascending, its character (`u16`), the cost of the word that
//! ends there (`u8`), and the number of its children (`u8`).

use crate::little_endian::{u16_at, u32_at};
use std::fmt;

/// The cost for nodes where no word ends.
pub const NO_WORD: u8 = 255;
/// By how much a word's cost increases if it is ten times rarer.
pub const COST_OF_TEN: f32 = 32.0;
/// Number of nodes in a block.
pub const BLOCK: usize = 64;

/// The index of a character in the model.
pub type CharIndex = u16;

/// A trie of words with their costs.
pub struct Lexicon<'m> {
    root_costs: &'m [u8],
    root_starts: &'m [u8],
    sums: &'m [u8],
    labels: &'m [u8],
    costs: &'m [u8],
    children: &'m [u8],
}

impl fmt::Debug for Lexicon<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = self.root_costs.iter().chain(self.costs).filter(|cost| **cost != NO_WORD).count();
        write!(f, "Lexicon({words} words)")
    }
}

impl<'m> Lexicon<'m> {
    /// Takes its parts from the file, in order.
    pub(crate) fn take(
        characters: usize,
        nodes: usize,
        mut take: impl FnMut(usize) -> Option<&'m [u8]>,
    ) -> Option<Self> {
        Some(Self {
            root_costs: take(characters)?,
            root_starts: take((characters + 1).checked_mul(4)?)?,
            sums: take(nodes.div_ceil(BLOCK).checked_mul(4)?)?,
            labels: take(nodes.checked_mul(2)?)?,
            costs: take(nodes)?,
            children: take(nodes)?,
        })
    }

    /// The cost of a word; `None` if the word is unknown.
    pub fn cost(&self, word: &[CharIndex]) -> Option<u8> {
        let mut cost = None;
        self.words_at(word, |length, found| cost = (length == word.len()).then_some(found).or(cost));
        cost
    }

    /// Calls `found` for each word at the start of the text with its length in characters and its cost, the
    /// shortest word first.
    pub fn words_at(&self, text: &[CharIndex], mut found: impl FnMut(usize, u8)) {
        let Some(first) = text.first().map(|index| *index as usize) else { return };
        let Some(cost) = self.root_costs.get(first) else { return };
        if *cost != NO_WORD {
            found(1, *cost);
        }
        let mut start = u32_at(self.root_starts, first) as usize;
        let mut end = u32_at(self.root_starts, first + 1) as usize;
        for (at, index) in text.iter().enumerate().skip(1) {
            let Some(node) = self.find(start, end, *index) else { return };
            if self.costs[node] != NO_WORD {
                found(at + 1, self.costs[node]);
            }
            (start, end) = self.children_of(node);
        }
    }

    /// Whether a word of two or more characters covers the index `at`.
    pub(crate) fn has_word_over(&self, text: &[CharIndex], at: usize) -> bool {
        (0..=at).rev().any(|start| {
            let mut reaches = false;
            self.words_at(&text[start..], |length, _| reaches |= length > 1 && start + length > at);
            reaches
        })
    }

    fn find(&self, mut low: usize, mut high: usize, wanted: CharIndex) -> Option<usize> {
        while low < high {
            let middle = (low + high) / 2;
            match u16_at(self.labels, middle).cmp(&wanted) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Equal => return Some(middle),
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        None
    }

    fn children_of(&self, node: usize) -> (usize, usize) {
        let block = node / BLOCK;
        let before: usize = self.children[block * BLOCK..node].iter().map(|count| *count as usize).sum();
        let start = u32_at(self.sums, block) as usize + before;
        (start, start + self.children[node] as usize)
    }
}
