//! The language server: checks what an editor holds, and offers fixes for it.

mod actions;
mod client;
mod configs;
mod diagnostics;
mod hover;
mod open;
mod session;
mod text;
mod wire;

use client::Client;
use gen_lsp_types::{InitializeResult, ServerInfo};
use lsp_server::{ErrorCode, Message, Request, RequestId, Response};
use postmend_engine::find_posts::FindOptions;
use serde_json::Value;
use session::{Next, Session};
use std::collections::HashSet;
use std::io;
use std::sync::mpsc::Receiver;
use wire::Incoming;

/// So many messages are looked at together, so that no flood keeps diagnostics back.
const BUNDLE: usize = 256;

/// Serves one editor over standard input and output, until it says `exit` or goes away; gives what the process ends
/// with.
pub fn serve(options: FindOptions) -> u8 {
    let incoming = wire::read_ahead();
    // An editor that reads no more, or goes away without a word, is no trouble that anybody could be told of.
    serve_messages(options, &incoming).unwrap_or(1)
}

fn serve_messages(options: FindOptions, incoming: &Receiver<Incoming>) -> io::Result<u8> {
    let Some(client) = greet(incoming)? else { return Ok(1) };
    // Told paths are the caller's, whose folder is left below.
    let config = options.config.as_deref().map(|path| std::path::absolute(path).unwrap_or(path.to_owned()));
    // As if postmend ran in the editor's folder.
    if let Some(root) = &client.root {
        let _ = std::env::set_current_dir(root);
    }
    let options = FindOptions { config, ..options };
    let mut session = Session::new(client, &options);
    while let Ok(first) = incoming.recv() {
        let bundle: Vec<Incoming> =
            std::iter::once(first).chain(incoming.try_iter().take(BUNDLE - 1)).collect();
        let cancelled = cancelled(&bundle);
        for one in bundle {
            match one {
                Incoming::Malformed(answer) => wire::write(&answer)?,
                Incoming::Message(Message::Request(request)) if cancelled.contains(&request.id) => {
                    wire::refuse(request.id, ErrorCode::RequestCanceled, "cancelled")?;
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
                let server = ServerInfo {
                    name: "postmend".to_owned(),
                    version: Some(env!("CARGO_PKG_VERSION").to_owned()),
                };
                let result =
                    InitializeResult { capabilities: client.capabilities(), server_info: Some(server) };
                wire::answer(Response::new_ok(id, result))?;
                return Ok(Some(client));
            }
            Incoming::Message(Message::Request(request)) => {
                wire::refuse(request.id, ErrorCode::ServerNotInitialized, "`initialize` must come first")?;
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
