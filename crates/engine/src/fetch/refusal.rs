//! Why an image was not fetched.

use std::time::Duration;

/// The reason for a failed fetch.
#[derive(Debug)]
pub(super) struct FetchFailure {
    /// The message for the user.
    pub(super) message: String,
    /// Whether the failure is temporary, so that a retry may help.
    pub(super) is_temporary: bool,
    /// How long the server asks to wait before a retry.
    pub(super) retry_after: Option<Duration>,
    /// Whether another `Referer` header may help.
    pub(super) depends_on_referrer: bool,
}

impl FetchFailure {
    pub(super) fn permanent(message: impl Into<String>) -> Self {
        Self { message: message.into(), is_temporary: false, retry_after: None, depends_on_referrer: false }
    }

    pub(super) fn temporary(message: impl Into<String>) -> Self {
        Self { is_temporary: true, ..Self::permanent(message) }
    }
}
