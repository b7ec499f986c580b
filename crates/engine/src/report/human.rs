//! Each finding with an excerpt of its text, rendered by miette from a part of a line, so that long posts take no
//! more time than short ones.

use super::excerpt::{Excerpt, excerpt_of};
use super::handler::graphical_handler;
use super::parallel::PostPrinter;
use super::printer::Printer;
use super::tally::Tally;
use crate::escape::{LineForm, Sink, Text, in_line};
use crate::examine::Examined;
use miette::{
    Diagnostic, GraphicalReportHandler, LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan,
    SpanContents,
};
use postmend_core::Span;
use postmend_core::lines::{LineIndex, Position};
use postmend_rules::{Finding, Safety, Severity};
use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::ops::Range;
use std::path::Path;

/// The columns that line numbers and frames take.
const MARGIN: usize = 10;

/// How findings are rendered.
#[derive(Debug, Clone, Copy)]
pub(super) struct Layout {
    /// Whether colours are used.
    pub(super) colored: bool,
    /// The width in columns.
    pub(super) columns: usize,
}

/// Renders findings.
pub(super) struct Human {
    handler: GraphicalReportHandler,
    /// The width in columns.
    columns: usize,
}

impl Human {
    pub(super) fn new(Layout { colored, columns }: Layout) -> Self {
        let handler = graphical_handler(colored).with_context_lines(0).with_width(columns);
        Self { handler, columns }
    }

    /// Renders the findings of a post for which `is_wanted` returns true.
    fn draw(
        &self,
        out: &mut Sink<'_>,
        path: &Path,
        examined: &Examined,
        mut is_wanted: impl FnMut(&Finding) -> bool,
    ) -> io::Result<()> {
        let wanted = examined.findings.iter().filter(|(finding, ..)| is_wanted(finding));
        let mut lines = None;
        for (finding, start, _) in wanted {
            let lines = lines.get_or_insert_with(|| LineIndex::of(&examined.text));
            let drawn = Drawn::new(path, finding, *start, &examined.text, lines, self.columns);
            let mut page = String::new();
            self.handler.render_report(&mut page, &drawn).map_err(io::Error::other)?;
            page.push('\n');
            out.drawn(&page)?;
        }
        Ok(())
    }
}

impl PostPrinter for Human {
    fn print(&self, out: &mut Sink<'_>, path: &Path, examined: &Examined) -> io::Result<()> {
        self.draw(out, path, examined, |_| true)
    }
}

/// Renders at most `most` findings of each rule.
pub(super) struct Limited {
    human: Human,
    most: usize,
    seen: BTreeMap<&'static str, usize>,
}

impl Limited {
    pub(super) fn new(most: usize, layout: Layout) -> Self {
        Self { human: Human::new(layout), most, seen: BTreeMap::new() }
    }
}

impl Printer for Limited {
    fn add(&mut self, out: &mut Sink<'_>, path: &Path, examined: &Examined) -> io::Result<()> {
        let is_wanted = |finding: &Finding| {
            let seen = self.seen.entry(finding.rule).or_default();
            *seen += 1;
            *seen <= self.most
        };
        self.human.draw(out, path, examined, is_wanted)
    }

    /// Prints how many findings of each rule were left out.
    fn end(&mut self, out: &mut Sink<'_>, _: &Tally) -> io::Result<()> {
        let hidden = self.seen.iter().filter(|(_, seen)| **seen > self.most);
        hidden.map(|(rule, seen)| (rule, seen - self.most)).try_for_each(|(rule, hidden)| {
            out.put::<LineForm>(&[
                &"… and ",
                &hidden,
                &" more of ",
                &Text(rule),
                &" (--max-per-rule 0 shows all)\n",
            ])
        })
    }
}

/// The maximum number of evidence spans that are shown.
const MOST_EVIDENCE: usize = 2;

/// A finding with the excerpts that are shown.
#[derive(Debug)]
struct Drawn<'f> {
    finding: &'f Finding,
    message: String,
    help: String,
    lines: ShownLines,
}

/// The excerpts as a source for miette, with their positions in the post.
#[derive(Debug, Default)]
struct ShownLines {
    path: String,
    text: String,
    /// In the order of the post.
    rows: Vec<ShownLine>,
}

/// An excerpt of one line.
#[derive(Debug)]
struct ShownLine {
    /// The offset of its start in the text that is shown.
    start: usize,
    /// The position in the post.
    position: Position,
    /// The marked byte range in the text that is shown.
    marked: Range<usize>,
    /// Whether it is the finding itself, not evidence.
    is_finding: bool,
}

impl<'f> Drawn<'f> {
    fn new(
        path: &Path,
        finding: &'f Finding,
        position: Position,
        text: &str,
        lines: &LineIndex<'_>,
        columns: usize,
    ) -> Self {
        let mut positions = vec![(position, finding.span)];
        for span in &finding.evidence {
            let position = lines.position(span.start as usize);
            let is_new = positions.iter().all(|(listed, _)| listed.line != position.line);
            if is_new && positions.len() <= MOST_EVIDENCE {
                positions.push((position, *span));
            }
        }
        positions.sort_by_key(|(position, _)| position.line);
        let path = in_line(&path.to_string_lossy());
        let mut shown = ShownLines { path, ..ShownLines::default() };
        for (position, span) in positions {
            shown.add(text, lines, position, span, columns.saturating_sub(MARGIN), span == finding.span);
        }
        let mut help = in_line(&finding.help);
        if let Some(fix) = &finding.fix {
            let how = match fix.safety {
                Safety::Safe => "`fix` can",
                Safety::Review => "`fix --review` can",
                Safety::Manual => "by hand:",
            };
            let separator = if help.is_empty() { "" } else { "\n" };
            help.push_str(&format!("{separator}{how} {}", in_line(&fix.title)));
        }
        Self { finding, message: in_line(&finding.message), help, lines: shown }
    }
}

impl ShownLines {
    fn add(
        &mut self,
        text: &str,
        lines: &LineIndex<'_>,
        position: Position,
        span: Span,
        columns: usize,
        is_finding: bool,
    ) {
        let Excerpt { text, marked } = excerpt_of(text, lines, position, span, columns);
        if !self.rows.is_empty() {
            self.text.push('\n');
        }
        let start = self.text.len();
        self.text.push_str(&text);
        let marked = start + marked.start..start + marked.end;
        self.rows.push(ShownLine { start, position, marked, is_finding });
    }
}

impl fmt::Display for Drawn<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Drawn<'_> {}

impl Diagnostic for Drawn<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.finding.rule))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.finding.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Info => miette::Severity::Advice,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        (!self.help.is_empty()).then(|| Box::new(&self.help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.lines)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.lines.rows.iter().map(|row| match row.is_finding {
            true => LabeledSpan::new_primary_with_span(None, row.marked.clone()),
            false => LabeledSpan::new_with_span(Some("here".to_owned()), row.marked.clone()),
        })))
    }
}

impl SourceCode for ShownLines {
    /// The excerpts that a span touches. If miette asks for more than one, they are consecutive lines in the post
    /// too.
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        _: usize,
        _: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let row_at = |offset: usize| self.rows.partition_point(|row| row.start <= offset).saturating_sub(1);
        let (first, last) = (row_at(span.offset()), row_at(span.offset() + span.len()));
        let start = self.rows[first].start;
        let end = self.rows.get(last + 1).map_or(self.text.len(), |next| next.start - 1);
        let Position { line, column } = self.rows[first].position;
        let bytes = &self.text.as_bytes()[start..end];
        let whole = SourceSpan::new(start.into(), end - start);
        let count = last - first + 1;
        let contents =
            MietteSpanContents::new_named(self.path.clone(), bytes, whole, line - 1, column - 1, count);
        Ok(Box::new(contents))
    }
}
