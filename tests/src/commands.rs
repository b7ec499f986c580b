//! Runs the commands of a page in a temporary folder, to compare their output with the page.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;

/// All report formats.
pub const FORMATS: [&str; 12] = [
    "human",
    "concise",
    "json",
    "json-lines",
    "sarif",
    "github",
    "gitlab",
    "junit",
    "checkstyle",
    "rdjson",
    "markdown",
    "html",
];

/// The project's root.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("this crate stands in the project")
}

/// The folder where cargo puts the binaries.
static BINARIES: LazyLock<PathBuf> = LazyLock::new(|| {
    let here = std::env::current_exe().expect("a test has a path");
    here.ancestors().nth(2).expect("tests stand in target/debug/deps").to_owned()
});

/// The path of a binary, which cargo builds before the tests of its package.
pub fn binary(name: &str) -> PathBuf {
    BINARIES.join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}

/// The path of the postmend binary.
pub static BINARY: LazyLock<PathBuf> = LazyLock::new(|| binary("postmend"));

/// The state folder of the tests, where postmend stores the runs of folders without git, so that the home folder is
/// not used.
pub static STATE: LazyLock<PathBuf> =
    LazyLock::new(|| BINARIES.join(format!("state-of-tests/{}", std::process::id())));

/// A command without the `GIT_*` environment variables: the tests may run in a hook of a repository.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        if name.as_encoded_bytes().starts_with(b"GIT_") {
            command.env_remove(name);
        }
    }
    command
}

/// A postmend command that uses the state folder of the tests.
pub fn postmend() -> Command {
    let mut command = command(&*BINARY);
    command.env("XDG_STATE_HOME", &*STATE).env_remove("CI");
    command
}

/// Runs a page block by block in `folder`: ```` ```file NAME ```` writes a file, with Rust escapes if the word
/// `escaped` follows; ```` ```console ```` runs its lines that begin with `$`; and ```` ```shows NAME ```` shows the
/// current content of a file. Returns the page with the current output.
pub fn play(page: &str, folder: &Path) -> String {
    let mut out = String::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        out.push_str(line);
        out.push('\n');
        let Some(kind) = line.strip_prefix("```").filter(|kind| !kind.is_empty()) else { continue };
        let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        let mut words = kind.split_whitespace();
        match (words.next(), words.next()) {
            (Some("file"), Some(name)) => {
                write_file(&folder.join(name), &block, words.next() == Some("escaped"));
                out.extend(block.iter().map(|line| format!("{line}\n")));
            }
            (Some("shows"), Some(name)) => {
                let bytes = fs::read(folder.join(name)).expect("the file that the page shows");
                let text = String::from_utf8_lossy(&bytes);
                let text = if words.next() == Some("escaped") {
                    super::escape(&text) + "\n"
                } else {
                    text.into_owned()
                };
                out.push_str(&text);
            }
            (Some("console"), _) => out.push_str(&console(&block, folder)),
            _ => out.extend(block.iter().map(|line| format!("{line}\n"))),
        }
        out.push_str("```\n");
    }
    out
}

fn write_file(path: &Path, block: &[&str], escaped: bool) {
    fs::create_dir_all(path.parent().expect("a file in the folder")).expect("a folder can be made");
    let text = block.join("\n");
    let text = if escaped { super::unescape(&text) } else { text + "\n" };
    fs::write(path, text).expect("a file can be written");
}

/// Each command with its output: `? N` for an exit code other than 0, then standard output and standard error.
/// Commands of cargo take minutes, so they are not run here but by the CI script.
fn console(block: &[&str], folder: &Path) -> String {
    let mut out = String::new();
    for line in block.iter().filter(|line| line.starts_with("$ ")) {
        out.push_str(line);
        out.push('\n');
        if line.starts_with("$ cargo ") {
            continue;
        }
        let command = line[2..].replace("postmend ", "\"$POSTMEND\" ");
        let ran = self::command("sh")
            .args(["-c", &command])
            .current_dir(folder)
            .env("POSTMEND", &*BINARY)
            .env("XDG_STATE_HOME", &*STATE)
            .env_remove("CI")
            .env("NO_COLOR", "1")
            .stdin(Stdio::null())
            .output()
            .expect("a shell runs");
        if let Some(code) = ran.status.code().filter(|code| *code != 0) {
            out.push_str(&format!("? {code}\n"));
        }
        for stream in [ran.stdout, ran.stderr] {
            // Editors would remove trailing spaces.
            let text = String::from_utf8_lossy(&stream).into_owned();
            out.extend(text.trim_end().lines().map(|line| format!("{}\n", line.trim_end())));
        }
    }
    out
}

/// Copies a folder with its content.
pub fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder can be made");
    for entry in fs::read_dir(from).expect("a folder can be read") {
        let entry = entry.expect("an entry can be read");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a file can be copied");
        }
    }
}

/// All files below a folder that are not hidden, with their content.
pub fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("a folder can be read") {
        let path = entry.expect("an entry can be read").path();
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.')) {
            continue;
        }
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            let bytes = fs::read(&path).expect("a file can be read");
            found.insert(path, bytes);
        }
    }
    found
}
