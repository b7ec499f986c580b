//! JSON whose strings may be shown in a terminal: what it would obey is written as an escape, which programs read alike.

use super::each::Page;
use super::shown::visible;
use super::{Printer, Tally};
use crate::run::Examined;
use std::io::{self, Write};
use std::path::Path;

/// A printer of JSON, tamed.
pub struct Tame<P>(pub P);

impl<P: Printer> Printer for Tame<P> {
    fn add(&mut self, out: &mut dyn Write, path: &Path, examined: &Examined) -> io::Result<()> {
        self.0.add(&mut Escaping(out), path, examined)
    }

    fn end(&mut self, out: &mut dyn Write, tally: &Tally) -> io::Result<()> {
        self.0.end(&mut Escaping(out), tally)
    }
}

impl<P: Page> Page for Tame<P> {
    fn print(&self, out: &mut dyn Write, path: &Path, examined: &Examined) -> io::Result<()> {
        self.0.print(&mut Escaping(out), path, examined)
    }

    fn end(&self, out: &mut dyn Write, tally: &Tally) -> io::Result<()> {
        self.0.end(&mut Escaping(out), tally)
    }
}

/// Writes JSON on. Only strings hold what is not ASCII, and each write holds whole characters, as it is of a text.
pub struct Escaping<'w>(pub &'w mut dyn Write);

impl Write for Escaping<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_all(bytes)?;
        Ok(bytes.len())
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        let Ok(text) = std::str::from_utf8(bytes) else { return self.0.write_all(bytes) };
        let is_live = |c: char| !c.is_ascii_graphic() && !matches!(c, ' ' | '\n' | '\t') && visible(c) != c;
        let mut rest = text;
        while let Some(at) = rest.find(is_live) {
            self.0.write_all(&rest.as_bytes()[..at])?;
            let live = rest[at..].chars().next().map_or(0, char::len_utf8);
            for half in rest[at..at + live].encode_utf16() {
                write!(self.0, "\\u{half:04x}")?;
            }
            rest = &rest[at + live..];
        }
        self.0.write_all(rest.as_bytes())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
