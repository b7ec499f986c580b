//! What a run did not read, in a few lines.

use crate::print::eprint_line;
use postmend_engine::find_posts::LeftOut;
use postmend_engine::paths::display_path;
use postmend_engine::plural::counted;
use std::path::{Path, PathBuf};

/// The maximum number of paths that a line lists.
const MOST_PATHS: usize = 3;

/// Prints what was not read, and why.
pub fn print_left_out(left_out: &LeftOut) {
    for (site, (generator, count)) in &left_out.files {
        let here = display_path(site);
        let place =
            if here.as_os_str().is_empty() { "here".to_owned() } else { format!("in {}", here.display()) };
        let (files, were) = (counted(*count, "file"), if *count == 1 { "was" } else { "were" });
        let generator = generator.title();
        eprint_line(format_args!(
            "{files} outside the content of the {generator} site {place} {were} not read; `postmend config show` names it"
        ));
    }
    if !left_out.folders.is_empty() {
        let folders: Vec<&Path> = left_out.folders.iter().map(PathBuf::as_path).collect();
        eprint_line(format_args!("not read: packages and nested repositories: {}", listed(&folders)));
    }
    if !left_out.excluded.is_empty() {
        let files: Vec<&Path> = left_out.excluded.iter().map(PathBuf::as_path).collect();
        eprint_line(format_args!("not read, as `exclude` of the config matches: {}", listed(&files)));
    }
}

/// The first of some paths, and the number of the others.
fn listed(paths: &[&Path]) -> String {
    let shown = paths.iter().take(MOST_PATHS).map(|path| display_path(path).display().to_string());
    let mut text = shown.collect::<Vec<_>>().join(", ");
    if let Some(more) = paths.len().checked_sub(MOST_PATHS).filter(|more| *more > 0) {
        text.push_str(&format!(" and {more} more"));
    }
    text
}
