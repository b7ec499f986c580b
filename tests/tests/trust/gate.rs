//! Commits that would run a program, or get past the gate.

use super::{RIGHT, TYPO};
use postmend_tests::clone::{Repository, ran};
use postmend_tests::commands::command;
use std::fs;
use std::io::Write;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::Stdio;

#[test]
fn git_runs_no_program_that_a_repository_names() {
    let site = Repository::new();
    site.write("a.md", "Good.\n");
    site.commit_all();
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
fn git_is_asked_where_a_hook_says_and_not_among_the_posts() {
    let site = Repository::new();
    site.write("a.md", "Good.\n");
    site.commit_all();
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
