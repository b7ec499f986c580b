//! `postmend merge`: merges the reports of shares into the report that one run over all posts would write.

use crate::args::choices::one_of;
use crate::args::gate::GateArguments;
use crate::args::report::report_file;
use crate::print::{eprint_line, stdout};
use crate::summary::summary;
use crate::terminal::output_failed;
use clap::Args;
use postmend_engine::merge::MergedReport;
use postmend_engine::report::{ReportFile, ReportFormat, new_file};
use postmend_engine::trouble::Trouble;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// Arguments of `merge`.
#[derive(Debug, Args)]
pub struct MergeArguments {
    /// Reports of `check` as JSON, JSON lines or SARIF, all in one format
    #[arg(value_name = "REPORT", required = true)]
    pub reports: Vec<PathBuf>,
    /// Output format; that of the reports by default. Formats that show the text of posts are not available
    #[arg(long, value_parser = one_of(ReportFormat::ALL))]
    pub format: Option<ReportFormat>,
    /// Also write it to a file: FORMAT=FILE, or a file whose extension implies the format
    #[arg(long, value_name = "[FORMAT=]FILE", value_parser = report_file)]
    pub report: Vec<ReportFile>,
    /// What makes the exit code 1.
    #[command(flatten)]
    pub gate: GateArguments,
}

/// Runs `postmend merge`.
///
/// # Errors
/// A report cannot be read or written, or the reports do not belong together.
pub fn merge(arguments: &MergeArguments) -> Result<ExitCode, Trouble> {
    let merged = MergedReport::read(&arguments.reports)?;
    let format = arguments.format.unwrap_or(merged.format());
    merged.holds(format)?;
    arguments.report.iter().try_for_each(|file| merged.holds(file.format))?;
    for file in &arguments.report {
        let mut out = new_file(&file.path)?;
        output_failed(merged.print(&mut out, file.format).and_then(|()| out.keep(false)))?;
    }
    let mut out = stdout();
    let printed = merged.print(&mut out, format);
    if let Some(code) = output_failed(printed.and_then(|()| out.flush()))? {
        return Ok(code);
    }
    let tally = merged.tally();
    if format.is_for_people() {
        eprint_line(format_args!("{}", summary(&tally, None)));
    }
    Ok(ExitCode::from(u8::from(arguments.gate.fails(&tally))))
}
