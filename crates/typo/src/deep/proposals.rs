//! The words that would make a piece more likely, and whether the text there may be a mistake for them.

use super::candidates::{Candidate, FIXED, LENGTHS};
use super::knowledge::Knowledge;
use super::lattice::{Fit, Lattice, Piece};
use crate::confusion::Confusion;
use crate::lexicon::COST_OF_TEN;
use crate::lexicon::CharIndex;
use std::ops::Range;

/// Minimum gain of a proposal, as a natural logarithm.
const LEAST_GAIN: f32 = 3.0;

/// Characters that can replace each other in correct text.
const FREE: &str = "的地得第他她它一二三四五六七八九十百千万亿两零";

/// Abbreviations of countries: 中墨, 葡方. Any two can be combined.
const COUNTRIES: &str = "中美俄日韩朝英法德意葡西荷比墨巴阿印柬老缅泰越马新菲尼伊沙埃哈乌吉塔土蒙加澳古智秘匈波捷奥瑞丹挪芬希塞克白摩突利苏肯坦刚安津赞南非欧";

/// A word that may be the intended one, its position, and the gain in likelihood of the piece.
#[derive(Debug)]
pub(super) struct Proposal {
    /// The range of characters in the piece that it replaces.
    pub(super) range: Range<usize>,
    /// The code points of the proposed word.
    pub(super) codes: Vec<u16>,
    /// The indices of the characters that change.
    pub(super) changed: Vec<usize>,
    pub(super) candidate: Candidate,
    pub(super) fit: Fit,
    pub(super) gain: f32,
}

impl Proposal {
    /// The character at an index of the piece after the replacement.
    pub(super) fn at(&self, index: usize, piece: &Piece) -> u16 {
        if self.range.contains(&index) { self.codes[index - self.range.start] } else { piece.codes[index] }
    }

    /// The proposed word.
    pub(super) fn right(&self) -> String {
        self.codes.iter().filter_map(|code| char::from_u32(u32::from(*code))).collect()
    }
}

/// The words that would make the piece more likely, sorted by their start.
pub(super) fn proposals(knowledge: &Knowledge, piece: &Piece, lattice: &Lattice<'_>) -> Vec<Proposal> {
    let mut proposals = Vec::new();
    for start in 0..piece.codes.len() {
        for length in LENGTHS.filter(|length| start + length <= piece.codes.len()) {
            let range = start..start + length;
            for candidate in knowledge.sounds.candidates(piece, &range, &knowledge.ngrams, knowledge.model) {
                let fit = lattice.fit(&range, candidate.word);
                let gain = lattice.total - fit.cost;
                let is_usual =
                    candidate.confusion.is_some_and(|confusion| confusion < Confusion::SameInitial);
                if gain >= LEAST_GAIN
                    && candidate.changes < length
                    && (is_usual || may_be_fixed(knowledge, piece, lattice, &range))
                {
                    let codes: Vec<u16> = knowledge.ngrams.codes(candidate.word).collect();
                    let changed = range.clone().filter(|at| piece.codes[*at] != codes[at - start]).collect();
                    proposals.push(Proposal { range: range.clone(), codes, changed, candidate, fit, gain });
                }
            }
        }
    }
    proposals
}

/// Whether four characters may be a fixed phrase with one wrong character: they are not segmented into two
/// words, and are not a phrase themselves.
fn may_be_fixed(knowledge: &Knowledge, piece: &Piece, lattice: &Lattice<'_>, range: &Range<usize>) -> bool {
    let codes = &piece.codes[range.clone()];
    !is_cut(lattice, range)
        && knowledge.ngrams.word(codes).is_none()
        && cost_in_dictionary(knowledge, codes).is_none()
}

/// Whether four characters are segmented into two words. If not, they may be a fixed phrase, which is never
/// varied.
pub(super) fn is_cut(lattice: &Lattice<'_>, range: &Range<usize>) -> bool {
    let middle = range.start + FIXED / 2;
    lattice.best_at(range.start).range == (range.start..middle)
        && lattice.best_at(range.end - 1).range == (middle..range.end)
}

/// The cost of a word in the dictionary, in powers of ten.
pub(super) fn cost_in_dictionary(knowledge: &Knowledge, codes: &[u16]) -> Option<f32> {
    let indexes: Option<Vec<CharIndex>> =
        codes.iter().map(|code| knowledge.model.index_of_code(*code)).collect();
    knowledge.model.lexicon.cost(&indexes?).map(|cost| f32::from(cost) / COST_OF_TEN)
}

/// Whether the text may be a mistake at all: not a particle or numeral in place of another one, not a name, and
/// not the object of a numeral.
pub(super) fn may_be_wrong(knowledge: &Knowledge, piece: &Piece, proposal: &Proposal) -> bool {
    let is_free =
        |code: u16| char::from_u32(u32::from(code)).is_some_and(|character| FREE.contains(character));
    let free =
        proposal.changed.iter().any(|at| is_free(piece.codes[*at]) && is_free(proposal.at(*at, piece)));
    let first = proposal.changed[0];
    let counted = first == 0 && piece.follows_number;
    let has = |list: &str, at: Option<usize>| {
        let code = at.and_then(|at| piece.codes.get(at)).copied().map(u32::from);
        code.and_then(char::from_u32).is_some_and(|character| list.contains(character))
    };
    // 这一龛, 每一锄: almost anything can be counted, and no list has all such words.
    let are_known = knowledge.habits.are_confused(piece.codes[first], proposal.at(first, piece));
    let is_counted = proposal.range.len() == 2
        && first == proposal.range.start + 1
        && has("一二三四五六七八九十几两数每", Some(proposal.range.start))
        && !are_known;
    // 卫健委, 认监委: committee names may be abbreviated to any characters.
    let is_committee = proposal.range.len() == 2 && has("委", Some(proposal.range.end - 1));
    let country = proposal.changed.iter().any(|at| {
        has(COUNTRIES, Some(*at)) && (has(COUNTRIES, at.checked_sub(1)) || has("方中", Some(at + 1)))
    });
    let is_place = !are_known && knowledge.habits.is_place(&proposal.codes);
    !free
        && !is_place
        && !counted
        && !is_counted
        && !is_committee
        && !country
        && !is_near_dot(piece, proposal)
}

/// Whether the characters may belong to a foreign name, whose parts are separated by dots.
fn is_near_dot(piece: &Piece, proposal: &Proposal) -> bool {
    const NAME: usize = 5;
    let is_name = |between: &[u16]| between.len() < NAME && between.iter().all(|code| *code >= 0x4E00);
    (piece.follows_dot && is_name(&piece.codes[..proposal.changed[0]]))
        || (piece.precedes_dot && is_name(&piece.codes[proposal.changed[proposal.changed.len() - 1] + 1..]))
}
