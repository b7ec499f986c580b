//! The progress bar of a long run, on standard error.

use crate::print::is_error_terminal;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use postmend_engine::progress::{Progress, Things};
use std::sync::{PoisonError, RwLock};

/// The minimum number of posts for a progress bar, as shorter runs end too quickly to read it.
const FEWEST_POSTS: usize = 2000;

/// Draws a bar with the rate and the estimated remaining time.
pub struct Bar {
    is_quiet: bool,
    drawn: RwLock<ProgressBar>,
}

impl Bar {
    /// A bar that is not shown yet; with `is_quiet` it never is.
    pub fn new(is_quiet: bool) -> Self {
        Self { is_quiet, drawn: RwLock::new(ProgressBar::hidden()) }
    }

    /// Hides the bar while `print` runs.
    pub fn suspend<T>(&self, print: impl FnOnce() -> T) -> T {
        self.drawn.read().unwrap_or_else(PoisonError::into_inner).suspend(print)
    }
}

impl Progress for Bar {
    fn start(&self, what: Things, count: usize) {
        let (fewest, template) = match what {
            Things::Posts => (FEWEST_POSTS, "{bar:30} {pos}/{len} posts, {rate}, {eta} left"),
            Things::Images => (2, "{bar:30} {pos}/{len} images, {rate}, {eta} left"),
        };
        if !self.is_quiet && count >= fewest && is_error_terminal() {
            *self.drawn.write().unwrap_or_else(PoisonError::into_inner) = styled_bar(count, template);
        }
    }

    fn advance(&self, count: usize) {
        self.drawn.read().unwrap_or_else(PoisonError::into_inner).inc(count as u64);
    }

    fn finish(&self) {
        self.drawn.read().unwrap_or_else(PoisonError::into_inner).finish_and_clear();
    }
}

fn styled_bar(length: usize, template: &str) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(length as u64), ProgressDrawTarget::stderr());
    // The rate of the library has four decimals.
    let rate = |state: &ProgressState, out: &mut dyn std::fmt::Write| {
        let _ = write!(out, "{:.0}/s", state.per_sec());
    };
    ProgressStyle::with_template(template)
        .map_or_else(|_| ProgressBar::hidden(), |style| bar.with_style(style.with_key("rate", rate)))
}
