//! The arguments of `migrate`.

use crate::args::maps::MapArguments;
use crate::args::posts::PostArguments;
use crate::commands::undo::UndoArguments;
use crate::diff::LiveText;
use crate::features::missing_feature;
use clap::{Args, Subcommand, ValueEnum};
use postmend_engine::fetch::{Policy, Referrer};
use postmend_engine::migrate::{self, CopyNames, Copying, Order, UploadTarget};
use postmend_engine::trouble::Trouble;
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
    /// Move the URLs instead of only showing what would move
    #[arg(long)]
    pub write: bool,
    /// Write files with several hard links too; the other names then keep the old content
    #[arg(long, requires = "write")]
    pub break_hard_links: bool,
}

/// The steps of a migration.
#[derive(Debug, Subcommand)]
pub enum MigrateCommand {
    /// Write a plan of the URLs that would move, to review it
    Plan {
        /// Which URLs move.
        #[command(flatten)]
        moving: Box<MovingArguments>,
        /// The file to write; `-` is standard output
        #[arg(long, short, value_name = "FILE", default_value = "postmend-plan.jsonl")]
        output: PathBuf,
    },
    /// Show what a plan would change
    Show {
        /// The plan
        plan: PathBuf,
        /// Write an HTML page instead
        #[arg(long, value_name = "FILE")]
        html: Option<PathBuf>,
        /// Let the page show each image before and after, loaded from the network
        #[arg(long, requires = "html")]
        thumbnails: bool,
        /// Print only the summary
        #[arg(long)]
        summary: bool,
        /// Whether the diff keeps control characters: `auto` keeps them in a file or pipe, but not in the log of a CI
        /// job, which is recognized by CI, TF_BUILD, JENKINS_URL, TEAMCITY_VERSION and similar variables
        #[arg(long, value_enum, value_name = "WHEN", default_value_t = LiveText::Auto)]
        live_text: LiveText,
        /// A folder of the project
        #[arg(long, value_name = "FOLDER", default_value = ".")]
        folder: PathBuf,
    },
    /// Apply a plan
    Apply {
        /// The plan
        plan: PathBuf,
        /// Where copies may go that the plan uploads.
        #[command(flatten)]
        uploads: UploadArguments,
        /// Write files with several hard links too; the other names then keep the old content
        #[arg(long)]
        break_hard_links: bool,
        /// A folder of the project
        #[arg(long, value_name = "FOLDER", default_value = ".")]
        folder: PathBuf,
    },
    /// Undo a run: restore what it changed
    Undo(UndoArguments),
    /// Resume an interrupted run
    Resume {
        /// Which run.
        #[command(flatten)]
        run: UndoArguments,
        /// Where copies may go that the plan uploads.
        #[command(flatten)]
        uploads: UploadArguments,
        /// Write files with several hard links too; the other names then keep the old content
        #[arg(long)]
        break_hard_links: bool,
    },
    /// Report files that changed after a run wrote them
    Verify(UndoArguments),
    /// List the runs that wrote files
    List {
        /// A folder of the project
        #[arg(long, value_name = "FOLDER", default_value = ".")]
        folder: PathBuf,
    },
}

/// Where copies may go that a plan uploads: a plan may come from anybody, and names no place by itself.
#[derive(Debug, Clone, Default, Args)]
pub struct UploadArguments {
    /// The store that the plan may upload copies to: `s3://bucket/prefix`
    #[arg(long, value_name = "STORE")]
    pub upload: Option<String>,
    /// The command that uploads a copy, if the plan needs one
    #[arg(long, value_name = "COMMAND")]
    pub upload_command: Option<String>,
}

impl UploadArguments {
    /// The permitted targets of uploads.
    pub fn target(&self) -> UploadTarget {
        UploadTarget { store: self.upload.clone(), command: self.upload_command.clone() }
    }
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

/// How images are copied.
#[derive(Debug, Clone, Args)]
pub struct CopyArguments {
    /// Download the images that move into this folder of the project, and link to the copies. May contain {folder},
    /// {post} and {slug} of the post
    #[arg(long, value_name = "FOLDER", help_heading = "Copies", group = "copy", conflicts_with = "to")]
    pub download: Option<String>,
    /// Download the images that move, upload them to `s3://bucket/prefix`, and link to `--url`. Key, secret, region
    /// and endpoint come from the usual AWS variables
    #[arg(
        long,
        value_name = "STORE",
        help_heading = "Copies",
        group = "copy",
        conflicts_with = "to",
        requires = "url"
    )]
    pub upload: Option<String>,
    /// Download the images that move, run this command for each, and link to `--url`. Its environment has
    /// POSTMEND_FILE, POSTMEND_NAME and POSTMEND_TYPE
    #[arg(
        long,
        value_name = "COMMAND",
        help_heading = "Copies",
        group = "copy",
        conflicts_with = "to",
        requires = "url"
    )]
    pub upload_command: Option<String>,
    /// File name of a copy: {hash}, {ext}, {file}, {stem}, {host}, {path}, {slug}, {post}
    #[arg(long, value_name = "TEMPLATE", default_value = "{hash}.{ext}", help_heading = "Copies")]
    pub name: String,
    /// URL of a copy: {name} below the folder, {file}, or {relative} to the post
    #[arg(long, value_name = "TEMPLATE", help_heading = "Copies", requires = "copy")]
    pub url: Option<String>,
    /// Where to download an image from first, if its URL goes through a proxy
    #[arg(long, value_enum, default_value_t = OrderArgument::OriginFirst, help_heading = "Copies")]
    pub order: OrderArgument,
    /// The `Referer` header: `auto` sends none, and the image's own site if that is refused; `none`; or a URL
    #[arg(long, value_name = "URL", default_value = "auto", help_heading = "Copies")]
    pub referrer: String,
    /// Maximum time per image in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 30.0, help_heading = "Copies")]
    pub timeout: f64,
    /// Maximum size of an image in megabytes
    #[arg(long, value_name = "MB", default_value_t = 20, help_heading = "Copies")]
    pub max_size: u64,
    /// Number of retries after a temporary failure
    #[arg(long, value_name = "N", default_value_t = 3, help_heading = "Copies")]
    pub retries: u32,
    /// Maximum wait before a retry in seconds; a server that requires more is given up
    #[arg(long, value_name = "SECONDS", default_value_t = 60.0, help_heading = "Copies")]
    pub max_wait: f64,
    /// Number of parallel downloads from one host
    #[arg(long, value_name = "N", default_value_t = 2, help_heading = "Copies")]
    pub per_host: usize,
    /// Delay between two requests to one host in milliseconds
    #[arg(long, value_name = "MS", default_value_t = 100, help_heading = "Copies")]
    pub delay: u64,
    /// Allow private addresses for these hosts
    #[arg(long, value_name = "HOST", value_delimiter = ',', help_heading = "Copies")]
    pub allow_private: Vec<String>,
    /// Refuse images with these SHA-256 hashes: placeholders that hosts send instead of the image
    #[arg(long, value_name = "HASH", value_delimiter = ',', help_heading = "Copies")]
    pub denied: Vec<String>,
    /// Accept a host that sends the same image for five URLs or more
    #[arg(long, help_heading = "Copies")]
    pub allow_same: bool,
}

/// The values of `--order`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OrderArgument {
    /// Its own host
    OriginFirst,
    /// The proxy
    ProxyFirst,
}

impl CopyArguments {
    /// The options for copying images; `None` if they are not copied.
    ///
    /// # Errors
    /// A template or a duration is invalid.
    pub fn copying(&self) -> Result<Option<Copying>, Trouble> {
        let wrong = |message| Trouble::new(message, "see `postmend migrate --help`");
        let url = self.url.as_deref();
        let names = match (&self.download, &self.upload, &self.upload_command) {
            (Some(folder), ..) => CopyNames::below(folder, &self.name, url),
            (_, Some(store), _) => {
                let (store, prefix) = migrate::store_and_prefix(store)?;
                CopyNames::remote(&store, &prefix, &self.name, url.unwrap_or_default())
            }
            (.., Some(_)) => CopyNames::remote(migrate::COMMAND, "", &self.name, url.unwrap_or_default()),
            _ => return Ok(None),
        };
        if cfg!(not(feature = "fetch")) {
            return Err(missing_feature("fetching images", "fetch"));
        }
        let names = names.map_err(wrong)?;
        let seconds = |seconds: f64| {
            Duration::try_from_secs_f64(seconds)
                .map_err(|_| wrong(format!("{seconds} is not a valid number of seconds")))
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
        Ok(Some(Copying { policy, order, names, denied, allow_same: self.allow_same }))
    }
}
