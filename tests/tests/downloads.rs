//! Images are fetched from a server that gives the good and bad responses of real servers.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![allow(clippy::disallowed_methods, reason = "a test is no part of postmend")]

use postmend_tests::commands::{command, files, postmend as binary};
use postmend_tests::server::{Server, png};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::Path;
use std::process::{Output, Stdio};

fn postmend(arguments: &[&str], folder: &Path) -> Output {
    let mut command = binary();
    command.args(arguments).current_dir(folder).env("NO_COLOR", "1").stdin(Stdio::null());
    command.output().unwrap()
}

/// The images, each with the reason why it stays; empty if it is copied.
const IMAGES: &[(&str, &str)] = &[
    ("images/a.png", ""),
    ("images/b.png?w=1&h=2", ""),
    ("referred.png", ""),
    ("noticed.png", ""),
    ("redirected.png", ""),
    ("mislabelled.png", ""),
    ("busy.png", ""),
    ("flaky.png", ""),
    ("forbidden.png", "the server responded 403 (Forbidden)"),
    ("gone.png", "the server responded 404 (Not Found)"),
    ("soft.png", "the response is a web page, not an image"),
    ("loop.png", "redirects in a loop"),
    ("loopback.png", "127.0.0.2 is a private address; `--allow-private 127.0.0.2` allows it"),
    ("localhost.png", "localhost is a private address; `--allow-private localhost` allows it"),
    ("metadata.png", "169.254.169.254 is a private address; `--allow-private 169.254.169.254` allows it"),
    ("scheme.png", "redirects to file:///etc/passwd, which is not http or https"),
    ("truncated.png", "the response is truncated"),
    ("cut.png", "the image is truncated"),
    ("closed.png", "the server responded 429 (Too Many Requests)"),
    ("broken.png", "the server responded 500 (Internal Server Error)"),
    ("pixel.png", "the image is a single pixel"),
    ("large.png", "is larger than 1000000 bytes"),
    ("same/1.png", "its host gives the same image for 5 addresses"),
    ("same/2.png", "its host gives the same image for 5 addresses"),
    ("same/3.png", "its host gives the same image for 5 addresses"),
    ("same/4.png", "its host gives the same image for 5 addresses"),
    ("same/5.png", "its host gives the same image for 5 addresses"),
];

/// The arguments that copy all images of a blog from this server.
fn copying<'a>(command: &[&'a str], server: &'a Server) -> Vec<&'a str> {
    let mut arguments = vec!["migrate"];
    arguments.extend(command);
    arguments.extend(["--download", "source/img", "--allow-private", &server.authority]);
    arguments.extend([
        "--timeout",
        "600",
        "--max-size",
        "1",
        "--retries",
        "2",
        "--max-wait",
        "2",
        "--delay",
        "1",
    ]);
    arguments
}

fn url(server: &Server, path: &str) -> String {
    format!("http://{}/{path}", server.authority)
}

fn succeeds(arguments: &[&str], folder: &Path) {
    let output = postmend(arguments, folder);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// A blog in a repository with a post for each of the images.
fn blog_of_images(folder: &Path, server: &Server) {
    let posts = folder.join("source/_posts");
    fs::create_dir_all(&posts).unwrap();
    assert!(command("git").args(["init", "--quiet"]).current_dir(folder).status().unwrap().success());
    for (number, (path, _)) in IMAGES.iter().enumerate() {
        let text = format!("---\ncover: '{0}'\n---\n\n![]({0})\n", url(server, path));
        fs::write(posts.join(format!("{number:02}.md")), text).unwrap();
    }
}

/// Checks that a plan moves the images that can be copied, and has the reason for each of the others.
fn check_plan(plan: &str, server: &Server) {
    for (path, reason) in IMAGES {
        let quoted = serde_json::to_string(&url(server, path)).unwrap();
        let of_image = |kind: &str, key: &str| {
            let is_it = |line: &&str| {
                line.starts_with(&format!("{{\"row\":\"{kind}\""))
                    && line.contains(&format!("\"{key}\":{quoted}"))
            };
            plan.lines().filter(is_it).collect::<Vec<_>>()
        };
        let left = of_image("left", "url");
        if reason.is_empty() {
            assert_eq!((of_image("move", "old").len(), left.len()), (2, 0), "{path}: {left:?}");
        } else {
            let why = format!("\"why\":{}", serde_json::to_string(reason).unwrap());
            assert!(left.len() == 2 && left.iter().all(|line| line.contains(&why)), "{path}: {left:?}");
        }
    }
}

/// Checks that each image that can be copied was copied once, and that the first post links to its copy.
fn check_copies(folder: &Path) {
    let copied = files(&folder.join("source/img"));
    let expected: Vec<Vec<u8>> = ["/images/a.png", "/images/b.png?w=1&h=2", "/referred.png", "/noticed.png"]
        .into_iter()
        .chain(["/images/moved.png", "/mislabelled.png", "/busy.png", "/flaky.png"])
        .map(png)
        .collect();
    assert_eq!(copied.len(), expected.len());
    assert!(expected.iter().all(|image| copied.values().any(|copy| copy == image)));
    let first = fs::read_to_string(folder.join("source/_posts/00.md")).unwrap();
    let name = |image: &[u8]| {
        let (path, _) = copied.iter().find(|(_, copy)| **copy == image).unwrap();
        path.file_name().unwrap().to_str().unwrap().to_owned()
    };
    let shown = format!("/img/{}", name(&png("/images/a.png")));
    assert_eq!(first, format!("---\ncover: '{shown}'\n---\n\n![]({shown})\n"));
}

#[test]
fn copies_what_is_an_image_and_leaves_the_rest() {
    let server = Server::start();
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    blog_of_images(folder, &server);
    let before = files(folder);

    let preview = postmend(&copying(&[], &server), folder);
    assert!(String::from_utf8_lossy(&preview.stdout).contains("27 images would be fetched from 1 host"));
    assert_eq!(server.requests("/images/a.png"), 0, "a preview fetches nothing");

    succeeds(&copying(&["plan", "--output", ".plan"], &server), folder);
    check_plan(&fs::read_to_string(folder.join(".plan")).unwrap(), &server);
    assert_eq!(files(folder), before, "a plan changes nothing");
    assert!(server.most_at_once() <= 2, "no more than two requests at once");
    assert_eq!((server.requests("/flaky.png"), server.requests("/busy.png")), (3, 2));
    assert_eq!(server.requests("/closed.png"), 1, "a wait of an hour is not waited for");

    let requests = server.requests("/images/a.png");
    succeeds(&["migrate", "apply", ".plan"], folder);
    assert_eq!(server.requests("/images/a.png"), requests, "what was fetched is not fetched again");
    check_copies(folder);
    let journal = fs::read_to_string(folder.join(".git/postmend/runs/1/journal.jsonl")).unwrap();
    assert!(journal.contains(&url(&server, "images/a.png")), "the journal keeps where a copy came from");
    assert!(!folder.join(".git/postmend/cache").exists(), "nothing is kept twice");

    succeeds(&["undo"], folder);
    assert_eq!(files(folder), before);
    assert!(!folder.join("source/img").exists(), "folders that the run made are gone");
}

#[test]
fn waits_no_longer_for_an_image_than_it_may() {
    let server = Server::start();
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.md"), format!("![](http://{}/drip.png)\n", server.authority)).unwrap();
    let mut arguments = vec!["migrate", "plan", "--output", "-", "--download", "img"];
    arguments.extend(["--allow-private", &server.authority, "--timeout", "1", "--retries", "0"]);
    let planned = postmend(&arguments, folder.path());
    let plan = String::from_utf8_lossy(&planned.stdout).into_owned();
    assert!(plan.contains("\"why\":\"took longer than 1 s\""), "{plan}");
}

#[test]
fn tries_the_proxy_and_the_origin_in_the_order_that_is_asked_for() {
    let server = Server::start();
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let proxy = format!("http://{}/images/?{{origin}}", server.authority);
    fs::write(folder.join("postmend.toml"), format!("[proxies]\ntemplates = ['{proxy}']\n")).unwrap();
    let url = |path: &str| format!("http://{0}/images/?http://{0}/{path}", server.authority);
    let post = format!("![]({})\n\n![]({})\n", url("images/own.png"), url("gone.png"));
    fs::write(folder.join("a.md"), &post).unwrap();
    let mut arguments = copying(&["--write", "--unwrap", "own"], &server);
    fs::create_dir(folder.join("source")).unwrap();
    let written = postmend(&arguments, folder);
    assert!(written.status.success(), "{}", String::from_utf8_lossy(&written.stderr));
    assert_eq!(server.requests("/images/own.png"), 1);
    assert_eq!(server.requests(&format!("/images/?http://{}/images/own.png", server.authority)), 0);
    assert_eq!(server.requests(&format!("/images/?http://{}/gone.png", server.authority)), 1);
    let moved = fs::read_to_string(folder.join("a.md")).unwrap();
    assert_eq!(moved.matches("(/img/").count(), 2, "{moved}");
    assert!(postmend(&["undo"], folder).status.success());
    assert_eq!(fs::read_to_string(folder.join("a.md")).unwrap(), post);
    assert!(folder.join("source").is_dir() && !folder.join("source/img").exists());
    arguments.extend(["--order", "proxy-first"]);
    assert!(postmend(&arguments, folder).status.success());
    assert_eq!(server.requests("/images/own.png"), 1, "the proxy was asked first, and gave it");

    assert!(postmend(&["undo"], folder).status.success());
    let notice = png(&format!("/images/?http://{}/images/own.png", server.authority));
    let notice = Sha256::digest(notice).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    arguments.extend(["--denied", &notice]);
    assert!(postmend(&arguments, folder).status.success());
    let moved = fs::read_to_string(folder.join("a.md")).unwrap();
    assert!(moved.contains("/images/own.png)") && !moved.contains("gone.png)"), "{moved}");
}

#[test]
fn uploads_by_a_command() {
    let server = Server::start();
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let url = |path: &str| format!("http://{}/images/{path}.png", server.authority);
    let post = format!("![]({})\n\n![]({}) ![]({})\n", url("a"), url("b"), url("a"));
    fs::write(folder.join("a.md"), &post).unwrap();
    let arguments = |command: &'static str| {
        let mut arguments = vec!["migrate", "--write", "--upload-command", command];
        arguments.extend(["--url", "https://img.example/{name}", "--name", "{file}"]);
        arguments.extend(["--allow-private", &server.authority]);
        arguments
    };
    let failed = postmend(&arguments("[ $POSTMEND_NAME != b.png ] || { echo full >&2; exit 7; }"), folder);
    let errors = String::from_utf8_lossy(&failed.stderr);
    assert_eq!(failed.status.code(), Some(2));
    assert!(errors.contains("cannot upload b.png") && errors.contains("full"), "{errors}");
    assert_eq!(fs::read_to_string(folder.join("a.md")).unwrap(), post, "a post waits for all its copies");

    let command =
        "mkdir -p up && cp \"$POSTMEND_FILE\" \"up/$POSTMEND_NAME\" && echo $POSTMEND_TYPE >> up/types";
    let unnamed = postmend(&["migrate", "resume"], folder);
    assert!(String::from_utf8_lossy(&unnamed.stderr).contains("--upload-command"));
    let resumed = postmend(&["migrate", "resume", "--upload-command", command], folder);
    assert!(resumed.status.success(), "{}", String::from_utf8_lossy(&resumed.stderr));
    let moved =
        "![](https://img.example/a.png)\n\n![](https://img.example/b.png) ![](https://img.example/a.png)\n";
    assert_eq!(fs::read_to_string(folder.join("a.md")).unwrap(), moved);
    assert_eq!(fs::read(folder.join("up/b.png")).unwrap(), png("/images/b.png"));
    assert_eq!(
        fs::read_to_string(folder.join("up/types")).unwrap(),
        "image/png\n",
        "a.png was uploaded before"
    );
    assert!(postmend(&["undo"], folder).status.success());
    assert_eq!(fs::read_to_string(folder.join("a.md")).unwrap(), post);
}
