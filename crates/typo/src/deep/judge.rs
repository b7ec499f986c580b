//! Weighs proposed words against the words in the text.

use super::clues::Evidence;
use super::knowledge::Knowledge;
use super::lattice::{Lattice, pieces};
use super::proposals::{Proposal, may_be_wrong, proposals};
use crate::confusion::Confusion;
use std::ops::Range;

/// The odds at which correct text has less than one finding in 20,000 characters, as a natural logarithm.
pub const LEAST_ODDS: f32 = 2.52;

/// Characters that are likely wrong, and the likely correction.
#[derive(Debug, Clone, PartialEq)]
pub struct Unlikely {
    /// The byte range of the word that contains them.
    pub range: Range<usize>,
    /// The likely word, with the same number of characters.
    pub right: String,
    /// How the wrong characters may have been confused; `None` if no reason is known.
    pub confusion: Option<Confusion>,
    /// The natural logarithm of the odds that this is a mistake.
    pub odds: f32,
}

/// The likely mistakes, in text order.
pub(super) fn unlikely(knowledge: &Knowledge, text: &str, least_odds: f32) -> Vec<Unlikely> {
    let mut found: Vec<Unlikely> = Vec::new();
    each_proposal(knowledge, text, |range, proposal, evidence| {
        let odds = evidence.odds();
        if odds >= least_odds && !occurs_nearby(text, &range) {
            let confusion = proposal.candidate.confusion;
            found.push(Unlikely { range, right: proposal.right(), confusion, odds });
        }
    });
    found.sort_by(|a, b| b.odds.total_cmp(&a.odds).then(a.range.start.cmp(&b.range.start)));
    let mut list: Vec<Unlikely> = Vec::new();
    for word in found {
        if list.iter().all(|other| other.range.end <= word.range.start || word.range.end <= other.range.start)
        {
            list.push(word);
        }
    }
    list.sort_by_key(|word| word.range.start);
    list
}

/// Whether the same text occurs again nearby, which means that it is intended.
fn occurs_nearby(text: &str, range: &Range<usize>) -> bool {
    // The limit keeps texts that are full of mistakes linear.
    const NEAR: usize = 1 << 16;
    let start = text.floor_char_boundary(range.start.saturating_sub(NEAR));
    let end = text.ceil_char_boundary((range.end + NEAR).min(text.len()));
    text[start..end].matches(&text[range.clone()]).nth(1).is_some()
}

/// Calls `found` for each proposal that may be right, with its byte range and the data about it.
pub(super) fn each_proposal(
    knowledge: &Knowledge,
    text: &str,
    mut found: impl FnMut(Range<usize>, &Proposal, &Evidence<'_>),
) {
    for piece in pieces(text, knowledge.model, &knowledge.habits) {
        let lattice = Lattice::of(&piece, &knowledge.ngrams);
        let proposals = proposals(knowledge, &piece, &lattice);
        let three = if proposals.is_empty() { 0.0 } else { lattice.total_in_threes() };
        for proposal in proposals.iter().filter(|proposal| may_be_wrong(knowledge, &piece, proposal)) {
            let bytes = piece.bytes[proposal.range.start]..piece.bytes[proposal.range.end];
            let evidence = Evidence::of(knowledge, &piece, &lattice, proposal, &proposals, three);
            found(bytes, proposal, &evidence);
        }
    }
}
