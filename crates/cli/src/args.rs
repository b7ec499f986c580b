//! The command line: what can be asked and what each answer needs.

use crate::git::Selection;
use crate::limits::Limits;
use crate::merge::MergeArguments;
use crate::migrate::{MapArguments, MigrateArguments};
use crate::report::Tally;
use crate::shard::Shard;
use clap::{Args, Parser, Subcommand, ValueEnum};
use postmend_core::Generator;
use postmend_rules::Severity;
use std::path::{Path, PathBuf};

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
        shell: clap_complete::Shell,
    },
    /// Write man pages into a folder
    #[command(hide = true)]
    Man {
        /// The folder
        folder: PathBuf,
    },
}

/// What is asked about rules.
#[derive(Debug, Subcommand)]
pub enum RulesCommand {
    /// Run the examples of the rules that a config brings along
    Test {
        /// A folder whose config is meant
        #[arg(value_name = "FOLDER", default_value = ".")]
        folder: PathBuf,
    },
}

/// What is asked about configs.
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Show what holds for a post, and which line says so
    Show {
        /// The post, which need not be there
        #[arg(value_name = "PATH", default_value = "index.md")]
        path: PathBuf,
    },
    /// Print the JSON Schema of `postmend.toml`, for editors
    Schema,
}

/// Arguments of `check`.
#[derive(Debug, Args)]
pub struct CheckArguments {
    /// What to read and how to tell about it.
    #[command(flatten)]
    pub run: RunArguments,
    /// Check again whenever a post or the config changes
    #[arg(long, conflicts_with_all = ["staged", "stdin_filename", "report"])]
    pub watch: bool,
}

/// Arguments of `fix`.
#[derive(Debug, Args)]
pub struct FixArguments {
    /// What to read and how to tell about it.
    #[command(flatten)]
    pub run: RunArguments,
    /// Apply fixes that ask to be looked at as well
    #[arg(long = "unsafe")]
    pub review: bool,
    /// Show what would change, and change nothing
    #[arg(long)]
    pub diff: bool,
    /// Whether a diff has the posts' control characters as they are: `auto` does in a file or pipe, but not in a log
    /// of CI, which is known by CI, TF_BUILD, JENKINS_URL, TEAMCITY_VERSION and the like
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = LiveText::Auto)]
    pub live_text: LiveText,
    /// Write files that have several names (hard links) too; the other names keep the old content then
    #[arg(long)]
    pub break_hard_links: bool,
    /// Apply the fixes of these rules only
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub only: Vec<String>,
}

/// Arguments of `baseline`.
#[derive(Debug, Args)]
pub struct BaselineArguments {
    /// What to do with it.
    #[arg(value_enum)]
    pub command: BaselineCommand,
    /// What is read and looked for.
    #[command(flatten)]
    pub choice: Choice,
    /// Let a rule have more findings in a folder than it had
    #[arg(long)]
    pub grow: bool,
}

/// What to do with a baseline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum BaselineCommand {
    /// Take in all findings of the posts
    Write,
    /// Leave out what is no longer found
    Prune,
}

/// Arguments of `pipe`.
#[derive(Debug, Args)]
pub struct PipeArguments {
    /// Mend what is surely right
    #[arg(long)]
    pub fix: bool,
    /// Apply fixes that ask to be looked at as well
    #[arg(long = "unsafe")]
    pub review: bool,
    /// Run these rules only; `default` stands for those that are on by default, `all` for all
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub select: Vec<String>,
    /// Do not run these rules
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub ignore: Vec<String>,
    /// Look for likely misspellings too, with the model in this file
    #[arg(long, value_name = "MODEL", num_args = 0..=1, require_equals = true)]
    pub deep: Option<Option<PathBuf>>,
    /// Read posts as this generator does, instead of the one that the site's files name
    #[arg(long, value_name = "NAME", value_parser = generator)]
    pub generator: Option<Generator>,
    /// Use this config instead of the nearest `postmend.toml`
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// How many threads to use; 0 takes one for each core
    #[arg(long, short, value_name = "N", default_value_t = 0)]
    pub jobs: usize,
    /// The megabytes that a line of the input may have; a longer one is answered with an error
    #[arg(long, value_name = "MB", default_value_t = 64, value_parser = clap::value_parser!(u64).range(1..=4000), help_heading = "Limits")]
    pub max_line_size: u64,
    /// What the job may cost.
    #[command(flatten)]
    pub limits: Limits,
    /// Which URLs move before anything is looked for.
    #[command(flatten)]
    pub maps: MapArguments,
}

/// Arguments of `lsp`.
#[derive(Debug, Args)]
pub struct LspArguments {
    /// Read posts as this generator does, instead of the one that the site's files name
    #[arg(long, value_name = "NAME", value_parser = generator)]
    pub generator: Option<Generator>,
    /// Use this config instead of the nearest `postmend.toml`
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Some editors say so; there is no other way
    #[arg(long, hide = true)]
    pub stdio: bool,
}

/// Arguments of `undo`.
#[derive(Debug, Args)]
pub struct UndoArguments {
    /// The number of the run; the last one if none is named
    #[arg(value_name = "RUN")]
    pub run: Option<u32>,
    /// A folder of the project whose runs are meant
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    pub folder: PathBuf,
}

/// Which posts are read and what is looked for.
#[derive(Debug, Args)]
pub struct Choice {
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

/// What `check` and `fix` share.
#[derive(Debug, Args)]
pub struct RunArguments {
    /// What is read and looked for.
    #[command(flatten)]
    pub choice: Choice,
    /// How to print findings
    #[arg(long, value_enum, default_value_t = ReportFormat::Human)]
    pub format: ReportFormat,
    /// Write a report to a file too: FORMAT=FILE, or a file whose ending tells the format
    #[arg(long, value_name = "[FORMAT=]FILE", value_parser = report_file)]
    pub report: Vec<ReportFile>,
    /// Show the findings of the baseline too
    #[arg(long, conflicts_with = "baseline")]
    pub no_baseline: bool,
    /// What makes the exit code 1.
    #[command(flatten)]
    pub gate: Gate,
    /// Print how many findings each rule has instead of the findings
    #[arg(long)]
    pub statistics: bool,
    /// Show at most this many findings of each rule in the human format; 0 shows all
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub max_per_rule: usize,
    /// Look only at this share of the posts, as one of several machines: 2/8 is the second of eight. Which
    /// posts are in it hangs on their paths below their config's folder: the first eight bytes of SHA-256 as a
    /// big-endian number, modulo N, plus 1. `postmend merge` makes one report of all shares'
    #[arg(long, value_name = "K/N")]
    pub shard: Option<Shard>,
    /// Read one post from standard input, and take this for its name
    #[arg(long, value_name = "PATH", conflicts_with = "shard")]
    pub stdin_filename: Option<PathBuf>,
}

/// Which posts, and how to work: what every command over posts shares.
#[derive(Debug, Clone, Args)]
pub struct PostArguments {
    /// Posts and folders of posts
    #[arg(value_name = "PATH", default_value = ".")]
    pub paths: Vec<PathBuf>,
    /// Read posts as this generator does, instead of the one that the site's files name
    #[arg(long, value_name = "NAME", value_parser = generator)]
    pub generator: Option<Generator>,
    /// Use this config instead of the nearest `postmend.toml`
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Take nothing from the repository that says what is checked: no config but that of `--config`, no baseline but
    /// that of `--baseline`, no generator but theirs, and tracked posts even where an ignore file hides them
    #[arg(long)]
    pub isolated: bool,
    /// Print no summary and no progress
    #[arg(long, short)]
    pub quiet: bool,
    /// How many threads to use; 0 takes one for each core
    #[arg(long, short, value_name = "N", default_value_t = 0)]
    pub jobs: usize,
    /// When to colour
    #[arg(long, value_enum, default_value_t = ColorChoice::Auto)]
    pub color: ColorChoice,
    /// What the job may cost.
    #[command(flatten)]
    pub limits: Limits,
}

impl PostArguments {
    /// The path that says which project is meant.
    pub fn first_path(&self) -> &Path {
        self.paths.first().map_or(Path::new("."), |path| path.as_path())
    }

    /// What holds for posts below a folder if nothing is said.
    pub fn below(folder: &Path) -> Self {
        Self {
            paths: vec![folder.to_owned()],
            generator: None,
            config: None,
            isolated: false,
            quiet: false,
            jobs: 0,
            color: ColorChoice::Auto,
            limits: Limits::default(),
        }
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

/// What makes the exit code 1.
#[derive(Debug, Args)]
pub struct Gate {
    /// Exit with 1 only for findings that matter so much
    #[arg(long, value_enum, value_name = "LEVEL", default_value_t = FailOn::Any)]
    pub fail_on: FailOn,
    /// Exit with 1 only for errors and for more than this many warnings
    #[arg(long, value_name = "N")]
    pub max_warnings: Option<usize>,
}

/// How much a finding must matter to make a run fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Errors only
    Error,
    /// Errors and warnings
    Warning,
    /// Whatever is found
    Any,
}

impl Gate {
    /// Whether findings make the run fail.
    pub fn fails(&self, tally: &Tally) -> bool {
        let count = |severity| tally.by_severity.get(&severity).copied().unwrap_or_default();
        let warnings_fail = match self.max_warnings {
            Some(most) => count(Severity::Warning) > most,
            None => self.fail_on != FailOn::Error && count(Severity::Warning) > 0,
        };
        let notes_fail = self.max_warnings.is_none() && self.fail_on == FailOn::Any;
        count(Severity::Error) > 0 || warnings_fail || (notes_fail && count(Severity::Info) > 0)
    }
}

/// How findings are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    /// Each finding in its text
    Human,
    /// One line each: path:line:column: severity rule: message
    Concise,
    /// One JSON document, with fixes
    Json,
    /// A JSON document on each line, one for each finding, and a summary
    JsonLines,
    /// SARIF 2.1.0, with fixes, for code scanning
    Sarif,
    /// Annotations of GitHub Actions
    Github,
    /// Code Quality report of GitLab
    Gitlab,
    /// JUnit XML
    Junit,
    /// Checkstyle XML
    Checkstyle,
    /// reviewdog's JSON, with suggestions
    Rdjson,
    /// A summary for the page of a CI job
    Markdown,
    /// One HTML page with charts and a list to search
    Html,
}

impl ReportFormat {
    /// Its name among the arguments.
    pub fn name(self) -> String {
        self.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
    }

    /// Whether people read it as it is printed, so that a summary may follow.
    pub fn is_for_people(self) -> bool {
        matches!(self, Self::Human | Self::Concise)
    }
}

/// A report that goes to a file.
#[derive(Debug, Clone)]
pub struct ReportFile {
    /// What it is.
    pub format: ReportFormat,
    /// Where it goes.
    pub path: PathBuf,
}

/// What `--report` names.
pub fn report_file(told: &str) -> Result<ReportFile, String> {
    let named = told.split_once('=').and_then(|(name, path)| {
        let format = ReportFormat::from_str(name, false).ok()?;
        Some(ReportFile { format, path: path.into() })
    });
    let by_ending = || {
        let (_, format) = ENDINGS.iter().find(|(ending, _)| told.ends_with(ending))?;
        Some(ReportFile { format: *format, path: told.into() })
    };
    let endings = || ENDINGS.map(|(ending, _)| ending).join(", ");
    named.or_else(by_ending).ok_or_else(|| {
        format!("say FORMAT=FILE, with a format of `--format`, or a file that ends with {}", endings())
    })
}

/// What files of these endings hold.
const ENDINGS: [(&str, ReportFormat); 6] = [
    (".sarif", ReportFormat::Sarif),
    (".sarif.json", ReportFormat::Sarif),
    (".json", ReportFormat::Json),
    (".jsonl", ReportFormat::JsonLines),
    (".md", ReportFormat::Markdown),
    (".html", ReportFormat::Html),
];

/// When a diff has control characters as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LiveText {
    /// In a file or pipe outside of CI
    Auto,
    /// Always, so that it can be applied
    Always,
    /// Never
    Never,
}

/// When output is coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ColorChoice {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

fn generator(name: &str) -> Result<Generator, String> {
    name.parse().map_err(|_| {
        let names: Vec<&str> = Generator::ALL.iter().map(|generator| generator.name()).collect();
        format!("there is no generator of that name; it is one of {}", names.join(", "))
    })
}
