//! Known findings.

use postmend_rules::{Finding, Identity, SubjectKind};

/// A finding of a baseline.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KnownFinding {
    /// Its rule.
    pub rule: String,
    /// What identifies it.
    pub mark: KnownMark,
}

/// What identifies a known finding.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KnownMark {
    /// What it is about, and the words before and after.
    Identity([String; 3]),
    /// The fingerprint of a baseline of version 1.
    Print(String),
}

impl KnownFinding {
    /// A finding of a post.
    pub fn of(finding: &Finding) -> Self {
        let Identity { subject, before, after, .. } =
            finding.identity.as_deref().cloned().unwrap_or_default();
        Self { rule: finding.rule.to_owned(), mark: KnownMark::Identity([subject, before, after]) }
    }

    /// How a finding that is known is recorded from now on: as before if its address or field identifies it, and
    /// with the words that are around it now if it is a text.
    pub(super) fn renewed(self, finding: &Finding) -> Self {
        let now = Self::of(finding);
        let is_text = finding.identity.as_ref().is_some_and(|identity| identity.about == SubjectKind::Text);
        if is_text || self.subject() != now.subject() { now } else { self }
    }

    /// What it is about, as people read it.
    pub fn subject(&self) -> &str {
        match &self.mark {
            KnownMark::Identity([subject, ..]) => subject,
            KnownMark::Print(_) => "",
        }
    }

    /// The finding in words: its rule, and what it is about.
    pub fn in_words(&self) -> String {
        match self.subject() {
            "" => self.rule.clone(),
            subject => format!("{}: {subject}", self.rule),
        }
    }

    /// What it is about, and the words before and after; `None` if only a fingerprint is known.
    pub(super) fn identity(&self) -> Option<[&str; 3]> {
        match &self.mark {
            KnownMark::Identity(parts) => Some(parts.each_ref().map(String::as_str)),
            KnownMark::Print(_) => None,
        }
    }
}

/// How much it says for two posts being the same that findings agree as a whole, in halves: a text or an address
/// hardly occurs twice, but a field does.
pub(super) fn weight_of(finding: &Finding) -> usize {
    match finding.identity.as_ref().map(|identity| identity.about) {
        Some(SubjectKind::Text | SubjectKind::Address) => 2,
        Some(SubjectKind::Post) | None => 1,
    }
}
