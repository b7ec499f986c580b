//! Formats that print each post independently, so that posts can be printed in parallel.

use super::printer::Printer;
use super::tally::Tally;
use crate::escape::{Page, Sink};
use crate::examine::Examined;
use crate::parallel;
use std::io;
use std::path::Path;

/// The output for about this many findings is held in memory before it is written.
const HELD: usize = 1 << 13;

/// Prints the findings of one post independently of others.
pub(super) trait PostPrinter: Sync {
    /// Prints the findings of a post, which may have none.
    fn print(&self, out: &mut Sink<'_>, path: &Path, examined: &Examined) -> io::Result<()>;

    /// Prints the text after all findings.
    fn end(&self, _: &mut Sink<'_>, _: &Tally) -> io::Result<()> {
        Ok(())
    }
}

/// Prints posts on all cores, and writes their output in order.
pub(super) struct Parallel<P>(pub(super) P);

impl<P: PostPrinter> Printer for Parallel<P> {
    fn add(&mut self, out: &mut Sink<'_>, path: &Path, examined: &Examined) -> io::Result<()> {
        self.0.print(out, path, examined)
    }

    fn add_all(&mut self, out: &mut Sink<'_>, mut posts: &[(&Path, &Examined)]) -> io::Result<()> {
        while let Some(&(path, examined)) = posts.first() {
            let mut held = 0;
            let fits = |(_, examined): &&(&Path, &Examined)| {
                held += examined.findings.len();
                held <= HELD
            };
            let (together, rest) = posts.split_at(posts.iter().take_while(fits).count());
            if together.is_empty() {
                // A post with more findings than the limit is written directly.
                self.0.print(out, path, examined)?;
                posts = &rest[1..];
                continue;
            }
            let page = |(path, examined): &(&Path, &Examined)| {
                let mut page = Page::default();
                self.0.print(&mut page.sink(), path, examined).map(|()| page)
            };
            let pages = parallel::map(together, page);
            pages.into_iter().try_for_each(|page| out.append(&page?))?;
            posts = rest;
        }
        Ok(())
    }

    fn end(&mut self, out: &mut Sink<'_>, tally: &Tally) -> io::Result<()> {
        self.0.end(out, tally)
    }
}
