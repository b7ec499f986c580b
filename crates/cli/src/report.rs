//! Tells what was found, in the formats that were asked for.

mod concise;
mod each;
mod github;
mod gitlab;
mod html;
mod human;
pub mod json;
mod markdown;
mod rdjson;
pub mod sarif;
mod shown;
mod statistics;
mod xml;

use crate::args::{ReportFile, ReportFormat, RunArguments};
use crate::paths::parent;
use crate::run::Examined;
use crate::shard::Shard;
use crate::trouble::Trouble;
use postmend_engine::disk::Output;
use postmend_engine::print::{Sink, Stdout};
use postmend_rules::{Finding, Safety, Severity, card};
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use each::Each;

/// How the HTML page that this writes begins, so that a report is not taken for a post.
pub const PAGE_START: &str = "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
                              <meta name=\"generator\" content=\"postmend report\">\n";

/// A way to print findings.
trait Printer {
    /// Prints the findings of one post, which may have none.
    fn add(&mut self, out: &mut Sink<'_>, path: &Path, examined: &Examined) -> io::Result<()>;

    /// The same for many posts, in order.
    fn add_all(&mut self, out: &mut Sink<'_>, posts: &[(&Path, &Examined)]) -> io::Result<()> {
        posts.iter().try_for_each(|(path, examined)| self.add(out, path, examined))
    }

    /// Prints what stands behind all findings.
    fn end(&mut self, out: &mut Sink<'_>, tally: &Tally) -> io::Result<()>;
}

/// Prints findings as they come, and what they come to at the end.
pub struct Report {
    out: Stdout,
    printer: Box<dyn Printer>,
    /// Whether the findings are counted instead of printed.
    statistics: bool,
    files: Vec<Sheet>,
    /// What was found and done so far.
    pub tally: Tally,
}

/// A report that goes to a file, which has its name once it is whole.
struct Sheet {
    out: Output,
    printer: Box<dyn Printer>,
}

fn printer(format: ReportFormat, max_per_rule: usize, colored: bool) -> Box<dyn Printer> {
    match format {
        ReportFormat::Human if max_per_rule == 0 => Box::new(Each(human::Human::new(colored))),
        ReportFormat::Human => Box::new(human::Limited::new(max_per_rule, colored)),
        ReportFormat::Concise => Box::new(Each(concise::Concise)),
        ReportFormat::Json => Box::new(json::Json::default()),
        ReportFormat::JsonLines => Box::new(Each(json::JsonLines)),
        ReportFormat::Sarif => Box::new(sarif::Sarif::default()),
        ReportFormat::Github => Box::new(Each(github::GitHub)),
        ReportFormat::Gitlab => Box::new(gitlab::GitLab::default()),
        ReportFormat::Junit => Box::new(xml::JUnit::default()),
        ReportFormat::Checkstyle => Box::new(xml::Checkstyle::default()),
        ReportFormat::Rdjson => Box::new(rdjson::RdJson::default()),
        ReportFormat::Markdown => Box::new(markdown::Markdown::default()),
        ReportFormat::Html => Box::new(html::Html::default()),
    }
}

/// What a run found and did.
#[derive(Debug, Default)]
pub struct Tally {
    /// The share of the posts that was looked at, if not all were.
    pub shard: Option<Shard>,
    /// Posts that were looked at.
    pub posts: usize,
    /// Posts that have findings.
    pub posts_with_findings: usize,
    /// Findings that are left, by rule.
    pub left: BTreeMap<&'static str, usize>,
    /// The same by severity.
    pub by_severity: BTreeMap<Severity, usize>,
    /// Of those, how many `fix` would mend.
    pub fixable: usize,
    /// Of those, how many `fix --unsafe` would mend besides.
    pub fixable_with_review: usize,
    /// Findings that were fixed, by rule.
    pub fixed: BTreeMap<&'static str, usize>,
    /// Posts that were changed.
    pub posts_changed: usize,
    /// Comments that would switch rules off, and do not count.
    pub unheeded: usize,
}

impl Tally {
    /// How many findings are left.
    pub fn findings(&self) -> usize {
        self.left.values().sum()
    }

    /// "share 2/8: ", which stands before what is told of a share; empty if all posts were looked at.
    pub fn share(&self) -> String {
        self.shard.map_or_else(String::new, |shard| format!("share {shard}: "))
    }

    fn add(&mut self, examined: &Examined) {
        self.posts_changed += usize::from(examined.before.is_some());
        self.unheeded += examined.unheeded;
        for (finding, ..) in &examined.findings {
            *self.left.entry(finding.rule).or_default() += 1;
            *self.by_severity.entry(finding.severity).or_default() += 1;
            match finding.fix.as_ref().map(|fix| fix.safety) {
                Some(Safety::Safe) => self.fixable += 1,
                Some(Safety::Review) => self.fixable_with_review += 1,
                _ => {}
            }
        }
        for Finding { rule, .. } in &examined.fixed {
            *self.fixed.entry(rule).or_default() += 1;
        }
    }
}

impl Report {
    /// A report to the standard output, and to the files that the arguments name.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn new(out: Stdout, arguments: &RunArguments, colored: bool) -> Result<Self, Trouble> {
        let printer: Box<dyn Printer> = match (arguments.statistics, arguments.format) {
            // A reader of JSON finds the statistics in its summary.
            (true, ReportFormat::Json) => Box::new(json::Json::default()),
            (true, _) => Box::new(statistics::Statistics),
            (false, format) => printer(format, arguments.max_per_rule, colored),
        };
        let files = arguments.report.iter().map(|file| Sheet::new(file, arguments));
        let (files, statistics) = (files.collect::<Result<_, _>>()?, arguments.statistics);
        let tally = Tally { shard: arguments.shard, ..Tally::default() };
        Ok(Self { out, printer, statistics, files, tally })
    }

    /// Tells about one post.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn add(&mut self, path: &Path, examined: &Examined) -> io::Result<()> {
        self.add_all(&[(path, examined)])
    }

    /// Tells about many posts, in order.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn add_all(&mut self, posts: &[(&Path, &Examined)]) -> io::Result<()> {
        self.tally.posts += posts.len();
        self.tally.posts_with_findings +=
            posts.iter().filter(|(_, examined)| !examined.findings.is_empty()).count();
        self.add_more(posts)
    }

    /// Tells more about posts that were told about before.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn add_more(&mut self, posts: &[(&Path, &Examined)]) -> io::Result<()> {
        posts.iter().for_each(|(_, examined)| self.tally.add(examined));
        if !self.statistics {
            self.printer.add_all(&mut self.out.sink(), posts)?;
        }
        self.files.iter_mut().try_for_each(|file| file.printer.add_all(&mut Sink::to(&mut file.out), posts))
    }

    /// Ends the report.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn end(&mut self) -> io::Result<()> {
        self.printer.end(&mut self.out.sink(), &self.tally)?;
        self.out.flush()?;
        self.files.drain(..).try_for_each(|file| file.end(&self.tally))
    }
}

impl Sheet {
    fn new(file: &ReportFile, arguments: &RunArguments) -> Result<Self, Trouble> {
        let out = new_file(&file.path)?;
        Ok(Self { out, printer: printer(file.format, arguments.max_per_rule, false) })
    }

    fn end(mut self, tally: &Tally) -> io::Result<()> {
        self.printer.end(&mut Sink::to(&mut self.out), tally)?;
        self.out.keep(false)
    }
}

/// Where a rule's page can be read, as it was for this version; a site's own rules have none.
pub fn page_url(rule: &str) -> Option<String> {
    let (home, version) = (env!("CARGO_PKG_REPOSITORY"), env!("CARGO_PKG_VERSION"));
    card(rule).map(|_| format!("{home}/blob/v{version}/docs/rules/{rule}.md"))
}

/// Prints findings that a report told of before, each post's together, in a format that needs no text of posts.
///
/// # Errors
/// The output cannot be written.
pub fn print_again<'e>(
    out: &mut Sink<'_>,
    format: ReportFormat,
    posts: impl IntoIterator<Item = (&'e Path, Examined)>,
    tally: &Tally,
) -> io::Result<()> {
    let mut printer = printer(format, 0, false);
    for (path, examined) in posts {
        printer.add(out, path, &examined)?;
    }
    printer.end(out, tally)
}

/// A file for a report, which gets its name once it is whole.
///
/// # Errors
/// There cannot be such a file.
pub fn new_file(path: &Path) -> Result<Output, Trouble> {
    let folder = parent(path);
    if !folder.is_dir() {
        let message = format!("cannot write {}: there is no such folder", path.display());
        return Err(Trouble::new(message, format!("make {} first", folder.display())));
    }
    crate::named::create(path)
}

/// A path as a URI reference: relative ones stay so.
fn uri(path: &Path) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/!$&'()*+,;=@".contains(&byte);
    let mut uri = if path.is_absolute() { "file://".to_owned() } else { String::new() };
    for byte in path.to_string_lossy().replace('\\', "/").bytes() {
        if is_plain(byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}

/// The path that [`uri`] made one of.
pub fn path_of(uri: &str) -> PathBuf {
    let mut rest = uri.strip_prefix("file://").unwrap_or(uri);
    let mut bytes = Vec::with_capacity(rest.len());
    while let Some((plain, behind)) = rest.split_once('%') {
        bytes.extend(plain.bytes());
        let byte = behind.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(byte.unwrap_or(b'%'));
        rest = if byte.is_some() { &behind[2..] } else { behind };
    }
    bytes.extend(rest.bytes());
    String::from_utf8_lossy(&bytes).into_owned().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_comes_back_from_its_uri() {
        for path in ["posts/a.md", "/srv/100%,2 #?.md", "笔记/港:2.md", "%41%.md"] {
            assert_eq!(path_of(&uri(Path::new(path))), Path::new(path));
        }
        assert_eq!(path_of("a%2"), Path::new("a%2"));
    }
}
