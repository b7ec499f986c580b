//! Prints findings in the requested formats.

mod concise;
mod excerpt;
mod format;
mod github;
mod gitlab;
mod handler;
mod html;
mod human;
pub(crate) mod json;
mod json_list;
mod markdown;
mod parallel;
mod printer;
mod rdjson;
mod repository_paths;
pub(crate) mod sarif;
mod statistics;
mod tally;
pub(crate) mod uri;
mod xml;

pub use format::ReportFormat;
pub use handler::graphical_handler;
pub use json::values;
pub use tally::Tally;
pub use uri::page_url;

use crate::disk::Output;
use crate::escape::Sink;
use crate::examine::Examined;
use crate::named_files;
use crate::paths::parent;
use crate::shard::Shard;
use crate::trouble::Trouble;
use parallel::Parallel;
use printer::Printer;
use repository_paths::RepositoryPaths;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Options for printing findings.
#[derive(Debug, Clone)]
pub struct ReportOptions {
    /// The format.
    pub format: ReportFormat,
    /// Whether only counts are printed instead of the findings.
    pub statistics: bool,
    /// The maximum number of findings of each rule in the human format; 0 for all.
    pub max_per_rule: usize,
    /// Whether the human format uses colours.
    pub colored: bool,
    /// The width of the human format in columns.
    pub columns: usize,
    /// The share of the posts that the report covers; `None` for all.
    pub shard: Option<Shard>,
    /// The folder that paths are relative to in formats for services.
    pub root: PathBuf,
    /// Additional reports to files.
    pub files: Vec<ReportFile>,
}

/// A report to a file.
#[derive(Debug, Clone)]
pub struct ReportFile {
    /// Its format.
    pub format: ReportFormat,
    /// Its path.
    pub path: PathBuf,
}

/// Prints findings as they come, and the totals at the end.
pub struct Report<'w> {
    out: Box<dyn Write + 'w>,
    printer: Box<dyn Printer>,
    /// Whether only counts are printed instead of the findings.
    statistics: bool,
    files: Vec<OpenFile>,
    /// The counts so far.
    pub tally: Tally,
}

/// A report to a file, which gets its name when it is complete.
struct OpenFile {
    out: Output,
    printer: Box<dyn Printer>,
}

/// How a format prints.
#[derive(Debug, Clone, Copy)]
struct PrintStyle<'o> {
    human: human::Layout,
    max_per_rule: usize,
    root: Option<&'o Path>,
}

impl<'o> PrintStyle<'o> {
    fn of(options: &'o ReportOptions) -> Self {
        let human = human::Layout { colored: options.colored, columns: options.columns };
        Self { human, max_per_rule: options.max_per_rule, root: Some(&options.root) }
    }
}

fn printer(format: ReportFormat, style: PrintStyle<'_>) -> Box<dyn Printer> {
    let printer: Box<dyn Printer> = match format {
        ReportFormat::Human if style.max_per_rule == 0 => Box::new(Parallel(human::Human::new(style.human))),
        ReportFormat::Human => Box::new(human::Limited::new(style.max_per_rule, style.human)),
        ReportFormat::Concise => Box::new(Parallel(concise::Concise)),
        ReportFormat::Json => Box::new(json::Json::default()),
        ReportFormat::JsonLines => Box::new(Parallel(json::JsonLines)),
        ReportFormat::Sarif => Box::new(sarif::Sarif::default()),
        ReportFormat::Github => Box::new(Parallel(github::GitHub)),
        ReportFormat::Gitlab => Box::new(gitlab::GitLab::default()),
        ReportFormat::Junit => Box::new(xml::JUnit::default()),
        ReportFormat::Checkstyle => Box::new(xml::Checkstyle::default()),
        ReportFormat::Rdjson => Box::new(rdjson::RdJson::default()),
        ReportFormat::Markdown => Box::new(markdown::Markdown::default()),
        ReportFormat::Html => Box::new(html::Html::default()),
    };
    match style.root.filter(|_| format.is_of_repository()) {
        Some(root) => Box::new(RepositoryPaths { printer, root: root.to_owned() }),
        None => printer,
    }
}

impl<'w> Report<'w> {
    /// A report to `out`, and to the files in the options.
    ///
    /// # Errors
    /// A file cannot be created.
    pub fn new(out: impl Write + 'w, options: &ReportOptions) -> Result<Self, Trouble> {
        let ReportOptions { format, statistics, shard, ref files, .. } = *options;
        let printer: Box<dyn Printer> = match (statistics, format) {
            // JSON always has the counts in its summary.
            (true, ReportFormat::Json) => Box::new(json::Json::default()),
            (true, _) => Box::new(statistics::Statistics),
            (false, format) => printer(format, PrintStyle::of(options)),
        };
        let files = files.iter().map(|file| OpenFile::new(file, PrintStyle::of(options)));
        let files = files.collect::<Result<_, _>>()?;
        Ok(Self {
            out: Box::new(out),
            printer,
            statistics,
            files,
            tally: Tally { shard, ..Tally::default() },
        })
    }

    /// Prints the findings of one post.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn add(&mut self, path: &Path, examined: &Examined) -> io::Result<()> {
        self.add_all(&[(path, examined)])
    }

    /// Prints the findings of several posts, in order.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn add_all(&mut self, posts: &[(&Path, &Examined)]) -> io::Result<()> {
        self.tally.posts += posts.len();
        self.tally.posts_with_findings +=
            posts.iter().filter(|(_, examined)| !examined.findings.is_empty()).count();
        self.add_more(posts)
    }

    /// Prints additional findings of posts that were printed before.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn add_more(&mut self, posts: &[(&Path, &Examined)]) -> io::Result<()> {
        posts.iter().for_each(|(_, examined)| self.tally.add(examined));
        if !self.statistics {
            self.printer.add_all(&mut Sink::to(&mut self.out), posts)?;
        }
        self.files.iter_mut().try_for_each(|file| file.printer.add_all(&mut Sink::to(&mut file.out), posts))
    }

    /// Prints the end of the report, and writes the files.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn end(&mut self) -> io::Result<()> {
        self.printer.end(&mut Sink::to(&mut self.out), &self.tally)?;
        self.out.flush()?;
        self.files.drain(..).try_for_each(|file| file.end(&self.tally))
    }
}

impl OpenFile {
    fn new(file: &ReportFile, style: PrintStyle<'_>) -> Result<Self, Trouble> {
        let out = new_file(&file.path)?;
        let human = human::Layout { colored: false, ..style.human };
        Ok(Self { out, printer: printer(file.format, PrintStyle { human, ..style }) })
    }

    fn end(mut self, tally: &Tally) -> io::Result<()> {
        self.printer.end(&mut Sink::to(&mut self.out), tally)?;
        self.out.keep(false)
    }
}

/// Prints findings that were read from a report, grouped by post, in a format that does not need the text of posts.
///
/// # Errors
/// The output cannot be written.
pub fn print_again<'e>(
    out: &mut Sink<'_>,
    format: ReportFormat,
    posts: impl IntoIterator<Item = (&'e Path, Examined)>,
    tally: &Tally,
) -> io::Result<()> {
    let human = human::Layout { colored: false, columns: 0 };
    let mut printer = printer(format, PrintStyle { human, max_per_rule: 0, root: None });
    for (path, examined) in posts {
        printer.add(out, path, &examined)?;
    }
    printer.end(out, tally)
}

/// Creates the file for a report, which gets its name when it is complete.
///
/// # Errors
/// The file cannot be created.
pub fn new_file(path: &Path) -> Result<Output, Trouble> {
    let folder = parent(path);
    if !folder.is_dir() {
        let message = format!("cannot write {}: no such folder", path.display());
        return Err(Trouble::new(message, format!("create {} first", folder.display())));
    }
    named_files::create(path)
}
