//! Code actions for findings: their fixes, comments that disable their rules, and fixing everything.

use crate::client::{Client, FIX_ALL};
use crate::diagnostics::diagnostic;
use crate::open::Open;
use crate::text::PositionTable;
use gen_lsp_types::{
    CodeAction, CodeActionKind, CodeActionParams, OptionalVersionedTextDocumentIdentifier, TextDocumentEdit,
    TextDocumentIdentifier, TextEdit, WorkspaceEdit,
};
use postmend_core::{Document, Edit};
use postmend_engine::examine::edits_of;
use postmend_engine::find_posts::PostFile;
use postmend_rules::{Finding, Reach, Safety, SwitchOff, fix_text, prove};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The maximum number of findings that get their own actions; a user who selects more probably wants to fix
/// everything.
const MOST_FINDINGS: usize = 20;

/// The data of an action whose edit is computed when the user chooses it.
#[derive(Debug, Serialize, Deserialize)]
pub struct Chosen {
    /// The URI of the document.
    pub uri: String,
    /// The version of the document that the action is for.
    pub version: i32,
}

/// The actions for the findings in a range, in the order in which they are shown.
pub fn actions(open: &Open, params: &CodeActionParams, client: &Client) -> Vec<CodeAction> {
    let Some(post) = &open.post else { return Vec::new() };
    let only = params.context.only.as_deref();
    let is_requested =
        |kind: &CodeActionKind| only.is_none_or(|only| only.iter().any(|requested| holds(requested, kind)));
    let mut actions = Vec::new();
    if is_requested(&CodeActionKind::QuickFix) {
        let here = findings_in_range(open, params, client);
        if !here.is_empty() {
            actions.extend(QuickFixes::new(open, client).of(post, &here));
        }
    }
    let is_safe = |finding: &Finding| finding.fix.as_ref().is_some_and(|fix| fix.safety == Safety::Safe);
    if is_requested(&FIX_ALL) && open.known_findings().iter().any(is_safe) {
        actions.extend(fix_all(open, client));
    }
    actions
}

/// The findings in a range. If there are none, those that the editor sends as diagnostics: some editors send all of
/// the line.
fn findings_in_range<'a>(open: &'a Open, params: &CodeActionParams, client: &Client) -> Vec<&'a Finding> {
    let start = open.text.offset(params.range.start, client.units) as u32;
    let end = (open.text.offset(params.range.end, client.units) as u32).max(start);
    let findings = open.known_findings();
    let touches = |finding: &&Finding| finding.span.start <= end && start <= finding.span.end;
    let here: Vec<&Finding> = findings.iter().filter(touches).take(MOST_FINDINGS).collect();
    let named = &params.context.diagnostics;
    if !here.is_empty() || named.is_empty() {
        return here;
    }
    let places = PositionTable::of(&open.text, client.units);
    let is_named = |finding: &&Finding| {
        let code = Some(finding.rule.into());
        named
            .iter()
            .any(|diagnostic| diagnostic.code == code && diagnostic.range == places.range(finding.span))
    };
    findings.iter().filter(is_named).take(MOST_FINDINGS).collect()
}

/// Whether `kind` is the requested kind, or a subkind of it.
fn holds(requested: &CodeActionKind, kind: &CodeActionKind) -> bool {
    let rest = kind.as_str().strip_prefix(requested.as_str());
    rest.is_some_and(|rest| requested.as_str().is_empty() || rest.is_empty() || rest.starts_with('.'))
}

/// The action that fixes everything. If the editor supports it, its edit is computed only when the user chooses it.
fn fix_all(open: &Open, client: &Client) -> Option<CodeAction> {
    let chosen = Chosen { uri: open.uri.0.clone(), version: open.version };
    let edit = if client.resolves { None } else { Some(fix_all_edit(open, client).ok()??) };
    Some(CodeAction {
        title: "apply all safe fixes in this post".to_owned(),
        kind: Some(FIX_ALL),
        edit,
        data: serde_json::to_value(chosen).ok(),
        ..CodeAction::default()
    })
}

/// The edit that applies all safe fixes to a document; `None` if there is nothing to fix.
///
/// # Errors
/// The reason why the fixes were refused.
pub fn fix_all_edit(open: &Open, client: &Client) -> Result<Option<WorkspaceEdit>, String> {
    let Some(post) = &open.post else { return Ok(None) };
    let result = fix_text(open.text.as_str(), &post.context(), &post.rules, Safety::Safe, &|_| true);
    if let Some(reason) = result.refused {
        return Err(format!("fixes were not applied: {reason}"));
    }
    let there = edits_of(&result.undo, &result.text);
    let places = PositionTable::of(&open.text, client.units);
    Ok((!there.is_empty()).then(|| workspace_edit(open, there.edits(), &places, client)))
}

/// Makes actions for single findings.
struct QuickFixes<'a> {
    open: &'a Open,
    client: &'a Client,
    places: PositionTable<'a>,
}

impl<'a> QuickFixes<'a> {
    fn new(open: &'a Open, client: &'a Client) -> Self {
        Self { open, client, places: PositionTable::of(&open.text, client.units) }
    }

    /// The fixes, the safest ones first, and then the actions that disable rules.
    fn of(&self, post: &PostFile, findings: &[&Finding]) -> Vec<CodeAction> {
        let context = post.context();
        let document = context.read(self.open.text.as_str());
        let mut fixes: Vec<(Safety, CodeAction)> =
            findings.iter().filter_map(|finding| self.fix(finding, &document, post)).collect();
        fixes.sort_by_key(|(safety, _)| std::cmp::Reverse(*safety));
        let mut actions: Vec<CodeAction> = fixes.into_iter().map(|(_, action)| action).collect();
        let off = SwitchOff::new(&document, &context, &post.rules);
        let mut offered = BTreeSet::new();
        for (reach, scope) in [(Reach::Line, "for this line"), (Reach::Post, "in this post")] {
            for finding in findings {
                let line = if reach == Reach::Line { self.places.range(finding.span).start.line } else { 0 };
                if offered.insert((reach == Reach::Post, finding.rule, line))
                    && let Some(edit) = off.edit(finding, reach)
                {
                    let title = format!("disable {} {scope}", finding.rule);
                    actions.push(self.action(title, finding, &[edit], false));
                }
            }
        }
        actions
    }

    /// The fix of a finding. One that `fix` could apply is proved first, as `fix` does.
    fn fix(
        &self,
        finding: &Finding,
        document: &Document<'_>,
        post: &PostFile,
    ) -> Option<(Safety, CodeAction)> {
        let fix = finding.fix.as_ref()?;
        if fix.safety > Safety::Manual && prove(document, &post.context(), fix).is_err() {
            return None;
        }
        let is_safe = fix.safety == Safety::Safe;
        Some((fix.safety, self.action(fix.title.clone().into_owned(), finding, &fix.edits, is_safe)))
    }

    fn action(&self, title: String, finding: &Finding, edits: &[Edit], is_preferred: bool) -> CodeAction {
        CodeAction {
            title,
            kind: Some(CodeActionKind::QuickFix),
            diagnostics: Some(vec![diagnostic(finding, self.open, &self.places, self.client)]),
            edit: Some(workspace_edit(self.open, edits, &self.places, self.client)),
            is_preferred: is_preferred.then_some(true),
            ..CodeAction::default()
        }
    }
}

/// An edit of one document, limited to this version of it if the editor supports that.
fn workspace_edit(open: &Open, edits: &[Edit], places: &PositionTable<'_>, client: &Client) -> WorkspaceEdit {
    let edits =
        edits.iter().map(|edit| TextEdit { range: places.range(edit.span), new_text: edit.text.clone() });
    if !client.versions {
        let changes = Some([(open.uri.clone(), edits.collect())].into());
        return WorkspaceEdit { changes, ..WorkspaceEdit::default() };
    }
    let text_document = OptionalVersionedTextDocumentIdentifier {
        text_document_identifier: TextDocumentIdentifier { uri: open.uri.clone() },
        version: Some(open.version),
    };
    let edit = TextDocumentEdit { text_document, edits: edits.map(Into::into).collect() };
    WorkspaceEdit { document_changes: Some(vec![edit.into()]), ..WorkspaceEdit::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_hold_those_below_them() {
        for (requested, is_held) in
            [("source", true), ("source.fixAll", true), ("", true), ("source.fix", false)]
        {
            assert_eq!(holds(&CodeActionKind::from(requested.to_owned()), &FIX_ALL), is_held, "{requested}");
        }
    }
}
