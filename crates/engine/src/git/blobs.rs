//! Contents that git stores, read by one process.

use super::{HELP, git};
use crate::trouble::Trouble;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

/// A running `git cat-file`, which answers one question after the other.
#[derive(Debug)]
pub struct Blobs {
    process: Child,
    questions: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

/// The content of a file in the index.
#[derive(Debug)]
pub enum Staged {
    /// The whole content.
    Bytes(Vec<u8>),
    /// The content exceeds the limit.
    TooLarge,
}

impl Blobs {
    /// Starts git at the top of a working tree.
    ///
    /// # Errors
    /// git cannot be run.
    pub fn of(top: &Path) -> Result<Self, Trouble> {
        let process =
            git(top).args(["cat-file", "--batch"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut process = process.map_err(|error| failed(&error))?;
        let questions = process.stdin.take();
        let answers = BufReader::new(process.stdout.take().expect("it is piped"));
        Ok(Self { process, questions, answers })
    }

    /// The content of an object, which is named by its hash, or as `:PATH` by its path in the index; `None` if there
    /// is none, or it is no file.
    ///
    /// # Errors
    /// git failed.
    pub fn read(&mut self, name: &[u8], limit: u64) -> Result<Option<Staged>, Trouble> {
        // A line break would be another question.
        if name.contains(&b'\n') {
            return Ok(None);
        }
        self.ask(name, limit).map_err(|error| failed(&error))
    }

    fn ask(&mut self, name: &[u8], limit: u64) -> io::Result<Option<Staged>> {
        let questions = self.questions.as_mut().ok_or(io::ErrorKind::BrokenPipe)?;
        // One at a time, so that the pipes cannot fill up and block both sides.
        questions.write_all(&[name, b"\n"].concat())?;
        questions.flush()?;
        let mut header = Vec::new();
        self.answers.read_until(b'\n', &mut header)?;
        // The answer is `HASH TYPE LENGTH`, or `NAME missing`.
        let header = String::from_utf8_lossy(&header);
        let mut words = header.trim_end().rsplitn(3, ' ');
        let (length, kind) = (words.next().and_then(|length| length.parse::<u64>().ok()), words.next());
        let Some(length) = length.filter(|_| kind != Some("missing")) else {
            return if header.is_empty() { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(None) };
        };
        let mut content = (&mut self.answers).take(length + 1);
        if kind != Some("blob") || length > limit {
            io::copy(&mut content, &mut io::sink())?;
            return Ok((kind == Some("blob")).then_some(Staged::TooLarge));
        }
        let mut bytes = Vec::new();
        content.read_to_end(&mut bytes)?;
        bytes.pop();
        Ok(Some(Staged::Bytes(bytes)))
    }
}

impl Drop for Blobs {
    fn drop(&mut self) {
        // git ends when it is asked no more.
        drop(self.questions.take());
        let _ = self.process.wait();
    }
}

fn failed(error: &io::Error) -> Trouble {
    Trouble::new(format!("cannot read git's index: {error}"), HELP)
}
