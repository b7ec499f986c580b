//! A local HTTP server that gives the responses of image servers, including bad ones.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// A server that runs until the process ends.
pub struct Server {
    /// Its host and port, such as `127.0.0.1:40000`.
    pub authority: String,
    seen: Arc<Seen>,
}

/// The requests so far.
#[derive(Default)]
struct Seen {
    requests: Mutex<HashMap<String, usize>>,
    /// The number of requests that currently wait for a response, and its maximum.
    active: Mutex<(usize, usize)>,
}

impl Server {
    /// Starts a server on a free port.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let authority = listener.local_addr().expect("it has an address").to_string();
        let seen = Arc::new(Seen::default());
        let (for_thread, name) = (Arc::clone(&seen), authority.clone());
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (seen, name) = (Arc::clone(&for_thread), name.clone());
                thread::spawn(move || drop(answer(stream, &seen, &name)));
            }
        });
        Self { authority, seen }
    }

    /// The number of requests for a path.
    pub fn requests(&self, path: &str) -> usize {
        self.seen.requests.lock().unwrap_or_else(PoisonError::into_inner).get(path).copied().unwrap_or(0)
    }

    /// The maximum number of concurrent requests.
    pub fn most_at_once(&self) -> usize {
        self.seen.active.lock().unwrap_or_else(PoisonError::into_inner).1
    }
}

/// A PNG file of two by two pixels without image data, with as many chunks as postmend checks; each text makes a
/// different file.
pub fn png(text: &str) -> Vec<u8> {
    let mut bytes =
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x02\0\0\0\x02\x08\x06\0\0\0\x72\xb6\x0d\x24".to_vec();
    bytes.extend(u32::try_from(text.len()).expect("a short text").to_be_bytes());
    bytes.extend(b"tEXt");
    bytes.extend(text.as_bytes());
    bytes.extend(b"\0\0\0\0\0\0\0\0IEND\xaeB`\x82");
    bytes
}

fn answer(stream: TcpStream, seen: &Seen, authority: &str) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
    let mut referrer = None;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header)?;
        if let Some(("referer", value)) = header.trim().to_ascii_lowercase().split_once(": ") {
            referrer = Some(value.to_owned());
        }
        if header.trim().is_empty() {
            break;
        }
    }
    let number = {
        let mut requests = seen.requests.lock().unwrap_or_else(PoisonError::into_inner);
        let count = requests.entry(path.clone()).or_default();
        *count += 1;
        *count
    };
    let mut out = ServedResponse { stream, waiting: Some(Waiting::in_line(seen)) };
    respond(&mut out, &path, number, referrer.as_deref(), authority)
}

/// A request that waits for its response.
struct Waiting<'s>(&'s Seen);

impl<'s> Waiting<'s> {
    fn in_line(seen: &'s Seen) -> Self {
        let mut active = seen.active.lock().unwrap_or_else(PoisonError::into_inner);
        active.0 += 1;
        active.1 = active.1.max(active.0);
        Self(seen)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.active.lock().unwrap_or_else(PoisonError::into_inner).0 -= 1;
    }
}

/// The connection for the response. The request no longer counts as waiting from the first byte on: a client may send
/// the next request before this thread continues.
struct ServedResponse<'s> {
    stream: TcpStream,
    waiting: Option<Waiting<'s>>,
}

impl Write for ServedResponse<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.waiting = None;
        self.stream.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.stream.flush()
    }
}

/// The paths that redirect: name, status, location.
const REDIRECTS: [(&str, &str, &str); 6] = [
    ("redirected", "302 Found", "/images/moved.png"),
    ("loop", "301 Moved Permanently", "/pool.png"),
    ("pool", "301 Moved Permanently", "/loop.png"),
    ("loopback", "302 Found", "http://127.0.0.2/images/a.png"),
    ("metadata", "302 Found", "http://169.254.169.254/latest"),
    ("scheme", "302 Found", "file:///etc/passwd"),
];

/// Sends the response to the `number`th request for a path.
fn respond(
    stream: &mut impl Write,
    path: &str,
    number: usize,
    referrer: Option<&str>,
    authority: &str,
) -> std::io::Result<()> {
    let image = png(path);
    let own = format!("http://{authority}/");
    let name = path.trim_start_matches('/').split(['/', '.']).next().unwrap_or_default();
    if let Some((_, status, location)) = REDIRECTS.iter().find(|(redirect, ..)| *redirect == name) {
        return give(stream, status, &[&format!("Location: {location}")], b"");
    }
    match name {
        "images" => {
            thread::sleep(Duration::from_millis(20));
            give(stream, "200 OK", &["Content-Type: image/png"], &image)
        }
        "referred" if referrer == Some(&own) => give(stream, "200 OK", &[], &image),
        "referred" | "forbidden" => give(stream, "403 Forbidden", &[], b"no"),
        // Some servers send a page with status 200 instead.
        "noticed" if referrer == Some(&own) => give(stream, "200 OK", &[], &image),
        "noticed" | "soft" => {
            give(stream, "200 OK", &["Content-Type: image/png"], b"<!DOCTYPE html><title>Not found</title>")
        }
        "localhost" => {
            let port = authority.rsplit(':').next().unwrap_or_default();
            give(stream, "302 Found", &[&format!("Location: http://localhost:{port}/images/a.png")], b"")
        }
        "mislabelled" => give(stream, "200 OK", &["Content-Type: text/plain"], &image),
        "drip" | "truncated" | "cut" => give_in_parts(stream, name, &image),
        "busy" if number == 1 => give(stream, "429 Too Many Requests", &["Retry-After: 1"], b""),
        "busy" => give(stream, "200 OK", &[], &image),
        "closed" => give(stream, "429 Too Many Requests", &["Retry-After: 3600"], b""),
        "flaky" if number < 3 => give(stream, "503 Service Unavailable", &[], b""),
        "flaky" => give(stream, "200 OK", &[], &image),
        "broken" => give(stream, "500 Internal Server Error", &[], b""),
        "pixel" => {
            let mut pixel = image;
            (pixel[19], pixel[23]) = (1, 1);
            give(stream, "200 OK", &[], &pixel)
        }
        "same" => give(stream, "200 OK", &[], &png("hotlinking is not allowed")),
        "large" => give(stream, "200 OK", &[], &png(&"x".repeat(1_100_000))),
        _ => give(stream, "404 Not Found", &[], b"<h1>Not found</h1>"),
    }
}

/// A response that is sent byte by byte, or that is truncated.
fn give_in_parts(stream: &mut impl Write, name: &str, image: &[u8]) -> std::io::Result<()> {
    match name {
        "drip" => {
            write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: 900000\r\n\r\n")?;
            // Until the client closes the connection.
            loop {
                thread::sleep(Duration::from_millis(100));
                stream.write_all(b"\0")?;
            }
        }
        "truncated" => {
            write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", image.len() + 50)?;
            stream.write_all(image)
        }
        _ => {
            write!(stream, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")?;
            stream.write_all(&image[..image.len() - 10])
        }
    }
}

fn give(stream: &mut impl Write, status: &str, headers: &[&str], body: &[u8]) -> std::io::Result<()> {
    let headers: String = headers.iter().map(|header| format!("{header}\r\n")).collect();
    let length = body.len();
    write!(stream, "HTTP/1.1 {status}\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n")?;
    stream.write_all(body)
}
