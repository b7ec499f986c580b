//! Standard output and standard error: everything that postmend prints goes through here, and text of any origin is
//! escaped.

#![expect(clippy::disallowed_methods, reason = "all others print through here")]

use anstream::AutoStream;
use postmend_engine::escape::{drawn, in_line};
use std::fmt::{self, Write as _};
use std::io::{self, BufWriter, IsTerminal, StdoutLock, Write};

/// Standard output, locked and buffered, for a report.
pub fn stdout() -> BufWriter<StdoutLock<'static>> {
    BufWriter::with_capacity(1 << 16, io::stdout().lock())
}

/// Prints a line to standard output, all of it escaped.
///
/// # Errors
/// The output cannot be written.
pub fn line(text: fmt::Arguments<'_>) -> io::Result<()> {
    write_line(&mut anstream::stdout().lock(), text)
}

/// Prints a line to standard error, all of it escaped. Errors are ignored.
pub fn eprint_line(text: fmt::Arguments<'_>) {
    let _ = write_line(&mut anstream::stderr().lock(), text);
}

fn write_line(out: &mut dyn Write, text: fmt::Arguments<'_>) -> io::Result<()> {
    let mut line = in_line(&text.to_string());
    line.push('\n');
    out.write_all(line.as_bytes())
}

/// Prints lines that were rendered from escaped text to standard error. Errors are ignored.
pub fn print_rendered(page: &str) {
    let mut drawn = drawn(page).into_owned();
    drawn.push('\n');
    let _ = anstream::stderr().lock().write_all(drawn.as_bytes());
}

/// Prints postmend's own text, or bytes that must not be escaped: a fixed post, or a patch that will be applied.
///
/// # Errors
/// The output cannot be written.
pub fn write_raw(bytes: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(bytes).and_then(|()| out.flush())
}

/// Prints several lines, each of them escaped.
///
/// # Errors
/// The output cannot be written.
pub fn lines(text: &str) -> io::Result<()> {
    let mut page = String::with_capacity(text.len());
    for line in text.lines() {
        let _ = writeln!(page, "{}", in_line(line));
    }
    write_raw(page.as_bytes())
}

/// Whether standard output is a terminal.
pub fn is_terminal() -> bool {
    io::stdout().is_terminal()
}

/// Whether standard error is a terminal.
pub fn is_error_terminal() -> bool {
    io::stderr().is_terminal()
}

/// Whether standard output is coloured.
pub fn is_colored() -> bool {
    AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never
}

/// Whether standard error is coloured.
pub fn is_error_colored() -> bool {
    AutoStream::choice(&io::stderr()) != anstream::ColorChoice::Never
}
