//! Weighs the words that may be meant against those that stand there.

use super::candidates::{Candidate, FIXED, LENGTHS};
use super::habits::is_surname;
use super::lattice::{Fit, Lattice, Piece, pieces};
use super::weights::{BIAS, WEIGHTS};
use super::{Deep, Unlikely};
use crate::lexicon::COST_OF_TEN;
use crate::model::{Confusion, Place};
use std::ops::Range;

/// How many numbers the odds are made of.
pub(super) const CLUES: usize = 37;

/// The odds at which clean text gives less than one finding in 20,000 characters, as a natural logarithm.
pub const LEAST_ODDS: f32 = 2.52;

/// A word that makes a piece likelier by less, in natural logarithms, is not looked at.
const LEAST_GAIN: f32 = 3.0;

/// What words cost of which the dictionary says no more than that they exist.
const HARDLY_A_WORD: f32 = 19.5;

/// Characters that take each other's place in right text.
const FREE: &str = "的地得第他她它一二三四五六七八九十百千万亿两零";

/// What stands for a country: 中墨, 葡方. Any two may stand side by side.
const COUNTRIES: &str = "中美俄日韩朝英法德意葡西荷比墨巴阿印柬老缅泰越马新菲尼伊沙埃哈乌吉塔土蒙加澳古智秘匈波捷奥瑞丹挪芬希塞克白摩突利苏肯坦刚安津赞南非欧";

/// A word that may be meant, where, and by how much it would make the piece likelier.
#[derive(Debug)]
struct Proposal {
    range: Range<usize>,
    codes: Vec<u16>,
    /// The characters that change.
    changed: Vec<usize>,
    candidate: Candidate,
    fit: Fit,
    gain: f32,
}

impl Proposal {
    /// The character that stands at a place when this is done.
    fn at(&self, place: usize, piece: &Piece) -> u16 {
        if self.range.contains(&place) { self.codes[place - self.range.start] } else { piece.codes[place] }
    }
}

/// What is likely wrong, in order.
pub(super) fn unlikely(deep: &Deep, text: &str, least_odds: f32) -> Vec<Unlikely> {
    let mut found: Vec<Unlikely> = Vec::new();
    each(deep, text, |range, right, confusion, clues| {
        let odds = BIAS + clues.iter().zip(WEIGHTS).map(|(clue, weight)| clue * weight).sum::<f32>();
        if odds >= least_odds && !is_said_again(text, &range) {
            found.push(Unlikely { range, right: right.to_owned(), confusion, odds });
        }
    });
    found.sort_by(|a, b| b.odds.total_cmp(&a.odds).then(a.range.start.cmp(&b.range.start)));
    let mut list: Vec<Unlikely> = Vec::new();
    for one in found {
        if list.iter().all(|known| known.range.end <= one.range.start || one.range.end <= known.range.start) {
            list.push(one);
        }
    }
    list.sort_by_key(|one| one.range.start);
    list
}

/// Whether the same stands near by once more; what a text says more than once, it means.
fn is_said_again(text: &str, range: &Range<usize>) -> bool {
    // The bound keeps a text that is full of mistakes linear.
    const NEAR: usize = 1 << 16;
    let start = text.floor_char_boundary(range.start.saturating_sub(NEAR));
    let end = text.ceil_char_boundary((range.end + NEAR).min(text.len()));
    text[start..end].matches(&text[range.clone()]).nth(1).is_some()
}

/// Calls `found` for each candidate with its bytes, its word, how it came about, and its clues.
pub(super) fn each(
    deep: &Deep,
    text: &str,
    mut found: impl FnMut(Range<usize>, &str, Option<Confusion>, &[f32; CLUES]),
) {
    for piece in pieces(text, deep.model, &deep.habits) {
        let lattice = Lattice::of(&piece, &deep.ngrams);
        let proposals = proposals(deep, &piece, &lattice);
        let three = if proposals.is_empty() { 0.0 } else { lattice.total_in_threes() };
        for one in &proposals {
            let bytes = piece.bytes[one.range.start]..piece.bytes[one.range.end];
            if !may_be_wrong(deep, &piece, one) {
                continue;
            }
            let rivals = Rivals::of(one, &proposals, &piece);
            let clues = clues(deep, &piece, &lattice, one, &rivals, three);
            let right: String =
                one.codes.iter().filter_map(|code| char::from_u32(u32::from(*code))).collect();
            found(bytes, &right, one.candidate.confusion, &clues);
        }
    }
}

/// The words that would make the piece likelier.
fn proposals(deep: &Deep, piece: &Piece, lattice: &Lattice<'_>) -> Vec<Proposal> {
    let mut proposals = Vec::new();
    for start in 0..piece.codes.len() {
        for length in LENGTHS.filter(|length| start + length <= piece.codes.len()) {
            let range = start..start + length;
            for candidate in deep.sounds.candidates(piece, &range, &deep.ngrams, deep.model) {
                let fit = lattice.fit(&range, candidate.word);
                let gain = lattice.total - fit.cost;
                let is_usual =
                    candidate.confusion.is_some_and(|confusion| confusion < Confusion::SameInitial);
                if gain >= LEAST_GAIN
                    && candidate.changes < length
                    && (is_usual || may_be_fixed(deep, piece, lattice, &range))
                {
                    let codes: Vec<u16> = deep.ngrams.codes(candidate.word).collect();
                    let changed = range.clone().filter(|at| piece.codes[*at] != codes[at - start]).collect();
                    proposals.push(Proposal { range: range.clone(), codes, changed, candidate, fit, gain });
                }
            }
        }
    }
    proposals
}

/// Whether four characters may be a fixed phrase that one of them is wrong in: they are no two words in a
/// row, and no phrase themselves.
fn may_be_fixed(deep: &Deep, piece: &Piece, lattice: &Lattice<'_>, range: &Range<usize>) -> bool {
    let codes = &piece.codes[range.clone()];
    !is_cut(lattice, range) && deep.ngrams.word(codes).is_none() && cost_in_dictionary(deep, codes).is_none()
}

/// Whether four characters are two words in a row. Those that are not are a fixed phrase, which nobody
/// alters.
fn is_cut(lattice: &Lattice<'_>, range: &Range<usize>) -> bool {
    let middle = range.start + FIXED / 2;
    lattice.best_at(range.start).range == (range.start..middle)
        && lattice.best_at(range.end - 1).range == (middle..range.end)
}

/// Whether what stands there may be a mistake at all: not a particle or numeral for another one, not a
/// name, not what a numeral counts.
fn may_be_wrong(deep: &Deep, piece: &Piece, one: &Proposal) -> bool {
    let is_free =
        |code: u16| char::from_u32(u32::from(code)).is_some_and(|character| FREE.contains(character));
    let free = one.changed.iter().any(|at| is_free(piece.codes[*at]) && is_free(one.at(*at, piece)));
    let first = one.changed[0];
    let counted = first == 0 && piece.follows_number;
    let has = |list: &str, at: Option<usize>| {
        let code = at.and_then(|at| piece.codes.get(at)).copied().map(u32::from);
        code.and_then(char::from_u32).is_some_and(|character| list.contains(character))
    };
    // 这一龛, 每一锄: anything can be counted, and nothing says which words do.
    let known = deep.habits.are_confused(piece.codes[first], one.at(first, piece));
    let is_counted = one.range.len() == 2
        && first == one.range.start + 1
        && has("一二三四五六七八九十几两数每", Some(one.range.start))
        && !known;
    // 卫健委, 认监委: a committee's name may be cut down to any characters.
    let is_committee = one.range.len() == 2 && has("委", Some(one.range.end - 1));
    let country = one.changed.iter().any(|at| {
        has(COUNTRIES, Some(*at)) && (has(COUNTRIES, at.checked_sub(1)) || has("方中", Some(at + 1)))
    });
    let is_place = !known && deep.habits.is_place(&one.codes);
    !free && !is_place && !counted && !is_counted && !is_committee && !country && !is_near_dot(piece, one)
}

/// Whether the characters may belong to a foreign name, which has a dot between its parts.
fn is_near_dot(piece: &Piece, one: &Proposal) -> bool {
    const NAME: usize = 5;
    let is_name = |between: &[u16]| between.len() < NAME && between.iter().all(|code| *code >= 0x4E00);
    (piece.follows_dot && is_name(&piece.codes[..one.changed[0]]))
        || (piece.precedes_dot && is_name(&piece.codes[one.changed[one.changed.len() - 1] + 1..]))
}

/// Whether one of the characters that would change stands near by again.
fn is_near_itself(piece: &Piece, one: &Proposal) -> bool {
    const NEAR: usize = 8;
    one.changed.iter().any(|at| {
        let near = at.saturating_sub(NEAR)..(at + NEAR).min(piece.codes.len());
        piece.codes[near].iter().filter(|code| **code == piece.codes[*at]).count() > 1
    })
}

/// Whether the characters are an item of a list, where words are cut short.
fn is_item(piece: &Piece, range: &Range<usize>) -> bool {
    const COMMA: u16 = '、' as u16;
    let before = range.start.checked_sub(1).map(|at| piece.codes[at]);
    let after = piece.codes.get(range.end).copied();
    let is_edge = |code: Option<u16>| code.is_none_or(|code| !(0x4E00..=0x9FFF).contains(&code));
    is_edge(before) && is_edge(after) && (before == Some(COMMA) || after == Some(COMMA))
}

/// What else is proposed for the same characters.
#[derive(Debug, Default)]
struct Rivals {
    /// The gain of the best of those that say otherwise.
    best: f32,
    count: usize,
    /// Whether a longer word says the same.
    is_seconded: bool,
}

impl Rivals {
    fn of(one: &Proposal, proposals: &[Proposal], piece: &Piece) -> Self {
        let mut rivals = Self::default();
        // Proposals stand in the order of their starts.
        let first = proposals.partition_point(|other| other.range.start + LENGTHS.end() < one.range.start);
        let near = proposals[first..].iter().take_while(|other| other.range.start < one.range.end);
        for other in near.filter(|other| one.changed.iter().any(|at| other.range.contains(at))) {
            let says_same = |at: &usize| one.at(*at, piece) == other.at(*at, piece);
            if one.changed.iter().chain(&other.changed).all(says_same) {
                rivals.is_seconded |= other.range.len() > one.range.len();
            } else {
                rivals.best = rivals.best.max(other.gain);
                rivals.count += 1;
            }
        }
        rivals
    }
}

/// The numbers that the odds are made of, in the order of the weights.
fn clues(
    deep: &Deep,
    piece: &Piece,
    lattice: &Lattice<'_>,
    one: &Proposal,
    rivals: &Rivals,
    total_in_threes: f32,
) -> [f32; CLUES] {
    let flag = |says: bool| f32::from(u8::from(says));
    let odd = || one.changed.iter().filter_map(|at| piece.places[*at]);
    let new = || one.changed.iter().filter_map(|at| deep.model.place_of_code(one.at(*at, piece)));
    let confusion = one.candidate.confusion;
    let is_alike = |(a, b): (Place, Place)| a == b || deep.model.are_alike(a, b);
    let alike = confusion == Some(Confusion::SameSound) && odd().zip(new()).all(is_alike);
    let known = one.changed.iter().all(|at| deep.habits.are_confused(piece.codes[*at], one.at(*at, piece)));
    let longest = one.changed.iter().map(|at| lattice.best_at(*at).range.len()).max().unwrap_or(1);
    let around = one.range.start.saturating_sub(3)..(one.range.end + 3).min(piece.codes.len());
    let lone = |at: &usize| !one.range.contains(at) && lattice.best_at(*at).range.len() == 1;
    let lone: Vec<Place> = around.filter(lone).filter_map(|at| piece.places[at]).collect();
    let rare = lone.iter().map(|place| deep.habits.alone(*place)).fold(0.0, f32::max);
    let first = lattice.best_at(one.changed[0]).range.start;
    let last = lattice.best_at(one.changed[one.changed.len() - 1]).range.end;
    let before = if first == 0 { 0.5 } else { flag(lattice.are_known(first)) };
    let after = if last == piece.codes.len() { 0.5 } else { flag(lattice.are_known(last)) };
    let three = total_in_threes - lattice.fit_in_threes(&one.fit, one.candidate.word);
    let cost = cost_in_dictionary(deep, &one.codes);
    let is_cut = one.range.len() == FIXED && is_cut(lattice, &one.range);
    let fixed = one.range.len() == FIXED && !is_cut && one.changed.len() == 1;
    [
        one.gain.min(12.0),
        three.min(12.0),
        (one.gain - rivals.best).clamp(-5.0, 15.0),
        flag(one.changed.len() > 1),
        flag(confusion == Some(Confusion::NearSound)),
        flag(confusion == Some(Confusion::Shape)),
        flag(alike),
        flag(known),
        deep.ngrams.cost(one.candidate.word),
        flag(one.range.len() == 3),
        flag(one.range.len() == FIXED),
        flag(longest > 1),
        flag(is_in_word(deep, piece, &one.changed)),
        flag(one.fit.seen_before),
        flag(one.fit.seen_after),
        odd().map(|place| deep.habits.bound(place)).fold(-9.0, f32::max),
        odd().map(|place| deep.habits.alone(place)).fold(0.0, f32::max),
        (rivals.count as f32).min(10.0),
        flag(rivals.is_seconded),
        lattice.total / piece.codes.len() as f32,
        lone.len() as f32 + rare / 10.0,
        before,
        after,
        flag(may_be_name(piece, lattice, one)),
        three.min(6.0),
        flag(known) * three.min(12.0),
        flag(fixed),
        flag(fixed) * three.min(12.0),
        flag(is_cut),
        in_dictionary(deep, piece, &one.changed),
        cost.unwrap_or(0.0),
        flag(cost.is_some()),
        flag(confusion == Some(Confusion::SameInitial)),
        flag(confusion.is_none()),
        flag(is_item(piece, &one.range)),
        flag(deep.habits.is_listed(&piece.codes[one.range.clone()], &one.codes)),
        flag(is_near_itself(piece, one)),
    ]
}

/// How usual the dictionary's words are that the changed characters are part of as they stand, in
/// decades; 0 if there are none.
fn in_dictionary(deep: &Deep, piece: &Piece, changed: &[usize]) -> f32 {
    let longest = *LENGTHS.end();
    let mut best: f32 = 0.0;
    for at in changed {
        for start in at.saturating_sub(longest - 1)..=*at {
            let end = (start + longest).min(piece.codes.len());
            let places: Vec<Place> = piece.places[start..end].iter().map_while(|place| *place).collect();
            deep.model.lexicon.words_at(&places, |length, cost| {
                if length > 1 && start + length > *at {
                    best = best.max(9.0 - f32::from(cost) / COST_OF_TEN);
                }
            });
        }
    }
    best
}

/// What the dictionary says that a word costs, in decades.
fn cost_in_dictionary(deep: &Deep, codes: &[u16]) -> Option<f32> {
    let places: Option<Vec<Place>> = codes.iter().map(|code| deep.model.place_of_code(*code)).collect();
    deep.model.lexicon.cost(&places?).map(|cost| f32::from(cost) / COST_OF_TEN)
}

/// Whether a surname that stands alone is before the changed characters, next to them or nearly so.
fn may_be_name(piece: &Piece, lattice: &Lattice<'_>, one: &Proposal) -> bool {
    let near = one.changed[0].saturating_sub(2)..=one.changed[0];
    near.into_iter().any(|at| is_surname(piece.codes[at]) && lattice.best_at(at).range.len() == 1)
}

/// Whether one of the characters is part of a longer word as it stands.
fn is_in_word(deep: &Deep, piece: &Piece, changed: &[usize]) -> bool {
    let longest = *LENGTHS.end();
    changed.iter().any(|at| {
        (at.saturating_sub(longest - 1)..=*at).any(|start| {
            let least = (at - start + 1).max(2);
            let lengths = least..=longest.min(piece.codes.len() - start);
            let mut words =
                lengths.filter_map(|length| deep.ngrams.word(&piece.codes[start..start + length]));
            words.any(|word| deep.ngrams.cost(word) < HARDLY_A_WORD)
        })
    })
}
