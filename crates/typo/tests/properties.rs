//! What holds of every text, whatever is in it.

#![allow(clippy::unwrap_used, reason = "a test may stop")]

use postmend_typo::{DEEP_MAGIC, Deep, Inconsistency, Model, PackedPair, PackedWord, Runs, Unlikely, Words};
use postmend_typo::{inconsistencies, pack_deep};
use proptest::prelude::*;
use std::iter::empty;
use std::ops::Range;
use std::sync::LazyLock;

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let replace = [("前瑞", "前端"), ("a中", "文b"), ("postmand", "postmend"), ("é", "e")];
    Words::new(replace.into_iter(), ["开个建设", "recieve"].into_iter()).unwrap()
});
static STANDARD: LazyLock<Words> = LazyLock::new(|| Words::new(empty(), empty()).unwrap());
static DEEP: LazyLock<Deep> = LazyLock::new(deep);

/// A model in which few words follow each other.
fn deep() -> Deep {
    const TEXT: [&str; 9] = ["开工", "建设", "的", "高", "学校", "公平竞争", "正当", "程序", "我们"];
    let pair = |word| PackedPair { word, cost: 1.5, ..PackedPair::default() };
    let words = TEXT.iter().enumerate().map(|(number, text)| PackedWord {
        text: (*text).to_owned(),
        cost: 7.0 + number as f32 / 2.0,
        backoff: 0.5,
        pairs: (0..TEXT.len() as u32).filter(|next| (*next + number as u32) % 3 == 1).map(pair).collect(),
    });
    let body = pack_deep(&words.collect::<Vec<_>>()).unwrap();
    Deep::new(Box::new([&DEEP_MAGIC[..], &[0; 32], &body].concat())).unwrap()
}

/// Text of which much repeats itself, with a little of everything between.
fn text() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        8 => prop::sample::select(vec![
            "开工建设", "开个建设", "开公建设", "学校", "公平竟争", "正挡程序", "的", "我们", "高", "髙", "一",
            "recieve", "Recieve", "teh", "开", "工", "个", "建", "设", "前瑞", "a中", "再接再励", "座落",
        ]).prop_map(str::to_owned),
        3 => prop::sample::select(vec![
            "，", "。", "、", "·", "\n", " ", "“", "”", "《", "é", "の", "衞", "開", "\u{200B}", "𠮷", "\0", "-", "'",
        ]).prop_map(str::to_owned),
        1 => any::<String>(),
    ];
    prop::collection::vec(part, 0..60).prop_map(|parts| parts.concat())
}

fn holds_characters(text: &str, range: &Range<usize>) -> bool {
    range.start < range.end && text.get(range.clone()).is_some()
}

fn count(text: &str) -> usize {
    text.chars().count()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn inconsistencies_are_whole_characters(text in text()) {
        let mut before = 0;
        for inconsistency in inconsistencies(&Runs::of(&text), Model::embedded(), |_| false) {
            let Inconsistency { range, odd, usual, times, usual_ranges, .. } = inconsistency;
            prop_assert!(holds_characters(&text, &range) && holds_characters(&text, &odd));
            prop_assert!(range.start <= odd.start && odd.end <= range.end && before <= odd.start);
            before = odd.end;
            prop_assert_eq!(count(&text[range.clone()]), count(&usual));
            let differ = text[range].chars().zip(usual.chars()).filter(|(a, b)| a != b).count();
            prop_assert_eq!((differ, count(&text[odd])), (1, 1));
            prop_assert!(times >= 2 && usual_ranges.len() <= times);
            prop_assert!(usual_ranges.iter().all(|range| text[range.clone()] == usual));
        }
    }

    #[test]
    fn wrong_words_are_whole_characters(text in text()) {
        for words in [&*WORDS, &*STANDARD] {
            words.find(&Runs::of(&text), |wrong| {
                assert!(holds_characters(&text, &wrong.range));
                assert!(!wrong.right.is_empty() && wrong.right.iter().all(|right| *right != text[wrong.range.clone()]));
            });
        }
    }

    #[test]
    fn likely_words_are_as_long_as_what_stands_there(text in text()) {
        let mut end = 0;
        for unlikely in DEEP.unlikely(&text, -50.0) {
            let Unlikely { range, right, odds, .. } = unlikely;
            prop_assert!(holds_characters(&text, &range) && end <= range.start);
            end = range.end;
            prop_assert_eq!(count(&text[range.clone()]), count(&right));
            prop_assert!(text[range] != right && odds.is_finite());
        }
    }
}

#[test]
fn something_is_found_in_such_text() {
    let text = "学校开工建设，我们开工建设。开个建设的公平竟争，recieve";
    assert_eq!(inconsistencies(&Runs::of(text), Model::embedded(), |_| false).len(), 1);
    let mut wrong = Vec::new();
    STANDARD.find(&Runs::of(text), |found| wrong.push(text[found.range].to_owned()));
    assert_eq!(wrong, ["开个建设", "竟争", "recieve"]);
    assert!(!DEEP.unlikely("我们的公平竟争", -50.0).is_empty());
}
