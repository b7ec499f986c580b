//! The summary of a run in one line.

use postmend_engine::paths;
use postmend_engine::plural::counted;
use postmend_engine::report::Tally;
use std::path::Path;

/// The summary of a run in one line; `fixing` is what it says of fixes.
pub fn summary(tally: &Tally, fixing: Option<&str>) -> String {
    let mut text = outcome(tally, fixing);
    if tally.generated > 0 {
        let (files, were) =
            (counted(tally.generated, "file"), if tally.generated == 1 { "was" } else { "were" });
        text.push_str(&format!("; {files} that a program writes {were} not checked"));
    }
    match tally.ignored_directives {
        0 => text,
        1 => format!("{text}; 1 comment that disables rules was ignored"),
        count => format!("{text}; {count} comments that disable rules were ignored"),
    }
}

fn outcome(tally: &Tally, fixing: Option<&str>) -> String {
    let posts = counted(tally.posts, "post");
    let found = tally.findings();
    let mut text = tally.share();
    if let Some(fixing) = fixing {
        let fixed = tally.fixed.values().sum();
        let changed = counted(tally.posts_changed, "post");
        text.push_str(&format!("{fixing} {} in {changed}; ", counted(fixed, "finding")));
    }
    if found == 0 {
        return format!("{text}no findings in {posts}");
    }
    let left = if fixing.is_some() { " left" } else { "" };
    let affected = counted(tally.posts_with_findings, "post");
    text.push_str(&format!("{}{left} in {affected} of {}", counted(found, "finding"), tally.posts));
    match (tally.fixable, tally.fixable_with_review) {
        (0, 0) => {}
        (0, review) => text.push_str(&format!("; {review} fixable with `fix --review`")),
        (safe, 0) => text.push_str(&format!("; {safe} fixable with `fix`")),
        (safe, review) => {
            text.push_str(&format!("; {safe} fixable with `fix`, {review} more with `fix --review`"));
        }
    }
    text
}

/// The command that undoes a run, from the current folder.
pub fn undo_hint(root: &Path, number: u32) -> String {
    let is_here = paths::absolute(Path::new(".")).starts_with(root);
    let folder =
        if is_here { String::new() } else { format!(" --folder {}", paths::display_path(root).display()) };
    format!("run {number}: undo it with `postmend undo {number}{folder}`")
}
