//! Rules, configs and inputs that would take all time or memory.

use super::{RULE, TYPO};
use postmend_tests::clone::Repository;
use std::fs;
use std::io::Write;
use std::process::Stdio;

#[test]
fn a_rule_that_takes_too_long_is_stopped_and_says_so() {
    let site = Repository::new();
    site.write("postmend.toml", format!("select = [\"default\", \"shouting\"]\n{RULE}"));
    site.write("a.md", "A".repeat(400_000) + "\n");
    site.write("b.md", TYPO);
    let checked = site.run_within(120, &["check", "--format", "concise", "--max-rule-time", "1", "."]);
    assert!(
        checked.out.contains("a.md:1:1: error exceeded-limit: `shouting` did not check the whole post"),
        "{}",
        checked.err
    );
    assert!(checked.out.contains("b.md:1:6: warning misspelling"));
    // An example of the rule has the same time limit.
    let slow = RULE.replace("[\"A\"]", &format!("[\"{}\"]", "A".repeat(400_000)));
    site.write("postmend.toml", slow);
    let checked = site.run_within(120, &["check", "--max-rule-time", "1", "."]);
    assert!(
        checked.code == 2 && checked.err.contains("did not check the whole post"),
        "{}",
        &checked.err[..200]
    );
}

#[test]
fn sizes_and_counts_have_limits() {
    let site = Repository::new();
    site.write("a.md", TYPO);
    fs::File::create(site.at("huge.md")).and_then(|file| file.set_len(5_000_000_000)).unwrap();
    site.write("big.md", "word ".repeat(300_000));
    site.write("many.md", "\u{200B}a\n".repeat(300));
    let checked =
        site.run(&["check", "--format", "concise", "--max-post-size", "1", "--max-findings", "100", "."]);
    assert_eq!(checked.code, 1);
    for line in [
        "a.md:1:6: warning misspelling",
        "huge.md:1:1: error exceeded-limit: the post was not checked: it is larger than 1 MB",
        "big.md:1:1: error exceeded-limit",
        "many.md:1:1: error exceeded-limit: more than 100 findings; the others are not reported",
    ] {
        assert!(checked.out.contains(line), "{line}: {}", checked.out);
    }
    assert_eq!(checked.out.matches("many.md").count(), 101);
    site.git(&["add", "big.md"]);
    let staged = site.run(&["check", "--staged", "--format", "concise", "--max-post-size", "1"]);
    assert!(staged.out.contains("big.md:1:1: error exceeded-limit"), "{}", staged.both());
    fs::File::create(site.at("postmend-baseline.json")).and_then(|file| file.set_len(2_000_000)).unwrap();
    let checked = site.run(&["check", "--max-config-size", "1", "a.md"]);
    assert!(checked.code == 2 && checked.err.contains("larger than 1 MB"), "{}", checked.both());
}

#[test]
fn a_line_of_pipe_has_a_limit_and_the_next_one_is_answered() {
    let site = Repository::new();
    let mut child = site
        .command(&["pipe", "--max-line-size", "1"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let post = format!("{{\"path\":\"a.md\",\"text\":{TYPO:?}}}\n");
    let giver = std::thread::spawn(move || {
        for _ in 0..3 {
            input.write_all(post.as_bytes()).unwrap();
            input.write_all(&[b'x'].repeat(3_000_000)).unwrap();
            input.write_all(b"\n").unwrap();
        }
    });
    let output = child.wait_with_output().unwrap();
    giver.join().unwrap();
    let answers = String::from_utf8(output.stdout).unwrap();
    assert_eq!(answers.lines().count(), 6);
    assert_eq!(answers.matches("\"error\":\"the line is longer than `--max-line-size` allows\"").count(), 3);
    assert_eq!(answers.matches("\"rule\":\"misspelling\"").count(), 3);
}
