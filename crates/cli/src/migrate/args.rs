//! The arguments of `migrate`.

use super::copies::{Copying, Order};
use super::place::Placing;
use super::upload;
use crate::args::{LiveText, PostArguments};
use crate::fetch::{Policy, Referrer};
use crate::named;
use crate::trouble::Trouble;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand, ValueEnum};
use postmend_rules::migrate::{Also, Group, MigrationOptions};
use std::io::Read;
use std::path::PathBuf;
use std::time::Duration;

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
    /// Write files that have several names (hard links) too; the other names keep the old content then
    #[arg(long, requires = "write")]
    pub break_hard_links: bool,
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
        /// Whether the diff has the posts' control characters as they are: `auto` does in a file or pipe, but not in
        /// a log of CI, which is known by CI, TF_BUILD, JENKINS_URL, TEAMCITY_VERSION and the like
        #[arg(long, value_enum, value_name = "WHEN", default_value_t = LiveText::Auto)]
        live_text: LiveText,
        /// A folder of the project
        #[arg(long, value_name = "FOLDER", default_value = ".")]
        folder: PathBuf,
    },
    /// Make the moves of a plan
    Apply {
        /// The file of the plan
        plan: PathBuf,
        /// Where copies may go that the plan uploads.
        #[command(flatten)]
        uploads: UploadArguments,
        /// Write files that have several names (hard links) too; the other names keep the old content then
        #[arg(long)]
        break_hard_links: bool,
        /// A folder of the project
        #[arg(long, value_name = "FOLDER", default_value = ".")]
        folder: PathBuf,
    },
    /// Take back what a run wrote
    Undo(crate::args::UndoArguments),
    /// End a run that was interrupted
    Resume {
        /// Which run.
        #[command(flatten)]
        run: crate::args::UndoArguments,
        /// Where copies may go that the plan uploads.
        #[command(flatten)]
        uploads: UploadArguments,
        /// Write files that have several names (hard links) too; the other names keep the old content then
        #[arg(long)]
        break_hard_links: bool,
    },
    /// Say of each file that a run wrote whether it is still as the run left it
    Verify(crate::args::UndoArguments),
    /// List the runs that wrote
    List {
        /// A folder of the project
        #[arg(long, value_name = "FOLDER", default_value = ".")]
        folder: PathBuf,
    },
}

/// Where copies may go that a plan uploads: a plan may come from anybody, and names no place by itself.
#[derive(Debug, Clone, Default, Args)]
pub struct UploadArguments {
    /// Upload copies to this store, where the plan says so: `s3://bucket/prefix`
    #[arg(long, value_name = "STORE")]
    pub upload: Option<String>,
    /// The command that uploads a copy, where the plan needs one
    #[arg(long, value_name = "COMMAND")]
    pub upload_command: Option<String>,
}

/// Which URLs move, and where to.
#[derive(Debug, Clone, Args)]
pub struct MovingArguments {
    /// Which posts, and how to work.
    #[command(flatten)]
    pub posts: PostArguments,
    /// From where to where.
    #[command(flatten)]
    pub maps: MapArguments,
    /// How images are copied, if they are.
    #[command(flatten)]
    pub copying: CopyArguments,
}

/// From where to where URLs move.
#[derive(Debug, Clone, Args)]
pub struct MapArguments {
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
    #[arg(long, value_name = "WHAT", value_delimiter = ',', help_heading = "Reach", value_parser = also())]
    pub also: Vec<Also>,
    /// Leave URLs in these places
    #[arg(long, value_name = "PLACE", value_delimiter = ',', help_heading = "Reach", value_parser = group())]
    pub skip: Vec<Group>,
    /// Move URLs although their proxy does not hold all of them
    #[arg(long, help_heading = "Reach")]
    pub lossy: bool,
}

/// How images are copied.
#[derive(Debug, Clone, Args)]
pub struct CopyArguments {
    /// Fetch the images that move, keep them in this folder of the project, and show them from there. May
    /// hold {folder}, {post} and {slug} of the post
    #[arg(long, value_name = "FOLDER", help_heading = "Copies", group = "copy", conflicts_with = "to")]
    pub download: Option<String>,
    /// Fetch the images that move, upload them to `s3://bucket/prefix`, and show them from `--url`. Key,
    /// secret, region and endpoint come from the usual AWS variables
    #[arg(
        long,
        value_name = "STORE",
        help_heading = "Copies",
        group = "copy",
        conflicts_with = "to",
        requires = "url"
    )]
    pub upload: Option<String>,
    /// Fetch the images that move, run this command for each, and show them from `--url`. It finds
    /// POSTMEND_FILE, POSTMEND_NAME and POSTMEND_TYPE in its environment
    #[arg(
        long,
        value_name = "COMMAND",
        help_heading = "Copies",
        group = "copy",
        conflicts_with = "to",
        requires = "url"
    )]
    pub upload_command: Option<String>,
    /// What copies are called: {hash}, {ext}, {file}, {stem}, {host}, {path}, {slug}, {post}
    #[arg(long, value_name = "TEMPLATE", default_value = "{hash}.{ext}", help_heading = "Copies")]
    pub name: String,
    /// How posts show copies: {name} below the folder, {file}, or {relative} to the post
    #[arg(long, value_name = "TEMPLATE", help_heading = "Copies", requires = "copy")]
    pub url: Option<String>,
    /// Where images are asked for first, if their URL goes through a proxy
    #[arg(long, value_enum, default_value_t = OrderArgument::OriginFirst, help_heading = "Copies")]
    pub order: OrderArgument,
    /// What servers are told about where images are shown: `auto` is nothing, and the image's own site where
    /// that is refused; `none`; or a URL
    #[arg(long, value_name = "URL", default_value = "auto", help_heading = "Copies")]
    pub referrer: String,
    /// The seconds that one image may take
    #[arg(long, value_name = "SECONDS", default_value_t = 30.0, help_heading = "Copies")]
    pub timeout: f64,
    /// The megabytes that one image may have
    #[arg(long, value_name = "MB", default_value_t = 20, help_heading = "Copies")]
    pub max_size: u64,
    /// How often a request is made again that failed for a while
    #[arg(long, value_name = "N", default_value_t = 3, help_heading = "Copies")]
    pub retries: u32,
    /// The longest wait in seconds before it is; a server that asks for more is given up
    #[arg(long, value_name = "SECONDS", default_value_t = 60.0, help_heading = "Copies")]
    pub max_wait: f64,
    /// How many images are fetched from one host at once
    #[arg(long, value_name = "N", default_value_t = 2, help_heading = "Copies")]
    pub per_host: usize,
    /// The milliseconds between two requests to one host
    #[arg(long, value_name = "MS", default_value_t = 100, help_heading = "Copies")]
    pub delay: u64,
    /// Let these hosts have private addresses
    #[arg(long, value_name = "HOST", value_delimiter = ',', help_heading = "Copies")]
    pub allow_private: Vec<String>,
    /// Refuse images with these SHA-256: notices that hosts give instead of what was asked for
    #[arg(long, value_name = "HASH", value_delimiter = ',', help_heading = "Copies")]
    pub denied: Vec<String>,
    /// Believe a host that gives the same image for five addresses or more
    #[arg(long, help_heading = "Copies")]
    pub allow_same: bool,
}

/// What `--order` takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OrderArgument {
    /// At its own host
    OriginFirst,
    /// At the proxy
    ProxyFirst,
}

impl CopyArguments {
    /// How images are copied; nothing where they are not.
    ///
    /// # Errors
    /// A template or time that cannot be used.
    pub fn copying(&self) -> Result<Option<Copying>, Trouble> {
        let wrong = |message| Trouble::new(message, "`postmend migrate --help` shows what may be said");
        let url = self.url.as_deref();
        let placing = match (&self.download, &self.upload, &self.upload_command) {
            (Some(folder), ..) => Placing::below(folder, &self.name, url),
            (_, Some(store), _) => {
                let (store, prefix) = upload::store_and_prefix(store)?;
                Placing::remote(&store, &prefix, &self.name, url.unwrap_or_default())
            }
            (.., Some(_)) => Placing::remote(upload::COMMAND, "", &self.name, url.unwrap_or_default()),
            _ => return Ok(None),
        };
        let placing = placing.map_err(wrong)?;
        let seconds = |seconds: f64| {
            Duration::try_from_secs_f64(seconds).map_err(|_| wrong(format!("{seconds} is no time to wait")))
        };
        let policy = Policy {
            timeout: seconds(self.timeout)?,
            max_size: self.max_size.saturating_mul(1_000_000),
            retries: self.retries,
            max_wait: seconds(self.max_wait)?,
            per_host: self.per_host,
            delay: Duration::from_millis(self.delay),
            referrer: match self.referrer.as_str() {
                "auto" => Referrer::Auto,
                "none" => Referrer::None,
                url => Referrer::Fixed(url.to_owned()),
            },
            allow_private: self.allow_private.clone(),
        };
        let order = match self.order {
            OrderArgument::OriginFirst => Order::OriginFirst,
            OrderArgument::ProxyFirst => Order::ProxyFirst,
        };
        let denied = self.denied.iter().map(|hash| hash.to_ascii_lowercase()).collect();
        Ok(Some(Copying { policy, order, placing, denied, allow_same: self.allow_same }))
    }
}

fn also() -> impl TypedValueParser<Value = Also> {
    PossibleValuesParser::new(Also::ALL.map(|(name, _)| name)).try_map(|name| name.parse())
}

fn group() -> impl TypedValueParser<Value = Group> {
    PossibleValuesParser::new(Group::ALL.map(|(name, _)| name)).try_map(|name| name.parse())
}

impl MapArguments {
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
            also: self.also.clone(),
            skip: self.skip.clone(),
            lossy: self.lossy,
        })
    }
}

/// The bytes that a file of pairs may have.
const LARGEST_PAIRS: u64 = 1_000_000_000;

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
        .from_reader(named::open(path)?.take(LARGEST_PAIRS));
    let mut pairs = Vec::new();
    for row in reader.records() {
        let row = row.map_err(|error| wrong(error.to_string()))?;
        let line = row.position().map_or(0, csv::Position::line);
        match *row.iter().collect::<Vec<_>>() {
            [old, new] if !old.is_empty() && !new.is_empty() => pairs.push((old.to_owned(), new.to_owned())),
            // Where, and not what: it may be any file.
            _ => return Err(wrong(format!("line {line} is not two URLs"))),
        }
    }
    if reader.position().byte() >= LARGEST_PAIRS {
        return Err(wrong("the file is larger than 1 GB".to_owned()));
    }
    Ok(pairs)
}
