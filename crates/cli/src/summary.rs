//! What a run comes to, in one line.

use postmend_engine::paths;
use postmend_engine::plural::counted;
use postmend_engine::report::Tally;
use std::path::Path;

/// What a run comes to, in one line.
pub fn summary(tally: &Tally, is_fix: bool) -> String {
    let told = outcome(tally, is_fix);
    match tally.unheeded {
        0 => told,
        1 => format!("{told}; 1 comment that would switch rules off does not count"),
        count => format!("{told}; {count} comments that would switch rules off do not count"),
    }
}

fn outcome(tally: &Tally, is_fix: bool) -> String {
    let posts = counted(tally.posts, "post");
    let found = tally.findings();
    let mut told = tally.share();
    if is_fix {
        let fixed = tally.fixed.values().sum();
        let changed = counted(tally.posts_changed, "post");
        told.push_str(&format!("fixed {} in {changed}; ", counted(fixed, "finding")));
    }
    if found == 0 {
        return format!("{told}nothing to report in {posts}");
    }
    let left = if is_fix { " left" } else { "" };
    let places = counted(tally.posts_with_findings, "post");
    told.push_str(&format!("{}{left} in {places} of {}", counted(found, "finding"), tally.posts));
    let mendable = [(tally.fixable, "`fix`"), (tally.fixable_with_review, "`fix --unsafe`")];
    for (count, command) in mendable.iter().filter(|(count, _)| *count > 0) {
        told.push_str(&format!("; {command} mends {count}"));
    }
    told
}

/// How a run is taken back, from here.
pub fn taken_back(root: &Path, number: u32) -> String {
    let is_here = paths::absolute(Path::new(".")).starts_with(root);
    let folder = if is_here { String::new() } else { format!(" --folder {}", paths::shown(root).display()) };
    format!("run {number}: `postmend undo {number}{folder}` takes it back")
}
