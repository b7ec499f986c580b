//! No post, config or file that a config names takes more time or memory than the limits allow.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![allow(clippy::disallowed_methods, reason = "a test is no part of postmend")]

use postmend_tests::clone::{Ran, Repository};
use std::fs;
use std::io::Write;
use std::os::unix::fs::symlink;
use std::process::Stdio;

/// The limit of CPU time in seconds for a run of a test build: far more than it needs.
const SECONDS: u32 = 300;

const TYPO: &str = "They recieve it.\n";

/// Checks a site with limits, and with a limit of CPU time.
fn quick(site: &Repository, what: &str, codes: &[i32]) -> Ran {
    let checked = site.run_within(SECONDS, &["check", "--format", "concise", "--max-rule-time", "1", "."]);
    let output: String = checked.both().chars().take(500).collect();
    assert!(codes.contains(&checked.code), "{what}: {} {output}", checked.code);
    checked
}

#[test]
fn patterns_lists_and_rules_are_no_bombs() {
    let site = Repository::new();
    site.write("a.md", TYPO);
    site.write("sub/b.md", TYPO);
    let braces = "{".repeat(200_000) + &"}".repeat(200_000);
    for name in [".gitignore", ".ignore"] {
        symlink("/proc/self/pagemap", site.at("sub").join(name)).unwrap();
        let checked = quick(&site, "a link", &[2]);
        assert!(checked.out.contains("a.md:1:6") && !checked.out.contains("b.md"), "{}", checked.both());
        fs::remove_file(site.at("sub").join(name)).unwrap();
        site.write(&format!("sub/{name}"), &braces);
        quick(&site, "braces", &[2]);
        fs::remove_file(site.at("sub").join(name)).unwrap();
    }
    for key in [
        "exclude = [",
        "[[overrides]]\npaths = [",
        "[[front-matter.schemas]]\nschema = \"a.json\"\npaths = [",
    ] {
        site.write("a.json", "{}");
        site.write("postmend.toml", format!("{key}\"{braces}\"]\n"));
        quick(&site, key, &[2]);
    }
    let doubling = "[[overrides]]\npaths = [\"**\"]\nselect = [\"...\", \"...\"]\n".repeat(40);
    site.write("postmend.toml", doubling);
    quick(&site, "a list that doubles", &[1]);
    site.write("postmend.toml", "[[overrides]]\npaths = [\"x/**\"]\n".repeat(2000));
    quick(&site, "overrides", &[2]);
    let rule = |pattern: &str| {
        format!(
            "[[rule]]\nname = \"a-rule\"\nmessage = \"x\"\npattern = '{pattern}'\ninvalid = [\"{}z\"]\n",
            "a".repeat(3001)
        )
    };
    site.write("long.md", "a".repeat(1_000_000));
    for pattern in ["[a-q][^u-z]{3000}[x-z]", "([a-z]{0,100}){0,100}z", "(?s).*.*.*z"] {
        site.write("postmend.toml", rule(pattern));
        quick(&site, pattern, &[1, 2]);
    }
    let patterns = "{\"pattern\":\"^(a+)+$\"},".repeat(2000);
    site.write(
        "schema.json",
        format!("{{\"properties\":{{\"title\":{{\"allOf\":[{}]}}}}}}", patterns.trim_end_matches(',')),
    );
    site.write("postmend.toml", "[[front-matter.schemas]]\npaths = [\"**\"]\nschema = \"schema.json\"\n");
    site.write("c.md", format!("---\ntitle: {}b\n---\n", "a".repeat(5000)));
    quick(&site, "patterns of a schema", &[1]);
    let mut child = site.command(&["pipe"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let deep = format!(
        "{{\"path\":\"{}x.md\",\"text\":\"\"}}\n{{\"path\":\"a.md\",\"text\":{TYPO:?}}}\n",
        "a/".repeat(20_000)
    );
    input.write_all(deep.as_bytes()).unwrap();
    drop(input);
    let answers = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
    assert!(answers.contains("the path is too long") && answers.contains("misspelling"), "{answers}");
}

#[test]
fn schemas_that_double_are_refused() {
    let site = Repository::new();
    site.write("a.md", "---\ntitle: x\n---\n\nText.\n");
    site.write("postmend.toml", "[[front-matter.schemas]]\npaths = [\"**\"]\nschema = \"schema.json\"\n");
    let reference = |level: usize| format!(r##"{{"$ref":"#/$defs/{level}"}}"##);
    let both = |level: usize| format!(r#"{{"allOf":[{0},{0}]}}"#, reference(level));
    let parts: Vec<String> = (0..40).map(|level| format!(r#""{level}":{}"#, both(level + 1))).collect();
    let doubling = format!(r##"{{"$ref":"#/$defs/0","$defs":{{{},"40":{{}}}}}}"##, parts.join(","));
    for schema in [&doubling, r##"{"allOf":[{"$ref":"#"},{"$ref":"#"}]}"##, r#"{"$ref":"a.json"}"#] {
        site.write("schema.json", schema);
        let checked = quick(&site, schema, &[2]);
        assert!(checked.err.contains("schema schema.json"), "{}", checked.err);
    }
    // A schema that refers to itself for nested values is useful and accepted.
    let menu = r##"{
        "properties": { "menu": { "$ref": "#/$defs/menu" } },
        "$defs": { "menu": { "type": "array", "items": { "properties": {
            "text": { "type": "string" }, "items": { "$ref": "#/$defs/menu" } } } } }
    }"##;
    site.write("schema.json", menu);
    site.write("a.md", "---\nmenu:\n  - text: a\n    items:\n      - text: [b]\n---\n\nText.\n");
    let checked = quick(&site, menu, &[1]);
    assert!(checked.out.contains("a.md:5:15: warning invalid-field"), "{}", checked.both());
    let items = "{text: a},".repeat(300_000);
    site.write("a.md", format!("---\nmenu: [{items}]\n---\n\nText.\n"));
    quick(&site, "a long list", &[0, 1]);
}

#[test]
fn selectors_that_never_match_are_stopped() {
    let site = Repository::new();
    let rule = |selector: &str| {
        let html = "<div><div><b><i>x</i></b></div></div>";
        format!(
            "[[rule]]\nname = \"a-rule\"\nmessage = \"x\"\nselector = \"{selector}\"\ninvalid = [\"{html}\"]\n"
        )
    };
    let deep = "<div>".repeat(400) + "x" + &"</div>".repeat(400) + "\n";
    site.write("a.md", deep.repeat(60));
    site.write("b.md", "<b></b>".repeat(100_000));
    for selector in [
        "div:not(:has(div > div > div > div > i)) ~ u, b",
        "b:has(i):not(:has(u u u u))",
        "b, div div div div div div div div div div div div div div div div > u",
        "b, div:nth-child(2n) div:nth-last-child(3n) div:nth-of-type(2n) > u",
    ] {
        site.write("postmend.toml", rule(selector));
        quick(&site, selector, &[0, 1]);
    }
    site.write("postmend.toml", rule("b:has(i)"));
    let checked = quick(&site, "among very many", &[1]);
    let line = "b.md:1:1: warning a-rule: not checked: there are more than 20000";
    assert!(checked.out.contains(line), "{}", checked.both());
    site.write("postmend.toml", rule(&"b ".repeat(600)));
    assert!(quick(&site, "a long selector", &[2]).err.contains("longer than 1,000 bytes"));
}

#[test]
fn examples_share_the_time_of_their_rule() {
    let site = Repository::new();
    site.write("a.md", "Text.\n");
    let example = format!("\"{}\",", "<b></b>".repeat(200));
    let rule =
        "[[rule]]\nname = \"a-rule\"\nmessage = \"x\"\nselector = \"b:nth-last-child(2)\"\ninvalid = [";
    site.write("postmend.toml", format!("{rule}{}]\n", example.repeat(10_000)));
    let checked = quick(&site, "examples", &[2]);
    assert!(checked.err.contains("the examples take too long"), "{}", checked.err);
    assert!(checked.err.len() < 1000, "a line of a megabyte is not shown");
}

#[test]
fn keys_and_words_without_number_are_refused() {
    let site = Repository::new();
    let key = "a.".repeat(300_000) + "a = 1\n";
    site.write("a.md", format!("+++\n{key}+++\n\n{TYPO}"));
    let checked = quick(&site, "a deep key", &[1]);
    assert!(checked.out.contains("a key has more than 64 parts"), "{}", checked.both());
    assert!(checked.out.contains("a.md:5:6: warning misspelling"), "{}", checked.both());
    site.write("postmend.toml", &key);
    let checked = quick(&site, "a deep key in a config", &[2]);
    assert!(checked.err.contains("too many parts in line 1"), "{}", checked.err);
    // Dots in strings and comments are not parts of a key.
    let dots = ".".repeat(100);
    let strings = format!("title = \"{dots}\" # {dots}\nt = \"\"\"\n{dots}\n\"\"\"\n");
    site.write("a.md", format!("+++\n{strings}+++\n\nText.\n"));
    fs::remove_file(site.at("postmend.toml")).unwrap();
    assert!(!quick(&site, "dots", &[0, 1]).out.contains("more than 64 parts"));

    site.write("postmend.toml", "[words]\ndictionary = \"words.txt\"\n");
    site.write("words.txt", (0..100_001).map(|number| format!("w{number}x\n")).collect::<String>());
    assert!(quick(&site, "a dictionary", &[2]).err.contains("more than 100000 words"));
    site.write("postmend.toml", "select = [\"likely-misspelling\"]\n[words]\nmodel = \"zeros.model\"\n");
    let count = 1_000_000_u32;
    let mut zeros = b"pmdp\0\0\0\x01".to_vec();
    zeros.extend([0; 32]);
    zeros.extend([count, 0, 0, 0, 0].iter().flat_map(|number| number.to_le_bytes()));
    zeros.extend(vec![0; count as usize * (4 + 2 + 4) + 4 + 4]);
    site.write("zeros.model", zeros);
    assert!(quick(&site, "a model of zeros", &[2]).err.contains("is not a model"));
}

#[test]
fn debts_that_are_alike_are_counted_quickly() {
    let site = Repository::new();
    site.write("a.md", TYPO);
    assert_eq!(site.run(&["baseline", "write", "-q"]).code, 0);
    let baseline = site.read("postmend-baseline.json");
    let known = baseline.lines().find(|line| line.starts_with("[\"a.md\"")).unwrap();
    let gone: Vec<String> =
        (0..50_000).map(|number| known.replace("a.md", &format!("gone/{number}.md"))).collect();
    let gone = gone.join("\n");
    site.write("postmend-baseline.json", format!("{{\"version\":2,\"known\":[{gone}[]]}}"));
    for number in 0..3000 {
        site.write(&format!("new/{number}.md"), TYPO);
    }
    fs::remove_file(site.at("a.md")).unwrap();
    assert_eq!(quick(&site, "debts that are alike", &[0]).out, "");
}

#[test]
fn a_post_of_mistakes_alone_is_left_to_its_writer() {
    let site = Repository::new();
    let text = "recieve ".repeat(150_000) + "\n";
    site.write("a.md", &text);
    site.write("b.md", TYPO);
    let fixed = site.run_within(SECONDS, &["fix", "--format", "concise", "--quiet", "."]);
    assert!(fixed.out.contains("refused-fix") && fixed.out.contains("too many findings"));
    assert_eq!((site.read("a.md"), site.read("b.md").as_str()), (text, "They receive it.\n"));
    assert_eq!(site.run(&["fix", "--quiet", "--max-findings", "200000", "."]).code, 0);
    assert_eq!(site.read("a.md"), "receive ".repeat(150_000) + "\n");
}
