//! The capabilities of the editor and of the server.

use crate::text::Units;
use gen_lsp_types::{
    CodeActionKind, CodeActionOptions, PositionEncodingKind, SaveOptions, ServerCapabilities,
    TextDocumentSyncKind, TextDocumentSyncOptions,
};
use serde_json::Value;
use std::path::PathBuf;
use url::Url;

/// The code action kind for all safe fixes.
pub const FIX_ALL: CodeActionKind = CodeActionKind::new("source.fixAll.postmend");

/// The capabilities of the editor that make a difference here.
pub struct Client {
    /// The unit in which columns are counted.
    pub units: Units,
    /// The folder that is open in the editor; the first one of several.
    pub root: Option<PathBuf>,
    /// Whether edits can be limited to one version of a document.
    pub versions: bool,
    /// Whether the edit of an action can be computed when the user chooses it.
    pub resolves: bool,
    /// Whether it can watch files and notify the server of changes.
    pub watches: bool,
    /// Whether it shows related locations of a diagnostic.
    pub relates: bool,
    /// Whether it renders Markdown.
    pub markdown: bool,
}

impl Client {
    /// Reads the parameters of `initialize`, and only those that are needed here, as editors differ in the others.
    pub fn new(params: &Value) -> Self {
        let can = |path: &str| params.pointer(&format!("/capabilities/{path}"));
        let is = |path: &str| can(path).and_then(Value::as_bool).unwrap_or_default();
        let lists = |path: &str, name: &str| {
            let list = can(path).and_then(Value::as_array);
            list.is_some_and(|list| list.iter().any(|item| item == name))
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

    /// The capabilities of the server.
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
