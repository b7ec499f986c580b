//! What a rule reports about a post.

use crate::identity::Identity;
use postmend_core::{Edit, Span};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// How serious a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Affects some readers, or may break one day.
    Warning,
    /// Broken for readers or for the generator.
    Error,
}

impl Severity {
    /// The name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// How likely a fix is right. Ordered: a fix is applied if `safety >= asked`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Safety {
    /// Never applied automatically: the author has to decide.
    Manual,
    /// Right in most cases; applied with `--review`.
    Review,
    /// Preserves the meaning of the post; applied by `fix`.
    Safe,
}

impl Safety {
    /// The name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Manual => "manual",
            Self::Review => "review",
            Self::Safe => "safe",
        }
    }
}

/// Edits that fix a finding, applied all together or not at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What it does, in the imperative: "remove the blank line".
    pub title: Cow<'static, str>,
    /// How likely it is right.
    pub safety: Safety,
    /// The edits.
    pub edits: Vec<Edit>,
}

impl Fix {
    /// A fix with a single edit.
    pub fn new(title: impl Into<Cow<'static, str>>, safety: Safety, edit: Edit) -> Self {
        Self { title: title.into(), safety, edits: vec![edit] }
    }
}

/// One problem at one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule's name; set by the rule set.
    pub rule: &'static str,
    /// Its severity; set by the rule set.
    pub severity: Severity,
    /// The byte span that it is about.
    pub span: Span,
    /// What is wrong: lower case, no full stop, naming the thing.
    pub message: Cow<'static, str>,
    /// What to do about it; empty if the message is enough.
    pub help: Cow<'static, str>,
    /// Other spans of the post that explain it, in order.
    pub evidence: Vec<Span>,
    /// How to fix it, if that is known.
    pub fix: Option<Fix>,
    /// What identifies it after edits elsewhere in the post; set by [`identify`](fn@crate::identify).
    pub identity: Option<Box<Identity>>,
}

/// Collects the findings of rules.
#[derive(Debug)]
pub struct Findings {
    rule: &'static str,
    severity: Severity,
    list: Vec<Finding>,
    /// Index in `list` of the first finding of the current rule.
    own: usize,
    /// Maximum number of findings.
    most: usize,
    /// Receives the findings beyond the maximum.
    spare: Option<Box<Finding>>,
}

impl Findings {
    pub(crate) fn new() -> Self {
        Self::with_limit(usize::MAX)
    }

    /// Keeps at most this many findings.
    pub(crate) fn with_limit(most: usize) -> Self {
        Self { rule: "", severity: Severity::Info, list: Vec::new(), own: 0, most, spare: None }
    }

    /// Whether findings were dropped because there were too many.
    pub(crate) fn is_cut(&self) -> bool {
        self.spare.is_some()
    }

    pub(crate) fn of_rule(&mut self, rule: &'static str, severity: Severity) -> &mut Self {
        self.rule = rule;
        self.severity = severity;
        self.own = self.list.len();
        self
    }

    /// Sets the safety of the current rule's fixes, overriding the rule's own.
    pub(crate) fn take_fixes_for(&mut self, safety: Option<Safety>) {
        let Some(safety) = safety else { return };
        self.list[self.own..]
            .iter_mut()
            .filter_map(|finding| finding.fix.as_mut())
            .for_each(|fix| fix.safety = safety);
    }

    pub(crate) fn into_list(self) -> Vec<Finding> {
        self.list
    }

    /// Adds a finding; the caller may fill in its help and fix.
    pub fn add(&mut self, span: Span, message: impl Into<Cow<'static, str>>) -> &mut Finding {
        let (rule, severity) = (self.rule, self.severity);
        let (message, help) = (message.into(), Cow::Borrowed(""));
        let (evidence, fix, identity) = Default::default();
        let finding = Finding { rule, severity, span, message, help, evidence, fix, identity };
        if self.list.len() >= self.most {
            return self.spare.insert(Box::new(finding));
        }
        self.list.push(finding);
        self.list.last_mut().expect("one was pushed just now")
    }
}

impl Finding {
    /// Sets what to do about it.
    pub fn help(&mut self, help: impl Into<Cow<'static, str>>) -> &mut Self {
        self.help = help.into();
        self
    }

    /// Sets other spans that explain it.
    pub fn evidence(&mut self, spans: impl Iterator<Item = Span>) -> &mut Self {
        self.evidence = spans.collect();
        self
    }

    /// Sets the fix.
    pub fn fix(&mut self, fix: impl Into<Option<Fix>>) -> &mut Self {
        self.fix = fix.into();
        self
    }

    /// The fingerprint of the finding, as 32 hexadecimal digits: the same as long as its identity is.
    pub fn fingerprint(&self) -> String {
        let whole_post = Identity::default();
        self.identity.as_deref().unwrap_or(&whole_post).fingerprint(self.rule)
    }
}
