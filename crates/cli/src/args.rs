//! The command line arguments.

pub mod choices;
pub mod gate;
pub mod limits;
pub mod maps;
pub mod posts;
pub mod report;
pub mod selection;

use crate::commands::baseline::BaselineArguments;
use crate::commands::check::CheckArguments;
use crate::commands::completions::Shell;
use crate::commands::config::ConfigCommand;
use crate::commands::fix::FixArguments;
use crate::commands::lsp::LspArguments;
use crate::commands::merge::MergeArguments;
use crate::commands::migrate::MigrateArguments;
use crate::commands::pipe::PipeArguments;
use crate::commands::rules::RulesCommand;
use crate::commands::undo::UndoArguments;
use clap::{Parser, Subcommand};
use std::path::PathBuf;

/// Checks and fixes the posts of blog and content repositories.
#[derive(Debug, Parser)]
#[command(name = "postmend", version, about, propagate_version = true)]
#[command(after_help = "Exit codes: 0 no findings, 1 findings, 2 an error.")]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Report problems in posts
    #[command(alias = "lint")]
    Check(CheckArguments),
    /// Fix posts in place; only safe fixes unless `--review` is given
    Fix(FixArguments),
    /// Move image URLs: from proxies, to other hosts, into this repository
    Migrate(Box<MigrateArguments>),
    /// Record known findings, so that only new ones fail
    Baseline(BaselineArguments),
    /// Merge the reports that several machines wrote with `--shard`
    Merge(MergeArguments),
    /// Read posts from standard input and write findings and fixes to standard output, one JSON object per line
    Pipe(Box<PipeArguments>),
    /// Run the language server over standard input and output
    #[command(alias = "server")]
    Lsp(LspArguments),
    /// Undo a run: restore what it changed
    Undo(UndoArguments),
    /// Print a rule's page
    Explain {
        /// The rule's name
        rule: String,
    },
    /// List all rules
    Rules {
        /// What else to do.
        #[command(subcommand)]
        command: Option<RulesCommand>,
    },
    /// Create a `postmend.toml` to start from
    Init,
    /// Show the config of a post, and the schema of configs
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Print completions for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Write man pages into a folder
    #[command(hide = true)]
    Man {
        /// The folder
        folder: PathBuf,
    },
}
