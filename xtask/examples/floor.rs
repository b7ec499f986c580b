//! The least that a tool over posts can do: walks a folder and reads each `.md` file, with some threads.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (Some(threads), Some(folder)) =
        (arguments.next().and_then(|size| size.parse().ok()), arguments.next())
    else {
        eprintln!("usage: floor THREADS FOLDER");
        return ExitCode::from(2);
    };
    match read_all(threads, Path::new(&folder)) {
        Ok((posts, bytes)) => {
            println!("{posts} posts, {bytes} bytes");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

/// How many posts there are, and how many bytes they have.
fn read_all(threads: usize, folder: &Path) -> io::Result<(usize, usize)> {
    let mut posts = Vec::new();
    walk(folder, &mut posts)?;
    let next = AtomicUsize::new(0);
    let read = || -> io::Result<usize> {
        let (mut buffer, mut bytes) = (Vec::new(), 0);
        while let Some(path) = posts.get(next.fetch_add(1, Ordering::Relaxed)) {
            buffer.clear();
            bytes += File::open(path)?.read_to_end(&mut buffer)?;
        }
        Ok(bytes)
    };
    let bytes = thread::scope(|scope| {
        let readers: Vec<_> = (0..threads).map(|_| scope.spawn(read)).collect();
        readers
            .into_iter()
            .map(|reader| reader.join().expect("reading does not panic"))
            .sum::<io::Result<usize>>()
    })?;
    Ok((posts.len(), bytes))
}

fn walk(folder: &Path, posts: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        if kind.is_dir() {
            walk(&entry.path(), posts)?;
        } else if kind.is_file() && entry.file_name().as_encoded_bytes().ends_with(b".md") {
            posts.push(entry.path());
        }
    }
    Ok(())
}
