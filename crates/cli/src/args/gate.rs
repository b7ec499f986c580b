//! The options that determine when the exit code is 1.

use clap::{Args, ValueEnum};
use postmend_engine::report::Tally;
use postmend_rules::Severity;

/// What makes the exit code 1.
#[derive(Debug, Args)]
pub struct GateArguments {
    /// Minimum severity that fails the run
    #[arg(long, value_enum, value_name = "LEVEL", default_value_t = FailOn::Warning)]
    pub fail_on: FailOn,
    /// Maximum number of warnings; more of them fail the run, as errors do
    #[arg(long, value_name = "N")]
    pub max_warnings: Option<usize>,
}

/// The lowest severity of a finding that makes a run fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Errors only
    Error,
    /// Errors and warnings
    Warning,
    /// Any finding
    #[value(alias = "info")]
    Any,
}

impl GateArguments {
    /// Whether the findings make the run fail.
    pub fn fails(&self, tally: &Tally) -> bool {
        let count = |severity| tally.by_severity.get(&severity).copied().unwrap_or_default();
        let warnings_fail = match self.max_warnings {
            Some(most) => count(Severity::Warning) > most,
            None => self.fail_on != FailOn::Error && count(Severity::Warning) > 0,
        };
        let notes_fail = self.max_warnings.is_none() && self.fail_on == FailOn::Any;
        count(Severity::Error) > 0 || warnings_fail || (notes_fail && count(Severity::Info) > 0)
    }
}
