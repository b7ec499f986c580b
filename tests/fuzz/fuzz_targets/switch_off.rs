//! A comment that switches a finding off is one insertion or none, and the finding is gone then.

#![no_main]

use libfuzzer_sys::fuzz_target;
use postmend_core::Patch;
use postmend_fuzz::{RULES, context_and_text};
use postmend_rules::{Post, Reach, SwitchOff};

/// Each finding is tried twice, which takes a while.
const MOST_FINDINGS: usize = 8;

fuzz_target!(|bytes: &[u8]| {
    let Some((context, text)) = context_and_text(bytes) else { return };
    let document = context.read(text);
    let before = RULES.check(&Post::new(&document, context));
    let off = SwitchOff::new(&document, &context, &RULES);
    for finding in before.iter().take(MOST_FINDINGS) {
        for reach in [Reach::Line, Reach::Post] {
            let Some(edit) = off.edit(finding, reach) else { continue };
            assert!(edit.span.is_empty() && edit.text.contains(finding.rule), "{edit:?}");
            let after = Patch::new(vec![edit]).expect("one edit").apply(text);
            let found = RULES.check(&Post::new(&context.read(&after), context));
            let count = |list: &[postmend_rules::Finding]| {
                list.iter().filter(|other| other.rule == finding.rule).count()
            };
            assert!(count(&found) < count(&before), "{after}");
        }
    }
});
