//! Finds phrases that a text writes one way repeatedly, and once with a different character.
//!
//! Sequences of four characters that occur once are compared with those that occur more often. If they differ
//! in one character that is easily confused with the other, the word segmentation decides: the usual phrase
//! must be more likely, the odd character must be left over as a single word in the odd phrase
//! ([`verdict`]), and no word of the dictionary may explain it ([`explained`]). Then the rest of the text is
//! heard: the usual phrase must consist of whole words ([`elsewhere`]), the author may not use the odd word
//! once more, and the two phrases may not be set against each other ([`contrast`]).

mod contrast;
mod elsewhere;
mod explained;
mod fillings;
mod gaps;
mod grams;
mod pairs;
mod usage;
mod verdict;

use crate::confusion::Confusion;
use crate::model::Model;
use crate::runs::{Runs, WIDTH};
use contrast::are_contrasted;
use elsewhere::{is_used_again, is_whole_phrase};
use fillings::Fillings;
use pairs::{Pair, pairs};
use std::ops::Range;
use verdict::{WordingVerdict, judge};

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

/// Maximum number of reported occurrences of a usual phrase.
const MOST_PLACES: usize = 16;

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
    odd.retain(|(pair, verdict)| fillings.are_few(pair) && is_odd(text, pair, verdict, &fillings, model));
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

/// Whether the rest of the text agrees with the verdict on a phrase.
fn is_odd(text: &str, pair: &Pair, verdict: &WordingVerdict, fillings: &Fillings, model: &Model<'_>) -> bool {
    let (odd, usual) = (pair.odd_character(), fillings.usual(pair));
    let before = odd - pair.odd().start;
    let is_whole = |start: &&usize| is_whole_phrase(text, odd, **start + before, model);
    !is_used_again(text, odd, &verdict.word)
        && !are_contrasted(text, &pair.odd(), usual, verdict.is_weak)
        && usual.iter().take(MOST_PLACES).filter(is_whole).nth(1).is_some()
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
    fn finds_what_no_word_explains() {
        for (text, odd) in [
            // In one sentence.
            ("一期学校开工建设，二期公园开工建设，三期道路开个建设。", "开个建设"),
            ("数据缓存很小，数据缓存很快，数据缓村要清空。", "数据缓村"),
            // At the start of lines that are alike.
            ("压缩文件成功。\n\n压缩文件损坏。\n\n压锁文件失败。", "压锁文件"),
            // A word of the dictionary that is a hundred times rarer.
            ("我们作为用户。我们作为作者。我们做为读者。", "们做为"),
        ] {
            let found = found(text);
            assert!(found.len() == 1 && found[0].0.contains(odd), "{text}: {found:?}");
        }
    }

    #[test]
    fn leaves_right_text_alone() {
        for text in [
            // Both are right.
            "都可以通过。都可以通过。这些都可以跳过。",
            "第二十届大会。第二十届大会。第三十届大会。",
            "他们的房子。他们的房子。她们的房子。",
            "学校开工建设，公园开个建设。",
            // A word and another one that is made like it.
            "编译器的选项。编译器的错误。这是编译期的选项。",
            "网站的贡献者很多。感谢网站的贡献者。网站的贡献占一半。",
            // Terms that contrast.
            "单线程的程序简单。多线程的程序复杂，多线程的程序也快。",
            "买入股票要谨慎，买入股票要耐心，卖出股票也一样。",
            "最好情况是常数。最好情况很少。最坏情况是线性。",
            // Both are words of the dictionary, or a grammatical word is beside them.
            "新加一台主机，新建一个文件，新建一个目录。",
            "会退出编辑状态。再退出编辑状态。会弹出编辑窗口。",
            "你所在的城市。你所在的国家。你所做的选择。",
            "网络连接成功。网络连接中断。网络联接失败。",
            // What differs belongs to other words.
            "我们想在后天出发。我们现在出发，我们现在到达。",
            // The author uses the other word elsewhere.
            "水生生物很多。保护水生生物。湿生生物很少，湿生植物也少。",
            // Traditional characters are not in the model.
            "學校開工建設。公園開工建設。多所學校開個建設。",
            "",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }
}
