//! Options for which posts are read and which rules run.

use super::posts::PostArguments;
use clap::Args;
use postmend_engine::find_posts::FindOptions;
use postmend_engine::git::Selection;
use postmend_engine::project::{DeepModel, RuleSelection};
use postmend_engine::repository_files::RepositoryFiles;
use std::path::PathBuf;

/// Which posts are read and what is looked for.
#[derive(Debug, Args)]
pub struct SelectionArguments {
    /// Which posts, and how to work.
    #[command(flatten)]
    pub posts: PostArguments,
    /// Run only these rules; `default` means those that are on by default, `all` all of them
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub select: Vec<String>,
    /// Do not run these rules
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub ignore: Vec<String>,
    /// Ignore comments that disable rules; the summary counts them
    #[arg(long)]
    pub no_inline_config: bool,
    /// Which posts git is asked for.
    #[command(flatten)]
    pub git: GitArguments,
    /// Also run the slower statistical model (`likely-misspelling`): the one in this file, that of the config, or
    /// ~/.local/share/postmend/zh-deep.model
    #[arg(long, value_name = "MODEL", num_args = 0..=1, require_equals = true)]
    pub deep: Option<Option<PathBuf>>,
    /// The baseline to use instead of the nearest `postmend-baseline.json`
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
}

impl SelectionArguments {
    /// The options for finding posts, with the rules that run.
    pub fn find(&self) -> FindOptions {
        let rules = RuleSelection {
            select: self.select.clone(),
            ignore: self.ignore.clone(),
            deep: deep_model(self.deep.as_ref()),
            no_comments: self.no_inline_config,
        };
        let files = if self.git.staged { RepositoryFiles::staged() } else { RepositoryFiles::default() };
        FindOptions { rules, selection: self.git.selection(), files, ..self.posts.find() }
    }
}

/// The model for the value of `--deep`.
pub fn deep_model(deep: Option<&Option<PathBuf>>) -> DeepModel {
    match deep {
        None => DeepModel::Configured,
        Some(None) => DeepModel::Found,
        Some(Some(path)) => DeepModel::File(path.clone()),
    }
}

/// Which posts git is asked for.
#[derive(Debug, Args)]
#[group(multiple = false)]
pub struct GitArguments {
    /// Check staged content instead of the working files
    #[arg(long)]
    pub staged: bool,
    /// Only what changed since this commit, including untracked files
    #[arg(long, value_name = "COMMIT", num_args = 0..=1, require_equals = true, default_missing_value = "HEAD")]
    pub changed: Option<String>,
    /// Only what changed since the merge base with this branch
    #[arg(long, value_name = "BRANCH")]
    pub since: Option<String>,
}

impl GitArguments {
    /// The files that git selects; `None` for all posts.
    pub fn selection(&self) -> Option<Selection> {
        let staged = self.staged.then_some(Selection::Staged);
        let changed = || self.changed.clone().map(Selection::Since);
        staged.or_else(changed).or_else(|| self.since.clone().map(Selection::SinceLeaving))
    }
}
