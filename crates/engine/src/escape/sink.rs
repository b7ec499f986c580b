//! Where what is printed in a form goes.

use super::line;
use super::part::{Form, Part};
use std::io::{self, Write};

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

    /// Prints what was drawn of escaped text in lines: its line ends and colours stay, and nothing else that a terminal or
    /// the log of a job would obey.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn drawn(&mut self, page: &str) -> io::Result<()> {
        self.0.write_all(line::drawn(page).as_bytes())
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
