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
use std::collections::{BTreeMap, HashMap};
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

    /// Renders a finding, and where the same is found again in the post.
    fn draw(
        &self,
        path: &Path,
        examined: &Examined,
        lines: &LineIndex<'_>,
        same: &[&FindingWithPositions],
    ) -> io::Result<String> {
        let (finding, start, _) = same[0];
        let mut drawn = Drawn::new(path, finding, *start, &examined.text, lines, self.columns);
        if same.len() > 1 {
            let separator = if drawn.help.is_empty() { "" } else { "\n" };
            drawn.help.push_str(&format!("{separator}{}", again(&same[1..])));
        }
        let mut page = String::new();
        self.handler.render_report(&mut page, &drawn).map_err(io::Error::other)?;
        page.push('\n');
        Ok(page)
    }
}

/// A finding with its start and end.
type FindingWithPositions = (Finding, Position, Position);

/// Where a finding is repeated in its post.
fn again(others: &[&FindingWithPositions]) -> String {
    /// The maximum number of lines that are listed.
    const MOST_LINES: usize = 5;
    let mut lines: Vec<usize> = others.iter().map(|(_, start, _)| start.line).collect();
    lines.dedup();
    let listed: Vec<String> = lines.iter().take(MOST_LINES).map(usize::to_string).collect();
    let more = if lines.len() > listed.len() { ", …" } else { "" };
    let noun = if lines.len() == 1 { "line" } else { "lines" };
    format!("{} more in this post: {noun} {}{more}", others.len(), listed.join(", "))
}

impl PostPrinter for Human {
    fn print(&self, out: &mut Sink<'_>, path: &Path, examined: &Examined) -> io::Result<()> {
        let lines = LineIndex::of(&examined.text);
        let mut findings = examined.findings.iter();
        findings.try_for_each(|found| out.drawn(&self.draw(path, examined, &lines, &[found])?))
    }
}

/// Renders at most `most` findings of each rule, the same of one post only once, and errors before the others.
pub(super) struct Limited {
    human: Human,
    most: usize,
    /// The number of findings that are shown, and of those that are not, by rule.
    seen: BTreeMap<&'static str, (usize, usize)>,
    /// What is shown after the errors, by severity.
    held: BTreeMap<Severity, String>,
}

impl Limited {
    pub(super) fn new(most: usize, layout: Layout) -> Self {
        Self { human: Human::new(layout), most, seen: BTreeMap::new(), held: BTreeMap::new() }
    }
}

impl Printer for Limited {
    fn add(&mut self, out: &mut Sink<'_>, path: &Path, examined: &Examined) -> io::Result<()> {
        let mut groups: Vec<Vec<&FindingWithPositions>> = Vec::new();
        let mut by_kind: HashMap<(&str, &str), usize> = HashMap::new();
        for found in &examined.findings {
            let (shown, hidden) = self.seen.entry(found.0.rule).or_default();
            if *shown >= self.most {
                *hidden += 1;
                continue;
            }
            let group = *by_kind.entry((found.0.rule, &found.0.message)).or_insert(groups.len());
            if group == groups.len() {
                groups.push(Vec::new());
            }
            groups[group].push(found);
        }
        if groups.is_empty() {
            return Ok(());
        }
        let lines = LineIndex::of(&examined.text);
        for same in groups {
            let (finding, ..) = same[0];
            let (shown, hidden) = self.seen.entry(finding.rule).or_default();
            if *shown >= self.most {
                *hidden += same.len();
                continue;
            }
            *shown += 1;
            let page = self.human.draw(path, examined, &lines, &same)?;
            match finding.severity {
                Severity::Error => out.drawn(&page)?,
                severity => self.held.entry(severity).or_default().push_str(&page),
            }
        }
        Ok(())
    }

    /// Prints what is no error, how many findings of each rule were left out, and what to do about them.
    fn end(&mut self, out: &mut Sink<'_>, _: &Tally) -> io::Result<()> {
        for severity in [Severity::Warning, Severity::Info] {
            out.drawn(&self.held.remove(&severity).unwrap_or_default())?;
        }
        let hidden = self.seen.iter().filter(|(_, (_, hidden))| *hidden > 0);
        for (rule, (_, hidden)) in hidden.clone() {
            out.put::<LineForm>(&[&"… and ", hidden, &" more of ", &Text(rule), &"\n"])?;
        }
        if hidden.count() > 0 { out.put::<LineForm>(&[&MANY]) } else { Ok(()) }
    }
}

/// What to do about many findings.
const MANY: &str = "`--statistics` counts them, `--select RULE` shows those of a rule, `--max-per-rule 0` shows all, \
                    and after `postmend baseline write` only new ones fail\n";

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
