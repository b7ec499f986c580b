//! The typo engine takes any text, and tells places that are words of it.

#![no_main]

use libfuzzer_sys::fuzz_target;
use postmend_typo::{Model, Runs, Words, inconsistencies};
use std::sync::LazyLock;

static WORDS: LazyLock<Words> =
    LazyLock::new(|| Words::new([("错字", "对字")].into_iter(), ["recieve"].into_iter()).expect("two words"));

fuzz_target!(|text: &str| {
    let runs = Runs::of(text);
    let mut before = 0;
    WORDS.find(&runs, |wrong| {
        let told = &text[wrong.range.clone()];
        assert!(!told.is_empty() && !wrong.right.is_empty() && wrong.right.iter().all(|right| right != told));
        before = before.max(wrong.range.end);
    });
    for one in inconsistencies(&runs, Model::embedded(), |_| false) {
        assert_eq!(text[one.odd.clone()].chars().count(), 1);
        assert!(one.odd.start >= one.range.start && one.odd.end <= one.range.end);
        assert_ne!(text[one.range.clone()], one.usual);
        one.places.iter().for_each(|place| assert_eq!(text[place.clone()], one.usual));
    }
    assert!(before <= text.len());
});
