//! Weighs the words that may be meant against those that stand there.

use super::clues::Evidence;
use super::knowledge::Knowledge;
use super::lattice::{Lattice, pieces};
use super::proposals::{Proposal, may_be_wrong, proposals};
use crate::confusion::Confusion;
use std::ops::Range;

/// The odds at which clean text gives less than one finding in 20,000 characters, as a natural logarithm.
pub const LEAST_ODDS: f32 = 2.52;

/// Characters that are likely wrong.
#[derive(Debug, Clone, PartialEq)]
pub struct Unlikely {
    /// The bytes of the word that they are in.
    pub range: Range<usize>,
    /// The likely word, of as many characters.
    pub right: String,
    /// How the wrong characters may have come about; `None` if that is hard to say.
    pub confusion: Option<Confusion>,
    /// How sure this is: the logarithm of the odds.
    pub odds: f32,
}

/// What is likely wrong, in order.
pub(super) fn unlikely(knowledge: &Knowledge, text: &str, least_odds: f32) -> Vec<Unlikely> {
    let mut found: Vec<Unlikely> = Vec::new();
    each(knowledge, text, |range, proposal, evidence| {
        let odds = evidence.odds();
        if odds >= least_odds && !is_said_again(text, &range) {
            let confusion = proposal.candidate.confusion;
            found.push(Unlikely { range, right: proposal.right(), confusion, odds });
        }
    });
    found.sort_by(|a, b| b.odds.total_cmp(&a.odds).then(a.range.start.cmp(&b.range.start)));
    let mut list: Vec<Unlikely> = Vec::new();
    for one in found {
        if list.iter().all(|other| other.range.end <= one.range.start || one.range.end <= other.range.start) {
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

/// Calls `found` for each proposal that may be meant, with the bytes that it is about and what is known of it.
pub(super) fn each(
    knowledge: &Knowledge,
    text: &str,
    mut found: impl FnMut(Range<usize>, &Proposal, &Evidence<'_>),
) {
    for piece in pieces(text, knowledge.model, &knowledge.habits) {
        let lattice = Lattice::of(&piece, &knowledge.ngrams);
        let proposals = proposals(knowledge, &piece, &lattice);
        let three = if proposals.is_empty() { 0.0 } else { lattice.total_in_threes() };
        for one in proposals.iter().filter(|one| may_be_wrong(knowledge, &piece, one)) {
            let bytes = piece.bytes[one.range.start]..piece.bytes[one.range.end];
            let evidence = Evidence::of(knowledge, &piece, &lattice, one, &proposals, three);
            found(bytes, one, &evidence);
        }
    }
}
