//! Parts that are put together to what is printed in a form.

use std::io::{self, Write};
use std::marker::PhantomData;

/// A form of output.
pub trait Form {
    /// Writes text of any origin so that it is text there, and nothing else.
    ///
    /// # Errors
    /// The output cannot be written.
    fn escape(text: &str, out: &mut dyn Write) -> io::Result<()>;
}

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
