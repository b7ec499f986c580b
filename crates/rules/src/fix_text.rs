//! Applies fixes round by round until none are left, and verifies each round.

use crate::finding::Severity;
use crate::finding::{Finding, Fix, Safety};
use crate::post::Post;
use crate::post_context::PostContext;
use crate::rule_set::{REFUSED_FIX, RuleSet};
use crate::verify::verify;
use postmend_core::front::NearReason;
use postmend_core::{Document, Edit, Patch, Span};
use std::collections::HashSet;

/// Fixes that make other fixes possible take few rounds; more rounds mean that two rules disagree.
const MOST_ROUNDS: usize = 10;

/// A fix that matches its own output makes the post grow in each round; growth beyond this factor is refused.
const MOST_GROWTH: usize = 16;
const GROWTH_OF_A_SMALL_POST: usize = 1 << 16;

/// More verifications in one round than this mean that many fixes are bad; those that are left wait for another run.
const MOST_VERIFICATIONS: usize = 64;

/// The result of fixing a post.
#[derive(Debug)]
pub struct FixedText {
    /// The new text; the original text if nothing could be fixed.
    pub text: String,
    /// The fixed findings, round by round; their spans refer to the text at the start of their round.
    pub fixed: Vec<Finding>,
    /// The findings that remain, with one for each refused fix; their spans refer to `text`.
    pub left: Vec<Finding>,
    /// Why the whole post was left unchanged although it has fixes.
    pub refused: Option<String>,
    /// The patches that turn the new text back into the original, one per round, the last round first.
    pub undo: Vec<Patch>,
}

/// Applies the fixes that are at least as safe as `least_safety` and whose rule `wanted` accepts. A fix that would
/// change more than it names, or that calls for itself again and again, is refused, and takes no other with it.
pub fn fix_text(
    text: &str,
    context: &PostContext<'_>,
    rules: &RuleSet,
    least_safety: Safety,
    wanted: &dyn Fn(&str) -> bool,
) -> FixedText {
    let may_fix = |finding: &Finding| {
        finding.fix.as_ref().is_some_and(|fix| fix.safety >= least_safety) && wanted(finding.rule)
    };
    let fix = |is_wanted: &dyn Fn(&Finding) -> bool| {
        converge(text, context, rules, &|finding| may_fix(finding) && is_wanted(finding))
    };
    let last = match fix(&|_| true) {
        Ok(fixed) => return fixed,
        Err(last) => last,
    };
    // Those of the last round again, by what they write; or all of their rules, if that differs from round to round.
    let title = |finding: &Finding| finding.fix.as_ref().map(|fix| fix.title.clone());
    let endless: HashSet<_> = last.iter().map(|finding| (finding.rule, title(finding))).collect();
    let rule_names: HashSet<_> = last.iter().map(|finding| finding.rule).collect();
    let by_title = |finding: &Finding| endless.contains(&(finding.rule, title(finding)));
    let by_rule = |finding: &Finding| rule_names.contains(finding.rule);
    let is_endless: [&dyn Fn(&Finding) -> bool; 2] = [&by_title, &by_rule];
    let reason = format!("fixes did not converge after {MOST_ROUNDS} rounds");
    for is_endless in is_endless {
        if let Ok(mut fixed) = fix(&|finding| !is_endless(finding)) {
            let is_left = |finding: &Finding| may_fix(finding) && is_endless(finding);
            let (refused, mut left): (Vec<_>, Vec<_>) = fixed.left.into_iter().partition(is_left);
            let refused = refused.into_iter().map(|finding| (finding, reason.clone())).collect();
            add_refused(&mut left, refused, rules);
            fixed.left = left;
            return fixed;
        }
    }
    refuse(text, context, rules, reason)
}

/// Applies the fixes that `is_wanted` accepts until none is left; the fixes of the last round if that does not end.
fn converge(
    text: &str,
    context: &PostContext<'_>,
    rules: &RuleSet,
    is_wanted: &dyn Fn(&Finding) -> bool,
) -> Result<FixedText, Vec<Finding>> {
    let mut now = text.to_owned();
    let (mut fixed, mut undo) = (Vec::new(), Vec::new());
    for round in 1..=MOST_ROUNDS {
        let document = context.read(&now);
        let (findings, is_all) = rules.check_whole(&Post::new(&document, *context));
        if !is_all && undo.is_empty() {
            // The findings beyond the limit would take further rounds, each as slow as the first.
            let refused = Some("the post has too many findings".to_owned());
            return Ok(FixedText { text: now, fixed, left: findings, refused, undo });
        }
        let mut state =
            Round { document: &document, context, left: Vec::new(), refused: Vec::new(), verified: 0 };
        let (chosen, patch) = state.choose(findings, is_wanted);
        let (taken, patch) = state.admit(chosen, patch);
        let Round { mut left, refused, .. } = state;
        if patch.is_empty() {
            add_refused(&mut left, refused, rules);
            return Ok(FixedText { text: now, fixed, left, refused: None, undo });
        }
        let next = patch.apply(&now);
        let is_grown = next.len() > text.len().saturating_mul(MOST_GROWTH).max(GROWTH_OF_A_SMALL_POST);
        if is_grown || round == MOST_ROUNDS {
            return Err(taken);
        }
        fixed.extend(taken);
        undo.insert(0, patch.reverse(&now));
        drop(document);
        now = next;
    }
    Err(Vec::new())
}

/// The findings of a post, where those whose safe fix [`fix_text`] would refuse have none, with a finding for each.
pub fn with_refused_fixes(
    findings: Vec<Finding>,
    document: &Document<'_>,
    context: &PostContext<'_>,
    rules: &RuleSet,
) -> Vec<Finding> {
    let is_safe = |finding: &Finding| finding.fix.as_ref().is_some_and(|fix| fix.safety == Safety::Safe);
    let needs_proof = |finding: &&Finding| {
        let mut edits = finding.fix.iter().flat_map(|fix| &fix.edits);
        is_safe(finding) && !edits.all(|edit| is_plain(document, edit))
    };
    let mut round = Round { document, context, left: Vec::new(), refused: Vec::new(), verified: 0 };
    let to_prove = round.patch_of(findings.iter().filter(needs_proof));
    if to_prove.is_empty() || round.verify(&to_prove).is_ok() {
        return findings;
    }
    let (chosen, patch) = round.choose(findings, &is_safe);
    let (mut all, _) = round.admit(chosen, patch);
    let Round { left, refused, .. } = round;
    all.extend(left);
    add_refused(&mut all, refused, rules);
    // The finding itself says what is wrong.
    for finding in all.iter_mut().filter(|finding| finding.rule == REFUSED_FIX) {
        finding.severity = finding.severity.min(Severity::Info);
    }
    all
}

/// Whether an edit is one that nothing can take for more, so that `check` need not prove it: of letters in a word, of
/// a part of a URL, of a date by a date, of what precedes the front matter, or of the end of the last line.
fn is_plain(document: &Document<'_>, edit: &Edit) -> bool {
    let Edit { span, text } = edit;
    let is_last = *span == Span::point(document.text.len()) && text == "\n";
    let is_in_body = span.start as usize >= document.front.body;
    let is_word = is_in_body && is_of_letters(document.text, edit);
    let url = || {
        let next = document.urls.partition_point(|url| url.span.end < span.end);
        let url = document.urls.get(next).filter(|url| url.span.contains(*span));
        url.is_some_and(|url| url.escaping.holds(text) && !text.contains(['\n', '\\']))
    };
    let is_of_date = |c: char| c.is_ascii_digit() || "TZ:+-. '\"".contains(c);
    let date = || {
        let mut fields = document.front.matter.iter().flat_map(|matter| &matter.fields);
        !is_in_body && text.chars().all(is_of_date) && fields.any(|field| field.span == *span)
    };
    let is_before_front = || {
        let near = document.front.near.as_ref().filter(|near| near.reason == NearReason::BlankBefore);
        text.is_empty() && near.is_some_and(|near| near.span == *span)
    };
    is_last || is_word || url() || date() || is_before_front()
}

/// Whether an edit replaces letters by letters, or adds or removes some within a word.
fn is_of_letters(text: &str, edit: &Edit) -> bool {
    let is_letters = |text: &str| text.chars().all(char::is_alphabetic);
    let (old, [start, end]) =
        (edit.span.of(text), [edit.span.start, edit.span.end].map(|offset| offset as usize));
    let is_within_word = || {
        text[..start].chars().next_back().is_some_and(char::is_alphabetic)
            && text[end..].chars().next().is_some_and(char::is_alphabetic)
    };
    let replaces = !old.is_empty() && !edit.text.is_empty();
    is_letters(old) && is_letters(&edit.text) && (replaces || is_within_word())
}

/// Adds the findings whose fix was refused, without the fix, and one for each refusal.
fn add_refused(findings: &mut Vec<Finding>, refused: Vec<(Finding, String)>, rules: &RuleSet) {
    let named = refused.iter().filter_map(|(finding, reason)| rules.refused_fix(finding, reason));
    findings.extend(named.collect::<Vec<_>>());
    findings.extend(refused.into_iter().map(|(finding, _)| Finding { fix: None, ..finding }));
    findings.sort_by_key(|finding| finding.span);
}

/// Verifies a single fix, for callers that apply it alone.
///
/// # Errors
/// It would change more than its edits cover, or its edits overlap.
pub fn prove(document: &Document<'_>, context: &PostContext<'_>, fix: &Fix) -> Result<(), String> {
    let patch = Patch::new(fix.edits.clone()).ok_or("its edits overlap")?;
    verify(document, &patch, &context.read(&patch.apply(document.text)))
}

fn refuse(text: &str, context: &PostContext<'_>, rules: &RuleSet, reason: String) -> FixedText {
    let document = context.read(text);
    let left = rules.check(&Post::new(&document, *context));
    FixedText { text: text.to_owned(), fixed: Vec::new(), left, refused: Some(reason), undo: Vec::new() }
}

/// One round of fixes.
struct Round<'r> {
    document: &'r Document<'r>,
    context: &'r PostContext<'r>,
    /// The findings that remain.
    left: Vec<Finding>,
    /// The findings whose fix was refused, each with the reason.
    refused: Vec<(Finding, String)>,
    /// The number of patches that were verified.
    verified: usize,
}

impl Round<'_> {
    /// Merges the fixes that do not conflict into one patch, in text order; a fix that conflicts waits for the next
    /// round.
    fn choose(
        &mut self,
        findings: Vec<Finding>,
        is_wanted: &dyn Fn(&Finding) -> bool,
    ) -> (Vec<Finding>, Patch) {
        let mut patch = Patch::default();
        let mut chosen = Vec::new();
        for finding in findings {
            let text = self.document.text;
            let changes = |fix: &&Fix| fix.edits.iter().any(|edit| edit.span.of(text) != edit.text);
            let fix = finding.fix.as_ref().filter(changes).filter(|_| is_wanted(&finding));
            if fix.is_some_and(|fix| patch.merge(&fix.edits)) { &mut chosen } else { &mut self.left }
                .push(finding);
        }
        (chosen, patch.without_idle_edits(self.document.text))
    }

    /// The fixes whose patch passes the verification, with that patch. Halves that fail are split until single fixes
    /// are refused.
    fn admit(&mut self, mut chosen: Vec<Finding>, patch: Patch) -> (Vec<Finding>, Patch) {
        let Err(reason) = self.verify(&patch) else { return (chosen, patch) };
        if chosen.len() <= 1 || self.verified >= MOST_VERIFICATIONS {
            self.refused.extend(chosen.into_iter().map(|finding| (finding, reason.clone())));
            return Default::default();
        }
        let second = chosen.split_off(chosen.len() / 2);
        let halves = [chosen, second].map(|half| {
            let patch = self.patch_of(&half);
            self.admit(half, patch)
        });
        let [(mut first, first_patch), (second, _)] = halves;
        let together = self.patch_of(first.iter().chain(&second));
        if self.verify(&together).is_ok() {
            first.extend(second);
            return (first, together);
        }
        // Each is good alone, so the second half waits for the next round.
        self.left.extend(second);
        (first, first_patch)
    }

    fn patch_of<'f>(&self, findings: impl IntoIterator<Item = &'f Finding>) -> Patch {
        let mut patch = Patch::default();
        for fix in findings.into_iter().filter_map(|finding| finding.fix.as_ref()) {
            patch.merge(&fix.edits);
        }
        patch.without_idle_edits(self.document.text)
    }

    fn verify(&mut self, patch: &Patch) -> Result<(), String> {
        self.verified += usize::from(!patch.is_empty());
        let next = patch.apply(self.document.text);
        if patch.is_empty() { Ok(()) } else { verify(self.document, patch, &self.context.read(&next)) }
    }
}
