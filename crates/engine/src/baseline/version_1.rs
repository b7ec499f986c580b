//! Baselines of version 1, which name findings by a hash of the text that they are about.

use super::known::{KnownFinding, KnownMark};
use postmend_rules::Finding;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;

/// The posts of a file, each with its fingerprints by rule.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PostsOfVersion1 {
    #[expect(dead_code, reason = "it was read before, to choose this form")]
    version: u32,
    posts: BTreeMap<String, BTreeMap<String, Vec<String>>>,
}

impl PostsOfVersion1 {
    /// The known findings, by post.
    pub(super) fn into_known(self) -> BTreeMap<String, Vec<KnownFinding>> {
        let known = |(rule, prints): (String, Vec<String>)| {
            prints
                .into_iter()
                .map(move |print| KnownFinding { rule: rule.clone(), mark: KnownMark::Print(print) })
        };
        self.posts
            .into_iter()
            .map(|(post, rules)| (post, rules.into_iter().flat_map(known).collect()))
            .collect()
    }
}

/// Finds the known findings that are named by a fingerprint.
pub(super) fn recognise(
    findings: &[&Finding],
    text: &str,
    known: &[KnownFinding],
    taken: &mut [bool],
    found: &mut [Option<usize>],
) {
    let mut by_print: HashMap<(&str, &str), usize> = HashMap::new();
    for (index, known) in known.iter().enumerate().filter(|(index, _)| !taken[*index]) {
        if let KnownMark::Print(print) = &known.mark {
            by_print.insert((&known.rule, print), index);
        }
    }
    let mut prints = Fingerprints::default();
    for (finding, found) in findings.iter().zip(found) {
        let print = prints.next(finding, text);
        if let Some(index) = by_print.get(&(finding.rule, print.as_str())).copied() {
            taken[index] = true;
            *found = Some(index);
        }
    }
}

/// Computes the fingerprints of one post's findings, which must come in text order.
#[derive(Debug, Default)]
struct Fingerprints {
    seen: HashMap<[u8; BYTES], u32>,
}

/// Number of bytes of a finding's text that were hashed.
const LONGEST: usize = 4096;

/// Length of a fingerprint in bytes.
const BYTES: usize = 16;

impl Fingerprints {
    /// A hash, as 32 hexadecimal digits, of the rule, of the text of the span (or of the message, if that text is
    /// blank), and of the number of identical findings before.
    fn next(&mut self, finding: &Finding, text: &str) -> String {
        let mut hash = Sha256::new();
        hash.update(finding.rule);
        hash.update("\0");
        let span = finding.span;
        let about = text.get(span.start as usize..span.end as usize).unwrap_or_default();
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
        hash.finalize().iter().take(BYTES).fold(String::new(), |mut digits, byte| {
            let _ = write!(digits, "{byte:02x}");
            digits
        })
    }
}
