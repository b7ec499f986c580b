//! Options that all commands on posts share.

use super::choices::generator;
use super::limits::LimitArguments;
use clap::{Args, ValueEnum};
use postmend_core::Generator;
use postmend_engine::find_posts::FindOptions;
use std::path::{Path, PathBuf};

/// Which posts, and how to work: what every command over posts shares.
#[derive(Debug, Clone, Args)]
pub struct PostArguments {
    /// Posts, and folders of posts
    #[arg(value_name = "PATH", default_value = ".")]
    pub paths: Vec<PathBuf>,
    /// The generator whose rules apply, instead of the one detected from the site's files
    #[arg(long, value_name = "NAME", value_parser = generator)]
    pub generator: Option<Generator>,
    /// Use this config instead of the nearest `postmend.toml`
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Let nothing in the repository decide what is checked: no config but `--config`, no baseline but `--baseline`,
    /// no detected generator, and tracked posts even if an ignore file hides them
    #[arg(long)]
    pub isolated: bool,
    /// Print no summary and no progress bar
    #[arg(long, short)]
    pub quiet: bool,
    /// Number of threads; 0 means one per core
    #[arg(long, short, value_name = "N", default_value_t = 0)]
    pub jobs: usize,
    /// When to use colour
    #[arg(long, value_enum, default_value_t = ColorChoice::Auto)]
    pub color: ColorChoice,
    /// What the job may cost.
    #[command(flatten)]
    pub limits: LimitArguments,
}

impl PostArguments {
    /// The first path, which determines the project.
    pub fn first_path(&self) -> &Path {
        self.paths.first().map_or(Path::new("."), |path| path.as_path())
    }

    /// The options for finding posts; the rules are those of the configs.
    pub fn find(&self) -> FindOptions {
        FindOptions {
            paths: self.paths.clone(),
            generator: self.generator,
            config: self.config.clone(),
            isolated: self.isolated,
            limits: self.limits.into(),
            ..FindOptions::default()
        }
    }
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ColorChoice {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}
