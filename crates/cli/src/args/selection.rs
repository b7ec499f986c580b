//! Which posts are read, and what is looked for in them.

use super::posts::PostArguments;
use clap::Args;
use postmend_engine::find_posts::FindOptions;
use postmend_engine::git::Selection;
use postmend_engine::project::{DeepModel, RuleSelection};
use std::path::PathBuf;

/// Which posts are read and what is looked for.
#[derive(Debug, Args)]
pub struct SelectionArguments {
    /// Which posts, and how to work.
    #[command(flatten)]
    pub posts: PostArguments,
    /// Run these rules only; `default` stands for those that are on by default, `all` for all
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub select: Vec<String>,
    /// Do not run these rules
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub ignore: Vec<String>,
    /// Let no comment in a post switch rules off; the summary says how many would
    #[arg(long)]
    pub no_inline_config: bool,
    /// Which posts git is asked for.
    #[command(flatten)]
    pub git: GitArguments,
    /// Look for likely misspellings too, which takes its time, with the model in this file; without a file,
    /// the one that the config names, or ~/.local/share/postmend/zh-deep.model
    #[arg(long, value_name = "MODEL", num_args = 0..=1, require_equals = true)]
    pub deep: Option<Option<PathBuf>>,
    /// The baseline, instead of the nearest `postmend-baseline.json`
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
}

impl SelectionArguments {
    /// The posts that are meant, and the rules that run.
    pub fn find(&self) -> FindOptions {
        let rules = RuleSelection {
            select: self.select.clone(),
            ignore: self.ignore.clone(),
            deep: deep_model(self.deep.as_ref()),
            no_comments: self.no_inline_config,
        };
        FindOptions { rules, selection: self.git.selection(), ..self.posts.find() }
    }
}

/// What `--deep` says.
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
    /// Only what is staged, as it is staged
    #[arg(long)]
    pub staged: bool,
    /// Only what changed since this commit, untracked files included
    #[arg(long, value_name = "COMMIT", num_args = 0..=1, require_equals = true, default_missing_value = "HEAD")]
    pub changed: Option<String>,
    /// Only what changed since this branch was left
    #[arg(long, value_name = "BRANCH")]
    pub since: Option<String>,
}

impl GitArguments {
    /// What is meant; nothing if git is not asked.
    pub fn selection(&self) -> Option<Selection> {
        let staged = self.staged.then_some(Selection::Staged);
        let changed = || self.changed.clone().map(Selection::Since);
        staged.or_else(changed).or_else(|| self.since.clone().map(Selection::SinceLeaving))
    }
}
