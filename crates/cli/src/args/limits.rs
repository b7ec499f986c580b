//! Options for limits.

use clap::Args;
use postmend_engine::limits::Limits;

/// What posts, configs and rules may cost.
#[derive(Debug, Clone, Copy, Args)]
pub struct LimitArguments {
    /// Maximum size of a post in megabytes; a larger one is reported and not checked
    #[arg(long, help_heading = "Limits", value_name = "MB", default_value_t = 32, value_parser = clap::value_parser!(u64).range(1..=4000))]
    pub max_post_size: u64,
    /// Maximum number of findings in a post; more are reported as one
    #[arg(long, help_heading = "Limits", value_name = "N", default_value_t = 10_000)]
    pub max_findings: usize,
    /// Maximum time of a site's own rule for a post in seconds; a rule that is stopped is reported
    #[arg(long, help_heading = "Limits", value_name = "SECONDS", default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub max_rule_time: u64,
    /// Maximum size of a config, baseline, dictionary or schema in megabytes
    #[arg(long, help_heading = "Limits", value_name = "MB", default_value_t = 16, value_parser = clap::value_parser!(u64).range(1..=4000))]
    pub max_config_size: u64,
}

impl From<LimitArguments> for Limits {
    fn from(limits: LimitArguments) -> Self {
        let LimitArguments { max_post_size, max_findings, max_rule_time, max_config_size } = limits;
        Self { max_post_size, max_findings, max_rule_time, max_config_size }
    }
}
