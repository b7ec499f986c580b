//! The command line: what can be asked.

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

/// Checks and mends the posts of blog and content repositories.
#[derive(Debug, Parser)]
#[command(name = "postmend", version, about, propagate_version = true)]
#[command(after_help = "Exit codes: 0 nothing found, 1 findings, 2 the job could not be done.")]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Say what is wrong with posts
    Check(CheckArguments),
    /// Mend posts in place: only what is surely right, unless asked for more
    Fix(FixArguments),
    /// Move image URLs: from proxies, to other hosts, into this repository
    Migrate(Box<MigrateArguments>),
    /// Keep the findings of an old repository apart, so that only new ones fail
    Baseline(BaselineArguments),
    /// Make one report of those that several machines wrote with `--shard`
    Merge(MergeArguments),
    /// Read posts as JSON lines from standard input, and write what is found, and mended, as such
    Pipe(Box<PipeArguments>),
    /// Serve an editor: speak the Language Server Protocol over standard input and output
    Lsp(LspArguments),
    /// Take back what a run wrote
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
    /// Write a `postmend.toml` to start from
    Init,
    /// Show what a config says of a post, and what it may say at all
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
