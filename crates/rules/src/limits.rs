//! What one post may cost, and the watch over the rules that a site brings.

use std::cell::Cell;
use std::time::Duration;

/// The rule about posts that cost more than they may.
pub const EXCEEDED_LIMIT: &str = "exceeded-limit";

/// What one post may cost. Past that, a finding says so.
#[derive(Debug, Clone, Copy)]
pub struct PostLimits {
    /// How many findings it may have.
    pub findings: usize,
    /// How long each of the site's own rules may look at it.
    pub own_rule: Duration,
    /// The time since some instant. Rules have no clock of their own.
    pub clock: fn() -> Duration,
}

impl PostLimits {
    /// None at all.
    pub const NONE: Self = Self { findings: usize::MAX, own_rule: Duration::MAX, clock: || Duration::ZERO };
}

/// How long one of the site's own rules looks at a post.
pub(crate) struct Stopwatch {
    limits: PostLimits,
    start: Duration,
    over: Cell<bool>,
}

impl Stopwatch {
    pub(crate) fn start(limits: PostLimits) -> Self {
        Self { limits, start: (limits.clock)(), over: Cell::new(false) }
    }

    /// Whether the time is over, once it was asked for.
    pub(crate) fn has_run_out(&self) -> bool {
        let used = (self.limits.clock)().saturating_sub(self.start);
        let has_run_out = used > self.limits.own_rule;
        self.over.set(self.over.get() || has_run_out);
        has_run_out
    }

    /// Notes that something was not looked at, as that could take too long.
    pub(crate) fn leave_out(&self) {
        self.over.set(true);
    }

    /// Whether it was over once, or something was left out.
    pub(crate) fn is_over(&self) -> bool {
        self.over.get()
    }

    /// What a finding says of it.
    pub(crate) fn message(&self, rule: &str) -> String {
        let seconds = self.limits.own_rule.as_secs_f32();
        format!(
            "`{rule}` did not check the whole post: it was stopped after {seconds} s, or a passage is too long"
        )
    }
}
