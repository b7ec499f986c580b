//! The open documents of the editor, and the handling of its messages.

use crate::actions::{Chosen, actions, fix_all_edit};
use crate::client::Client;
use crate::configs::Configs;
use crate::diagnostics::diagnostic;
use crate::hover::hover;
use crate::open::Open;
use crate::text::{PositionTable, TextChange};
use crate::wire::{self, refuse};
use gen_lsp_types::{
    CodeAction, CodeActionParams, Diagnostic, DidChangeWatchedFilesRegistrationOptions,
    DidCloseTextDocumentParams, DidOpenTextDocumentParams, DidSaveTextDocumentParams, FileSystemWatcher,
    HoverParams, MessageType, PublishDiagnosticsNotification, PublishDiagnosticsParams, Registration,
    RegistrationParams, RegistrationRequest, ShowMessageNotification, ShowMessageParams, Uri,
    VersionedTextDocumentIdentifier,
};
use lsp_server::{ErrorCode, Message, Notification, Request, Response};
use postmend_engine::find_posts::FindOptions;
use postmend_engine::trouble::Trouble;
use postmend_engine::{baseline, config, detect_generator};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What to do after a message.
pub enum Next {
    /// Wait for the next message.
    More,
    /// Exit with this code.
    Exit(u8),
}

/// One editor's session.
pub struct Session<'a> {
    client: Client,
    posts: &'a FindOptions,
    configs: Configs<'a>,
    /// By URI.
    open: BTreeMap<String, Open>,
    /// The last message about a config that was shown to the user.
    last_message: Option<String>,
    /// Whether a config may have changed.
    is_stale: bool,
    /// Whether the editor sent `shutdown`.
    is_ending: bool,
}

/// The parameters of `textDocument/didChange`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DidChange {
    text_document: VersionedTextDocumentIdentifier,
    content_changes: Vec<TextChange>,
}

/// The error for a request.
struct Refusal(ErrorCode, String);

impl<'a> Session<'a> {
    /// A session without open documents.
    pub fn new(client: Client, posts: &'a FindOptions) -> Self {
        let (configs, open, last_message) = (Configs::new(posts), BTreeMap::new(), None);
        Self { client, posts, configs, open, last_message, is_stale: false, is_ending: false }
    }

    /// Handles a message.
    ///
    /// # Errors
    /// The editor does not read any more.
    pub fn take(&mut self, message: Message) -> io::Result<Next> {
        match message {
            Message::Request(request) => self.request(request)?,
            Message::Notification(note) if note.method == "exit" => {
                return Ok(Next::Exit(u8::from(!self.is_ending)));
            }
            Message::Notification(note) => self.notification(note)?,
            // The editor's responses to our requests are not needed.
            Message::Response(_) => {}
        }
        Ok(Next::More)
    }

    /// Checks the documents that changed, and sends their diagnostics.
    ///
    /// # Errors
    /// The editor does not read any more.
    pub fn publish_changed(&mut self) -> io::Result<()> {
        self.reload_if_stale()?;
        let Self { open, configs, client, .. } = self;
        for open in open.values_mut().filter(|open| !open.is_published) {
            open.is_published = true;
            let found = catch_unwind(AssertUnwindSafe(|| {
                open.findings(configs);
                let places = PositionTable::of(&open.text, client.units);
                let findings = open.known_findings().iter();
                findings.map(|finding| diagnostic(finding, open, &places, client)).collect()
            }));
            if let Ok(diagnostics) = found {
                publish(open.uri.clone(), diagnostics, Some(open.version))?;
            }
        }
        Ok(())
    }

    /// Reads the configs again if one may have changed: only once, even if several files changed together.
    fn reload_if_stale(&mut self) -> io::Result<()> {
        if std::mem::take(&mut self.is_stale) { self.reload() } else { Ok(()) }
    }

    fn request(&mut self, request: Request) -> io::Result<()> {
        let Request { id, method, params } = request;
        if self.is_ending {
            return refuse(id, ErrorCode::InvalidRequest, "only `exit` may follow `shutdown`");
        }
        self.reload_if_stale()?;
        let answered = catch_unwind(AssertUnwindSafe(|| match method.as_str() {
            "shutdown" => {
                self.is_ending = true;
                Ok(Value::Null)
            }
            "textDocument/codeAction" => self.actions(params),
            "codeAction/resolve" => self.resolve(params),
            "textDocument/hover" => self.hover(params),
            "initialize" => {
                Err(Refusal(ErrorCode::InvalidRequest, "`initialize` was already received".to_owned()))
            }
            _ => Err(Refusal(ErrorCode::MethodNotFound, format!("unknown method `{method}`"))),
        }));
        match answered {
            Ok(Ok(result)) => wire::answer(Response::new_ok(id, result)),
            Ok(Err(Refusal(code, why))) => refuse(id, code, &why),
            Err(_) => refuse(id, ErrorCode::InternalError, "internal error in postmend"),
        }
    }

    fn actions(&mut self, params: Value) -> Result<Value, Refusal> {
        let params: CodeActionParams = read(params)?;
        let client = &self.client;
        let Some(open) = self.open.get_mut(&params.text_document.uri.0) else { return Ok(Value::Null) };
        open.findings(&mut self.configs);
        answer(actions(open, &params, client))
    }

    /// Computes the edit of the action that the user chose.
    fn resolve(&mut self, params: Value) -> Result<Value, Refusal> {
        let mut action: CodeAction = read(params)?;
        let Some(data) = action.data.clone().filter(|_| action.edit.is_none()) else { return answer(action) };
        let chosen: Chosen = read(data)?;
        let open = self.open.get(&chosen.uri).filter(|open| open.version == chosen.version);
        let modified = || Refusal(ErrorCode::ContentModified, "the post has changed".to_owned());
        let edit = fix_all_edit(open.ok_or_else(modified)?, &self.client);
        action.edit = edit.map_err(|why| Refusal(ErrorCode::RequestFailed, why))?;
        answer(action)
    }

    fn hover(&mut self, params: Value) -> Result<Value, Refusal> {
        let params: HoverParams = read(params)?;
        let at = params.text_document_position_params;
        let Some(open) = self.open.get_mut(&at.text_document.uri.0) else { return Ok(Value::Null) };
        open.findings(&mut self.configs);
        answer(hover(open, at.position, &self.client))
    }

    fn notification(&mut self, note: Notification) -> io::Result<()> {
        let Notification { method, params } = note;
        // Invalid parameters of a notification cannot be answered with an error, so they are ignored.
        let done = catch_unwind(AssertUnwindSafe(|| match method.as_str() {
            "initialized" => self.watch(),
            "textDocument/didOpen" => read(params).map_or(Ok(()), |params| self.opened(params)),
            "textDocument/didChange" => read(params).map_or(Ok(()), |params| self.changed(params)),
            "textDocument/didSave" => read(params).map_or(Ok(()), |params| self.saved(&params)),
            "textDocument/didClose" => read(params).map_or(Ok(()), |params| self.closed(params)),
            "workspace/didChangeWatchedFiles" | "workspace/didChangeConfiguration" => {
                self.is_stale = true;
                Ok(())
            }
            _ => Ok(()),
        }));
        done.unwrap_or(Ok(()))
    }

    /// Asks the editor to watch the files that affect the findings.
    fn watch(&self) -> io::Result<()> {
        if !self.client.watches {
            return Ok(());
        }
        let files =
            detect_generator::evidence_files().into_iter().chain([config::FILE_NAME, baseline::FILE_NAME]);
        let watcher = |name| FileSystemWatcher { glob_pattern: format!("**/{name}").into(), kind: None };
        let options = DidChangeWatchedFilesRegistrationOptions { watchers: files.map(watcher).collect() };
        let registration = Registration {
            id: "config".to_owned(),
            method: "workspace/didChangeWatchedFiles".to_owned(),
            register_options: serde_json::to_value(options).ok(),
        };
        wire::ask::<RegistrationRequest>(1, RegistrationParams { registrations: vec![registration] })
    }

    fn opened(&mut self, params: DidOpenTextDocumentParams) -> io::Result<()> {
        let Some(mut open) = Open::new(params.text_document) else { return Ok(()) };
        let found = self.configs.find(&open.path);
        let shown = match found {
            Ok(post) => {
                open.set_post(post);
                Ok(())
            }
            Err(trouble) => self.show_trouble(&trouble),
        };
        self.open.insert(open.uri.0.clone(), open);
        shown
    }

    fn changed(&mut self, params: DidChange) -> io::Result<()> {
        let document = params.text_document;
        if let Some(open) = self.open.get_mut(&document.text_document_identifier.uri.0) {
            open.change(document.version, params.content_changes, self.client.units);
        }
        Ok(())
    }

    /// An editor that cannot watch files only reports files that are saved in it, and any of them may be one that a
    /// config names.
    fn saved(&mut self, params: &DidSaveTextDocumentParams) -> io::Result<()> {
        let uri = &params.text_document.uri.0;
        let is_config = [config::FILE_NAME, baseline::FILE_NAME].iter().any(|name| uri.ends_with(name));
        self.is_stale |= is_config || !self.client.watches;
        Ok(())
    }

    fn closed(&mut self, params: DidCloseTextDocumentParams) -> io::Result<()> {
        match self.open.remove(&params.text_document.uri.0) {
            Some(open) => publish(open.uri, Vec::new(), None),
            None => Ok(()),
        }
    }

    /// Reads all configs again. If one cannot be used, the old ones stay in use.
    fn reload(&mut self) -> io::Result<()> {
        let mut configs = Configs::new(self.posts);
        let mut posts = Vec::new();
        for open in self.open.values() {
            match configs.find(&open.path) {
                Ok(post) => posts.push(post),
                Err(trouble) => return self.show_trouble(&trouble),
            }
        }
        self.open.values_mut().zip(posts).for_each(|(open, post)| open.set_post(post));
        (self.configs, self.last_message) = (configs, None);
        Ok(())
    }

    /// Shows an error in a config, once.
    fn show_trouble(&mut self, trouble: &Trouble) -> io::Result<()> {
        let message = format!("postmend: {}", trouble.full_text());
        if self.last_message.as_ref() == Some(&message) {
            return Ok(());
        }
        self.last_message = Some(message.clone());
        wire::notify::<ShowMessageNotification>(ShowMessageParams { kind: MessageType::Error, message })
    }
}

fn publish(uri: Uri, diagnostics: Vec<Diagnostic>, version: Option<i32>) -> io::Result<()> {
    wire::notify::<PublishDiagnosticsNotification>(PublishDiagnosticsParams { uri, diagnostics, version })
}

fn read<P: DeserializeOwned>(params: Value) -> Result<P, Refusal> {
    serde_json::from_value(params).map_err(|error| Refusal(ErrorCode::InvalidParams, error.to_string()))
}

fn answer(result: impl Serialize) -> Result<Value, Refusal> {
    serde_json::to_value(result).map_err(|error| Refusal(ErrorCode::InternalError, error.to_string()))
}
