//! The system clock.

use postmend_core::date::Instant;
use std::time::SystemTime;

/// The current instant.
pub fn now() -> Instant {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Instant(i64::try_from(now.as_millis()).unwrap_or(0))
}

/// The current date in UTC, such as `2026-11-23`.
pub fn today() -> String {
    let now = now().to_string();
    now.split_once('T').map_or_else(|| now.clone(), |(day, _)| day.to_owned())
}
