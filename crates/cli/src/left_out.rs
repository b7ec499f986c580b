//! What a run did not read, in a few lines.

use crate::print::eprint_line;
use postmend_core::Generator;
use postmend_engine::find_posts::{LeftOut, OutsideFiles};
use postmend_engine::paths::display_path;
use postmend_engine::plural::counted;
use std::path::{Path, PathBuf};

/// The maximum number of paths that a line lists, unless all are asked for.
pub const MOST_PATHS: usize = 3;

/// Prints what was not read, and why; a line has up to `most` paths.
pub fn print_left_out(left_out: &LeftOut, most: usize) {
    for (site, OutsideFiles { generator, paths }) in &left_out.files {
        let here = display_path(site);
        let place =
            if here.as_os_str().is_empty() { "here".to_owned() } else { format!("in {}", here.display()) };
        let (files, were) = (counted(paths.len(), "file"), if paths.len() == 1 { "was" } else { "were" });
        let whose = match generator {
            Generator::None => "that `content` of the config names".to_owned(),
            generator => format!("of the {} site {place}", generator.title()),
        };
        let paths: Vec<&Path> = paths.iter().map(PathBuf::as_path).collect();
        eprint_line(format_args!(
            "{files} outside the content {whose} {were} not read: {}",
            listed(&paths, most)
        ));
    }
    if !left_out.folders.is_empty() {
        let folders: Vec<&Path> = left_out.folders.iter().map(PathBuf::as_path).collect();
        eprint_line(format_args!("not read: packages and nested repositories: {}", listed(&folders, most)));
    }
    if !left_out.excluded.is_empty() {
        let files: Vec<&Path> = left_out.excluded.iter().map(PathBuf::as_path).collect();
        eprint_line(format_args!("not read, as `exclude` of the config matches: {}", listed(&files, most)));
    }
}

/// The first of some paths, and the number of the others.
fn listed(paths: &[&Path], most: usize) -> String {
    let without_dot = |path: &Path| path.strip_prefix(".").unwrap_or(path).display().to_string();
    let shown = paths.iter().take(most).map(|path| without_dot(display_path(path)));
    let mut text = shown.collect::<Vec<_>>().join(", ");
    if let Some(more) = paths.len().checked_sub(most).filter(|more| *more > 0) {
        text.push_str(&format!(" and {more} more"));
    }
    text
}
