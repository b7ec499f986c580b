//! What a rule says about a post.

use postmend_core::{Edit, Span};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Hurts some readers, or breaks on some day.
    Warning,
    /// Broken for readers or for the generator.
    Error,
}

impl Severity {
    /// The word that reports use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// How surely a fix is right; ordered, so that a fix is applied where `safety >= asked`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Safety {
    /// Only shown: somebody has to decide.
    Manual,
    /// Right in most cases; applied with `--unsafe`, to be looked at.
    Review,
    /// Keeps what the post means; applied by `fix`.
    Safe,
}

impl Safety {
    /// The word that reports use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Manual => "manual",
            Self::Review => "review",
            Self::Safe => "safe",
        }
    }
}

/// Edits that mend a finding, applied all together or not at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as an imperative: "remove the blank line".
    pub title: Cow<'static, str>,
    /// How surely it is right.
    pub safety: Safety,
    /// The edits.
    pub edits: Vec<Edit>,
}

impl Fix {
    /// A fix of one edit.
    pub fn new(title: impl Into<Cow<'static, str>>, safety: Safety, edit: Edit) -> Self {
        Self { title: title.into(), safety, edits: vec![edit] }
    }
}

/// One thing that is wrong, at one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule's name; set by the rule set.
    pub rule: &'static str,
    /// How much it matters; set by the rule set.
    pub severity: Severity,
    /// The bytes that it is about.
    pub span: Span,
    /// What is wrong: lower case, no full stop, names the thing.
    pub message: Cow<'static, str>,
    /// What to do about it; empty if the message says it all.
    pub help: Cow<'static, str>,
    /// Other places of the post that show why, in order.
    pub evidence: Vec<Span>,
    /// How to mend it.
    pub fix: Option<Fix>,
}

/// Where a rule puts what it finds.
#[derive(Debug)]
pub struct Findings {
    rule: &'static str,
    severity: Severity,
    list: Vec<Finding>,
    /// Where those of the present rule start.
    own: usize,
    /// How many there may be.
    most: usize,
    /// What takes those that are too many.
    spare: Option<Box<Finding>>,
}

impl Findings {
    pub(crate) fn new() -> Self {
        Self::up_to(usize::MAX)
    }

    /// Takes so many findings, and no more.
    pub(crate) fn up_to(most: usize) -> Self {
        Self { rule: "", severity: Severity::Info, list: Vec::new(), own: 0, most, spare: None }
    }

    /// Whether there were more findings than it takes.
    pub(crate) fn is_cut(&self) -> bool {
        self.spare.is_some()
    }

    pub(crate) fn of_rule(&mut self, rule: &'static str, severity: Severity) -> &mut Self {
        self.rule = rule;
        self.severity = severity;
        self.own = self.list.len();
        self
    }

    /// Takes the present rule's fixes to be so sure, whatever the rule says.
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

    /// Adds a finding, whose help and fix the caller may fill in.
    pub fn add(&mut self, span: Span, message: impl Into<Cow<'static, str>>) -> &mut Finding {
        let (rule, severity) = (self.rule, self.severity);
        let (message, help) = (message.into(), Cow::Borrowed(""));
        let finding = Finding { rule, severity, span, message, help, evidence: Vec::new(), fix: None };
        if self.list.len() >= self.most {
            return self.spare.insert(Box::new(finding));
        }
        self.list.push(finding);
        self.list.last_mut().expect("one was pushed just now")
    }
}

impl Finding {
    /// Says what to do.
    pub fn help(&mut self, help: impl Into<Cow<'static, str>>) -> &mut Self {
        self.help = help.into();
        self
    }

    /// Points at other places that show why.
    pub fn evidence(&mut self, places: impl Iterator<Item = Span>) -> &mut Self {
        self.evidence = places.collect();
        self
    }

    /// Offers a fix.
    pub fn fix(&mut self, fix: impl Into<Option<Fix>>) -> &mut Self {
        self.fix = fix.into();
        self
    }
}
