//! Finds phrases that a text writes one way repeatedly, and once with a different character.
//!
//! Sequences of four characters that occur once are compared with those that occur more often. If they differ
//! in one character that is easily confused with the other, the word segmentation decides: the usual phrase
//! must be more likely, and the odd character must be left over as a single word in the odd phrase.

mod fillings;
mod gaps;
mod grams;
mod pairs;
mod usage;

use crate::confusion::Confusion;
use crate::lexicon::COST_OF_TEN;
use crate::lexicon::CharIndex;
use crate::model::Model;
use crate::runs::{Runs, WIDTH, code, is_first};
use crate::segment::{Segments, segment};
use fillings::Fillings;
use pairs::{Pair, pairs};
use std::ops::Range;

pub use usage::{Deviation, PhraseCounts, Usage, UsageBuilder};

/// A phrase that occurs once, and is likely a mistake for one that occurs more often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inconsistency {
    /// The byte range of the phrase.
    pub range: Range<usize>,
    /// The byte range of its odd character.
    pub odd: Range<usize>,
    /// The usual phrase.
    pub usual: String,
    /// How often the usual phrase occurs.
    pub times: usize,
    /// The byte ranges of the first occurrences of the usual phrase.
    pub usual_ranges: Vec<Range<usize>>,
    /// How the odd character may have been confused.
    pub confusion: Confusion,
}

/// How much lower the cost of the usual phrase must be if its character joins what was left over into a word.
/// Measured on a million characters of real posts: below this, most findings are correct text.
fn least_gain(confusion: Confusion, odd: char, word_cost: u8) -> i32 {
    let by_hand = confusion == Confusion::SameInitial;
    let base = if by_hand { 36 } else { 32 };
    // Grammatical words occur alone everywhere in correct text, so one that is left over proves little.
    let grammar = match (GRAMMAR.contains(odd), by_hand) {
        (false, _) => 0,
        (true, false) => 60,
        (true, true) => 100,
    };
    // The same is true of the most common words: 可以通过 and 可以跳过 are both right.
    let usual = if by_hand && word_cost < RARE { 100 } else { 0 };
    base + grammar + usual
}

/// If the cost is lower by this much more, the usual character need not join what was left over into a word.
const MUCH: i32 = 32;

/// Words with at least this cost are specific to the topic of the text.
const RARE: u8 = (4.2 * COST_OF_TEN) as u8;

/// Characters that are grammatical words when they are alone.
const GRAMMAR: &str = "是有在对由为以于与和及或也还都就不没会能可要应该当若如时后用让把被给从向到至比将更最再又很太只才并而且但却所之其此的了着过地得";

/// Maximum number of reported occurrences of a usual phrase.
const MOST_PLACES: usize = 16;

/// Number of characters before and after the odd one that are segmented.
const CONTEXT: usize = 6;

/// Characters that can replace each other in correct text: numerals, directions, pronouns, and the three
/// particles with the same sound.
const FREE: &str =
    "一二三四五六七八九十百千万亿两零几上下左右前后大小东南西北中男女天日月年他她它你我这那哪的地得";

/// The phrases of a text that are inconsistent with the rest of it, in text order. Characters for which
/// `is_spoken_for` is true are never odd.
pub fn inconsistencies(
    runs: &Runs<'_>,
    model: &Model<'_>,
    is_spoken_for: impl Fn(&Range<usize>) -> bool,
) -> Vec<Inconsistency> {
    let text = runs.text;
    let mut pairs = pairs(runs, model);
    // A character may be odd in up to four phrases, but is judged only once.
    pairs.sort_unstable_by_key(|pair| (pair.odd_character(), pair.right, *pair));
    let same = |a: &Pair, b: &Pair| a.odd_character() == b.odd_character() && a.right == b.right;
    let judged = pairs.chunk_by(same).flat_map(|pairs| {
        let range = pairs[0].odd_character()..pairs[0].odd_character() + WIDTH;
        let Pair { right, confusion, .. } = pairs[0];
        let verdict = judge(text, range.start, right, confusion, model);
        let verdict = verdict.filter(|_| !is_spoken_for(&range));
        let with_verdicts = pairs.iter().filter_map(move |pair| Some((*pair, verdict.clone()?)));
        with_verdicts.filter(|(pair, verdict)| verdict.holds_for(&pair.odd()))
    });
    let mut odd: Vec<(Pair, WordingVerdict)> = judged.collect();
    if odd.is_empty() {
        return Vec::new();
    }
    let fillings = Fillings::of(odd.iter().map(|(pair, _)| pair), runs);
    odd.retain(|(pair, _)| fillings.are_few(pair));
    // The most frequent phrase is the strongest evidence.
    let times = |pair: &Pair| fillings.usual(pair).len();
    odd.sort_by_key(|(pair, _)| (pair.odd_character(), usize::MAX - times(pair), pair.odd().start));
    odd.dedup_by_key(|(pair, _)| pair.odd_character());
    let inconsistency = |(pair, _): (Pair, WordingVerdict)| Inconsistency {
        range: pair.odd(),
        odd: pair.odd_character()..pair.odd_character() + WIDTH,
        usual: text[pair.usual()].to_owned(),
        times: times(&pair),
        usual_ranges: fillings
            .usual(&pair)
            .iter()
            .take(MOST_PLACES)
            .map(|start| *start..start + pair.odd().len())
            .collect(),
        confusion: pair.confusion,
    };
    odd.into_iter().map(inconsistency).collect()
}

/// What the word segmentation says about an odd character.
#[derive(Debug, Clone)]
struct WordingVerdict {
    /// Whether the usual character is so much more likely that it need not make a word.
    is_clear: bool,
    /// The byte range of the word that the usual character makes out of what was left over.
    word: Option<Range<usize>>,
}

impl WordingVerdict {
    /// Whether it is a mistake in this phrase: the word must contain the phrase or be contained in it.
    fn holds_for(&self, phrase: &Range<usize>) -> bool {
        self.is_clear || self.makes_word_with(phrase).is_some()
    }

    fn makes_word_with(&self, phrase: &Range<usize>) -> Option<&Range<usize>> {
        self.word.as_ref().filter(|word| is_within(word, phrase))
    }
}

/// The verdict on the character at an offset, if it is a mistake for another one.
fn judge(
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
    let word_cost = model.lexicon.cost(&indexes[word.clone()])?;
    let needed = least_gain(confusion, model.character(wrong), word_cost);
    let is_clear = gain >= needed + MUCH && confusion != Confusion::SameInitial;
    let bytes = context.start + word.start * WIDTH..context.start + word.end * WIDTH;
    let word = (gain >= needed && makes_word(&before, &after, at)).then_some(bytes);
    (is_clear || word.is_some()).then_some(WordingVerdict { is_clear, word })
}

/// The range of Chinese characters around the one at this offset, at most `most` before and after it.
fn around(text: &str, at: usize, most: usize) -> Range<usize> {
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
    FREE.contains(character)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(&str, String, usize)> {
        let found = inconsistencies(&Runs::of(text), Model::embedded(), |_| false).into_iter();
        found
            .map(|inconsistency| {
                (&text[inconsistency.range], inconsistency.usual, inconsistency.usual_ranges.len())
            })
            .collect()
    }

    #[test]
    fn finds_a_phrase_at_odds_with_the_rest() {
        let text = "一期三所学校开工建设，二期公园开工建设。多所学校开个建设。";
        assert_eq!(found(text), [("开个建设", "开工建设".to_owned(), 2)]);
        let text = "搜索引擎很好用。搜索引擎也很快，这家的搜素引擎友好。";
        assert_eq!(found(text), [("搜素引擎", "搜索引擎".to_owned(), 2)]);
    }

    #[test]
    fn leaves_right_text_alone() {
        for text in [
            // Both are right.
            "都可以通过。都可以通过。这些都可以跳过。",
            "第二十届大会。第二十届大会。第三十届大会。",
            "他们的房子。他们的房子。她们的房子。",
            "学校开工建设，公园开个建设。",
            // Traditional characters are not in the model.
            "學校開工建設。公園開工建設。多所學校開個建設。",
            "",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }
    #[test]
    fn reads_what_stands_around() {
        let text = "工，x建设项目yy";
        let at = text.find('项').unwrap();
        assert_eq!(&text[around(text, at, 1)], "设项目");
        assert_eq!(&text[around(text, at, 9)], "建设项目");
        assert_eq!(around("项", 0, 9), 0..3);
    }
}
