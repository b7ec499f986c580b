//! Everything that is printed: text of any origin is made safe for the form that it is printed in.
//!
//! What a post, a path, a config, a report or the system says is a [`Text`], and a [`Sink`] takes it in one of the
//! [forms](Form) only. Words of our own are `&'static str`. Nothing else in postmend writes to its standard output or
//! error.

#![expect(clippy::disallowed_methods, reason = "all others print through here")]

mod forms;
mod json;

pub use forms::{Code, Command, Form, Html, Line, Markdown, Property, Script, Xml};
pub use json::{Json, Written};

use anstream::AutoStream;
use std::fmt::{self, Write as _};
use std::io::{self, BufWriter, IsTerminal, Write};
use std::marker::PhantomData;

/// Text of any origin.
#[derive(Debug, Clone, Copy)]
pub struct Text<'t>(pub &'t str);

/// A part of what is printed in a form.
pub trait Part<F> {
    /// Prints it, safe in the form.
    ///
    /// # Errors
    /// The output cannot be written.
    fn print(&self, out: &mut dyn Write) -> io::Result<()>;
}

impl<F: Form> Part<F> for Text<'_> {
    fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        F::tame(self.0, out)
    }
}

/// Words of our own.
impl<F> Part<F> for &'static str {
    fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(self.as_bytes())
    }
}

impl<F> Part<F> for usize {
    fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        write!(out, "{self}")
    }
}

/// A fragment that was put together of parts.
#[derive(Debug, Clone)]
pub struct Made<F> {
    bytes: Vec<u8>,
    form: PhantomData<F>,
}

impl<F> Made<F> {
    /// Puts parts together.
    pub fn of(parts: &[&dyn Part<F>]) -> Self {
        let mut made = Self { bytes: Vec::new(), form: PhantomData };
        made.add(parts);
        made
    }

    /// Adds parts.
    pub fn add(&mut self, parts: &[&dyn Part<F>]) {
        parts.iter().try_for_each(|part| part.print(&mut self.bytes)).expect("memory takes everything");
    }
}

impl<F> Part<F> for Made<F> {
    fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(&self.bytes)
    }
}

/// Where reports go.
pub struct Sink<'w>(&'w mut dyn Write);

impl<'w> Sink<'w> {
    /// A sink that ends in a file, or in memory.
    pub fn to(out: &'w mut dyn Write) -> Self {
        Self(out)
    }

    /// Prints parts in a form.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn put<F: Form>(&mut self, parts: &[&dyn Part<F>]) -> io::Result<()> {
        parts.iter().try_for_each(|part| part.print(self.0))
    }

    /// Prints what was printed to a page before.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn append(&mut self, page: &Page) -> io::Result<()> {
        self.0.write_all(&page.0)
    }

    /// Prints what was drawn of tame text in lines: its line ends and colours stay, and nothing else that a terminal or
    /// the log of a job would obey.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn drawn(&mut self, page: &str) -> io::Result<()> {
        self.0.write_all(forms::drawn(page).as_bytes())
    }
}

/// What is printed in memory first.
#[derive(Debug, Default)]
pub struct Page(Vec<u8>);

impl Page {
    /// Where it is printed.
    pub fn sink(&mut self) -> Sink<'_> {
        Sink::to(&mut self.0)
    }
}

/// The standard output, for as long as a report is printed.
pub struct Stdout(BufWriter<io::StdoutLock<'static>>);

impl Stdout {
    /// The standard output, which nobody else prints to meanwhile.
    pub fn lock() -> Self {
        Self(BufWriter::with_capacity(1 << 16, io::stdout().lock()))
    }

    /// Where reports go.
    pub fn sink(&mut self) -> Sink<'_> {
        Sink::to(&mut self.0)
    }

    /// Gives on what is held.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Prints a line on the standard output: all of it is taken for text of any origin.
///
/// # Errors
/// The output cannot be written.
pub fn line(text: fmt::Arguments<'_>) -> io::Result<()> {
    put_line(&mut anstream::stdout().lock(), text)
}

/// Prints a line on the standard error, in the same way. Where nobody takes it, nobody is told.
pub fn say(text: fmt::Arguments<'_>) {
    let _ = put_line(&mut anstream::stderr().lock(), text);
}

fn put_line(out: &mut dyn Write, text: fmt::Arguments<'_>) -> io::Result<()> {
    let mut line = Vec::new();
    Line::tame(&text.to_string(), &mut line)?;
    line.push(b'\n');
    out.write_all(&line)
}

/// Prints what was drawn of tame text on the standard error.
pub fn say_drawn(page: &str) {
    let mut drawn = forms::drawn(page).into_owned();
    drawn.push('\n');
    let _ = anstream::stderr().lock().write_all(drawn.as_bytes());
}

/// Prints pages of our own, or bytes that somebody asked for as they are: a post that comes back, a patch that is to be
/// applied.
///
/// # Errors
/// The output cannot be written.
pub fn as_it_is(bytes: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(bytes).and_then(|()| out.flush())
}

/// Prints text with lines, each of which is of any origin.
///
/// # Errors
/// The output cannot be written.
pub fn lines(text: &str) -> io::Result<()> {
    let mut page = String::with_capacity(text.len());
    for line in text.lines() {
        let _ = writeln!(page, "{}", forms::tame_line(line));
    }
    as_it_is(page.as_bytes())
}

/// A character as it may stand in a terminal or log: control characters become their pictures.
pub fn visible(character: char) -> char {
    forms::visible(character)
}

/// A text in one line, as it may stand in a terminal or log.
pub fn in_line(text: &str) -> String {
    forms::tame_line(text).into_owned()
}

/// Whether the standard output is a terminal.
pub fn is_terminal() -> bool {
    io::stdout().is_terminal()
}

/// Whether the standard error is a terminal.
pub fn is_error_terminal() -> bool {
    io::stderr().is_terminal()
}

/// Whether the standard output is coloured.
pub fn is_colored() -> bool {
    AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never
}

/// Whether the standard error is coloured.
pub fn is_error_colored() -> bool {
    AutoStream::choice(&io::stderr()) != anstream::ColorChoice::Never
}
