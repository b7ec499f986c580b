//! `postmend lsp`: a language server over standard input and output.

mod actions;
mod client;
mod diagnostics;
mod homes;
mod hover;
mod open;
mod session;
mod text;
mod wire;

use crate::args::{LspArguments, PostArguments};
use crate::trouble::Trouble;
use client::Client;
use lsp_server::{ErrorCode, Message, Request, RequestId, Response};
use lsp_types::InitializeResult;
use serde_json::Value;
use session::{Next, Session};
use std::collections::HashSet;
use std::io;
use std::path::Path;
use std::process::ExitCode;
use std::sync::mpsc::Receiver;
use wire::Incoming;

/// So many messages are looked at together, so that no flood keeps diagnostics back.
const BUNDLE: usize = 256;

/// Serves one editor until it says `exit` or goes away.
pub fn lsp(arguments: &LspArguments) -> Result<ExitCode, Trouble> {
    let incoming = wire::read_ahead();
    // An editor that reads no more, or goes away without a word, is no trouble that anybody could be told of.
    let code = serve(arguments, &incoming).unwrap_or(1);
    Ok(ExitCode::from(code))
}

fn serve(arguments: &LspArguments, incoming: &Receiver<Incoming>) -> io::Result<u8> {
    let Some(client) = greet(incoming)? else { return Ok(1) };
    // Told paths are the caller's, whose folder is left below.
    let config = arguments.config.as_deref().map(|path| std::path::absolute(path).unwrap_or(path.to_owned()));
    // As if postmend ran in the editor's folder.
    if let Some(root) = &client.root {
        let _ = std::env::set_current_dir(root);
    }
    let generator = arguments.generator;
    let posts = PostArguments { generator, config, ..PostArguments::below(Path::new(".")) };
    let mut session = Session::new(client, &posts);
    while let Ok(first) = incoming.recv() {
        let bundle: Vec<Incoming> =
            std::iter::once(first).chain(incoming.try_iter().take(BUNDLE - 1)).collect();
        let cancelled = cancelled(&bundle);
        for one in bundle {
            match one {
                Incoming::Malformed(answer) => wire::write(&answer)?,
                Incoming::Message(Message::Request(request)) if cancelled.contains(&request.id) => {
                    refuse(request.id, ErrorCode::RequestCanceled, "cancelled")?;
                }
                Incoming::Message(message) => {
                    if let Next::Exit(code) = session.take(message)? {
                        return Ok(code);
                    }
                }
            }
        }
        // Of several changes only the last text is checked.
        session.publish_changed()?;
    }
    Ok(1)
}

/// Waits for `initialize` and answers it; `None` if the editor goes away before.
fn greet(incoming: &Receiver<Incoming>) -> io::Result<Option<Client>> {
    while let Ok(one) = incoming.recv() {
        match one {
            Incoming::Malformed(answer) => wire::write(&answer)?,
            Incoming::Message(Message::Request(Request { id, method, params })) if method == "initialize" => {
                let client = Client::new(&params);
                let server = lsp_types::ServerInfo {
                    name: "postmend".to_owned(),
                    version: Some(env!("CARGO_PKG_VERSION").to_owned()),
                };
                let result =
                    InitializeResult { capabilities: client.capabilities(), server_info: Some(server) };
                wire::answer(Response::new_ok(id, result))?;
                return Ok(Some(client));
            }
            Incoming::Message(Message::Request(request)) => {
                refuse(request.id, ErrorCode::ServerNotInitialized, "`initialize` comes first")?;
            }
            Incoming::Message(Message::Notification(note)) if note.method == "exit" => break,
            Incoming::Message(_) => {}
        }
    }
    Ok(None)
}

/// The requests that the editor no longer wants an answer to.
fn cancelled(bundle: &[Incoming]) -> HashSet<RequestId> {
    let ids = bundle.iter().filter_map(|one| match one {
        Incoming::Message(Message::Notification(note)) if note.method == "$/cancelRequest" => {
            let id: Value = note.params.get("id")?.clone();
            serde_json::from_value(id).ok()
        }
        _ => None,
    });
    ids.collect()
}

/// Answers a request with an error.
fn refuse(id: RequestId, code: ErrorCode, why: &str) -> io::Result<()> {
    wire::answer(Response::new_err(id, code as i32, why.to_owned()))
}
