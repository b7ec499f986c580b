//! Finds out which known findings the findings of a post are.

use super::known::{KnownFinding, KnownMark};
use super::version_1;
use postmend_rules::{Finding, Identity, SubjectKind, are_near};
use std::collections::{HashMap, VecDeque};

/// How well a finding and a known one agree, the best first. All pairs of one kind are found before those of the next,
/// so that a finding never takes the place of a better one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Agreement {
    /// They are the same in everything.
    Whole,
    /// They are about the same, and so are the words before.
    Before,
    /// They are about the same, and so are the words after.
    After,
    /// They are about the same, and most words next to them are the same.
    Near,
    /// They are about the same field, image or link.
    Thing,
    /// The address changed, but not the name of the file.
    FileName,
}

const AGREEMENTS: [Agreement; 6] = [
    Agreement::Whole,
    Agreement::Before,
    Agreement::After,
    Agreement::Near,
    Agreement::Thing,
    Agreement::FileName,
];

/// The rules that find what is wrong with an address itself: with another one it is another mistake.
const OF_ADDRESSES: [&str; 3] = ["broken-link", "missing-image", "broken-anchor"];

/// Maximum number of known findings with the same subject that a finding is compared with.
const MOST_ALIKE: usize = 64;

/// For each finding, the index of the known finding that it is. `is_free` says which ones are still to be found.
pub(super) fn recognise(
    findings: &[&Finding],
    text: &str,
    known: &[KnownFinding],
    is_free: impl Fn(usize) -> bool,
) -> Vec<Option<usize>> {
    let mut found: Vec<Option<usize>> = vec![None; findings.len()];
    let mut taken: Vec<bool> = (0..known.len()).map(|index| !is_free(index)).collect();
    if known.iter().any(|known| matches!(known.mark, KnownMark::Print(_))) {
        version_1::recognise(findings, text, known, &mut taken, &mut found);
    }
    let whole_post = Identity::default();
    for agreement in AGREEMENTS {
        let mut by_key = by_key(known, &taken, agreement);
        for (finding, found) in findings.iter().zip(&mut found).filter(|(_, found)| found.is_none()) {
            let identity = finding.identity.as_deref().unwrap_or(&whole_post);
            let key = key_of(finding.rule, identity, agreement);
            let Some(alike) = key.and_then(|key| by_key.get_mut(&key)) else { continue };
            let mut some = alike.iter().take(MOST_ALIKE);
            if let Some(at) = some.position(|index| agreement.is_between(identity, &known[*index])) {
                *found = alike.remove(at);
                found.iter().for_each(|index| taken[*index] = true);
            }
        }
    }
    found
}

/// Rule, what must be equal, and the words before and after if they must be equal too.
type MatchKey<'k> = (&'k str, &'k str, [&'k str; 2]);

/// The indexes of the known findings that are not taken, by what must be equal.
fn by_key<'k>(
    known: &'k [KnownFinding],
    taken: &[bool],
    agreement: Agreement,
) -> HashMap<MatchKey<'k>, VecDeque<usize>> {
    let mut by_key: HashMap<MatchKey<'k>, VecDeque<usize>> = HashMap::new();
    let free = known.iter().enumerate().filter(|(index, _)| !taken[*index]);
    for (index, known) in free {
        if let Some([subject, before, after]) = known.identity() {
            by_key.entry(agreement.key(&known.rule, subject, [before, after])).or_default().push_back(index);
        }
    }
    by_key
}

fn key_of<'k>(rule: &'k str, identity: &'k Identity, agreement: Agreement) -> Option<MatchKey<'k>> {
    let Identity { about, subject, before, after, .. } = identity;
    let applies = match agreement {
        Agreement::Whole | Agreement::Near => true,
        Agreement::Before => !before.is_empty(),
        Agreement::After => !after.is_empty(),
        Agreement::Thing => *about != SubjectKind::Text,
        Agreement::FileName => {
            *about == SubjectKind::Address && !file_name(subject).is_empty() && !OF_ADDRESSES.contains(&rule)
        }
    };
    applies.then(|| agreement.key(rule, subject, [before, after]))
}

impl Agreement {
    fn key<'k>(self, rule: &'k str, subject: &'k str, around: [&'k str; 2]) -> MatchKey<'k> {
        match self {
            Self::Whole => (rule, subject, around),
            Self::Before => (rule, subject, [around[0], ""]),
            Self::After => (rule, subject, ["", around[1]]),
            Self::Near | Self::Thing => (rule, subject, ["", ""]),
            Self::FileName => (rule, file_name(subject), ["", ""]),
        }
    }

    /// Whether they agree, if their keys are equal.
    fn is_between(self, identity: &Identity, known: &KnownFinding) -> bool {
        !matches!(self, Self::Before | Self::After | Self::Near)
            || known.identity().is_some_and(|[_, before, after]| {
                are_near([&identity.before, &identity.after], [before, after])
            })
    }
}

/// The last part of an address, without its query.
fn file_name(address: &str) -> &str {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    path.rsplit('/').next().unwrap_or_default()
}
