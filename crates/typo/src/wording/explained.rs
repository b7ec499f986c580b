//! Whether the dictionary explains an odd character: it is right as it is.

use crate::confusion::Confusion;
use crate::lexicon::{COST_OF_TEN, CharIndex};
use crate::model::Model;
use crate::segment::Segments;
use std::ops::Range;

/// Words that are a hundred times rarer than the usual one explain nothing: the dictionary has 自已 and 做为 beside 自己
/// and 作为. The less likely two characters are confused, the rarer a word may be.
const HUNDRED_TIMES: u8 = (2.0 * COST_OF_TEN) as u8;
const THOUSAND_TIMES: u8 = (3.0 * COST_OF_TEN) as u8;

/// The longest word that is looked for, in characters before the odd one.
const REACH: usize = 3;

/// Whether the character at an index is right, given the segmentation with it and with the usual character. `phrase` is
/// the odd character and the characters of the usual phrase.
pub(super) fn is_explained(
    before: &Segments,
    after: &Segments,
    at: usize,
    phrase: (CharIndex, &[CharIndex]),
    confusion: Confusion,
    model: &Model<'_>,
) -> bool {
    let (wrong, usual) = phrase;
    let word = after.word_at(at);
    let Some(usual_cost) = model.lexicon.cost(&usual[word.clone()]) else { return false };
    let most = match confusion {
        Confusion::SameSound | Confusion::Shape => usual_cost.saturating_add(HUNDRED_TIMES),
        Confusion::NearSound => usual_cost.saturating_add(THOUSAND_TIMES),
        Confusion::SameInitial => u8::MAX,
    };
    let mut odd = usual.to_vec();
    odd[at] = wrong;
    let own = before.word_at(at);
    let is_known = own.len() > 1 && model.lexicon.cost(&odd[own]).is_some_and(|cost| cost <= most);
    is_known
        || has_word(&odd, at, (before, after), most, model)
        || stem(&word, at)
            .is_some_and(|stem| model.lexicon.cost(&usual[stem]).is_some_and(|cost| cost <= usual_cost))
}

/// Whether the odd phrase has a word over the odd character, of this cost at most, that cuts no other word, neither of
/// the odd phrase nor of the usual one.
fn has_word(
    odd: &[CharIndex],
    at: usize,
    (before, after): (&Segments, &Segments),
    most: u8,
    model: &Model<'_>,
) -> bool {
    let word = after.word_at(at);
    let is_cut = |edge: usize| {
        let is_inside = (word.start..=word.end).contains(&edge);
        edge == odd.len()
            || (before.word_at(edge).start == edge && (is_inside || after.word_at(edge).start == edge))
    };
    (at.saturating_sub(REACH)..=at).filter(|start| is_cut(*start)).any(|start| {
        let mut found = false;
        model.lexicon.words_at(&odd[start..], |length, cost| {
            found |= length > 1 && start + length > at && cost <= most && is_cut(start + length);
        });
        found
    })
}

/// What is left of a word without its first or last character, if that is the one at the index and two or more are left.
/// If it is at least as common as the word, other characters may follow or precede it: 编译期 beside 编译器.
fn stem(word: &Range<usize>, at: usize) -> Option<Range<usize>> {
    let stem = match at {
        _ if at + 1 == word.end => word.start..at,
        _ if at == word.start => at + 1..word.end,
        _ => return None,
    };
    (stem.len() > 1).then_some(stem)
}
