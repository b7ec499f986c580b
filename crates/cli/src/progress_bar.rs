//! The progress bar of a long run, on the standard error.

use crate::print::is_error_terminal;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use postmend_engine::progress::{Progress, Things};
use std::sync::{PoisonError, RwLock};

/// Shorter runs over posts are over before a bar could be read.
const FEWEST_POSTS: usize = 2000;

/// Draws a bar with its rate and the time that is left.
pub struct Bar {
    is_quiet: bool,
    drawn: RwLock<ProgressBar>,
}

impl Bar {
    /// No bar yet; none at all where nobody wants one.
    pub fn new(is_quiet: bool) -> Self {
        Self { is_quiet, drawn: RwLock::new(ProgressBar::hidden()) }
    }

    /// Does something that prints while the bar is not there.
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
    // The library's own rate has four decimals.
    let rate = |state: &ProgressState, out: &mut dyn std::fmt::Write| {
        let _ = write!(out, "{:.0}/s", state.per_sec());
    };
    ProgressStyle::with_template(template)
        .map_or_else(|_| ProgressBar::hidden(), |style| bar.with_style(style.with_key("rate", rate)))
}
