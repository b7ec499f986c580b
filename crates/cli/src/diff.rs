//! Prints what a fix or a migration changes in a post.

use crate::print::{as_it_is, is_terminal, lines};
use clap::ValueEnum;
use postmend_core::Patch;
use postmend_engine::escape::in_line;
use postmend_engine::unified_diff::unified_diff;
use std::io;
use std::path::Path;

/// When a diff has control characters as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LiveText {
    /// In a file or pipe outside of CI
    Auto,
    /// Always, so that the diff can be applied
    Always,
    /// Never
    Never,
}

/// Prints what a patch changes in the text of a post.
pub fn diff(path: &Path, before: &str, patch: &Patch, live_text: LiveText) -> io::Result<()> {
    let name = in_line(&path.to_string_lossy());
    let page = unified_diff(name.trim_start_matches('/'), before, patch);
    // A file or program gets a patch that can be applied; a log would obey what is in it.
    let is_live = match live_text {
        LiveText::Auto => !is_terminal() && !is_ci(),
        LiveText::Always => true,
        LiveText::Never => false,
    };
    if is_live { as_it_is(page.as_bytes()) } else { lines(&page) }
}

/// The variables that tell a job of CI, of those systems too that do not set the first one.
const CI: [&str; 9] = [
    "CI",
    "GITHUB_ACTIONS",
    "TF_BUILD",
    "JENKINS_URL",
    "TEAMCITY_VERSION",
    "BUILDKITE",
    "CODEBUILD_BUILD_ID",
    "bamboo_buildKey",
    "GO_PIPELINE_NAME",
];

/// Whether what is printed goes into the log of a job.
fn is_ci() -> bool {
    CI.iter().any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}
