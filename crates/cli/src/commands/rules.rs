//! `postmend rules` and `postmend explain`: the list and the pages of rules, including a site's own.

use crate::print::{eprint_line, line, write_raw};
use crate::terminal::{output_failed, print_all};
use clap::Subcommand;
use postmend_engine::config::Config;
use postmend_engine::limits::Limits;
use postmend_engine::named_files;
use postmend_engine::plural::counted;
use postmend_engine::project::{Project, Trust, check_rule_exists};
use postmend_engine::repository_files::RepositoryFiles;
use postmend_engine::trouble::Trouble;
use postmend_rules::{ALL, rule_info};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// What is asked about rules.
#[derive(Debug, Subcommand)]
pub enum RulesCommand {
    /// Run the examples of a config's own rules
    Test {
        /// A folder of the site
        #[arg(value_name = "FOLDER", default_value = ".")]
        folder: PathBuf,
    },
}

/// Runs `postmend rules`.
///
/// # Errors
/// A config cannot be used, or the output cannot be written.
pub fn rules(command: Option<&RulesCommand>) -> Result<ExitCode, Trouble> {
    match command {
        None => list(),
        Some(RulesCommand::Test { folder }) => test(folder),
    }
}

/// The project of a config that was found.
fn project(config: Option<&Path>) -> Result<Project, Trouble> {
    Project::new(config, Trust::Found, Limits::default(), &RepositoryFiles::default())
}

/// Lists all rules, and then the own rules of the config that applies here.
fn list() -> Result<ExitCode, Trouble> {
    let project = project(Config::find(Path::new(".")).as_deref())?;
    for info in ALL {
        let default = if info.on_by_default { "on" } else { "off" };
        output_failed(line(format_args!(
            "{:<26} {:<8} {default:<4} {}",
            info.name,
            info.severity.name(),
            info.summary()
        )))?;
    }
    for rule in &project.own {
        output_failed(line(format_args!(
            "{:<26} {:<8} on   {}",
            rule.name,
            rule.severity.name(),
            rule.summary()
        )))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Prints a rule's page, or the summary of a config's own rule.
pub fn explain(rule: &str) -> Result<ExitCode, Trouble> {
    if let Some(info) = rule_info(rule) {
        let default = if info.on_by_default { "on" } else { "off" };
        let page =
            format!("{}\n\nSeverity {}, {default} by default.\n", info.page.trim_end(), info.severity.name());
        output_failed(write_raw(page.as_bytes()))?;
        return Ok(ExitCode::SUCCESS);
    }
    let project = project(Config::find(Path::new(".")).as_deref())?;
    check_rule_exists(rule, &project.own)?;
    for own in project.own.iter().filter(|own| own.name == rule) {
        let severity = own.severity.name();
        output_failed(line(format_args!("{}", own.summary())))?;
        output_failed(line(format_args!("")))?;
        output_failed(line(format_args!("Severity {severity}, on by default, by {}.", project.name())))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Runs the examples of a config's own rules.
fn test(folder: &Path) -> Result<ExitCode, Trouble> {
    named_files::resolve(folder)?;
    let Some(path) = Config::find(folder) else {
        let message = format!("no postmend.toml in or above {}", folder.display());
        return Err(Trouble::new(message, "create one with `postmend init`"));
    };
    let project = project(Some(&path))?;
    let failures = project.failures();
    print_all(&failures);
    let examples: usize = project.own.iter().flat_map(|rule| rule.examples()).sum();
    let (rules, examples) = (counted(project.own.len(), "rule"), counted(examples, "example"));
    match failures.len() {
        0 => eprint_line(format_args!("{rules} with {examples}: all passed")),
        failed => eprint_line(format_args!("{rules} with {examples}: {failed} failed")),
    }
    Ok(ExitCode::from(u8::from(!failures.is_empty())))
}
