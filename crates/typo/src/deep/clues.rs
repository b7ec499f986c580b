//! The features that indicate whether a proposal is right: what each one is, how it is computed, and its
//! weight.

use super::candidates::{FIXED, LENGTHS};
use super::habits::is_surname;
use super::knowledge::Knowledge;
use super::lattice::{Lattice, Piece};
use super::proposals::{Proposal, cost_in_dictionary, is_cut};
use crate::confusion::Confusion;
use crate::lexicon::COST_OF_TEN;
use crate::lexicon::CharIndex;
use std::ops::Range;

/// The cost of words that the dictionary lists without a frequency.
const HARDLY_A_WORD: f32 = 19.5;

/// The odds if all features are zero, as a natural logarithm.
const BIAS: f32 = -1.399;

/// A feature's name, its value for a proposal, and its weight.
type Clue = (&'static str, fn(&Evidence<'_>) -> f32, f32);

/// All features. The weights were trained on mistakes inserted into correct text: one and a half million
/// characters of newspapers and one million of posts.
const CLUES: [Clue; 37] = [
    ("gain of two words", |e| e.proposal.gain.min(12.0), 0.0375),
    ("gain of three words", |e| e.three.min(12.0), 0.5724),
    ("lead over rivals", |e| (e.proposal.gain - e.rivals.best).clamp(-5.0, 15.0), 0.0859),
    ("several characters change", |e| flag(e.proposal.changed.len() > 1), -0.4579),
    ("near sound", |e| flag(e.confusion == Some(Confusion::NearSound)), -0.8537),
    ("like shape", |e| flag(e.confusion == Some(Confusion::Shape)), -0.9452),
    ("same sound and like shape", |e| flag(e.is_alike()), 1.7859),
    ("known confusion", |e| flag(e.is_known), 1.5007),
    ("cost of the word", |e| e.knowledge.ngrams.cost(e.proposal.candidate.word), 0.0305),
    ("three characters", |e| flag(e.proposal.range.len() == 3), 0.8818),
    ("four characters", |e| flag(e.proposal.range.len() == FIXED), 0.7356),
    ("odd one in a longer word", |e| flag(e.longest_word() > 1), -0.9310),
    ("odd one in a word of the dictionary", |e| flag(e.is_in_word()), -0.4877),
    ("word known after the one before", |e| flag(e.proposal.fit.seen_before), 0.0457),
    ("next word known after it", |e| flag(e.proposal.fit.seen_after), 0.0492),
    ("odd one is hardly ever alone", |e| e.most_bound(), -0.2531),
    ("odd one is rare alone", |e| e.rarest_alone(), -0.0750),
    ("rivals", |e| (e.rivals.count as f32).min(10.0), -0.0423),
    ("seconded by a longer word", |e| flag(e.rivals.is_seconded), 3.7506),
    ("cost of the piece", |e| e.lattice.total / e.piece.codes.len() as f32, -0.1964),
    ("lone characters around", |e| e.lone_around(), -0.2565),
    ("cut before known", |e| e.is_known_before(), -0.3555),
    ("cut after known", |e| e.is_known_after(), -0.3700),
    ("may be a name", |e| flag(e.may_be_name()), -0.9318),
    ("first of the gain", |e| e.three.min(6.0), -0.2241),
    ("gain of known confusions", |e| flag(e.is_known) * e.three.min(12.0), 0.0301),
    ("fixed phrase", |e| flag(e.is_fixed), 1.7419),
    ("gain of fixed phrases", |e| flag(e.is_fixed) * e.three.min(12.0), -0.0312),
    ("four characters that are two words", |e| flag(e.is_cut), 1.8723),
    ("in a word of the dictionary as written", |e| e.most_usual_word(), -0.2218),
    ("cost in the dictionary", |e| e.dictionary_cost.unwrap_or(0.0), -0.3224),
    ("in the dictionary", |e| flag(e.dictionary_cost.is_some()), 2.0287),
    ("same initial", |e| flag(e.confusion == Some(Confusion::SameInitial)), -2.4012),
    ("nothing in common", |e| flag(e.confusion.is_none()), -4.7298),
    ("item of a list", |e| flag(e.is_item()), -1.2479),
    ("listed", |e| flag(e.is_listed()), 5.2204),
    ("odd one is near by", |e| flag(e.is_near_itself()), -2.1174),
];

fn flag(condition: bool) -> f32 {
    f32::from(u8::from(condition))
}

/// The data about a proposal; values that several features use are computed once.
pub(super) struct Evidence<'e> {
    knowledge: &'e Knowledge,
    piece: &'e Piece,
    lattice: &'e Lattice<'e>,
    proposal: &'e Proposal,
    rivals: Rivals,
    confusion: Option<Confusion>,
    /// The gain in likelihood of the piece under the trigram model.
    three: f32,
    /// Whether each changed character is known to be confused with the proposed one.
    is_known: bool,
    /// Whether the range is four characters that are segmented into two words as written.
    is_cut: bool,
    /// Whether it changes one character of a fixed phrase.
    is_fixed: bool,
    /// The cost of its word in the dictionary.
    dictionary_cost: Option<f32>,
}

impl<'e> Evidence<'e> {
    /// The data about one of the proposals for a piece; `total_in_threes` is the piece's cost as written under
    /// the trigram model.
    pub(super) fn of(
        knowledge: &'e Knowledge,
        piece: &'e Piece,
        lattice: &'e Lattice<'e>,
        proposal: &'e Proposal,
        all: &[Proposal],
        total_in_threes: f32,
    ) -> Self {
        let are_confused =
            |at: &usize| knowledge.habits.are_confused(piece.codes[*at], proposal.at(*at, piece));
        let is_cut = proposal.range.len() == FIXED && is_cut(lattice, &proposal.range);
        Self {
            knowledge,
            piece,
            lattice,
            proposal,
            rivals: Rivals::of(proposal, all, piece),
            confusion: proposal.candidate.confusion,
            three: total_in_threes - lattice.fit_in_threes(&proposal.fit, proposal.candidate.word),
            is_known: proposal.changed.iter().all(are_confused),
            is_cut,
            is_fixed: proposal.range.len() == FIXED && !is_cut && proposal.changed.len() == 1,
            dictionary_cost: cost_in_dictionary(knowledge, &proposal.codes),
        }
    }

    /// The natural logarithm of the odds that the proposal is right.
    pub(super) fn odds(&self) -> f32 {
        BIAS + CLUES.iter().map(|(_, value, weight)| value(self) * weight).sum::<f32>()
    }

    /// The name and value of each feature.
    pub(super) fn clues(&self) -> impl Iterator<Item = (&'static str, f32)> {
        CLUES.iter().map(|(name, value, _)| (*name, value(self)))
    }

    /// The characters that would change, as written.
    fn odd(&self) -> impl Iterator<Item = CharIndex> {
        self.proposal.changed.iter().filter_map(|at| self.piece.indexes[*at])
    }

    /// Whether the characters sound the same as the proposed ones and look like them.
    fn is_alike(&self) -> bool {
        let (model, proposal) = (self.knowledge.model, self.proposal);
        let new = proposal.changed.iter().filter_map(|at| model.index_of_code(proposal.at(*at, self.piece)));
        let mut pairs = self.odd().zip(new);
        self.confusion == Some(Confusion::SameSound)
            && pairs.all(|(odd, new)| odd == new || model.are_alike(odd, new))
    }

    /// The length of the longest word that contains one of the changed characters as written.
    fn longest_word(&self) -> usize {
        let lengths = self.proposal.changed.iter().map(|at| self.lattice.best_at(*at).range.len());
        lengths.max().unwrap_or(1)
    }

    fn most_bound(&self) -> f32 {
        self.odd().map(|index| self.knowledge.habits.bound(index)).fold(-9.0, f32::max)
    }

    fn rarest_alone(&self) -> f32 {
        self.odd().map(|index| self.knowledge.habits.alone(index)).fold(0.0, f32::max)
    }

    /// The number of single-character words nearby, plus the rarity of the rarest one.
    fn lone_around(&self) -> f32 {
        let range = &self.proposal.range;
        let around = range.start.saturating_sub(3)..(range.end + 3).min(self.piece.codes.len());
        let lone = |at: &usize| !range.contains(at) && self.lattice.best_at(*at).range.len() == 1;
        let lone: Vec<CharIndex> = around.filter(lone).filter_map(|at| self.piece.indexes[at]).collect();
        let rare = lone.iter().map(|index| self.knowledge.habits.alone(*index)).fold(0.0, f32::max);
        lone.len() as f32 + rare / 10.0
    }

    fn is_known_before(&self) -> f32 {
        let start = self.lattice.best_at(self.proposal.changed[0]).range.start;
        if start == 0 { 0.5 } else { flag(self.lattice.are_known(start)) }
    }

    fn is_known_after(&self) -> f32 {
        let last = self.proposal.changed[self.proposal.changed.len() - 1];
        let end = self.lattice.best_at(last).range.end;
        if end == self.piece.codes.len() { 0.5 } else { flag(self.lattice.are_known(end)) }
    }

    fn is_listed(&self) -> bool {
        self.knowledge.habits.is_listed(&self.piece.codes[self.proposal.range.clone()], &self.proposal.codes)
    }

    /// How common the most common dictionary word is that contains a changed character as written, in powers of
    /// ten; 0 if there is none.
    fn most_usual_word(&self) -> f32 {
        let (piece, longest) = (self.piece, *LENGTHS.end());
        let mut best: f32 = 0.0;
        for at in &self.proposal.changed {
            for start in at.saturating_sub(longest - 1)..=*at {
                let end = (start + longest).min(piece.codes.len());
                let indexes: Vec<CharIndex> =
                    piece.indexes[start..end].iter().map_while(|index| *index).collect();
                self.knowledge.model.lexicon.words_at(&indexes, |length, cost| {
                    if length > 1 && start + length > *at {
                        best = best.max(9.0 - f32::from(cost) / COST_OF_TEN);
                    }
                });
            }
        }
        best
    }

    /// Whether a single-character surname is at or up to two characters before the first changed character.
    fn may_be_name(&self) -> bool {
        let first = self.proposal.changed[0];
        let is_surname = |at| is_surname(self.piece.codes[at]) && self.lattice.best_at(at).range.len() == 1;
        (first.saturating_sub(2)..=first).any(is_surname)
    }

    /// Whether one of the changed characters is part of a longer word as written.
    fn is_in_word(&self) -> bool {
        let (codes, ngrams, longest) = (&self.piece.codes, &self.knowledge.ngrams, *LENGTHS.end());
        self.proposal.changed.iter().any(|at| {
            (at.saturating_sub(longest - 1)..=*at).any(|start| {
                let least = (at - start + 1).max(2);
                let lengths = least..=longest.min(codes.len() - start);
                let mut words = lengths.filter_map(|length| ngrams.word(&codes[start..start + length]));
                words.any(|word| ngrams.cost(word) < HARDLY_A_WORD)
            })
        })
    }

    /// Whether one of the characters that would change occurs again nearby.
    fn is_near_itself(&self) -> bool {
        const NEAR: usize = 8;
        let codes = &self.piece.codes;
        self.proposal.changed.iter().any(|at| {
            let near = at.saturating_sub(NEAR)..(at + NEAR).min(codes.len());
            codes[near].iter().filter(|code| **code == codes[*at]).count() > 1
        })
    }

    /// Whether the characters are an item of an enumeration, where words are often abbreviated.
    fn is_item(&self) -> bool {
        const COMMA: u16 = '、' as u16;
        let Range { start, end } = self.proposal.range;
        let before = start.checked_sub(1).map(|at| self.piece.codes[at]);
        let after = self.piece.codes.get(end).copied();
        let is_edge = |code: Option<u16>| code.is_none_or(|code| !(0x4E00..=0x9FFF).contains(&code));
        is_edge(before) && is_edge(after) && (before == Some(COMMA) || after == Some(COMMA))
    }
}

/// The other proposals for the same characters.
#[derive(Debug, Default)]
struct Rivals {
    /// The highest gain among proposals with a different result.
    best: f32,
    count: usize,
    /// Whether a longer word leads to the same change.
    is_seconded: bool,
}

impl Rivals {
    fn of(proposal: &Proposal, proposals: &[Proposal], piece: &Piece) -> Self {
        let mut rivals = Self::default();
        // Proposals are sorted by their start.
        let first =
            proposals.partition_point(|other| other.range.start + LENGTHS.end() < proposal.range.start);
        let near = proposals[first..].iter().take_while(|other| other.range.start < proposal.range.end);
        for other in near.filter(|other| proposal.changed.iter().any(|at| other.range.contains(at))) {
            let says_same = |at: &usize| proposal.at(*at, piece) == other.at(*at, piece);
            if proposal.changed.iter().chain(&other.changed).all(says_same) {
                rivals.is_seconded |= other.range.len() > proposal.range.len();
            } else {
                rivals.best = rivals.best.max(other.gain);
                rivals.count += 1;
            }
        }
        rivals
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn each_clue_has_a_name_of_its_own() {
        let names: HashSet<&str> = CLUES.iter().map(|(name, ..)| *name).collect();
        assert_eq!(names.len(), CLUES.len());
    }
}
