//! Applies fixes round by round until nothing is left to fix, and proves each round.

use crate::finding::{Finding, Fix, Safety};
use crate::home::Home;
use crate::post::Post;
use crate::rule_set::RuleSet;
use crate::verify::verify;
use postmend_core::{Document, Patch};

/// Fixes that open the way for others need few rounds; more mean that two rules disagree.
const MOST_ROUNDS: usize = 10;

/// A fix that finds itself again in what it writes makes a post that much longer, and more in each round.
const MOST_GROWTH: usize = 16;
const GROWTH_OF_A_SMALL_POST: usize = 1 << 16;

/// What fixing made of a post.
#[derive(Debug)]
pub struct Mended {
    /// The text afterwards; the text before if nothing could be fixed or a fix was refused.
    pub text: String,
    /// What was fixed, round by round, each with its place in the text of its round.
    pub fixed: Vec<Finding>,
    /// What is left, with places in the new text.
    pub left: Vec<Finding>,
    /// Why the post was left alone although there were fixes.
    pub refused: Option<String>,
    /// What makes the text before of the text afterwards, round by round, the last round first.
    pub undo: Vec<Patch>,
}

/// Fixes what is at least as safe as `asked` and of a rule that `wanted` names.
pub fn mend(
    text: &str,
    home: &Home<'_>,
    rules: &RuleSet,
    asked: Safety,
    wanted: &dyn Fn(&str) -> bool,
) -> Mended {
    let mut now = text.to_owned();
    let (mut fixed, mut undo) = (Vec::new(), Vec::new());
    for _ in 0..MOST_ROUNDS {
        let document = home.read(&now);
        let (findings, is_all) = rules.check_whole(&Post::new(&document, *home));
        if !is_all && undo.is_empty() {
            // What is left would be found round after round, each as long as the first.
            let refused = Some("the post has too many findings".to_owned());
            return Mended { text: now, fixed, left: findings, refused, undo };
        }
        let (patch, taken, left) = choose(findings, &now, asked, wanted);
        if patch.is_empty() {
            return Mended { text: now, fixed, left, refused: None, undo };
        }
        let next = patch.apply(&now);
        if next.len() > text.len().saturating_mul(MOST_GROWTH).max(GROWTH_OF_A_SMALL_POST) {
            break;
        }
        let checked = verify(&document, &patch, &home.read(&next));
        if let Err(reason) = checked {
            return refuse(text, home, rules, reason);
        }
        fixed.extend(taken);
        undo.insert(0, patch.reverse(&now));
        now = next;
    }
    refuse(text, home, rules, format!("fixes did not converge after {MOST_ROUNDS} rounds"))
}

/// Proves one fix by itself, for whoever applies it alone.
///
/// # Errors
/// It would change more than it names; or its edits do not go together.
pub fn prove(document: &Document<'_>, home: &Home<'_>, fix: &Fix) -> Result<(), String> {
    let patch = Patch::new(fix.edits.clone()).ok_or("its edits overlap")?;
    verify(document, &patch, &home.read(&patch.apply(document.text)))
}

fn refuse(text: &str, home: &Home<'_>, rules: &RuleSet, reason: String) -> Mended {
    let document = home.read(text);
    let left = rules.check(&Post::new(&document, *home));
    Mended { text: text.to_owned(), fixed: Vec::new(), left, refused: Some(reason), undo: Vec::new() }
}

/// The fixes that go together, in the order of the text; a loser waits for the next round.
fn choose(
    findings: Vec<Finding>,
    text: &str,
    asked: Safety,
    wanted: &dyn Fn(&str) -> bool,
) -> (Patch, Vec<Finding>, Vec<Finding>) {
    let mut patch = Patch::default();
    let (mut taken, mut left) = (Vec::new(), Vec::new());
    for finding in findings {
        let fix = finding.fix.as_ref().filter(|fix| fix.safety >= asked && wanted(finding.rule));
        if fix.is_some_and(|fix| patch.merge(&fix.edits)) { taken.push(finding) } else { left.push(finding) }
    }
    (patch.without_idle_edits(text), taken, left)
}
