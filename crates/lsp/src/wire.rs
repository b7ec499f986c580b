//! Messages over standard input and output. After an invalid message, the next one is read.

use gen_lsp_types as lsp;
use lsp_server::{ErrorCode, Message, RequestId, Response};
use serde::Serialize;
use serde_json::{Value, json};
use std::io::{self, BufRead, Read, Write};
use std::sync::mpsc::{Receiver, channel};

/// The input from the editor.
pub enum Incoming {
    /// A message.
    Message(Message),
    /// An invalid message, as the response to send.
    Malformed(Value),
}

/// Reads messages in a separate thread, so that later messages are known while one is handled. The channel closes at
/// the end of the input.
pub fn read_ahead() -> Receiver<Incoming> {
    let (give, take) = channel();
    std::thread::spawn(move || {
        let mut input = io::stdin().lock();
        while let Ok(Some(content)) = next_content(&mut input) {
            if give.send(message(&content)).is_err() {
                break;
            }
        }
    });
    take
}

/// The content of the next message. Lines that are not headers are skipped, so that reading recovers after invalid
/// input.
fn next_content(input: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    let (mut length, mut line) = (None, Vec::new());
    loop {
        line.clear();
        if input.read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        let text = String::from_utf8_lossy(&line);
        let header = text.trim_end().rsplit_once(':');
        let is_length = |name: &str| name.to_ascii_lowercase().ends_with("content-length");
        match (header, length) {
            (Some((name, value)), _) if is_length(name) => length = value.trim().parse::<u64>().ok(),
            (None, Some(length)) if text.trim().is_empty() => return content(input, length).map(Some),
            _ => {}
        }
    }
}

/// Reads this many bytes, without allocating memory before they arrive.
fn content(input: &mut impl BufRead, length: u64) -> io::Result<Vec<u8>> {
    let mut content = Vec::new();
    input.take(length).read_to_end(&mut content)?;
    Ok(content)
}

fn message(content: &[u8]) -> Incoming {
    let read =
        serde_json::from_slice(content).or_else(|_| serde_json::from_slice(&without_lone_halves(content)));
    let error = match read {
        Ok(message) => return Incoming::Message(message),
        Err(error) => error,
    };
    let answer = |id: Value, code: i32| json!({ "jsonrpc": "2.0", "id": id, "error": { "code": code, "message": format!("not a message: {error}") } });
    Incoming::Malformed(match serde_json::from_slice::<Value>(content) {
        Ok(value) => {
            answer(value.get("id").cloned().unwrap_or_default(), lsp_server::ErrorCode::InvalidRequest as i32)
        }
        Err(_) => answer(Value::Null, lsp_server::ErrorCode::ParseError as i32),
    })
}

/// JSON in which unpaired UTF-16 surrogates are replaced: JavaScript strings can contain them, and so can a document
/// in VS Code, whose next change must not be lost. The replacement has the same length in UTF-16.
fn without_lone_halves(content: &[u8]) -> Vec<u8> {
    let half = |at: usize| {
        let digits = content.get(at..at + 6)?.strip_prefix(b"\\u")?;
        let value = u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
        (0xD800..0xE000).contains(&value).then_some(value)
    };
    let (mut out, mut at) = (Vec::with_capacity(content.len()), 0);
    while let Some(rest) = content.get(at..).filter(|rest| !rest.is_empty()) {
        let is_pair =
            half(at).is_some_and(|first| first < 0xDC00) && half(at + 6).is_some_and(|next| next >= 0xDC00);
        let (kept, length): (&[u8], usize) = match (rest, half(at)) {
            (_, Some(_)) if is_pair => (&rest[..12], 12),
            (_, Some(_)) => (b"\\ufffd", 6),
            // An escape sequence of two bytes, the second of which does not begin another.
            ([b'\\', _, ..], None) => (&rest[..2], 2),
            _ => (&rest[..1], 1),
        };
        out.extend_from_slice(kept);
        at += length;
    }
    out
}

/// A notification or request that is serialized directly.
#[derive(Serialize)]
struct Told<'a, P> {
    jsonrpc: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<i32>,
    method: &'a str,
    params: P,
}

/// Sends a notification.
///
/// # Errors
/// The editor does not read any more.
pub fn notify<N: lsp::Notification>(params: N::Params) -> io::Result<()> {
    write(&Told { jsonrpc: "2.0", id: None, method: N::METHOD.as_str(), params })
}

/// Sends a request; its response is ignored.
///
/// # Errors
/// The editor does not read any more.
pub fn ask<R: lsp::Request>(id: i32, params: R::Params) -> io::Result<()> {
    write(&Told { jsonrpc: "2.0", id: Some(id), method: R::METHOD.as_str(), params })
}

/// Sends a response.
///
/// # Errors
/// The editor does not read any more.
#[expect(clippy::disallowed_methods, reason = "the protocol's own messages, which no person reads")]
pub fn answer(response: Response) -> io::Result<()> {
    Message::from(response).write(&mut io::stdout().lock())
}

/// Sends any message.
///
/// # Errors
/// The editor does not read any more.
#[expect(clippy::disallowed_methods, reason = "the protocol's own messages, which no person reads")]
pub fn write(message: &impl Serialize) -> io::Result<()> {
    let content = serde_json::to_vec(message)?;
    let mut out = io::stdout().lock();
    write!(out, "Content-Length: {}\r\n\r\n", content.len())?;
    out.write_all(&content)?;
    out.flush()
}

/// Sends an error response.
pub fn refuse(id: RequestId, code: ErrorCode, why: &str) -> io::Result<()> {
    answer(Response::new_err(id, code as i32, why.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_its_way_through_rubbish() {
        let mut input: &[u8] =
            b"rubbish\r\ncontent-length:2\nContent-Type: x\r\n\r\n{}xContent-Length: 3\r\n\r\n[1]";
        assert_eq!(next_content(&mut input).unwrap().unwrap(), b"{}");
        assert_eq!(next_content(&mut input).unwrap().unwrap(), b"[1]");
        assert!(next_content(&mut input).unwrap().is_none());
    }

    #[test]
    fn replaces_halves_of_characters() {
        let json = br#"["\ud83d\ude00 \ud83d \\ud83d \ude00\n"]"#;
        let repaired = String::from_utf8(without_lone_halves(json)).unwrap();
        assert_eq!(repaired, r#"["\ud83d\ude00 \ufffd \\ud83d \ufffd\n"]"#);
        assert!(matches!(message(br#"{"method":"a","params":["\udc00"]}"#), Incoming::Message(_)));
    }
}
