//! What every command prints in the same way: trouble, diffs, counts, progress.

use crate::args::{ColorChoice, LiveText, PostArguments};
use crate::trouble::Trouble;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use miette::{GraphicalReportHandler, GraphicalTheme};
use postmend_engine::print::{
    as_it_is, in_line, is_error_colored, is_error_terminal, is_terminal, lines, say, say_drawn,
};
use std::io;
use std::path::Path;
use std::process::ExitCode;

/// Prints what turns one text of a post into another.
pub fn diff(path: &Path, before: &str, after: &str, live_text: LiveText) -> io::Result<()> {
    let name = in_line(&path.to_string_lossy());
    let name = name.trim_start_matches('/');
    let diff = similar::TextDiff::from_lines(before, after);
    let page = diff.unified_diff().header(&format!("a/{name}"), &format!("b/{name}")).to_string();
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

/// A closed pipe ends the output quietly; anything else is trouble.
pub fn output_failed(told: io::Result<()>) -> Result<Option<ExitCode>, Trouble> {
    match told {
        Ok(()) => Ok(None),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(Some(ExitCode::from(1))),
        Err(error) => {
            Err(Trouble::new(format!("cannot write the report: {error}"), "see where the output goes"))
        }
    }
}

/// "1 post", "2 posts", "3 copies", "4 addresses"
pub fn counted(count: usize, thing: &str) -> String {
    if count == 1 {
        return format!("1 {thing}");
    }
    match thing.strip_suffix('y') {
        Some(stem) => format!("{count} {stem}ies"),
        None => format!("{count} {thing}{}", if thing.ends_with('s') { "es" } else { "s" }),
    }
}

/// A bar for a long run over posts, with its rate and the time that is left.
pub fn progress_bar(quiet: bool, posts: usize) -> ProgressBar {
    // Shorter runs are over before a bar could be read.
    if quiet || posts < 2000 || !is_error_terminal() {
        return ProgressBar::hidden();
    }
    styled_bar(posts, "{bar:30} {pos}/{len} posts, {rate}, {eta} left")
}

/// A bar for images that come from the network.
pub fn image_bar(images: usize) -> ProgressBar {
    if images < 2 || !is_error_terminal() {
        return ProgressBar::hidden();
    }
    styled_bar(images, "{bar:30} {pos}/{len} images, {rate}, {eta} left")
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

/// Sets up colour and threads as the arguments say.
pub fn start(arguments: &PostArguments) -> Result<(), Trouble> {
    choose_color(arguments.color);
    rayon::ThreadPoolBuilder::new()
        .num_threads(arguments.jobs)
        .build_global()
        .map_err(|error| Trouble::new(format!("cannot start threads: {error}"), "try `--jobs 1`"))
}

fn choose_color(choice: ColorChoice) {
    let choice = match choice {
        ColorChoice::Auto => anstream::ColorChoice::Auto,
        ColorChoice::Always => anstream::ColorChoice::Always,
        ColorChoice::Never => anstream::ColorChoice::Never,
    };
    choice.write_global();
}

/// How many troubles of one run are told in full.
const MOST_TROUBLES: usize = 20;

/// Tells of the troubles of a run; of many, the first ones and how many more there are.
pub fn tell_all(troubles: &[Trouble]) {
    troubles.iter().take(MOST_TROUBLES).for_each(tell);
    if let Some(more) = troubles.len().checked_sub(MOST_TROUBLES).filter(|more| *more > 0) {
        say(format_args!("  and {more} more of such troubles"));
    }
}

/// Tells of trouble on standard error.
pub fn tell(trouble: &Trouble) {
    let colored = is_error_colored();
    let theme = if colored { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let mut page = String::new();
    match GraphicalReportHandler::new_themed(theme).with_links(false).render_report(&mut page, trouble) {
        Ok(()) => say_drawn(&page),
        Err(_) => say(format_args!("{trouble}")),
    }
}
