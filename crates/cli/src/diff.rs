//! Prints the changes of a fix or a migration to a post.

use crate::print::{is_terminal, lines, write_raw};
use clap::ValueEnum;
use postmend_core::Patch;
use postmend_engine::escape::in_line;
use postmend_engine::unified_diff::unified_diff;
use std::io;
use std::path::Path;

/// When a diff keeps control characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LiveText {
    /// In a file or pipe outside of CI
    Auto,
    /// Always, so that the diff can be applied
    Always,
    /// Never
    Never,
}

/// Prints the changes of a patch to the text of a post as a diff.
pub fn diff(path: &Path, before: &str, patch: &Patch, live_text: LiveText) -> io::Result<()> {
    let name = in_line(&path.to_string_lossy());
    let page = unified_diff(name.trim_start_matches('/'), before, patch);
    // In a file or pipe the patch can be applied; a terminal or a CI log would interpret control characters.
    let is_live = match live_text {
        LiveText::Auto => !is_terminal() && !is_ci(),
        LiveText::Always => true,
        LiveText::Never => false,
    };
    if is_live { write_raw(page.as_bytes()) } else { lines(&page) }
}

/// The environment variables that indicate a CI job; not every system sets the first one.
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

/// Whether the output goes into the log of a CI job.
fn is_ci() -> bool {
    CI.iter().any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}
