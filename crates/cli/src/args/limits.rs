//! What a job may cost.

use clap::Args;
use postmend_engine::limits::Limits;

/// What posts, configs and rules may cost.
#[derive(Debug, Clone, Copy, Args)]
#[command(next_help_heading = "Limits")]
pub struct LimitArguments {
    /// The megabytes that a post may have; a larger one is not read, and a finding says so
    #[arg(long, value_name = "MB", default_value_t = 32, value_parser = clap::value_parser!(u64).range(1..=4000))]
    pub max_post_size: u64,
    /// The findings that a post may have; the others are left out, and a finding says so
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    pub max_findings: usize,
    /// The seconds that each of the site's own rules may look at a post; a finding says that it was stopped
    #[arg(long, value_name = "SECONDS", default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub max_rule_time: u64,
    /// The megabytes that a config, baseline, dictionary or schema may have
    #[arg(long, value_name = "MB", default_value_t = 16, value_parser = clap::value_parser!(u64).range(1..=4000))]
    pub max_config_size: u64,
}

impl From<LimitArguments> for Limits {
    fn from(limits: LimitArguments) -> Self {
        let LimitArguments { max_post_size, max_findings, max_rule_time, max_config_size } = limits;
        Self { max_post_size, max_findings, max_rule_time, max_config_size }
    }
}
