//! The language server: checks documents in an editor, and offers fixes for them.

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

/// The maximum number of messages that are processed together, so that a flood of them does not delay diagnostics.
const BUNDLE: usize = 256;

/// Serves one editor over standard input and output, until it sends `exit` or closes the connection. Returns the exit
/// code.
pub fn serve(options: FindOptions) -> u8 {
    let incoming = wire::read_ahead();
    // If the editor does not read any more or disconnects, there is nobody to report an error to.
    serve_messages(options, &incoming).unwrap_or(1)
}

fn serve_messages(options: FindOptions, incoming: &Receiver<Incoming>) -> io::Result<u8> {
    let Some(client) = greet(incoming)? else { return Ok(1) };
    // A path on the command line is relative to the folder in which the server was started, which is changed below.
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
        for message in bundle {
            match message {
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
        // After several changes, only the last text is checked.
        session.publish_changed()?;
    }
    Ok(1)
}

/// Waits for `initialize` and answers it; `None` if the editor disconnects before.
fn greet(incoming: &Receiver<Incoming>) -> io::Result<Option<Client>> {
    while let Ok(message) = incoming.recv() {
        match message {
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

/// The requests that the editor has cancelled.
fn cancelled(bundle: &[Incoming]) -> HashSet<RequestId> {
    let ids = bundle.iter().filter_map(|message| match message {
        Incoming::Message(Message::Notification(note)) if note.method == "$/cancelRequest" => {
            let id: Value = note.params.get("id")?.clone();
            serde_json::from_value(id).ok()
        }
        _ => None,
    });
    ids.collect()
}
