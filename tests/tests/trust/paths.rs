//! Paths and links that lead out of the repository.

use super::{RIGHT, TYPO};
use postmend_tests::clone::{Repository, ran, snapshot};
use postmend_tests::commands::command;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::Command;

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
