//! Fingerprints that identify a finding even after other lines of its post have moved.

use crate::finding::Finding;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::fmt::Write;

/// Computes the fingerprints of one post's findings, which must come in text order.
#[derive(Debug, Default)]
pub struct Fingerprints {
    seen: HashMap<[u8; BYTES], u32>,
}

/// Number of bytes of a finding's text that are hashed: thousands of findings may be nested in each other.
const LONGEST: usize = 4096;

/// Length of a fingerprint in bytes.
const BYTES: usize = 16;

impl Fingerprints {
    /// The fingerprint of the next finding: a hash, as 32 hexadecimal digits, of its rule, of the text of its
    /// span (or of its message, if that text is blank: only the message says which field is missing), and of the
    /// number of identical findings before it. Neither the path nor the line matters, nor does white space.
    pub fn next(&mut self, finding: &Finding, text: &str) -> String {
        let mut hash = Sha256::new();
        hash.update(finding.rule);
        hash.update("\0");
        let about = text.get(finding.span.start as usize..finding.span.end as usize).unwrap_or_default();
        let about = &about[..about.floor_char_boundary(LONGEST)];
        let about = if about.trim().is_empty() { &*finding.message } else { about };
        for word in about.split_whitespace() {
            hash.update(word);
            hash.update(" ");
        }
        let same = *hash.clone().finalize().first_chunk::<BYTES>().expect("a hash has 32 bytes");
        let before = self.seen.entry(same).or_default();
        hash.update(before.to_le_bytes());
        *before += 1;
        let bytes = hash.finalize();
        bytes.iter().take(BYTES).fold(String::new(), |mut digits, byte| {
            let _ = write!(digits, "{byte:02x}");
            digits
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Severity;
    use postmend_core::Span;

    fn finding(span: (usize, usize), message: &'static str) -> Finding {
        Finding {
            rule: "misspelling",
            severity: Severity::Warning,
            span: Span::new(span.0, span.1),
            message: message.into(),
            help: "".into(),
            evidence: Vec::new(),
            fix: None,
        }
    }

    fn prints(text: &str, spans: &[(usize, usize)]) -> Vec<String> {
        let mut prints = Fingerprints::default();
        spans.iter().map(|span| prints.next(&finding(*span, "a field is missing"), text)).collect()
    }

    #[test]
    fn blank_findings_differ_by_what_they_say() {
        let print = |message| Fingerprints::default().next(&finding((0, 0), message), "---\n---\n");
        assert_eq!(print("field `date` is missing"), print("field `date` is missing"));
        assert_ne!(print("field `date` is missing"), print("field `title` is missing"));
    }

    #[test]
    fn stay_where_lines_move() {
        let before = prints("teh a  b teh", &[(0, 3), (4, 8), (9, 12), (0, 0)]);
        let after = prints("x\nteh\n a\nb teh", &[(2, 5), (7, 10), (11, 14), (0, 0)]);
        assert_eq!(before, after);
        assert_ne!(before[0], before[2]);
        assert_ne!(before[1], before[3]);
        assert!(before.iter().all(|print| print.len() == 32));
    }
}
