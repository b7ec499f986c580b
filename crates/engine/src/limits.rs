//! Limits of a run. They are set by whoever starts it, never by a config, which may come with the posts to check.

use postmend_rules as rules;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

/// Limits for posts, configs and rules.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// The maximum size of a post in megabytes; a larger one is not read, and is reported with a finding.
    pub max_post_size: u64,
    /// The maximum number of findings in a post; the others are left out, and a finding reports that.
    pub max_findings: usize,
    /// The maximum time in seconds that each of the site's own rules may take for a post; a finding reports that it
    /// was stopped.
    pub max_rule_time: u64,
    /// The maximum size of a config, baseline, dictionary or schema in megabytes.
    pub max_config_size: u64,
}

/// The bytes of a megabyte.
const MB: u64 = 1_000_000;

impl Default for Limits {
    fn default() -> Self {
        Self { max_post_size: 32, max_findings: 10_000, max_rule_time: 5, max_config_size: 16 }
    }
}

impl Limits {
    /// The maximum size of a post in bytes.
    pub fn post(&self) -> u64 {
        self.max_post_size * MB
    }

    /// The maximum size of a config, or of a file that a config names, in bytes.
    pub fn config(&self) -> u64 {
        self.max_config_size * MB
    }

    /// The limits that the rules need.
    pub fn of_rules(&self) -> rules::PostLimits {
        static START: LazyLock<Instant> = LazyLock::new(Instant::now);
        let own_rule = Duration::from_secs(self.max_rule_time);
        rules::PostLimits { findings: self.max_findings.max(1), own_rule, clock: || START.elapsed() }
    }
}
