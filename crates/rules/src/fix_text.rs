//! Applies fixes round by round until none are left, and verifies each round.

use crate::finding::{Finding, Fix, Safety};
use crate::post::Post;
use crate::post_context::PostContext;
use crate::rule_set::RuleSet;
use crate::verify::verify;
use postmend_core::{Document, Patch};

/// Fixes that make other fixes possible take few rounds; more rounds mean that two rules disagree.
const MOST_ROUNDS: usize = 10;

/// A fix that matches its own output makes the post grow in each round; growth beyond this factor is refused.
const MOST_GROWTH: usize = 16;
const GROWTH_OF_A_SMALL_POST: usize = 1 << 16;

/// The result of fixing a post.
#[derive(Debug)]
pub struct FixedText {
    /// The new text; the original text if nothing could be fixed or a fix was refused.
    pub text: String,
    /// The fixed findings, round by round; their spans refer to the text at the start of their round.
    pub fixed: Vec<Finding>,
    /// The findings that remain; their spans refer to `text`.
    pub left: Vec<Finding>,
    /// Why the post was left unchanged although it has fixes.
    pub refused: Option<String>,
    /// The patches that turn the new text back into the original, one per round, the last round first.
    pub undo: Vec<Patch>,
}

/// Applies the fixes that are at least as safe as `least_safety` and whose rule `wanted` accepts.
pub fn fix_text(
    text: &str,
    context: &PostContext<'_>,
    rules: &RuleSet,
    least_safety: Safety,
    wanted: &dyn Fn(&str) -> bool,
) -> FixedText {
    let mut now = text.to_owned();
    let (mut fixed, mut undo) = (Vec::new(), Vec::new());
    for _ in 0..MOST_ROUNDS {
        let document = context.read(&now);
        let (findings, is_all) = rules.check_whole(&Post::new(&document, *context));
        if !is_all && undo.is_empty() {
            // The findings beyond the limit would take further rounds, each as slow as the first.
            let refused = Some("the post has too many findings".to_owned());
            return FixedText { text: now, fixed, left: findings, refused, undo };
        }
        let (patch, taken, left) = choose(findings, &now, least_safety, wanted);
        if patch.is_empty() {
            return FixedText { text: now, fixed, left, refused: None, undo };
        }
        let next = patch.apply(&now);
        if next.len() > text.len().saturating_mul(MOST_GROWTH).max(GROWTH_OF_A_SMALL_POST) {
            break;
        }
        let checked = verify(&document, &patch, &context.read(&next));
        if let Err(reason) = checked {
            return refuse(text, context, rules, reason);
        }
        fixed.extend(taken);
        undo.insert(0, patch.reverse(&now));
        now = next;
    }
    refuse(text, context, rules, format!("fixes did not converge after {MOST_ROUNDS} rounds"))
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

/// Merges the fixes that do not conflict into one patch, in text order; a fix that conflicts waits for the next
/// round. Returns the patch, the findings that it fixes, and those that remain.
fn choose(
    findings: Vec<Finding>,
    text: &str,
    least_safety: Safety,
    wanted: &dyn Fn(&str) -> bool,
) -> (Patch, Vec<Finding>, Vec<Finding>) {
    let mut patch = Patch::default();
    let (mut taken, mut left) = (Vec::new(), Vec::new());
    for finding in findings {
        let fix = finding.fix.as_ref().filter(|fix| fix.safety >= least_safety && wanted(finding.rule));
        if fix.is_some_and(|fix| patch.merge(&fix.edits)) { taken.push(finding) } else { left.push(finding) }
    }
    (patch.without_idle_edits(text), taken, left)
}
