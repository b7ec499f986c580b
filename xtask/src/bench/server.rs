//! Drives the language server as an editor does, and measures how long diagnostics take after a change.

use super::rounds::Sample;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Instant;

/// The time until the diagnostics of each change.
pub(super) struct Answers {
    pub(super) milliseconds: Sample,
    /// The number of findings after the last change.
    pub(super) findings: usize,
}

/// Opens a post and types this many characters into its middle; waits each time for the diagnostics of that version.
pub(super) fn type_into(postmend: &Path, text: &str, changes: usize) -> Result<Answers, String> {
    let mut editor = BenchEditor::start(postmend)?;
    let uri = "file:///nowhere/post.md";
    let document = json!({ "uri": uri, "languageId": "markdown", "version": 0, "text": text });
    editor.notify("textDocument/didOpen", &json!({ "textDocument": document }))?;
    let mut findings = editor.diagnostics(0)?;
    let mut milliseconds = Vec::with_capacity(changes);
    let (line, character) = middle(text);
    for version in 1..=changes {
        let at = json!({ "line": line, "character": character + version - 1 });
        let change = json!({ "range": { "start": at, "end": at }, "text": "水" });
        let document = json!({ "uri": uri, "version": version });
        let start = Instant::now();
        editor.notify(
            "textDocument/didChange",
            &json!({ "textDocument": document, "contentChanges": [change] }),
        )?;
        findings = editor.diagnostics(version)?;
        milliseconds.push(start.elapsed().as_secs_f64() * 1000.0);
    }
    editor.end()?;
    Ok(Answers { milliseconds: Sample::new(milliseconds), findings })
}

/// The middle of the longest line near the middle of a text, as line and column. Generated posts have no characters
/// of two UTF-16 code units.
fn middle(text: &str) -> (usize, usize) {
    let lines: Vec<&str> = text.lines().collect();
    let half = lines.len() / 2;
    let around = half.saturating_sub(2)..(half + 3).min(lines.len());
    let line = around.max_by_key(|line| lines[*line].len()).unwrap_or(0);
    (line, lines[line].chars().count() / 2)
}

struct BenchEditor {
    server: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
}

impl BenchEditor {
    fn start(postmend: &Path) -> Result<Self, String> {
        let mut command = Command::new(postmend);
        command.arg("lsp").stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut server =
            command.spawn().map_err(|error| format!("cannot start the language server: {error}"))?;
        let (Some(to), Some(from)) = (server.stdin.take(), server.stdout.take()) else {
            return Err("the language server has no pipes".to_owned());
        };
        let mut editor = Self { server, to, from: BufReader::new(from) };
        editor.write(
            &json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": { "capabilities": {} } }),
        )?;
        while content(&editor.next()?)?["id"] != 1 {}
        editor.notify("initialized", &json!({}))?;
        Ok(editor)
    }

    fn notify(&mut self, method: &str, params: &Value) -> Result<(), String> {
        self.write(&json!({ "jsonrpc": "2.0", "method": method, "params": params }))
    }

    fn write(&mut self, message: &Value) -> Result<(), String> {
        let content = message.to_string();
        let whole = format!("Content-Length: {}\r\n\r\n{content}", content.len());
        self.to.write_all(whole.as_bytes()).and_then(|()| self.to.flush()).map_err(no_answer)
    }

    /// Waits for the diagnostics of a version, and returns their number. A server may leave out versions that were
    /// superseded, but never the last one.
    fn diagnostics(&mut self, version: usize) -> Result<usize, String> {
        // The message is not parsed, to keep that time out of the measurement: the version may come first or last.
        let (first, last) = (format!("\"version\":{version},"), format!("\"version\":{version}}}"));
        loop {
            let message = self.next()?;
            let holds = |part: &str| message.contains(part);
            if holds("publishDiagnostics") && (holds(&first) || holds(&last)) {
                return Ok(message.matches("\"severity\":").count());
            }
        }
    }

    fn next(&mut self) -> Result<String, String> {
        let mut length = 0;
        loop {
            let mut line = String::new();
            if self.from.read_line(&mut line).map_err(no_answer)? == 0 {
                return Err("the language server is gone".to_owned());
            }
            match line.trim_end().split_once(": ") {
                Some((_, value)) => length = value.parse().unwrap_or(length),
                None => break,
            }
        }
        let mut content = vec![0; length];
        self.from.read_exact(&mut content).map_err(no_answer)?;
        String::from_utf8(content)
            .map_err(|error| format!("the language server says what is no text: {error}"))
    }

    fn end(mut self) -> Result<(), String> {
        self.write(&json!({ "jsonrpc": "2.0", "id": 2, "method": "shutdown" }))?;
        self.notify("exit", &Value::Null)?;
        drop(self.to);
        self.server.wait().map(drop).map_err(no_answer)
    }
}

fn content(message: &str) -> Result<Value, String> {
    serde_json::from_str(message)
        .map_err(|error| format!("the language server says what is no JSON: {error}"))
}

fn no_answer(error: std::io::Error) -> String {
    format!("the language server does not answer: {error}")
}
