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
        let found = &text[wrong.range.clone()];
        assert!(
            !found.is_empty() && !wrong.right.is_empty() && wrong.right.iter().all(|right| right != found)
        );
        before = before.max(wrong.range.end);
    });
    for inconsistency in inconsistencies(&runs, Model::embedded(), |_| false) {
        assert_eq!(text[inconsistency.odd.clone()].chars().count(), 1);
        assert!(
            inconsistency.odd.start >= inconsistency.range.start
                && inconsistency.odd.end <= inconsistency.range.end
        );
        assert_ne!(text[inconsistency.range.clone()], inconsistency.usual);
        inconsistency
            .usual_ranges
            .iter()
            .for_each(|range| assert_eq!(text[range.clone()], inconsistency.usual));
    }
    assert!(before <= text.len());
});
