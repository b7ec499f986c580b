//! Errors of the job itself: a clear message with a help line, and exit code 2.

use crate::escape::{in_line, visible};
use crate::paths;
use miette::{Diagnostic, LabeledSpan, NamedSource, SourceCode};
use postmend_core::lines::LineIndex;
use std::fmt;
use std::path::Path;

/// Why the job, or a part of it, failed.
#[derive(Debug, Clone)]
pub struct Trouble {
    message: String,
    help: String,
    /// The file that it is about, and the byte range in it.
    source: Option<Box<(NamedSource<String>, std::ops::Range<usize>)>>,
}

/// The maximum length in bytes of a line that is shown.
const LONGEST_LINE: usize = 2000;

impl Trouble {
    /// An error with a message, in lower case without a full stop, and what to do about it; empty if there is nothing
    /// to say.
    pub fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        // File names and file content may contain any characters.
        Self { message: printable(&message.into()), help: printable(&help.into()), source: None }
    }

    /// An error of reading or writing a path.
    pub fn with_path(what: &str, path: &Path, error: &std::io::Error) -> Self {
        let help = match error.kind() {
            std::io::ErrorKind::NotFound => "check the path",
            std::io::ErrorKind::PermissionDenied => "check its permissions",
            std::io::ErrorKind::StorageFull => "free up disk space",
            _ => "",
        };
        let path = paths::display_path(path);
        Self::new(format!("cannot {what} {}: {error}", path.display()), help)
    }

    /// The complete error as plain text, where it cannot be rendered with its source.
    pub fn full_text(&self) -> String {
        let position = self.source.as_ref().map_or_else(String::new, |source| {
            let (source, span) = (&source.0, &source.1);
            format!("{}:{}: ", source.name(), line_at(source.inner(), span.start))
        });
        let line_end = if self.help.is_empty() { "" } else { "\n" };
        format!("{position}{}{line_end}{}", self.message, self.help)
    }

    /// Adds a position, which is shown in the text of the file; if its line is too long, only the line number is
    /// added to the message.
    pub fn at(mut self, path: &Path, text: &str, span: std::ops::Range<usize>) -> Self {
        let (before, after) = text.split_at_checked(span.start).unwrap_or((text, ""));
        let line = before.len() - before.rfind('\n').map_or(0, |end| end + 1);
        if line + after.find('\n').unwrap_or(after.len()) > LONGEST_LINE {
            let position = format!("{}:{}", path.display(), line_at(text, span.start));
            self.message = printable(&format!("{position}: {}", self.message));
            return self;
        }
        self.source =
            Some(Box::new((NamedSource::new(in_line(&path.to_string_lossy()), of_same_length(text)), span)));
        self
    }
}

/// The line number, from 1, of a byte offset in a text.
pub fn line_at(text: &str, at: usize) -> usize {
    LineIndex::of_line_feeds(text).number(at)
}

/// Text that is safe to print in a terminal, with its line breaks.
fn printable(text: &str) -> String {
    text.split('\n').map(in_line).collect::<Vec<_>>().join("\n")
}

/// Text that is safe to print, with every byte offset unchanged, so that spans stay valid.
fn of_same_length(text: &str) -> String {
    let is_live = |c: char| !matches!(c, '\n' | '\r' | '\t') && visible(c) != c;
    let kept = |c: char| if is_live(c) { "?".repeat(c.len_utf8()) } else { c.to_string() };
    text.chars().map(kept).collect()
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Trouble {}

impl Diagnostic for Trouble {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        (!self.help.is_empty()).then(|| Box::new(&self.help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source.as_ref().map(|source| &source.0 as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let (_, span) = self.source.as_deref()?;
        Some(Box::new(std::iter::once(LabeledSpan::new(None, span.start, span.len()))))
    }
}
