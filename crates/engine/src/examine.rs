//! Checks or fixes one post, and returns what was found in it.

use crate::find_posts::PostFile;
use crate::store::FileChange;
use crate::trouble::Trouble;
use postmend_core::decode::{Encoding, decode, encode};
use postmend_core::lines::{LineIndex, Position};
use postmend_core::{Patch, front, is_generated};
use postmend_rules::{
    Claim, Contest, EXCEEDED_LIMIT, Finding, FixedText, Post, REFUSED_FIX, Safety, fix_text, identify,
    with_refused_fixes,
};
use std::borrow::Cow;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// The result for one post.
pub struct Examined {
    /// The text that the spans refer to; empty if there are no findings.
    pub text: String,
    /// The findings in the order of the text, each with the line and column of its start and end.
    pub findings: Vec<(Finding, Position, Position)>,
    /// The fingerprints of the findings, if they were read from a report.
    pub prints: Option<Vec<String>>,
    /// The findings that were fixed.
    pub fixed: Vec<Finding>,
    /// The text before the fixes, if they changed it.
    pub before: Option<String>,
    /// The patches that restore the text before from the fixed text, to be applied in this order.
    pub undo: Vec<Patch>,
    /// Why the post could not be read or written.
    pub trouble: Option<Trouble>,
    /// The values that must be unique to this post, each with the rule that requires it.
    pub claims: Vec<(&'static str, Claim)>,
    /// Whether the post is in another share, so that only its claims are known.
    pub only_claims: bool,
    /// What to write to the file, if the fixes changed the text.
    pub change: Option<FileChange>,
    /// The number of comments in the post that would disable rules and are ignored.
    pub ignored_directives: usize,
    /// Whether a program wrote the file and will write it again, so that it was not checked.
    pub is_generated: bool,
}

/// What to do with every post.
#[derive(Clone, Default)]
pub struct Task {
    /// How it is fixed; `None` if findings are only reported.
    pub fix: Option<FixOptions>,
    /// Whether the findings that remain are identified, for fingerprints and baselines.
    pub identifies: bool,
}

/// How posts are fixed.
#[derive(Clone)]
pub struct FixOptions {
    /// The lowest safety of fixes to apply.
    pub safety: Safety,
    /// Only the fixes of these rules are applied; all if this is empty.
    pub only: Vec<String>,
    /// Whether the result is written.
    pub write: bool,
}

/// Performs the task on a post from the disk.
pub fn examine_file(post: &PostFile, task: &Task) -> Examined {
    match post.bytes() {
        Ok(bytes) => examine(post, &bytes, task),
        Err(error) => unread(post, &error),
    }
}

/// The result for a post that could not be read: a finding if it is too large, otherwise a trouble.
fn unread(post: &PostFile, error: &io::Error) -> Examined {
    match error.kind() {
        io::ErrorKind::FileTooLarge => too_large(post),
        _ => Examined::from_trouble(Trouble::with_path("read", &post.path, error)),
    }
}

fn too_large(post: &PostFile) -> Examined {
    let message = format!("the post was not checked: it is larger than {} MB", post.limit / 1_000_000);
    Examined::whole_file(post, EXCEEDED_LIMIT, message)
}

/// The claims of a post in another share. Its findings, and errors while it is read, are reported by the job that
/// checks that share.
pub(crate) fn claims_of_file(post: &PostFile) -> Examined {
    let read = || {
        let bytes = post.bytes().ok()?;
        let text = decode(&bytes).ok()?.text;
        catch_unwind(AssertUnwindSafe(|| claims(post, &text))).ok()
    };
    let claims = if post.rules.compares_posts() { read().unwrap_or_default() } else { Vec::new() };
    Examined { claims, only_claims: true, ..Examined::clean() }
}

/// Performs the task on the bytes of a post.
pub fn examine(post: &PostFile, bytes: &[u8], task: &Task) -> Examined {
    if bytes.len() as u64 > post.limit {
        return too_large(post);
    }
    let decoded = match decode(bytes) {
        Ok(decoded) => decoded,
        Err(error) => {
            let message = format!("byte {} is not valid in any supported encoding", error.at + 1);
            return Examined::whole_file(post, "undecodable-file", message);
        }
    };
    // Such a comment counts as one that switches rules off.
    if post.rules.heeds_comments() && is_generated(&decoded.text, post.format) {
        return Examined { is_generated: true, ..Examined::clean() };
    }
    catching_panics(post, || match &task.fix {
        None => check(post, decoded.text, task.identifies),
        Some(options) => {
            let mut fixed = fix(post, bytes, &decoded.text, decoded.encoding, options);
            if task.identifies && !fixed.findings.is_empty() {
                fixed.identify(post);
            }
            fixed
        }
    })
}

/// Turns a panic into a finding, so that a bug that one post triggers does not stop the check of the others.
fn catching_panics(post: &PostFile, work: impl FnOnce() -> Examined) -> Examined {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let panic_message =
            panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref().copied());
        let message = format!("internal error in postmend: {}", panic_message.unwrap_or("panic"));
        Examined::whole_file(post, "internal-error", message)
    })
}

fn check(post: &PostFile, text: Cow<'_, str>, identifies: bool) -> Examined {
    let context = post.context();
    let document = context.read(&text);
    let facts = Post::new(&document, context);
    let findings = post.rules.check(&facts);
    let mut findings = with_refused_fixes(findings, &document, &context, &post.rules);
    if identifies {
        identify(&facts, &mut findings);
    }
    drop(facts);
    let claims = post.rules.claims(&context, &text, &document.front);
    let ignored_directives = post.rules.ignored_directives(&document);
    drop(document);
    if findings.is_empty() {
        return Examined { claims, ignored_directives, ..Examined::clean() };
    }
    Examined { claims, ignored_directives, ..Examined::with(findings, text.into_owned()) }
}

/// What rules that compare posts find in a post with a contested claim, which is read once more. The paths of
/// `others` are as the user would write them.
pub fn contested(post: &PostFile, contests: &[Contest], others: &[PostFile]) -> Examined {
    let bytes = match post.bytes() {
        Ok(bytes) => bytes,
        Err(error) => return unread(post, &error),
    };
    let Ok(decoded) = decode(&bytes) else { return Examined::clean() };
    let others: Vec<&Path> = others.iter().map(|other| other.path.as_path()).collect();
    contested_in(post, &decoded.text, contests, &others)
}

/// As [`contested`], for a given text of the post.
pub fn contested_in(post: &PostFile, text: &str, contests: &[Contest], others: &[&Path]) -> Examined {
    catching_panics(post, || {
        let context = post.context();
        let document = context.read(text);
        let facts = Post::new(&document, context);
        let find = |contest: &Contest| {
            let other = others[contest.other].to_string_lossy();
            post.rules.contested(&facts, contest.rule, &other)
        };
        let mut findings: Vec<Finding> = contests.iter().filter_map(find).collect();
        findings.sort_by_key(|finding| finding.span);
        identify(&facts, &mut findings);
        Examined::with(findings, text.to_owned())
    })
}

fn fix(post: &PostFile, bytes: &[u8], text: &str, encoding: Encoding, options: &FixOptions) -> Examined {
    let wanted = |rule: &str| options.only.is_empty() || options.only.iter().any(|only| only == rule);
    let FixedText { text: after, fixed, left, refused, undo } =
        fix_text(text, &post.context(), &post.rules, options.safety, &wanted);
    if let Some(reason) = refused {
        let message = format!("fixes were not applied: {reason}");
        return Examined::with(left, after).and_whole_file(post, REFUSED_FIX, message);
    }
    let claims = claims(post, &after);
    if after == text {
        return Examined { claims, ..Examined::with(left, after) };
    }
    let Some(written) = encode(&after, encoding) else {
        let message = format!("fixes were not applied: the result cannot be written in {}", encoding.name());
        return Examined::whole_file(post, REFUSED_FIX, message);
    };
    let change = Some(FileChange::new(&post.real(), bytes.to_vec(), written, encoding, &undo));
    Examined { fixed, before: Some(text.to_owned()), undo, claims, change, ..Examined::with(left, after) }
}

/// The edits of all steps of `undo` together, turned around: they lead to the text `after`.
pub fn edits_of(undo: &[Patch], after: &str) -> Patch {
    undo.iter().fold(Patch::default(), |back, step| back.then(step)).reverse(after)
}

fn claims(post: &PostFile, text: &str) -> Vec<(&'static str, Claim)> {
    if !post.rules.compares_posts() {
        return Vec::new();
    }
    post.rules.claims(&post.context(), text, &front::read(text, post.generator))
}

impl Examined {
    /// The fingerprints of the findings, in the same order.
    pub fn fingerprints(&self) -> Cow<'_, [String]> {
        if let Some(prints) = &self.prints {
            return Cow::Borrowed(prints);
        }
        self.findings.iter().map(|(finding, ..)| finding.fingerprint()).collect()
    }

    /// Identifies the findings, for which the text is read again.
    fn identify(&mut self, post: &PostFile) {
        let context = post.context();
        let document = context.read(&self.text);
        identify(&Post::new(&document, context), self.findings.iter_mut().map(|(finding, ..)| finding));
    }

    /// The current content of the post in its own encoding; `bytes`, its original content, if nothing changed.
    pub fn bytes<'b>(&self, bytes: &'b [u8]) -> Cow<'b, [u8]> {
        let encoding = decode(bytes).map(|decoded| decoded.encoding);
        let fixed = match (encoding, &self.before) {
            (Ok(encoding), Some(_)) => encode(&self.text, encoding),
            _ => None,
        };
        fixed.map_or(Cow::Borrowed(bytes), Cow::Owned)
    }

    /// A result that was read from a report, with the fingerprints of the findings.
    pub fn from_report(findings: Vec<(Finding, Position, Position)>, prints: Vec<String>) -> Self {
        Self { findings, prints: Some(prints), ..Self::clean() }
    }

    fn clean() -> Self {
        Self {
            text: String::new(),
            findings: Vec::new(),
            prints: None,
            fixed: Vec::new(),
            before: None,
            undo: Vec::new(),
            trouble: None,
            claims: Vec::new(),
            only_claims: false,
            change: None,
            ignored_directives: 0,
            is_generated: false,
        }
    }

    fn with(findings: Vec<Finding>, text: String) -> Self {
        let lines = LineIndex::of(&text);
        let with_positions = |finding: Finding| {
            let (start, end) = (finding.span.start as usize, finding.span.end as usize);
            (finding, lines.position(start), lines.position(end))
        };
        let findings = findings.into_iter().map(with_positions).collect();
        Self { findings, text, ..Self::clean() }
    }

    pub(crate) fn from_trouble(trouble: Trouble) -> Self {
        Self { trouble: Some(trouble), ..Self::clean() }
    }

    pub(crate) fn whole_file(post: &PostFile, rule: &'static str, message: String) -> Self {
        Self::clean().and_whole_file(post, rule, message)
    }

    fn and_whole_file(mut self, post: &PostFile, rule: &'static str, message: String) -> Self {
        let start = Position { line: 1, column: 1 };
        let finding = post.rules.whole_file(rule, message);
        self.findings.splice(0..0, finding.map(|finding| (finding, start, start)));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use postmend_core::{Format, Generator};
    use postmend_rules::{RuleSet, Site, SiteOptions};
    use std::sync::Arc;

    #[test]
    fn a_panic_is_a_finding_of_its_post() {
        let post = PostFile {
            path: "a.md".into(),
            format: Format::Markdown,
            generator: Generator::None,
            time_zone: None,
            permalink: None,
            relative_path: String::new(),
            rules: Arc::new(RuleSet::standard()),
            site: Arc::new(Site::new(&SiteOptions::default()).unwrap()),
            site_number: 0,
            staged: None,
            real: None,
            limit: u64::MAX,
        };
        let examined = catching_panics(&post, || panic!("a fault of {}", "ours"));
        let (finding, start, _) = &examined.findings[0];
        assert_eq!((finding.rule, start.line), ("internal-error", 1));
        assert_eq!(finding.message, "internal error in postmend: a fault of ours");
    }
}
