//! The project's own chores; `cargo xtask --help` lists them.

mod bench;
mod ci;
mod command;
mod dist;
mod docs;
mod generators;
mod made_posts;
mod model;
mod new_rule;
mod notices;
mod replay;
mod rows;
mod target;
mod typo_eval;

use clap::{Parser, Subcommand};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Parser)]
#[command(name = "cargo xtask")]
struct XtaskArguments {
    #[command(subcommand)]
    chore: Chore,
    /// The project's root, if it is not this one
    #[arg(long, global = true)]
    root: Option<PathBuf>,
}

#[derive(Subcommand)]
enum Chore {
    /// Write the rules' pages in docs, their list and their lines in the summary, and follow all links
    Docs {
        /// Change nothing, and fail if something would change
        #[arg(long)]
        check: bool,
    },
    /// Add a rule: one file, one page, and two lines in the list
    NewRule {
        /// The defect in kebab case, as in "allow NAME"
        name: String,
    },
    /// Compile the data that the typo engine embeds, from packages of crates.io and npm
    Model {
        /// Change nothing, and fail if something would change
        #[arg(long)]
        check: bool,
        /// Make the model of `likely-misspelling` instead, in this folder, from a package of Debian's
        #[arg(long, value_name = "FOLDER", num_args = 0..=1, default_missing_value = "target/model/deep")]
        deep: Option<PathBuf>,
        /// Count the words of English documents instead, below a folder with one for each repository
        #[arg(long, value_name = "FOLDER", conflicts_with = "deep")]
        count: Option<PathBuf>,
    },
    /// Write the notices of all that the binary embeds, in THIRD-PARTY-NOTICES.txt. Needs cargo-about, but not to check
    Notices {
        /// Change nothing, and fail if something would change
        #[arg(long)]
        check: bool,
    },
    /// Measure the typo rules: what they find of known mistakes, what they say of clean text, how fast
    TypoEval {
        /// A folder of sets: files of lines `source TAB target`
        #[arg(required_unless_present = "repositories")]
        sets: Option<PathBuf>,
        /// Instead, a folder with a folder for each repository: write all findings to be judged, and count the verdicts,
        /// which are kept in xtask/verdicts.tsv
        #[arg(long, value_name = "FOLDER", conflicts_with = "sets")]
        repositories: Option<PathBuf>,
        /// The file of these findings: write `right`, `fix` or `wrong` in its first column, and measure again
        #[arg(long, value_name = "FILE", default_value = "target/findings.tsv")]
        findings: PathBuf,
        /// The postmend that is asked for them, instead of target/release/postmend
        #[arg(long, value_name = "FILE")]
        binary: Option<PathBuf>,
        /// A folder of posts, taken as clean
        #[arg(long)]
        posts: Option<PathBuf>,
        /// The file of the model that `likely-misspelling` asks
        #[arg(long)]
        deep: Option<PathBuf>,
        /// The odds that it needs, as a natural logarithm
        #[arg(long, default_value_t = postmend_typo::LEAST_ODDS)]
        least_odds: f32,
        /// Print what is written otherwise than the set says
        #[arg(long)]
        show: bool,
    },
    /// Make the archive of a release, with man pages, completions and a checksum, in target/dist
    Dist {
        /// The target, if it is not that of this machine: x86_64-unknown-linux-musl
        #[arg(long)]
        target: Option<String>,
        /// Pack this binary instead of building one
        #[arg(long, value_name = "FILE")]
        binary: Option<PathBuf>,
    },
    /// Run real generators on 200 posts before and after `postmend fix`, and compare what they read.
    /// Needs Python, Node.js and the package registries; Jekyll is left out where it is not installed
    Generators,
    /// Measure speed and memory on made posts, beside other tools, and write docs/benchmarks.md. Needs Python,
    /// Node.js and the package registries for these tools
    Bench(bench::BenchOptions),
    /// Replay the history of a repository with postmend as its gate: what it would have stopped, and which small
    /// mistakes it would have caught. Needs a postmend in target/release, or `--binary`
    Replay(replay::ReplayOptions),
    /// Run the gate, step by step, with times. `.ci/run` installs what it needs, and calls this
    Ci {
        /// Run these steps alone: `clippy tests`
        steps: Vec<String>,
    },
}

fn main() -> ExitCode {
    let arguments = XtaskArguments::parse();
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask stands in the project");
    let root = arguments.root.as_deref().unwrap_or(here);
    let done = match &arguments.chore {
        Chore::Docs { check } => docs::write(root, *check),
        Chore::Dist { target, binary } => dist::make(root, target.as_deref(), binary.as_deref()),
        Chore::NewRule { name } => new_rule::add(root, name),
        Chore::Model { deep: Some(folder), .. } => model::deep::write(root, folder),
        Chore::Model { count: Some(folder), .. } => model::count::write(root, folder),
        Chore::Model { check, .. } => model::write(root, *check),
        Chore::Notices { check } => notices::write(root, *check),
        Chore::TypoEval { repositories: Some(repositories), findings, binary, .. } => {
            let binary = binary.clone().unwrap_or_else(|| target::folder().join("release/postmend"));
            let binary = std::path::absolute(&binary).unwrap_or(binary);
            typo_eval::judged::judge(
                root,
                &typo_eval::judged::JudgedOptions { repositories, binary, findings },
            )
        }
        Chore::TypoEval { sets, posts, deep, least_odds, show, .. } => {
            typo_eval::measure(&typo_eval::EvalOptions {
                sets: sets.as_deref().unwrap_or(Path::new(".")),
                posts: posts.as_deref(),
                deep: deep.as_deref(),
                least_odds: *least_odds,
                show: *show,
            })
        }
        Chore::Generators => generators::compare(root),
        Chore::Bench(wanted) => bench::page(root, wanted),
        Chore::Replay(options) => replay::replay(root, options),
        Chore::Ci { steps } => ci::run(root, steps),
    };
    match done {
        Ok(summary) => {
            println!("{summary}");
            ExitCode::SUCCESS
        }
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}
