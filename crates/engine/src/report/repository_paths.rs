//! Paths relative to the root of the repository, wherever postmend was started.

use super::printer::Printer;
use super::tally::Tally;
use crate::escape::Sink;
use crate::examine::Examined;
use crate::paths::{absolute, without_parents};
use std::io;
use std::path::{Path, PathBuf};

/// A format whose paths are relative to a folder.
pub(super) struct RepositoryPaths {
    pub(super) printer: Box<dyn Printer>,
    /// The folder.
    pub(super) root: PathBuf,
}

impl RepositoryPaths {
    /// The path below the root, if it is there.
    fn relative(&self, path: &Path) -> PathBuf {
        let plain = without_parents(&absolute(path));
        plain.strip_prefix(&self.root).map_or_else(|_| path.to_owned(), Path::to_owned)
    }
}

impl Printer for RepositoryPaths {
    fn add(&mut self, out: &mut Sink<'_>, path: &Path, examined: &Examined) -> io::Result<()> {
        self.printer.add(out, &self.relative(path), examined)
    }

    fn add_all(&mut self, out: &mut Sink<'_>, posts: &[(&Path, &Examined)]) -> io::Result<()> {
        let paths: Vec<PathBuf> = posts.iter().map(|(path, _)| self.relative(path)).collect();
        let posts = paths.iter().map(PathBuf::as_path).zip(posts.iter().map(|(_, examined)| *examined));
        self.printer.add_all(out, &posts.collect::<Vec<_>>())
    }

    fn end(&mut self, out: &mut Sink<'_>, tally: &Tally) -> io::Result<()> {
        self.printer.end(out, tally)
    }
}
