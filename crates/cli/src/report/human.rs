//! Each finding in its text, drawn by miette on a part of one line, so that long posts cost no more
//! than short ones.

use super::shown::{Excerpt, excerpt, visible_text};
use crate::posts::PostFile;
use crate::run::Examined;
use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents,
    SourceCode, SourceSpan, SpanContents,
};
use postmend_core::lines::{Lines, Position};
use postmend_rules::{Finding, Safety, Severity};
use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, Write};

/// The columns that are taken for the output where it is no terminal.
const WITHOUT_TERMINAL: usize = 120;

/// The columns that line numbers and frames take.
const MARGIN: usize = 10;

/// Draws findings, up to so many of each rule.
pub(super) struct Human {
    handler: GraphicalReportHandler,
    /// 0 for no limit.
    max_per_rule: usize,
    /// How wide the terminal is.
    columns: usize,
    seen: BTreeMap<&'static str, usize>,
}

impl Human {
    pub(super) fn new(max_per_rule: usize, colored: bool) -> Self {
        let theme = if colored { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
        let handler = GraphicalReportHandler::new_themed(theme).with_links(false).with_context_lines(0);
        let columns =
            terminal_size::terminal_size().map_or(WITHOUT_TERMINAL, |(width, _)| usize::from(width.0));
        let handler = handler.with_width(columns);
        Self { handler, max_per_rule, columns, seen: BTreeMap::new() }
    }

    pub(super) fn add(
        &mut self,
        out: &mut impl Write,
        post: &PostFile,
        examined: &Examined,
    ) -> io::Result<()> {
        let mut lines = None;
        for (finding, start, _) in &examined.findings {
            let seen = self.seen.entry(finding.rule).or_default();
            *seen += 1;
            if self.max_per_rule > 0 && *seen > self.max_per_rule {
                continue;
            }
            let lines = lines.get_or_insert_with(|| Lines::of(&examined.text));
            let drawn = Drawn::new(post, finding, *start, &examined.text, lines, self.columns);
            let mut page = String::new();
            self.handler.render_report(&mut page, &drawn).map_err(io::Error::other)?;
            writeln!(out, "{page}")?;
        }
        Ok(())
    }

    /// Says what was left out.
    pub(super) fn end(&self, out: &mut impl Write) -> io::Result<()> {
        for (rule, seen) in &self.seen {
            let hidden = seen.saturating_sub(self.max_per_rule);
            if self.max_per_rule > 0 && hidden > 0 {
                writeln!(out, "… and {hidden} more of {rule} (--max-per-rule 0 shows all)")?;
            }
        }
        Ok(())
    }
}

/// A finding with the part of its line that is shown.
#[derive(Debug)]
struct Drawn<'f> {
    finding: &'f Finding,
    message: String,
    help: String,
    line: ShownLine,
    marked: std::ops::Range<usize>,
}

/// One line as a source of its own, which knows where it stands.
#[derive(Debug)]
struct ShownLine {
    path: String,
    text: String,
    position: Position,
}

impl<'f> Drawn<'f> {
    fn new(
        post: &PostFile,
        finding: &'f Finding,
        position: Position,
        text: &str,
        lines: &Lines<'_>,
        columns: usize,
    ) -> Self {
        let line = if text.is_empty() { 0..0 } else { lines.line(position.line) };
        let start = (finding.span.start as usize).clamp(line.start, line.end) - line.start;
        let end = (finding.span.end as usize).clamp(line.start, line.end) - line.start;
        let Excerpt { text, marked } =
            excerpt(&text[line], start..end.max(start), columns.saturating_sub(MARGIN));
        let path = visible_text(&post.path.to_string_lossy());
        let shown = ShownLine { path, text, position };
        let mut help = visible_text(&finding.help);
        if let Some(fix) = &finding.fix {
            let how = match fix.safety {
                Safety::Safe => "`fix` can",
                Safety::Review => "`fix --unsafe` can",
                Safety::Manual => "by hand:",
            };
            let separator = if help.is_empty() { "" } else { "\n" };
            help.push_str(&format!("{separator}{how} {}", visible_text(&fix.title)));
        }
        Self { finding, message: visible_text(&finding.message), help, line: shown, marked }
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
        Some(&self.line)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let label = LabeledSpan::new(None, self.marked.start, self.marked.len());
        Some(Box::new(std::iter::once(label)))
    }
}

impl SourceCode for ShownLine {
    fn read_span<'a>(
        &'a self,
        _: &SourceSpan,
        _: usize,
        _: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let whole = SourceSpan::new(0.into(), self.text.len());
        let (line, column) = (self.position.line - 1, self.position.column - 1);
        let contents =
            MietteSpanContents::new_named(self.path.clone(), self.text.as_bytes(), whole, line, column, 1);
        Ok(Box::new(contents))
    }
}
