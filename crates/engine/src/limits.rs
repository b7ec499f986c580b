//! What a job may cost. Whoever runs the job says so, never a config, which may come with what is checked.

use postmend_rules as rules;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

/// What posts, configs and rules may cost.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// The megabytes that a post may have; a larger one is not read, and a finding says so.
    pub max_post_size: u64,
    /// The findings that a post may have; the others are left out, and a finding says so.
    pub max_findings: usize,
    /// The seconds that each of the site's own rules may take for a post; a finding says that it was stopped.
    pub max_rule_time: u64,
    /// The megabytes that a config, baseline, dictionary or schema may have.
    pub max_config_size: u64,
}

/// A megabyte.
const MB: u64 = 1_000_000;

impl Default for Limits {
    fn default() -> Self {
        Self { max_post_size: 32, max_findings: 10_000, max_rule_time: 5, max_config_size: 16 }
    }
}

impl Limits {
    /// The bytes that a post may have.
    pub fn post(&self) -> u64 {
        self.max_post_size * MB
    }

    /// The bytes that a config may have, or a file that one names.
    pub fn config(&self) -> u64 {
        self.max_config_size * MB
    }

    /// What concerns the rules.
    pub fn of_rules(&self) -> rules::PostLimits {
        static START: LazyLock<Instant> = LazyLock::new(Instant::now);
        let own_rule = Duration::from_secs(self.max_rule_time);
        rules::PostLimits { findings: self.max_findings.max(1), own_rule, clock: || START.elapsed() }
    }
}
