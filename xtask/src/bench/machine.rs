//! Information about the machine and its load.

use super::command::run;
use std::fs;
use std::path::Path;
use std::process::Command;

/// The rows of a table: name and value.
pub(super) fn described(root: &Path, below: &Path) -> Vec<(&'static str, String)> {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let gigabytes = first_number(&field("/proc/meminfo", "MemTotal")) / 1e6;
    vec![
        ("processor", format!("{}, {cores} cores", field("/proc/cpuinfo", "model name"))),
        ("memory", format!("{gigabytes:.0} GB")),
        ("system", output_of("uname", &["-sr"], root)),
        ("file system", output_of("stat", &["-f", "-c", "%T", &below.display().to_string()], root)),
        ("compiler", output_of("rustc", &["--version"], root)),
    ]
}

/// The abbreviated hash of the measured commit, and whether there are uncommitted changes.
pub(super) fn commit(root: &Path) -> String {
    let dirty = if output_of("git", &["status", "--porcelain", "crates"], root).is_empty() {
        ""
    } else {
        " and changes"
    };
    format!("{}{dirty}", output_of("git", &["rev-parse", "--short=10", "HEAD"], root))
}

/// The date and time in UTC.
pub(super) fn now(root: &Path) -> String {
    output_of("date", &["-u", "+%Y-%m-%d %H:%M"], root)
}

/// The load average of the last minute.
pub(super) fn load() -> f64 {
    first_number(&fs::read_to_string("/proc/loadavg").unwrap_or_default())
}

/// The output of a command; empty if it fails.
fn output_of(program: &str, arguments: &[&str], root: &Path) -> String {
    run(Command::new(program).args(arguments).current_dir(root)).unwrap_or_default().trim().to_owned()
}

/// The value of a line `name : value` in a file.
fn field(path: &str, name: &str) -> String {
    let text = fs::read_to_string(path).unwrap_or_default();
    let line = text.lines().find(|line| line.starts_with(name)).unwrap_or_default();
    line.split_once(':').map_or("unknown", |(_, value)| value.trim()).to_owned()
}

fn first_number(text: &str) -> f64 {
    text.split_whitespace().next().and_then(|number| number.parse().ok()).unwrap_or(f64::NAN)
}
