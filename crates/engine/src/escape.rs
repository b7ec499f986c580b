//! Text of any origin, made safe for the form that it is printed in.
//!
//! What a post, a path, a config, a report or the system says is a [`Text`], and a [`Sink`] takes it in one of the
//! [forms](Form) only. Words of our own are `&'static str`.

mod forms;
mod json;

pub use forms::{Code, Command, Form, Html, Line, Markdown, Property, Script, Xml};
pub use json::{Json, Written};

use std::borrow::Cow;
use std::io::{self, Write};
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
        F::escape(self.0, out)
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

/// A character as it may stand in a terminal or log: control characters become their pictures.
pub fn visible(character: char) -> char {
    forms::visible(character)
}

/// A text in one line, as it may stand in a terminal or log.
pub fn in_line(text: &str) -> String {
    forms::escape_line(text).into_owned()
}

/// A page that was drawn of escaped text in lines: its line ends and colours stay, and nothing else that a terminal or
/// the log of a job would obey.
pub fn drawn(page: &str) -> Cow<'_, str> {
    forms::drawn(page)
}
