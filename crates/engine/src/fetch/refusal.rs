//! Why an image was not fetched.

use std::time::Duration;

/// Why there is no image.
#[derive(Debug)]
pub(super) struct FetchFailure {
    /// What the user reads.
    pub(super) message: String,
    /// Whether it may go by itself.
    pub(super) is_passing: bool,
    /// How long the server asks to wait.
    pub(super) retry_after: Option<Duration>,
    /// Whether another referrer may help.
    pub(super) depends_on_referrer: bool,
}

impl FetchFailure {
    pub(super) fn lasting(message: impl Into<String>) -> Self {
        Self { message: message.into(), is_passing: false, retry_after: None, depends_on_referrer: false }
    }

    pub(super) fn passing(message: impl Into<String>) -> Self {
        Self { is_passing: true, ..Self::lasting(message) }
    }
}
