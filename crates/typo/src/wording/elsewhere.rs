//! What the rest of a text says about a phrase with an odd character.

use super::grams::GRAM;
use super::verdict::{CONTEXT, around};
use crate::lexicon::CharIndex;
use crate::model::Model;
use crate::runs::{WIDTH, code, is_first};
use crate::segment::segment;
use std::ops::Range;

/// Whether the text writes the odd character beside the same character of its word once more: the author uses that word.
pub(super) fn is_used_again(text: &str, odd: usize, word: &Range<usize>) -> bool {
    let end = odd + WIDTH;
    let before = (word.start < odd).then(|| odd - WIDTH..end);
    let after = (end < word.end).then(|| odd..end + WIDTH);
    [before, after].into_iter().flatten().any(|pair| text.matches(&text[pair]).nth(1).is_some())
}

/// Whether the usual character at an offset belongs to a phrase: where the text around the odd character begins to
/// differ, that character's word has ended, and the words up to there have four characters.
pub(super) fn is_whole_phrase(text: &str, odd: usize, usual: usize, model: &Model<'_>) -> bool {
    let bytes = text.as_bytes();
    let character = |at: Option<usize>| bytes.get(at?..at? + WIDTH).filter(|three| is_first(three[0]));
    let are_same =
        |a: Option<usize>, b: Option<usize>| character(a).is_some() && character(a) == character(b);
    let before = (1..=CONTEXT)
        .take_while(|steps| are_same(odd.checked_sub(steps * WIDTH), usual.checked_sub(steps * WIDTH)))
        .count();
    let after = (1..=CONTEXT)
        .take_while(|steps| are_same(Some(odd + steps * WIDTH), Some(usual + steps * WIDTH)))
        .count();
    let context = around(text, usual, 2 * CONTEXT);
    let index = |at: usize| model.index_of_code(code(&bytes[at..]));
    let indexes = context.clone().step_by(WIDTH).map(index).collect::<Option<Vec<CharIndex>>>();
    let Some(words) = indexes.map(|indexes| segment(&indexes, model)) else { return false };
    let at = (usual - context.start) / WIDTH;
    let (same, word) = (at - before..at + after + 1, words.word_at(at));
    if word.start < same.start || same.end < word.end {
        return false;
    }
    let whole = same.clone().filter(|at| {
        let word = words.word_at(*at);
        same.start <= word.start && word.end <= same.end
    });
    whole.count() >= GRAM
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hears_the_rest_of_the_text() {
        let text = "湿生生物很少，水生生物多。湿生植物";
        let word = 0..6;
        assert!(is_used_again(text, 0, &word));
        assert!(!is_used_again(&text[..text.len() - 15], 0, &word));
    }

    #[test]
    fn cuts_no_word() {
        let model = Model::embedded();
        let is_whole = |text: &str, odd: &str, usual: &str| {
            is_whole_phrase(text, text.find(odd).unwrap(), text.find(usual).unwrap(), model)
        };
        assert!(is_whole("多所学校开个建设，公园开工建设。", "个", "工"));
        assert!(!is_whole("你一个人干，你一个人工作。", "干", "工"));
    }
}
