//! The language server from `initialize` to `exit`, as a simple editor would use it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![allow(clippy::disallowed_methods, reason = "a test is no part of postmend")]

use postmend_tests::commands::postmend as binary;
use serde_json::{Value, json};
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

/// An editor that is connected to the language server.
struct Editor {
    server: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
    asked: i32,
}

impl Editor {
    fn start(folder: &Path) -> Self {
        let mut server = binary()
            .arg("lsp")
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (to, from) = (server.stdin.take().unwrap(), BufReader::new(server.stdout.take().unwrap()));
        Self { server, to, from, asked: 0 }
    }

    fn write(&mut self, content: &str) {
        write!(self.to, "Content-Length: {}\r\n\r\n{content}", content.len()).unwrap();
    }

    fn tell(&mut self, method: &str, params: Value) {
        self.write(&json!({ "jsonrpc": "2.0", "method": method, "params": params }).to_string());
    }

    /// Sends a request and returns its response; other messages of the server are ignored.
    fn ask(&mut self, method: &str, params: Value) -> Value {
        self.asked += 1;
        let id = self.asked;
        self.write(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }).to_string());
        loop {
            let message = self.next();
            if message["id"] == id && message.get("method").is_none() {
                return message;
            }
        }
    }

    fn next(&mut self) -> Value {
        let mut length = 0;
        loop {
            let mut line = String::new();
            assert!(self.from.read_line(&mut line).unwrap() > 0, "the server is gone");
            match line.trim_end().split_once(": ") {
                Some((_, value)) => length = value.parse().unwrap(),
                None => break,
            }
        }
        let mut content = vec![0; length];
        self.from.read_exact(&mut content).unwrap();
        serde_json::from_slice(&content).unwrap()
    }

    /// The next diagnostics, as lines with range, rule and message.
    fn diagnostics(&mut self) -> Vec<String> {
        loop {
            let message = self.next();
            if message["method"] == "textDocument/publishDiagnostics" {
                let list = message["params"]["diagnostics"].as_array().unwrap().clone();
                return list.iter().map(shown).collect();
            }
        }
    }

    fn initialize(&mut self) -> Value {
        let result = self.ask("initialize", json!({ "capabilities": {} }))["result"].clone();
        self.tell("initialized", json!({}));
        result
    }

    fn open(&mut self, uri: &str, text: &str) -> Vec<String> {
        let document = json!({ "uri": uri, "languageId": "markdown", "version": 1, "text": text });
        self.tell("textDocument/didOpen", json!({ "textDocument": document }));
        self.diagnostics()
    }

    fn end(mut self) -> Option<i32> {
        self.tell("exit", Value::Null);
        drop(self.to);
        self.server.wait().unwrap().code()
    }
}

fn shown(diagnostic: &Value) -> String {
    let (start, end) = (&diagnostic["range"]["start"], &diagnostic["range"]["end"]);
    let message = diagnostic["message"].as_str().unwrap().lines().next().unwrap();
    format!(
        "{}:{}-{}:{} {} {message}",
        start["line"],
        start["character"],
        end["line"],
        end["character"],
        diagnostic["code"].as_str().unwrap()
    )
}

const URI: &str = "file:///nowhere/a.md";

#[test]
fn finds_and_mends_what_the_editor_holds() {
    let folder = tempfile::tempdir().unwrap();
    let mut editor = Editor::start(folder.path());
    assert_eq!(editor.initialize()["capabilities"]["positionEncoding"], "utf-16");
    let found = editor.open(URI, "😀 港\n\nThey recieve it.\n");
    assert_eq!(found, ["2:5-2:12 misspelling \"recieve\" should be \"receive\""]);
    let range = json!({ "start": { "line": 0, "character": 2 }, "end": { "line": 0, "character": 2 } });
    let change = json!({ "range": range, "text": " Febuary" });
    let document = json!({ "uri": URI, "version": 2 });
    editor.tell("textDocument/didChange", json!({ "textDocument": document, "contentChanges": [change] }));
    let found = editor.diagnostics();
    assert_eq!(found[0], "0:3-0:10 misspelling \"Febuary\" should be \"February\"");
    let at = json!({ "line": 0, "character": 4 });
    let document = json!({ "uri": URI });
    let params = json!({
        "textDocument": document, "range": { "start": at, "end": at }, "context": { "diagnostics": [] }
    });
    let answer = editor.ask("textDocument/codeAction", params);
    let actions = answer["result"].as_array().unwrap();
    let titles: Vec<&str> = actions.iter().map(|action| action["title"].as_str().unwrap()).collect();
    assert_eq!(
        titles,
        [
            "write \"February\"",
            "disable misspelling for this line",
            "disable misspelling in this post",
            "apply all safe fixes in this post"
        ]
    );
    assert_eq!(actions[0]["isPreferred"], true);
    assert_eq!(actions[0]["edit"]["changes"][URI][0]["range"]["start"]["character"], 6);
    assert_eq!(actions[3]["edit"]["changes"][URI].as_array().unwrap().len(), 2);
    let hover = editor.ask("textDocument/hover", json!({ "textDocument": document, "position": at }));
    assert!(hover["result"]["contents"]["value"].as_str().unwrap().contains("# misspelling"));
    editor.tell("textDocument/didClose", json!({ "textDocument": document }));
    assert!(editor.diagnostics().is_empty());
    assert_eq!(editor.ask("shutdown", Value::Null)["result"], Value::Null);
    assert_eq!(editor.end(), Some(0));
}

#[test]
fn says_what_is_wrong_with_messages_and_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let mut editor = Editor::start(folder.path());
    assert_eq!(editor.ask("textDocument/hover", json!({}))["error"]["code"], -32002);
    editor.write("{no json");
    assert_eq!(editor.next()["error"]["code"], -32700);
    write!(editor.to, "rubbish\r\n\r\nContent-Length: many\r\n\r\n").unwrap();
    editor.write("[]");
    assert_eq!(editor.next()["error"]["code"], -32600);
    editor.initialize();
    assert_eq!(editor.ask("textDocument/rename", json!({}))["error"]["code"], -32601);
    assert_eq!(editor.ask("textDocument/hover", json!({ "position": "here" }))["error"]["code"], -32602);
    assert_eq!(editor.ask("initialize", json!({}))["error"]["code"], -32600);
    editor.tell("textDocument/didChange", json!({ "textDocument": {} }));
    editor.tell("$/no-such-thing", json!({}));
    assert!(editor.open(URI, "a\n").is_empty());
    // A change with an unreadable range is ignored, and must not replace the whole text.
    let range = json!({ "start": { "line": 0, "character": -1 }, "end": { "line": 0, "character": 0 } });
    let document = json!({ "uri": URI, "version": 2 });
    let changes = json!([{ "range": range, "text": "recieve" }]);
    editor.tell("textDocument/didChange", json!({ "textDocument": document, "contentChanges": changes }));
    // A position after the end of the text means its end.
    let range = json!({ "start": { "line": 9, "character": 9 }, "end": { "line": 3, "character": 1 } });
    let changes = json!([{ "range": range, "text": "Febuary\n" }]);
    editor.tell("textDocument/didChange", json!({ "textDocument": document, "contentChanges": changes }));
    assert_eq!(editor.diagnostics(), ["1:0-1:7 misspelling \"Febuary\" should be \"February\""]);
    // There was no `shutdown` request.
    assert_eq!(editor.end(), Some(1));
}

#[test]
fn reads_configs_anew_and_outlives_broken_ones() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("postmend.toml");
    let uri = format!("file://{}/a.md", folder.path().display());
    let saved = json!({ "textDocument": { "uri": format!("file://{}", config.display()) } });
    let mut editor = Editor::start(folder.path());
    editor.initialize();
    assert_eq!(editor.open(&uri, "Febuary\n").len(), 1);
    fs::write(&config, "[words]\nallow = [\"Febuary\"]\n").unwrap();
    editor.tell("textDocument/didSave", saved.clone());
    assert_eq!(editor.diagnostics(), [""; 0]);
    fs::write(&config, "[words]\nalow = [\"Febuary\"]\n").unwrap();
    editor.tell("textDocument/didSave", saved.clone());
    let shown = editor.next();
    assert_eq!(shown["method"], "window/showMessage");
    let message = shown["params"]["message"].as_str().unwrap();
    assert!(message.contains("postmend.toml:2: unknown field `alow`"), "{message}");
    assert!(message.ends_with("did you mean `allow`?"), "{message}");
    fs::write(&config, "exclude = [\"a.md\"]\n").unwrap();
    editor.tell("textDocument/didSave", saved.clone());
    assert_eq!(editor.diagnostics(), [""; 0]);
    fs::remove_file(&config).unwrap();
    editor.tell("textDocument/didSave", saved);
    assert_eq!(editor.diagnostics().len(), 1);
    editor.ask("shutdown", Value::Null);
    assert_eq!(editor.ask("textDocument/hover", json!({}))["error"]["code"], -32600);
    assert_eq!(editor.end(), Some(0));
}

/// Known findings stay hidden when lines around them move.
#[test]
fn hides_what_the_baseline_knows() {
    let folder = tempfile::tempdir().unwrap();
    let post = folder.path().join("a.md");
    fs::write(&post, "Febuary\n").unwrap();
    let wrote = binary().args(["baseline", "write", "-q"]).current_dir(folder.path()).status();
    assert!(wrote.unwrap().success());
    let mut editor = Editor::start(folder.path());
    editor.initialize();
    let found = editor.open(&format!("file://{}", post.display()), "new\n\nrecieve\n\nFebuary\n");
    assert_eq!(found, ["2:0-2:7 misspelling \"recieve\" should be \"receive\""]);
    assert_eq!(editor.end(), Some(1));
}
