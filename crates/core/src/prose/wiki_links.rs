//! The targets of wiki links.

use memchr::memmem;
use std::ops::Range;

/// What stands in `[[…]]`, before a `|`.
pub(super) fn wiki_link_targets(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = memmem::find(&text.as_bytes()[from..], b"[[") {
        let start = from + at + 2;
        from = start;
        let line = text[start..].split('\n').next().unwrap_or_default();
        let Some(length) = line.find("]]") else { continue };
        let target = line[..length].split('|').next().unwrap_or_default();
        found.push(start..start + target.len());
        from = start + length;
    }
    found
}
