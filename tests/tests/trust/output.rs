//! Names and text that a terminal or a CI runner would take for commands, and reports from elsewhere.

use super::{RULE, TYPO};
use postmend_tests::clone::{Ran, Repository, ran};
use postmend_tests::commands::FORMATS;

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
