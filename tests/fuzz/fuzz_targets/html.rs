//! Tokens cover the source without a gap, and the tree takes anything.

#![no_main]

use libfuzzer_sys::fuzz_target;
use postmend_core::html::{Tokens, tokenize, tree};

fuzz_target!(|text: &str| {
    let mut tokens = Tokens::default();
    tokenize(text, 0, &mut tokens);
    let mut end = 0;
    for token in &tokens.list {
        assert_eq!(token.span().start, end);
        end = token.span().end;
    }
    assert_eq!(end as usize, text.len());
    let selector = tree::selector("div > img:not([alt])").expect("a selector");
    let tree = tree::Tree::parse(text, 0);
    for span in tree.select(&selector) {
        let _ = span.of(text);
    }
});
