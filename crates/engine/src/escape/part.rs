//! Parts that are printed one after the other in an output format.

use std::io::{self, Write};
use std::marker::PhantomData;

/// An output format.
pub trait Form {
    /// Writes text of any origin, escaped so that the format takes all of it as plain text.
    ///
    /// # Errors
    /// The output cannot be written.
    fn escape(text: &str, out: &mut dyn Write) -> io::Result<()>;
}

/// Text of any origin, which is escaped when it is printed.
#[derive(Debug, Clone, Copy)]
pub struct Text<'t>(pub &'t str);

/// A part of the output in a format.
pub trait Part<F> {
    /// Prints the part, escaped for the format.
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

/// postmend's own words, which are not escaped.
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

/// A fragment that was printed from parts.
#[derive(Debug, Clone)]
pub struct Fragment<F> {
    bytes: Vec<u8>,
    form: PhantomData<F>,
}

impl<F> Fragment<F> {
    /// Prints parts to a new fragment.
    pub fn of(parts: &[&dyn Part<F>]) -> Self {
        let mut fragment = Self { bytes: Vec::new(), form: PhantomData };
        fragment.add(parts);
        fragment
    }

    /// Appends parts.
    pub fn add(&mut self, parts: &[&dyn Part<F>]) {
        parts.iter().try_for_each(|part| part.print(&mut self.bytes)).expect("memory takes everything");
    }
}

impl<F> Part<F> for Fragment<F> {
    fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(&self.bytes)
    }
}
