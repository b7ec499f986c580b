//! What the word segmentation says about a character that stands where another one is usual.

use super::explained::is_explained;
use crate::confusion::Confusion;
use crate::lexicon::{COST_OF_TEN, CharIndex};
use crate::model::Model;
use crate::runs::{WIDTH, code, is_first};
use crate::segment::{Segments, segment};
use std::ops::Range;

/// If the cost is lower by this much more, the usual character need not join what was left over into a word.
const MUCH: i32 = 32;

/// Words with at least this cost are specific to the topic of the text.
const RARE: u8 = (4.2 * COST_OF_TEN) as u8;

/// Characters that are grammatical words when they are alone.
const GRAMMAR: &str = "是有在对由为以于与和及或也还都就不没会能可要应该当若如时后用让把被给从向到至比将更最再又很想愿太只才并而且但却所之其此的了着过地得";

/// Characters that say how much, where or who. They occur alone in correct text, as grammatical words do.
const PLAIN: &str =
    "一二三四五六七八九十百千万亿两零几上下左右前后大小东南西北中男女天日月年他她它你我这那哪的地得";

/// Further characters that replace each other in terms of one kind: 单线程 and 多线程, 收养 and 送养.
const CONTRASTING: &str = "多少单双每某各全半内外里高低长短新旧好坏加减增升降进出入收送买卖开关正反主从公私红黄蓝绿黑白灰省市县区乡镇村城";

/// Number of characters before and after the odd one that are segmented.
pub(super) const CONTEXT: usize = 6;

/// What the word segmentation says about an odd character.
#[derive(Debug, Clone)]
pub(super) struct WordingVerdict {
    /// Whether the usual character is so much more likely that it need not make a word.
    is_clear: bool,
    /// Whether the usual character makes a word out of what was left over.
    makes_word: bool,
    /// Whether both phrases may be right, if anything in the text speaks for it.
    pub(super) is_weak: bool,
    /// The byte range of the word that the usual character belongs to.
    pub(super) word: Range<usize>,
}

impl WordingVerdict {
    /// Whether it is a mistake in this phrase: the word must contain the phrase or be contained in it.
    pub(super) fn holds_for(&self, phrase: &Range<usize>) -> bool {
        self.is_clear || self.makes_word_with(phrase).is_some()
    }

    pub(super) fn makes_word_with(&self, phrase: &Range<usize>) -> Option<&Range<usize>> {
        (self.makes_word && is_within(&self.word, phrase)).then_some(&self.word)
    }
}

/// The verdict on the character at an offset, if it is a mistake for another one.
pub(super) fn judge(
    text: &str,
    odd: usize,
    right: u16,
    confusion: Confusion,
    model: &Model<'_>,
) -> Option<WordingVerdict> {
    let index = |at: usize| model.index_of_code(code(&text.as_bytes()[at..]));
    let (wrong, right) = (index(odd)?, model.index_of_code(right)?);
    if is_free(model.character(wrong)) && is_free(model.character(right)) {
        return None;
    }
    let context = around(text, odd, CONTEXT);
    let mut indexes = context.clone().step_by(WIDTH).map(index).collect::<Option<Vec<CharIndex>>>()?;
    let at = (odd - context.start) / WIDTH;
    let before = segment(&indexes, model);
    indexes[at] = right;
    let after = segment(&indexes, model);
    let gain = before.cost as i32 - after.cost as i32;
    let word = after.word_at(at);
    let rest = (word.len() == 2).then(|| model.character(indexes[word.start + word.end - 1 - at]));
    let by_hand = confusion == Confusion::SameInitial;
    let is_first_choice = model.is_first_choice(wrong);
    let needed = Requirement {
        confusion,
        odd: model.character(wrong),
        is_first_choice,
        rest,
        usual_cost: model.lexicon.cost(&indexes[word.clone()])?,
    }
    .least_gain();
    let is_clear = gain >= needed + MUCH && !by_hand;
    let makes_word = gain >= needed && makes_word(&before, &after, at);
    if !(is_clear || makes_word) || is_explained(&before, &after, at, (wrong, &indexes), confusion, model) {
        return None;
    }
    let word = context.start + word.start * WIDTH..context.start + word.end * WIDTH;
    let is_weak = match confusion {
        Confusion::SameSound | Confusion::Shape => false,
        Confusion::NearSound => gain < needed + 2 * MUCH,
        Confusion::SameInitial => gain < needed + 2 * MUCH && !is_first_choice,
    };
    Some(WordingVerdict { is_clear, makes_word, is_weak, word })
}

/// What decides how much more likely the usual phrase must be.
struct Requirement {
    confusion: Confusion,
    odd: char,
    /// Whether the odd character is what an input method offers first for that letter.
    is_first_choice: bool,
    /// The other character of the usual word, if it has two.
    rest: Option<char>,
    usual_cost: u8,
}

impl Requirement {
    /// How much lower the cost of the usual phrase must be if its character joins what was left over into a word.
    /// Measured on ten thousand real posts: below this, most findings are correct text.
    fn least_gain(&self) -> i32 {
        let by_hand = self.confusion == Confusion::SameInitial;
        let base = match (by_hand, self.is_first_choice) {
            (false, _) => 32,
            (true, true) => 36,
            (true, false) => 50,
        };
        let is_odd_plain = GRAMMAR.contains(self.odd)
            || (self.confusion != Confusion::SameSound && PLAIN.contains(self.odd));
        // Grammatical words occur alone everywhere in correct text, so one that is left over proves little.
        let plain = match (is_odd_plain, by_hand) {
            (true, true) => 100,
            (true, false) => 60,
            // Beside a grammatical word, most others may occur: 所做 and 所在 are both right.
            (false, _) if self.rest.is_some_and(|rest| GRAMMAR.contains(rest)) => 32,
            (false, _) => 0,
        };
        // The same is true of the most common words: 可以通过 and 可以跳过 are both right.
        let usual = if by_hand && self.usual_cost < RARE { 64 } else { 0 };
        base + plain + usual
    }
}

/// The range of Chinese characters around the one at this offset, at most `most` before and after it.
pub(super) fn around(text: &str, at: usize, most: usize) -> Range<usize> {
    let bytes = text.as_bytes();
    let is_character = |start: usize| bytes.get(start).is_some_and(|byte| is_first(*byte));
    let (mut start, mut end) = (at, at + WIDTH);
    for _ in 0..most {
        start -= if start >= WIDTH && is_character(start - WIDTH) { WIDTH } else { 0 };
        end += if is_character(end) { WIDTH } else { 0 };
    }
    start..end
}

/// Whether the usual character makes a word out of what is left over in the odd phrase, without splitting
/// another word.
fn makes_word(before: &Segments, after: &Segments, at: usize) -> bool {
    let word = after.word_at(at);
    before.word_at(at).len() == 1 && word.len() > 1 && before.are_cut_at(&word)
}

/// Whether one of the two ranges contains the other.
fn is_within(a: &Range<usize>, b: &Range<usize>) -> bool {
    let holds =
        |outer: &Range<usize>, inner: &Range<usize>| outer.start <= inner.start && inner.end <= outer.end;
    holds(a, b) || holds(b, a)
}

fn is_free(character: char) -> bool {
    PLAIN.contains(character) || CONTRASTING.contains(character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_stands_around() {
        let text = "工，x建设项目yy";
        let at = text.find('项').unwrap();
        assert_eq!(&text[around(text, at, 1)], "设项目");
        assert_eq!(&text[around(text, at, 9)], "建设项目");
        assert_eq!(around("项", 0, 9), 0..3);
    }
}
