//! Benchmarks of postmend on generated posts: compares it with other tools and with the minimum time for reading the
//! files, verifies its findings, and writes `docs/benchmarks.md`.

mod command;
mod corpus;
mod jobs;
mod machine;
mod measure;
mod page;
mod parts;
mod peers;
mod rounds;
mod server;

use crate::{replay, target};
use clap::{Args, ValueEnum};
use command::run;
use jobs::Own;
use page::BenchPage;
use parts::BenchSetup;
use peers::{PEERS, PeerTools};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What to measure.
#[derive(Args)]
pub(crate) struct BenchOptions {
    /// How often each command is timed
    #[arg(long, value_name = "N", default_value_t = 7)]
    rounds: usize,
    /// Measure these parts only, and print the page instead of writing it
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<BenchPart>,
    /// Try everything once on few posts, without other tools, and print the page instead of writing it
    #[arg(long)]
    quick: bool,
    /// The most posts that are made
    #[arg(long, value_name = "POSTS", default_value_t = 100_000)]
    largest: usize,
    /// Leave other tools out
    #[arg(long)]
    no_peers: bool,
    /// Measure this binary instead of building one
    #[arg(long, value_name = "FILE")]
    postmend: Option<PathBuf>,
}

/// A part of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum BenchPart {
    /// Checking, beside fast tools
    Check,
    /// Checking, beside slow tools
    Slow,
    /// Writing, beside `sed` and `sd`
    Rewrite,
    /// One thread and two
    Threads,
    /// Few posts and many
    Scale,
    /// One clean post
    Start,
    /// Reports of many findings
    Output,
    /// The language server
    Server,
}

type Measured = fn(&BenchSetup<'_>, &mut BenchPage) -> Result<(), String>;

const PARTS: [(BenchPart, Measured); 8] = [
    (BenchPart::Check, parts::check),
    (BenchPart::Slow, parts::slow),
    (BenchPart::Rewrite, parts::rewrite),
    (BenchPart::Threads, parts::threads),
    (BenchPart::Scale, parts::scale),
    (BenchPart::Start, parts::start),
    (BenchPart::Output, parts::output),
    (BenchPart::Server, parts::server),
];

/// Runs the benchmarks; returns the page, or the path where it was written.
pub(crate) fn page(root: &Path, wanted: &BenchOptions) -> Result<String, String> {
    // A trial uses its own folder, so that it does not interfere with another run.
    let below = target::folder().join(if wanted.quick { "bench/trial" } else { "bench" });
    fs::create_dir_all(&below).map_err(|error| format!("cannot make {}: {error}", below.display()))?;
    let own = build_programs(root, &below, wanted)?;
    let without = wanted.no_peers || wanted.quick;
    let tools = if without { PeerTools::none() } else { PeerTools::installed(&below.join("tools"))? };
    let sizes: &[usize] = if wanted.quick { &[100, 300] } else { &[1_000, 10_000, 100_000] };
    let sizes: Vec<usize> = sizes.iter().copied().filter(|size| *size <= wanted.largest).collect();
    if sizes.is_empty() {
        return Err("--largest leaves no posts: the fewest are 1,000".to_owned());
    }
    let rounds = if wanted.quick { 1 } else { wanted.rounds };
    let bench = BenchSetup { below: &below, own, tools, sizes, rounds, quick: wanted.quick };
    let (started, load_before) = (machine::now(root), machine::load());
    let mut page = BenchPage::default();
    for (part, measured) in PARTS {
        if wanted.only.is_empty() || wanted.only.contains(&part) {
            eprintln!("measuring: {}", part.to_possible_value().expect("each part has a name").get_name());
            measured(&bench, &mut page)?;
        }
    }
    let text = head(root, &bench, &page, &started, load_before)? + &page.text;
    if wanted.quick || !wanted.only.is_empty() {
        return Ok(text);
    }
    let path = root.join("docs/benchmarks.md");
    fs::write(&path, text + &replay::recorded(root)?)
        .map_err(|error| format!("cannot write {}: {error}", path.display()))?;
    Ok(format!("{}wrote {}", page.goals(), path.display()))
}

/// Builds the programs to measure.
fn build_programs(root: &Path, below: &Path, wanted: &BenchOptions) -> Result<Own, String> {
    let floor = below.join("floor");
    // Built with `rustc` directly, as it needs no other crate and must not be a debug build.
    let source = root.join("xtask/examples/floor.rs");
    run(Command::new("rustc")
        .args(["--edition", "2024", "-C", "opt-level=3", "-o"])
        .arg(&floor)
        .arg(source))?;
    run(Command::new("cargo")
        .args(["build", "--quiet", "--package", "xtask", "--example", "measure"])
        .current_dir(root))?;
    let measure = target::folder().join("debug/examples/measure");
    let postmend = match &wanted.postmend {
        Some(given) => given.canonicalize().map_err(|error| format!("no {}: {error}", given.display()))?,
        None => {
            let profile = if wanted.quick { "dev" } else { "dist" };
            let arguments = ["build", "--quiet", "--package", "postmend", "--profile", profile];
            run(Command::new("cargo").args(arguments).current_dir(root))?;
            target::folder().join(if wanted.quick { "debug" } else { "dist" }).join("postmend")
        }
    };
    Ok(Own { postmend, floor, measure })
}

/// The part of the page before the tables.
fn head(
    root: &Path,
    bench: &BenchSetup<'_>,
    page: &BenchPage,
    started: &str,
    load_before: f64,
) -> Result<String, String> {
    let mut head = BenchPage::default();
    head.add("# Benchmarks\n");
    head.add(
        "`cargo xtask bench` wrote this page: it makes posts of the kind that bots and importers leave, installs other \
         tools, and runs all in turn.\nA run counts only if postmend finds exactly the flaws that were put into the \
         posts.\n",
    );
    head.row(["what", "which"]);
    head.row(["---", "---"]);
    let version = run(Command::new(&bench.own.postmend).arg("--version"))?;
    let mut facts = vec![
        ("measured", format!("{started} to {} UTC, {} rounds", machine::now(root), bench.rounds)),
        (
            "load average",
            format!(
                "{load_before:.2} before, {:.2} after; above 1, other programs were running too",
                machine::load()
            ),
        ),
        ("version", format!("{}, {}", version.trim(), machine::commit(root))),
    ];
    facts.extend(machine::described(root, bench.below));
    let present = PEERS.iter().filter(|peer| bench.tools.program(peer.name).is_some());
    let present: Vec<String> = present.map(|peer| format!("{} {}", peer.name, peer.version)).collect();
    facts.push(("other tools", if present.is_empty() { "none".to_owned() } else { present.join(", ") }));
    for (name, reason) in &bench.tools.missing {
        facts.push(("not installed", format!("{name}: {reason}")));
    }
    for (what, which) in &facts {
        head.row([*what, which.as_str()]);
    }
    if bench.quick {
        head.add("\n**A trial on few posts with a debug build: these numbers say nothing.**");
    }
    if page.targets.is_empty() {
        return Ok(head.text);
    }
    head.section(
        "Goals",
        "CPU is user and system time of a command and all that it starts; ratios are medians over pairs of the same \
         round, so that noise affects both.",
    );
    head.text.push_str(&page.goals());
    Ok(head.text)
}
