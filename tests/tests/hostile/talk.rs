//! Hostile input other than posts: standard input, configs, reports, baselines and plans.

use super::{assert_tame, run};
use std::fs;
use std::path::Path;

/// A folder with one post.
fn folder_of(post: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("post.md"), post).unwrap();
    folder
}

#[test]
fn each_line_of_a_pipe_gets_an_answer() {
    let folder = tempfile::tempdir().unwrap();
    let lines = [
        format!(r#"{{"path":"long.md","text":"{}"}}"#, "recieve ".repeat(10_000)),
        format!(r#"{{"path":"deep.md","text":"a","more":{}1{}}}"#, "[".repeat(100_000), "]".repeat(100_000)),
        r#"{"path":"half.md","text":"\ud800 recieve"}"#.to_owned(),
        r#"{"path":"nul\u0000.md","text":"\u0000 recieve"}"#.to_owned(),
        "{\"path\":\"bytes.md\",\"text\":\"\u{1B}\"}".to_owned(),
        r#"{"path":"../../../etc/passwd","text":"recieve"}"#.to_owned(),
        r#"{"path":"","text":"recieve"}"#.to_owned(),
        r#"{"path":"twice.md","path":"twice.md","text":"a"}"#.to_owned(),
        "[]".to_owned(),
        "null".to_owned(),
        "\u{FEFF}{}".to_owned(),
        "no JSON".to_owned(),
        r#"{"path":"last.md","text":"recieve"}"#.to_owned(),
    ];
    let mut input = lines.join("\n").into_bytes();
    input.extend(b"\n\xFF\xFE\x00\n{\"path\":\"cut.md\",\"text\":\"a");
    let ran = run(&["pipe", "--fix"], folder.path(), input);
    let answers: Vec<&str> = ran.out.lines().collect();
    assert_eq!(answers.len(), lines.len() + 2, "{}", ran.err);
    assert!(answers[lines.len() - 1].contains("receive"), "{}", answers[lines.len() - 1]);
    assert!(answers[lines.len()].contains("error"));
    assert_eq!(ran.code, 2);
    assert_tame(&ran, "pipe");
}

/// Invalid content for files.
fn garbage() -> Vec<Vec<u8>> {
    let deep = |open: &str, close: &str| [open.repeat(100_000), close.repeat(100_000)].concat().into_bytes();
    vec![
        Vec::new(),
        b"\0\0\0".to_vec(),
        vec![0xFF; 1000],
        b"{".to_vec(),
        b"null".to_vec(),
        b"{}".to_vec(),
        b"[[[".to_vec(),
        deep("[", "]"),
        deep("{\"posts\":", "}"),
        b"{\"version\":1,\"posts\":{\"a\x1B[31m\":1}}".to_vec(),
        b"{\"version\":99999999999999999999,\"posts\":{}}".to_vec(),
        b"{\"findings\":[{}],\"summary\":{}}".to_vec(),
        b"{\"version\":\"2.1.0\",\"runs\":[{},{}]}".to_vec(),
        b"{\"findings\":[{\"path\":\"a\",\"rule\":\"\x1B[31m\",\"severity\":\"error\",\"message\":\"\",\"help\":\"\",\"start\":{\"line\":-1,\"column\":0,\"offset\":4294967295},\"end\":{\"line\":0,\"column\":0,\"offset\":0},\"fingerprint\":\"\"}],\"summary\":{}}".to_vec(),
        "a = ".repeat(1000).into_bytes(),
        [b"a = ".to_vec(), deep("[", "]")].concat(),
        [b"a = ".to_vec(), deep("{ a = ", "}")].concat(),
        [b"a".to_vec(), ".a".repeat(100_000).into_bytes(), b" = 1".to_vec()].concat(),
    ]
}

#[test]
fn garbage_in_other_files_is_refused() {
    let folder = folder_of("recieve\n");
    let commands: [(&str, &[&str]); 6] = [
        ("postmend.toml", &["check", "."]),
        ("postmend-baseline.json", &["check", "."]),
        ("postmend-baseline.json", &["baseline", "prune", "."]),
        ("report.json", &["merge", "report.json"]),
        ("plan.jsonl", &["migrate", "apply", "plan.jsonl"]),
        ("pairs.csv", &["migrate", ".", "--pairs", "pairs.csv"]),
    ];
    for (name, arguments) in commands {
        for bytes in garbage() {
            fs::write(folder.path().join(name), &bytes).unwrap();
            let ran = run(arguments, folder.path(), Vec::new());
            assert!(ran.code <= 2, "{name}");
            assert_tame(&ran, name);
            // A report that cannot be read must give a message.
            let is_silent = ran.out.is_empty() && ran.err.is_empty();
            assert!(ran.code != 0 || !is_silent || name != "report.json", "{name}: {bytes:?}");
            assert_eq!(fs::read_to_string(folder.path().join("post.md")).unwrap(), "recieve\n");
        }
        fs::remove_file(folder.path().join(name)).unwrap();
    }
}

fn with_config(config: &str, post: &str) -> super::HostileRun {
    let folder = folder_of(post);
    fs::write(folder.path().join("postmend.toml"), config).unwrap();
    run(&["check", "--format", "concise", "."], folder.path(), Vec::new())
}

/// A custom rule that finds something in its example.
fn rule(what: &str, value: &str, example: &str) -> String {
    format!("[[rule]]\nname = \"a-rule\"\nmessage = \"found\"\ninvalid = ['{example}']\n{what} = '{value}'\n")
}

#[test]
fn configs_are_no_bombs() {
    let text = "x".repeat(100_000) + "\n";
    for pattern in ["(x+x+)+y", "(x*)*y", "(x|x?)+y", "(.*)*(.*)*(.*)*y"] {
        assert_eq!(with_config(&rule("pattern", pattern, "xxy"), &text).code, 0, "{pattern}");
    }
    for pattern in ["(a{1000}){1000}", "((((a{100}){100}){100}){100})", "(", "(?=a)"] {
        let ran = with_config(&rule("pattern", pattern, "a"), &text);
        assert_eq!(ran.code, 2, "{pattern}: {}", ran.out);
        assert!(ran.err.contains("pattern"), "{pattern}: {}", ran.err);
    }
    let deep = "(".repeat(100_000) + &")".repeat(100_000);
    assert_eq!(with_config(&rule("pattern", &deep, "a"), &text).code, 2);
    let deep = ":not(".repeat(20_000) + "a" + &")".repeat(20_000);
    assert_eq!(with_config(&rule("selector", &deep, "a"), &text).code, 2);
    let chain = |folder: &Path, last: &str| {
        let count = 2_000;
        for number in 0..count {
            let next = if number + 1 < count { format!("{}.toml", number + 1) } else { last.to_owned() };
            fs::write(folder.join(format!("{number}.toml")), format!("extends = [\"{next}\"]\n")).unwrap();
        }
        fs::write(folder.join("postmend.toml"), "extends = [\"0.toml\"]\n").unwrap();
    };
    for last in ["0.toml", "gone.toml", "postmend.toml"] {
        let folder = folder_of("recieve\n");
        chain(folder.path(), last);
        let ran = run(&["check", "."], folder.path(), Vec::new());
        assert_eq!(ran.code, 2, "{last}: {}{}", ran.out, ran.err);
    }
    // Each config extends the next one twice.
    let folder = folder_of("recieve\n");
    for number in 0..40 {
        let next = number + 1;
        fs::write(
            folder.path().join(format!("{number}.toml")),
            format!("extends = [\"{next}.toml\", \"{next}.toml\"]\n"),
        )
        .unwrap();
    }
    fs::write(folder.path().join("40.toml"), "").unwrap();
    fs::write(folder.path().join("postmend.toml"), "extends = [\"0.toml\"]\n").unwrap();
    assert!(run(&["check", "."], folder.path(), Vec::new()).code > 0);
}

#[test]
fn a_fix_that_finds_itself_is_refused() {
    let folder = folder_of("a and a\n");
    let config = rule("pattern", "a", "a") + "fix = 'aaaaaaaaaaaaaaaaaaaa'\n";
    fs::write(folder.path().join("postmend.toml"), config).unwrap();
    let ran = run(&["fix", "--format", "concise", "."], folder.path(), Vec::new());
    assert!(ran.out.contains("fixes did not converge"), "{}{}", ran.out, ran.err);
    assert_eq!(fs::read_to_string(folder.path().join("post.md")).unwrap(), "a and a\n");
}

/// Selectors that would visit the same elements repeatedly, on posts with many elements.
#[test]
fn selectors_are_no_bombs() {
    let flat = "<p><b>a</b></p>\n".repeat(4_000);
    let siblings = "<i>a</i>".repeat(8_000);
    let nested = "<div>".repeat(400) + &"<p><b>a</b></p>".repeat(400);
    let deep = "<p class=x>".to_owned() + &"<b>".repeat(8) + "a";
    let row = "<p class=x></p>".to_owned() + &"<i><b><b><b>a</b></b></b></i>".repeat(4);
    for selector in SELECTORS {
        let example = if selector.contains('~') { &row } else { &deep };
        for post in [&flat, &siblings, &nested] {
            let ran = with_config(&rule("selector", selector, example), post);
            assert!(ran.code < 2, "{selector}: {}", ran.err);
            let asks_siblings = ["~", "nth-", "-of-type"].iter().any(|name| selector.contains(name));
            let is_refused = asks_siblings && *post != nested;
            assert_eq!(ran.out.contains("not checked"), is_refused, "{selector}: {}", ran.out);
        }
    }
}

const SELECTORS: [&str; 8] = [
    "* * * * * * *",
    ".x * * * * * * *",
    ".x ~ * ~ * ~ *",
    ".x ~ * * ~ *, .x ~ * b",
    ":not(:has(i :not(p)))",
    ":has(~ i), .x",
    ":nth-last-child(2n+1)",
    ":is(:is(:is(*, p), *), :not(:not(*))) *",
];

#[test]
fn many_urls_are_planned_and_moved() {
    let urls = 5_000;
    let image = "![a](https://cors.zfour.workers.dev/?http://a.example/b.jpeg) ";
    let post = image.repeat(urls);
    let folder = folder_of(&post);
    let ran = run(&["migrate", ".", "--unwrap", "all", "--write"], folder.path(), Vec::new());
    assert_eq!(ran.code, 0, "{}", ran.err);
    let moved = fs::read_to_string(folder.path().join("post.md")).unwrap();
    assert_eq!(moved, post.replace("https://cors.zfour.workers.dev/?", ""));
    assert_eq!(run(&["undo"], folder.path(), Vec::new()).code, 0);
    assert_eq!(fs::read_to_string(folder.path().join("post.md")).unwrap(), post);
}

/// A message of the Language Server Protocol.
fn message(content: &str) -> Vec<u8> {
    format!("Content-Length: {}\r\n\r\n{content}", content.len()).into_bytes()
}

#[test]
fn the_language_server_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let uri = format!("file://{}/post.md", folder.path().display());
    let open = |text: &str| {
        format!(
            r#"{{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{{"textDocument":{{"uri":"{uri}","languageId":"markdown","version":1,"text":"{text}"}}}}}}"#
        )
    };
    let change = |range: &str| {
        format!(
            r#"{{"jsonrpc":"2.0","method":"textDocument/didChange","params":{{"textDocument":{{"uri":"{uri}","version":2}},"contentChanges":[{{"range":{range},"text":"x"}}]}}}}"#
        )
    };
    let ask = |id: u32, method: &str, range: &str| {
        format!(
            r#"{{"jsonrpc":"2.0","id":{id},"method":"{method}","params":{{"textDocument":{{"uri":"{uri}"}},"position":{{"line":-1,"character":4294967295}},"range":{range},"context":{{"diagnostics":[]}}}}}}"#
        )
    };
    let range = |a: &str, b: &str| {
        format!(r#"{{"start":{{"line":{a},"character":{a}}},"end":{{"line":{b},"character":{b}}}}}"#)
    };
    let contents = [
        r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{}}}"#.to_owned(),
        r#"{"jsonrpc":"2.0","method":"initialized","params":{}}"#.to_owned(),
        open(&"recieve ".repeat(10_000)),
        change(&range("-1", "0")),
        change(&range("4294967295", "0")),
        change(&range("0", "4294967295")),
        change(&range("99999999999999999999", "0")),
        open("recieve \\ud83d \\u0000\\r\\n"),
        ask(2, "textDocument/codeAction", &range("-1", "4294967295")),
        ask(3, "textDocument/codeAction", &range("4294967295", "0")),
        ask(4, "textDocument/hover", &range("0", "0")),
        ask(5, "no/such/method", &range("0", "0")),
        "[".repeat(100_000),
        "{}".to_owned(),
        "[]".to_owned(),
        r#"{"jsonrpc":"2.0","id":6,"method":"shutdown"}"#.to_owned(),
        r#"{"jsonrpc":"2.0","method":"exit"}"#.to_owned(),
    ];
    let mut input = b"rubbish\r\nContent-Length: 99999999999999999999\r\n\r\n".to_vec();
    contents.iter().for_each(|content| input.extend(message(content)));
    let ran = run(&["lsp"], folder.path(), input);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    for id in 1..=6 {
        assert!(
            ran.out.contains(&format!("\"id\":{id},")) || ran.out.contains(&format!("\"id\":{id}}}")),
            "no answer to {id}: {}",
            ran.out
        );
    }
    assert!(ran.out.contains("publishDiagnostics"));
}
