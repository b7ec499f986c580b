//! What the editor can, and what it is told that the server can.

use crate::text::Units;
use gen_lsp_types::{
    CodeActionKind, CodeActionOptions, PositionEncodingKind, SaveOptions, ServerCapabilities,
    TextDocumentSyncKind, TextDocumentSyncOptions,
};
use serde_json::Value;
use std::path::PathBuf;
use url::Url;

/// Fixes all that is surely right.
pub const FIX_ALL: CodeActionKind = CodeActionKind::new("source.fixAll.postmend");

/// What the editor can, of what makes a difference here.
pub struct Client {
    /// What columns count.
    pub units: Units,
    /// The folder that it has open, the first one of several.
    pub root: Option<PathBuf>,
    /// It takes edits of one version of a document.
    pub versions: bool,
    /// It asks for an action's edit when the action is chosen.
    pub resolves: bool,
    /// It can be asked to tell of changed files.
    pub watches: bool,
    /// It shows other places of a diagnostic.
    pub relates: bool,
    /// It shows Markdown.
    pub markdown: bool,
}

impl Client {
    /// Reads what `initialize` says, and no more of it than is asked for here: editors differ in the rest.
    pub fn new(params: &Value) -> Self {
        let can = |path: &str| params.pointer(&format!("/capabilities/{path}"));
        let is = |path: &str| can(path).and_then(Value::as_bool).unwrap_or_default();
        let lists = |path: &str, name: &str| {
            let list = can(path).and_then(Value::as_array);
            list.is_some_and(|list| list.iter().any(|one| one == name))
        };
        let says_utf8 = lists("general/positionEncodings", "utf-8");
        let hover = "textDocument/hover/contentFormat";
        let folder = params.pointer("/workspaceFolders/0/uri").or_else(|| params.get("rootUri"));
        let root = folder.and_then(Value::as_str).and_then(|uri| Url::parse(uri).ok()?.to_file_path().ok());
        Self {
            units: if says_utf8 { Units::Utf8 } else { Units::Utf16 },
            root: root.or_else(|| params.get("rootPath").and_then(Value::as_str).map(PathBuf::from)),
            versions: is("workspace/workspaceEdit/documentChanges"),
            resolves: lists("textDocument/codeAction/resolveSupport/properties", "edit")
                && is("textDocument/codeAction/dataSupport"),
            watches: is("workspace/didChangeWatchedFiles/dynamicRegistration"),
            relates: is("textDocument/publishDiagnostics/relatedInformation"),
            markdown: can(hover).is_none() || lists(hover, "markdown"),
        }
    }

    /// What the server can.
    pub fn capabilities(&self) -> ServerCapabilities {
        let encoding = match self.units {
            Units::Utf8 => PositionEncodingKind::UTF8,
            Units::Utf16 => PositionEncodingKind::UTF16,
        };
        let sync = TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(TextDocumentSyncKind::Incremental),
            save: Some(SaveOptions { include_text: Some(false) }.into()),
            ..TextDocumentSyncOptions::default()
        };
        let actions = CodeActionOptions {
            code_action_kinds: Some(vec![CodeActionKind::QuickFix, FIX_ALL]),
            resolve_provider: Some(true),
            ..CodeActionOptions::default()
        };
        ServerCapabilities {
            position_encoding: Some(encoding),
            text_document_sync: Some(sync.into()),
            hover_provider: Some(true.into()),
            code_action_provider: Some(actions.into()),
            ..ServerCapabilities::default()
        }
    }
}
