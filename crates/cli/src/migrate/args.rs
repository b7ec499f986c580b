//! The arguments of `migrate`.

use crate::args::PostArguments;
use crate::trouble::Trouble;
use clap::{Args, Subcommand, ValueEnum};
use postmend_rules::migrate::{Also, Group, MigrationOptions};
use std::path::PathBuf;

/// Arguments of `migrate`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct MigrateArguments {
    /// A step of a migration; without one, all of them.
    #[command(subcommand)]
    pub command: Option<MigrateCommand>,
    /// Which URLs move.
    #[command(flatten)]
    pub moving: MovingArguments,
    /// Make the moves, instead of showing what would be
    #[arg(long)]
    pub write: bool,
}

/// The steps of a migration.
#[derive(Debug, Subcommand)]
pub enum MigrateCommand {
    /// Write down which URLs would move, to be looked at
    Plan {
        /// Which URLs move.
        #[command(flatten)]
        moving: Box<MovingArguments>,
        /// The file of the plan; `-` is standard output
        #[arg(long, short, value_name = "FILE", default_value = "postmend-plan.jsonl")]
        output: PathBuf,
    },
    /// Show what a plan would change
    Show {
        /// The file of the plan
        plan: PathBuf,
        /// Write a page for the browser instead
        #[arg(long, value_name = "FILE")]
        html: Option<PathBuf>,
        /// Let the page show each image as it is and as it would be, from the network
        #[arg(long, requires = "html")]
        thumbnails: bool,
        /// Print the summary alone
        #[arg(long)]
        summary: bool,
        /// A folder of the project
        #[arg(long, value_name = "FOLDER", default_value = ".")]
        folder: PathBuf,
    },
    /// Make the moves of a plan
    Apply {
        /// The file of the plan
        plan: PathBuf,
        /// A folder of the project
        #[arg(long, value_name = "FOLDER", default_value = ".")]
        folder: PathBuf,
    },
    /// Take back what a run wrote
    Undo(crate::args::UndoArguments),
    /// End a run that was interrupted
    Resume(crate::args::UndoArguments),
    /// Say of each file that a run wrote whether it is still as the run left it
    Verify(crate::args::UndoArguments),
    /// List the runs that wrote
    List {
        /// A folder of the project
        #[arg(long, value_name = "FOLDER", default_value = ".")]
        folder: PathBuf,
    },
}

/// Which URLs move, and where to.
#[derive(Debug, Clone, Args)]
pub struct MovingArguments {
    /// Which posts, and how to work.
    #[command(flatten)]
    pub posts: PostArguments,
    /// Take URLs out of a proxy: its name, its family (cors, cache, mirror, resizer, cdn, own), a template,
    /// or `all`
    #[arg(long, value_name = "PROXY", value_delimiter = ',', help_heading = "Maps")]
    pub unwrap: Vec<String>,
    /// Move from one host to another; `*.a.example` stands for all hosts below it
    #[arg(long, num_args = 2, value_names = ["OLD", "NEW"], help_heading = "Maps")]
    pub host: Vec<String>,
    /// Move from one start of a URL to another, where a part of the URL ends
    #[arg(long, num_args = 2, value_names = ["OLD", "NEW"], help_heading = "Maps")]
    pub prefix: Vec<String>,
    /// Move what a regular expression matches; `$1` is its first group
    #[arg(long, num_args = 2, value_names = ["PATTERN", "NEW"], help_heading = "Maps")]
    pub regex: Vec<String>,
    /// Move whole URLs, as a CSV file pairs them: old,new
    #[arg(long, value_name = "FILE", help_heading = "Maps")]
    pub pairs: Option<PathBuf>,
    /// Turn http into https for these hosts
    #[arg(long, value_name = "HOST", value_delimiter = ',', help_heading = "Maps")]
    pub https: Vec<String>,
    /// Wrap what moves, or all images if nothing else is said: a proxy's name, or a template with {origin},
    /// {scheme}, {host}, {path}, {query}, {file}, {stem}, {ext}, {hash}, {slug}; `:percent` encodes
    #[arg(long, value_name = "TEMPLATE", help_heading = "Maps")]
    pub to: Option<String>,
    /// Move images of these hosts only
    #[arg(long, value_name = "HOST", value_delimiter = ',', help_heading = "Reach")]
    pub only: Vec<String>,
    /// Leave images of these hosts
    #[arg(long, value_name = "HOST", value_delimiter = ',', help_heading = "Reach")]
    pub except: Vec<String>,
    /// Move more than images and links to them
    #[arg(long, value_enum, value_name = "WHAT", value_delimiter = ',', help_heading = "Reach")]
    pub also: Vec<AlsoArgument>,
    /// Leave URLs in these places
    #[arg(long, value_enum, value_name = "PLACE", value_delimiter = ',', help_heading = "Reach")]
    pub skip: Vec<GroupArgument>,
    /// Move URLs although their proxy does not hold all of them
    #[arg(long, help_heading = "Reach")]
    pub lossy: bool,
}

/// What `--also` takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AlsoArgument {
    /// All links
    Links,
    /// Audio, video and frames
    Media,
    /// URLs in code
    Code,
}

/// What `--skip` takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum GroupArgument {
    /// Fields of the front matter
    FrontMatter,
    /// Images, links and definitions of Markdown
    Markdown,
    /// Attributes with one URL
    Html,
    /// Candidates of `srcset`
    Srcset,
    /// `url()` in `style`
    Css,
    /// Tags, shortcodes and includes
    Template,
    /// Links, wherever they stand
    Link,
}

impl MovingArguments {
    /// What the migration is to do.
    ///
    /// # Errors
    /// The file of pairs cannot be read, or a line of it is no pair.
    pub fn options(&self) -> Result<MigrationOptions, Trouble> {
        let twos = |flat: &[String]| {
            flat.chunks_exact(2).map(|pair| (pair[0].clone(), pair[1].clone())).collect::<Vec<_>>()
        };
        Ok(MigrationOptions {
            unwrap: self.unwrap.clone(),
            hosts: twos(&self.host),
            prefixes: twos(&self.prefix),
            regexes: twos(&self.regex),
            pairs: self.pairs.as_deref().map_or_else(|| Ok(Vec::new()), read_pairs)?,
            https: self.https.clone(),
            to: self.to.clone(),
            only: self.only.clone(),
            except: self.except.clone(),
            also: self.also.iter().map(|also| (*also).into()).collect(),
            skip: self.skip.iter().map(|group| (*group).into()).collect(),
            lossy: self.lossy,
        })
    }
}

fn read_pairs(path: &std::path::Path) -> Result<Vec<(String, String)>, Trouble> {
    let wrong = |message: String| {
        Trouble::new(
            format!("{}: {message}", path.display()),
            "each line holds an old URL, a comma and the new one",
        )
    };
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .trim(csv::Trim::All)
        .comment(Some(b'#'))
        .flexible(true)
        .from_path(path)
        .map_err(|error| wrong(error.to_string()))?;
    let mut pairs = Vec::new();
    for row in reader.records() {
        let row = row.map_err(|error| wrong(error.to_string()))?;
        match *row.iter().collect::<Vec<_>>() {
            [old, new] if !old.is_empty() && !new.is_empty() => pairs.push((old.to_owned(), new.to_owned())),
            ref other => return Err(wrong(format!("`{}` is not two URLs", other.join(",")))),
        }
    }
    Ok(pairs)
}

impl From<AlsoArgument> for Also {
    fn from(also: AlsoArgument) -> Self {
        match also {
            AlsoArgument::Links => Self::Links,
            AlsoArgument::Media => Self::Media,
            AlsoArgument::Code => Self::Code,
        }
    }
}

impl From<GroupArgument> for Group {
    fn from(group: GroupArgument) -> Self {
        match group {
            GroupArgument::FrontMatter => Self::FrontMatter,
            GroupArgument::Markdown => Self::Markdown,
            GroupArgument::Html => Self::Html,
            GroupArgument::Srcset => Self::Srcset,
            GroupArgument::Css => Self::Css,
            GroupArgument::Template => Self::Template,
            GroupArgument::Link => Self::Link,
        }
    }
}
