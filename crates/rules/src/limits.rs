//! Limits on the cost of checking one post, and the stopwatch for the site's own rules.

use std::cell::Cell;
use std::time::Duration;

/// Name of the rule about posts that exceed a limit.
pub const EXCEEDED_LIMIT: &str = "exceeded-limit";

/// Limits on the cost of checking one post. An exceeded limit is reported as a finding.
#[derive(Debug, Clone, Copy)]
pub struct PostLimits {
    /// Maximum number of findings.
    pub findings: usize,
    /// Maximum time that each of the site's own rules may spend on the post.
    pub own_rule: Duration,
    /// Returns the time since some fixed instant. Rules read no clock themselves.
    pub clock: fn() -> Duration,
}

impl PostLimits {
    /// No limits.
    pub const NONE: Self = Self { findings: usize::MAX, own_rule: Duration::MAX, clock: || Duration::ZERO };
}

/// Measures how long one of the site's own rules spends on a post.
pub(crate) struct Stopwatch {
    limits: PostLimits,
    start: Duration,
    over: Cell<bool>,
}

impl Stopwatch {
    pub(crate) fn start(limits: PostLimits) -> Self {
        Self { limits, start: (limits.clock)(), over: Cell::new(false) }
    }

    /// Whether the time is up. Once it was, [`Self::is_over`] returns true as well.
    pub(crate) fn has_run_out(&self) -> bool {
        let used = (self.limits.clock)().saturating_sub(self.start);
        let has_run_out = used > self.limits.own_rule;
        self.over.set(self.over.get() || has_run_out);
        has_run_out
    }

    /// Records that a passage was skipped because searching it could take too long.
    pub(crate) fn leave_out(&self) {
        self.over.set(true);
    }

    /// Whether the time was found to be up at any point, or something was skipped.
    pub(crate) fn is_over(&self) -> bool {
        self.over.get()
    }

    /// The message of the finding about it.
    pub(crate) fn message(&self, rule: &str) -> String {
        let seconds = self.limits.own_rule.as_secs_f32();
        format!(
            "`{rule}` did not check the whole post: it was stopped after {seconds} s, or a passage is too long"
        )
    }
}
