//! Images are uploaded to an S3-compatible server. POSTMEND_S3_SERVER is the path of the `s3s-fs` binary.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![allow(clippy::disallowed_methods, reason = "a test is no part of postmend")]

use postmend_tests::commands::postmend as binary;
use postmend_tests::server::{Server, png};
use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

/// An S3-compatible server for a folder, which is stopped at the end of the test.
struct S3Server {
    process: Child,
    endpoint: String,
}

impl S3Server {
    fn start(folder: &Path) -> Self {
        let binary =
            std::env::var("POSTMEND_S3_SERVER").expect("POSTMEND_S3_SERVER names the binary of s3s-fs");
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string();
        let process = Command::new(binary)
            .args([
                "--host",
                "127.0.0.1",
                "--port",
                &port,
                "--access-key",
                "someone",
                "--secret-key",
                "secret",
            ])
            .arg(folder)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let address = format!("127.0.0.1:{port}");
        while TcpStream::connect(&address).is_err() {
            std::thread::sleep(Duration::from_millis(50));
        }
        Self { process, endpoint: format!("http://{address}") }
    }
}

impl Drop for S3Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn postmend(arguments: &[&str], folder: &Path, store: &S3Server, secret: &str) -> Output {
    binary()
        .args(arguments)
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .env("AWS_ACCESS_KEY_ID", "someone")
        .env("AWS_SECRET_ACCESS_KEY", secret)
        .env("AWS_REGION", "us-east-1")
        .env("AWS_ENDPOINT", &store.endpoint)
        .env("AWS_ALLOW_HTTP", "true")
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

#[test]
fn uploads_to_a_store() {
    let server = Server::start();
    let buckets = tempfile::tempdir().unwrap();
    fs::create_dir(buckets.path().join("images")).unwrap();
    let store = S3Server::start(buckets.path());
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let url = |path: &str| format!("http://{}/{path}.png", server.authority);
    let post = format!("![]({})\n\n![]({})\n", url("images/a"), url("gone"));
    fs::write(folder.join("a.md"), &post).unwrap();
    let arguments = ["migrate", "--write", "--upload", "s3://images/blog", "--name", "{file}"];
    let mut arguments = arguments.to_vec();
    arguments.extend(["--url", "https://img.example/blog/{name}", "--allow-private", &server.authority]);

    let refused = postmend(&arguments, folder, &store, "wrong");
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("cannot upload blog/a.png"));
    assert_eq!(fs::read_to_string(folder.join("a.md")).unwrap(), post);

    let resumed = postmend(&["migrate", "resume"], folder, &store, "secret");
    assert!(resumed.status.success(), "{}", String::from_utf8_lossy(&resumed.stderr));
    let moved = format!("![](https://img.example/blog/a.png)\n\n![]({})\n", url("gone"));
    assert_eq!(fs::read_to_string(folder.join("a.md")).unwrap(), moved);
    assert_eq!(fs::read(buckets.path().join("images/blog/a.png")).unwrap(), png("/images/a.png"));
    // The headers that `s3s-fs` stores.
    let headers = fs::read_dir(buckets.path()).unwrap().map(|entry| entry.unwrap().path());
    let headers = headers.filter(|path| path.to_string_lossy().ends_with(".metadata.json"));
    let headers: Vec<String> = headers.map(|path| fs::read_to_string(path).unwrap()).collect();
    assert!(headers.len() == 1 && headers[0].contains("\"image/png\""), "{headers:?}");
    assert!(headers[0].contains("public, max-age=86400"), "{headers:?}");
    assert!(postmend(&["undo"], folder, &store, "secret").status.success());
    assert_eq!(fs::read_to_string(folder.join("a.md")).unwrap(), post);

    // A plan from somebody else uploads only where the user allows it.
    fs::remove_file(buckets.path().join("images/blog/a.png")).unwrap();
    let mut plan = vec!["migrate", "plan", "-q", "-o", ".plan"];
    plan.extend(arguments.iter().skip(2));
    assert!(postmend(&plan, folder, &store, "secret").status.success());
    for named in [&[][..], &["--upload", "s3://other/blog"], &["--upload", "s3://images/b"]] {
        let applied = postmend(&[&["migrate", "apply", ".plan"], named].concat(), folder, &store, "secret");
        assert_eq!(applied.status.code(), Some(2), "{named:?}");
        assert!(!buckets.path().join("images/blog/a.png").exists(), "{named:?}");
    }
    let named = ["migrate", "apply", ".plan", "--upload", "s3://images/blog"];
    let applied = postmend(&named, folder, &store, "secret");
    assert!(applied.status.success(), "{}", String::from_utf8_lossy(&applied.stderr));
    assert_eq!(fs::read_to_string(folder.join("a.md")).unwrap(), moved);
}
