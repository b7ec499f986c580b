//! The destination of output that is printed in a format.

use super::line;
use super::part::{Form, Part};
use std::io::{self, Write};

/// The destination of a report.
pub struct Sink<'w>(&'w mut dyn Write);

impl<'w> Sink<'w> {
    /// A sink that writes to a file or to memory.
    pub fn to(out: &'w mut dyn Write) -> Self {
        Self(out)
    }

    /// Prints parts in a format.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn put<F: Form>(&mut self, parts: &[&dyn Part<F>]) -> io::Result<()> {
        parts.iter().try_for_each(|part| part.print(self.0))
    }

    /// Prints the content of a page that was printed to memory.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn append(&mut self, page: &Page) -> io::Result<()> {
        self.0.write_all(&page.0)
    }

    /// Prints lines that were rendered from escaped text: line endings and colour sequences stay, and everything else
    /// that a terminal or CI log would interpret is escaped.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn drawn(&mut self, page: &str) -> io::Result<()> {
        self.0.write_all(line::drawn(page).as_bytes())
    }
}

/// Output that is collected in memory first.
#[derive(Debug, Default)]
pub struct Page(Vec<u8>);

impl Page {
    /// A sink that prints to this page.
    pub fn sink(&mut self) -> Sink<'_> {
        Sink::to(&mut self.0)
    }
}
