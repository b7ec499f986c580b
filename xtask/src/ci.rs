//! The CI gate: everything that must hold before a change is merged, step by step, with times. `.ci/run` installs the
//! tools and calls it.

use crate::{command, docs, notices, target};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

type StepResult = Result<(), String>;

/// A name, and what must succeed.
type GateStep = (&'static str, fn(&Gate<'_>) -> StepResult);

/// What is cheap and fails often comes first.
const STEPS: [GateStep; 16] = [
    ("format", |gate| gate.run("cargo fmt --all --check")),
    ("pages", |gate| docs::write(gate.root, true).map(drop)),
    ("notices", |gate| notices::write(gate.root, true).map(drop)),
    ("clippy", |gate| {
        gate.run("cargo clippy --workspace --all-targets --all-features --quiet -- --deny warnings")
    }),
    ("features", |gate| {
        gate.run("cargo clippy --package postmend --no-default-features --quiet -- --deny warnings")
    }),
    ("rustdoc", |gate| {
        let mut rustdoc = gate.command("cargo doc --workspace --no-deps --document-private-items --quiet");
        finish(rustdoc.env("RUSTDOCFLAGS", "--deny warnings"))
    }),
    ("book", book),
    ("licences", |gate| gate.run("cargo deny --all-features check licenses bans sources")),
    ("advisories", advisories),
    ("first-command", |gate| {
        // The sample posts have findings, so the exit code must be 1.
        let mut check = gate.command("cargo run --release --no-default-features -- check tests/posts");
        match status(&mut check)? {
            Some(1) => Ok(()),
            other => Err(format!("exit code {other:?} instead of 1")),
        }
    }),
    ("install", install),
    ("tests", |gate| gate.run("cargo test --workspace")),
    ("hooks", |gate| {
        let mut prove = gate.command("tests/hooks/prove");
        finish(prove.env("POSTMEND", gate.installed()).env("PATH", gate.path_with_python()))
    }),
    ("ci-systems", |gate| {
        let mut prove = Command::new(gate.python().join("python"));
        finish(in_project(&mut prove, gate.root).arg("tests/ci/prove").arg(gate.installed()))
    }),
    ("editors", |gate| finish(gate.command("tests/editors/prove").env("POSTMEND", gate.installed()))),
    ("uploads", |gate| {
        let mut uploads = gate.command("cargo test --package postmend --features upload --test uploads");
        finish(uploads.env("POSTMEND_S3_SERVER", gate.tools().join("bin/s3s-fs")))
    }),
];

/// Runs all steps, or only those that are named.
///
/// # Errors
/// A step failed; those after it did not run.
pub(crate) fn run(root: &Path, only: &[String]) -> Result<String, String> {
    if let Some(unknown) = only.iter().find(|name| STEPS.iter().all(|(step, _)| step != name)) {
        let names: Vec<&str> = STEPS.iter().map(|(name, _)| *name).collect();
        return Err(format!("unknown step `{unknown}`; the steps are {}", names.join(", ")));
    }
    let gate = Gate { root };
    let mut times = String::new();
    let began = Instant::now();
    for (name, step) in
        STEPS.iter().filter(|(name, _)| only.is_empty() || only.iter().any(|wanted| wanted == name))
    {
        println!("\n== {name}");
        let step_began = Instant::now();
        step(&gate).map_err(|why| format!("step {name}: {why}\n{times}"))?;
        let _ = writeln!(times, "{name:>14} {:6} s", step_began.elapsed().as_secs());
    }
    let _ = write!(times, "{:>14} {:6} s", "all", began.elapsed().as_secs());
    Ok(format!("\n{times}"))
}

/// The project to check.
struct Gate<'a> {
    root: &'a Path,
}

impl Gate<'_> {
    fn run(&self, line: &str) -> StepResult {
        finish(&mut self.command(line))
    }

    /// A command in the project's folder. Its arguments must not contain spaces.
    fn command(&self, line: &str) -> Command {
        let mut words = line.split(' ');
        let mut command = Command::new(words.next().unwrap_or_default());
        in_project(&mut command, self.root).args(words);
        command
    }

    /// The folder of the tools that `.ci/run` installs.
    fn tools(&self) -> PathBuf {
        self.root.join("target/tools")
    }

    fn python(&self) -> PathBuf {
        self.tools().join("python/bin")
    }

    fn path_with_python(&self) -> String {
        format!("{}:{}", self.python().display(), std::env::var("PATH").unwrap_or_default())
    }

    fn installed(&self) -> PathBuf {
        self.root.join("target/installed/bin/postmend")
    }
}

/// Prepares a command to run in the project, without the environment variables that `cargo xtask` set for this
/// program: build scripts that depend on them would run again.
fn in_project<'c>(command: &'c mut Command, root: &Path) -> &'c mut Command {
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy().into_owned();
        let prefixes = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_"];
        if name == "CARGO"
            || name == "LD_LIBRARY_PATH"
            || prefixes.iter().any(|prefix| name.starts_with(prefix))
        {
            command.env_remove(name);
        }
    }
    command.current_dir(root)
}

fn finish(command: &mut Command) -> StepResult {
    match status(command)? {
        Some(0) => Ok(()),
        Some(code) => Err(format!("exit code {code}")),
        None => Err("ended by a signal".to_owned()),
    }
}

fn status(command: &mut Command) -> Result<Option<i32>, String> {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words: Vec<_> = words.map(|word| word.to_string_lossy()).collect();
    let (line, program) = (words.join(" "), words[0].to_string());
    println!("$ {line}");
    let status = command.stdin(Stdio::null()).status();
    status.map(|status| status.code()).map_err(|error| format!("cannot run {program}: {error}"))
}

/// The book builds, and mdBook warns of nothing.
fn book(gate: &Gate<'_>) -> StepResult {
    let mut build = Command::new(gate.tools().join("bin/mdbook"));
    let built = in_project(&mut build, gate.root).args(["build", "docs", "--dest-dir"]);
    let built = built.arg(target::folder().join("book")).output();
    let built = built.map_err(|error| format!("cannot run mdbook: {error}"))?;
    let errors = String::from_utf8_lossy(&built.stderr);
    if built.status.success() && !errors.contains("WARN") && !errors.contains("ERROR") {
        Ok(())
    } else {
        Err(errors.into_owned())
    }
}

/// The advisory database is a git repository, which a closed network does not reach. Offline, cargo-deny uses the
/// copy that an earlier run left, where there is one.
fn advisories(gate: &Gate<'_>) -> StepResult {
    let fetched = finish(&mut gate.command("timeout 60 cargo deny fetch db"));
    let home = std::env::var("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|_| std::env::var("HOME").map(|home| Path::new(&home).join(".cargo")));
    let has_copy = home.is_ok_and(|home| {
        home.join("advisory-dbs")
            .read_dir()
            .is_ok_and(|entries| entries.flatten().any(|entry| entry.path().is_dir()))
    });
    if fetched.is_err() && !has_copy {
        println!("advisories not checked: no copy of the database, and no way to fetch one");
        return Ok(());
    }
    gate.run("cargo deny --offline check advisories")
}

/// The README's installation, into a folder of the project.
fn install(gate: &Gate<'_>) -> StepResult {
    let mut install = gate.command("cargo install --locked --path crates/cli");
    finish(install.env("CARGO_INSTALL_ROOT", gate.root.join("target/installed")))?;
    let version = command::text(Command::new(gate.installed()).arg("--version"))?;
    let expected = format!("postmend {}\n", env!("CARGO_PKG_VERSION"));
    if version == expected { Ok(()) } else { Err(format!("{version:?} instead of {expected}")) }
}
