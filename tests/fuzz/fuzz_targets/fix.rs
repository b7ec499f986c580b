//! Fixing changes what its edits name and nothing else, settles, and is taken back to the last byte.

#![no_main]

use libfuzzer_sys::fuzz_target;
use postmend_core::Patch;
use postmend_fuzz::{RULES, context_and_text};
use postmend_rules::{Post, Safety, fix_text, prove};

fuzz_target!(|bytes: &[u8]| {
    let Some((context, text)) = context_and_text(bytes) else { return };
    let once = fix_text(text, &context, &RULES, Safety::Review, &|_| true);
    let twice = fix_text(&once.text, &context, &RULES, Safety::Review, &|_| true);
    assert_eq!(once.text, twice.text);
    assert!(once.refused.is_none() || once.text == text);
    let before = once.undo.iter().fold(once.text.clone(), |now, patch| patch.apply(&now));
    assert_eq!(before, text);
    // Each fix by itself, also those that nobody applies unasked.
    let document = context.read(text);
    for fix in RULES.check(&Post::new(&document, context)).into_iter().filter_map(|finding| finding.fix) {
        let patch = Patch::new(fix.edits.clone()).expect("the edits of a fix go together");
        let after = patch.apply(text);
        assert_eq!(patch.reverse(text).apply(&after), text);
        let shrunk: usize = patch.edits().iter().map(|edit| edit.span.len()).sum();
        let grown: usize = patch.new_spans().iter().map(|span| span.len()).sum();
        assert_eq!(text.len() - shrunk, after.len() - grown);
        let _ = prove(&document, &context, &fix);
    }
});
