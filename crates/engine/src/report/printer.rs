//! The interface of every format: it prints findings as they come, and the end of the report.

use super::tally::Tally;
use crate::escape::Sink;
use crate::examine::Examined;
use std::io;
use std::path::Path;

/// A format that prints findings.
pub(super) trait Printer {
    /// Prints the findings of one post, which may have none.
    fn add(&mut self, out: &mut Sink<'_>, path: &Path, examined: &Examined) -> io::Result<()>;

    /// Prints the findings of several posts, in order.
    fn add_all(&mut self, out: &mut Sink<'_>, posts: &[(&Path, &Examined)]) -> io::Result<()> {
        posts.iter().try_for_each(|(path, examined)| self.add(out, path, examined))
    }

    /// Prints the text after all findings.
    fn end(&mut self, out: &mut Sink<'_>, tally: &Tally) -> io::Result<()>;
}
