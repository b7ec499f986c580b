//! Options for reports.

use super::choices::one_of;
use super::gate::GateArguments;
use super::selection::SelectionArguments;
use clap::Args;
use postmend_engine::paths;
use postmend_engine::report::{ReportFile, ReportFormat, ReportOptions};
use postmend_engine::shard::Shard;
use std::path::{Path, PathBuf};

/// What `check` and `fix` share.
#[derive(Debug, Args)]
pub struct RunArguments {
    /// What is read and looked for.
    #[command(flatten)]
    pub selection: SelectionArguments,
    /// Output format
    #[arg(long, value_parser = one_of(ReportFormat::ALL), default_value = "human")]
    pub format: ReportFormat,
    /// Also write a report to a file: FORMAT=FILE, or a file whose extension implies the format
    #[arg(long, value_name = "[FORMAT=]FILE", value_parser = report_file)]
    pub report: Vec<ReportFile>,
    /// Report the findings of the baseline too
    #[arg(long, conflicts_with = "baseline")]
    pub no_baseline: bool,
    /// Only findings on lines that the change touches, with `--since`, `--changed` or `--staged`
    #[arg(long)]
    pub lines: bool,
    /// Fail if the baseline has findings that are no longer found, and name them
    #[arg(long, conflicts_with = "no_baseline")]
    pub stale_baseline: bool,
    /// What makes the exit code 1.
    #[command(flatten)]
    pub gate: GateArguments,
    /// Print the number of findings per rule instead of the findings
    #[arg(long)]
    pub statistics: bool,
    /// Maximum number of findings per rule in the human format; 0 shows all
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub max_per_rule: usize,
    /// Check only this share of the posts, as one of several machines: 2/8 is the second of eight. The share of a
    /// post depends only on its path below its config's folder: the first eight bytes of SHA-256 as a big-endian
    /// number, modulo N, plus 1. `postmend merge` merges the reports of all shares
    #[arg(long, value_name = "K/N")]
    pub shard: Option<Shard>,
    /// Read one post from standard input; this is its path
    #[arg(long, value_name = "PATH", conflicts_with = "shard")]
    pub stdin_filename: Option<PathBuf>,
}

impl RunArguments {
    /// Whether fingerprints are printed.
    pub fn has_fingerprints(&self) -> bool {
        let files = self.report.iter().map(|file| file.format);
        files.chain([self.format]).any(ReportFormat::has_fingerprints)
    }

    /// The options for printing findings.
    pub fn report(&self, colored: bool, columns: usize) -> ReportOptions {
        ReportOptions {
            format: self.format,
            statistics: self.statistics,
            max_per_rule: self.max_per_rule,
            colored,
            columns,
            shard: self.shard,
            root: repository(),
            files: self.report.clone(),
        }
    }
}

/// The folder that paths are relative to in reports for services: the one that a CI job names if postmend runs in it,
/// or the root of the repository.
fn repository() -> PathBuf {
    let here = paths::absolute(Path::new("."));
    let named = ["GITHUB_WORKSPACE", "CI_PROJECT_DIR"].into_iter().filter_map(std::env::var_os);
    // The current folder has no symbolic links in its path. An empty name and `/` name no repository.
    let mut folders = named.filter_map(|folder| Path::new(&folder).canonicalize().ok());
    folders.find(|folder| here.starts_with(folder) && folder.parent().is_some()).unwrap_or_else(paths::top)
}

/// Parses the value of `--report`.
///
/// # Errors
/// The value has no format, and the file has no extension that implies one.
pub fn report_file(named: &str) -> Result<ReportFile, String> {
    let with_format = named.split_once('=').and_then(|(name, path)| {
        let format = name.parse().ok()?;
        Some(ReportFile { format, path: path.into() })
    });
    let by_ending = || ReportFormat::of_file(named).map(|format| ReportFile { format, path: named.into() });
    let endings = || ReportFormat::ENDINGS.map(|(ending, _)| ending).join(", ");
    with_format.or_else(by_ending).ok_or_else(|| {
        format!("expected FORMAT=FILE, with a format of `--format`, or a file that ends with {}", endings())
    })
}
