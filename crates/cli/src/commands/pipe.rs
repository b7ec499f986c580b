//! `postmend pipe`: posts as one JSON object per line, for programs that do not keep them in files. Each input line
//! is answered with one output line, in order, and only a few posts are in memory at a time.

use crate::args::choices::generator;
use crate::args::limits::LimitArguments;
use crate::args::maps::MapArguments;
use crate::args::selection::deep_model;
use crate::print::stdout;
use crate::terminal::{output_failed, start_threads};
use clap::Args;
use postmend_core::Generator;
use postmend_engine::escape::{JsonForm, Sink};
use postmend_engine::examine::{self, Examined, FixOptions, Task};
use postmend_engine::find_posts::{FindOptions, Finder, PostFile};
use postmend_engine::migrate::migration_of;
use postmend_engine::parallel;
use postmend_engine::paths::parent;
use postmend_engine::project::RuleSelection;
use postmend_engine::report;
use postmend_engine::trouble::Trouble;
use postmend_rules::migrate::{Migration, MigrationOptions};
use postmend_rules::{Contest, Safety, rule_info};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::io::{self, BufRead, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};

/// Arguments of `pipe`.
#[derive(Debug, Args)]
pub struct PipeArguments {
    /// Apply safe fixes
    #[arg(long)]
    pub fix: bool,
    /// Apply fixes that need review too
    #[arg(long, alias = "unsafe")]
    pub review: bool,
    /// Run only these rules; `default` means those that are on by default, `all` all of them
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub select: Vec<String>,
    /// Do not run these rules
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub ignore: Vec<String>,
    /// Also run the slower statistical model in this file
    #[arg(long, value_name = "MODEL", num_args = 0..=1, require_equals = true)]
    pub deep: Option<Option<PathBuf>>,
    /// The generator whose rules apply, instead of the one detected from the site's files
    #[arg(long, value_name = "NAME", value_parser = generator)]
    pub generator: Option<Generator>,
    /// Use this config instead of the nearest `postmend.toml`
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Number of threads; 0 means one per core
    #[arg(long, short, value_name = "N", default_value_t = 0)]
    pub jobs: usize,
    /// Maximum size of an input line in megabytes; a longer one is answered with an error
    #[arg(long, value_name = "MB", default_value_t = 64, value_parser = clap::value_parser!(u64).range(1..=4000), help_heading = "Limits")]
    pub max_line_size: u64,
    /// What the job may cost.
    #[command(flatten)]
    pub limits: LimitArguments,
    /// Which URLs move before anything is looked for.
    #[command(flatten)]
    pub maps: MapArguments,
}

impl PipeArguments {
    fn find(&self) -> FindOptions {
        FindOptions {
            generator: self.generator,
            config: self.config.clone(),
            limits: self.limits.into(),
            rules: RuleSelection {
                select: self.select.clone(),
                ignore: self.ignore.clone(),
                deep: deep_model(self.deep.as_ref()),
                no_comments: false,
            },
            ..FindOptions::default()
        }
    }

    fn task(&self) -> Task {
        let safety = match (self.fix, self.review) {
            (_, true) => Some(Safety::Review),
            (true, _) => Some(Safety::Safe),
            _ => None,
        };
        let fix = safety.map(|safety| FixOptions { safety, only: Vec::new(), write: false });
        Task { fix, identifies: true }
    }
}

/// The maximum number of posts that are read ahead and processed together.
const BUNDLE: usize = 64;

/// The maximum length of a path in bytes, which is Linux's limit.
const LONGEST_PATH: usize = 4096;

/// An input line. Its other fields are copied to the answer.
#[derive(Debug, Deserialize)]
struct PipedPost {
    /// The post's path, relative to the current folder; the file need not exist.
    path: PathBuf,
    text: String,
    /// The rules by which another post claims the same value, each with the path of that post.
    #[serde(default)]
    contested: Vec<Contested>,
    #[serde(flatten)]
    more: serde_json::Map<String, Value>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Contested {
    rule: String,
    other: PathBuf,
}

/// Runs `postmend pipe`.
///
/// # Errors
/// A config or a map cannot be used, or the input cannot be read.
pub fn pipe(arguments: &PipeArguments) -> Result<ExitCode, Trouble> {
    start_threads(arguments.jobs)?;
    let find = arguments.find();
    let mut line = PipeJob {
        finder: Finder::new(&find),
        options: arguments.maps.options()?,
        migrations: HashMap::new(),
        task: arguments.task(),
    };
    // An unusable map is reported before the first post.
    migration_of(&line.options, &[])?;
    let mut out = stdout();
    let longest = arguments.max_line_size * 1_000_000;
    let (lines, mut failed) = (read_ahead(longest), false);
    let mut number = 0;
    while let Some(bundle) = next_bundle(&lines) {
        let bundle = bundle.map_err(|error| {
            Trouble::new(format!("cannot read standard input: {error}"), "pass a post as JSON on each line")
        })?;
        let answers = line.answers(&bundle, number)?;
        number += bundle.len();
        for answer in answers {
            failed |= answer.get("error").is_some();
            if let Some(code) = output_failed(Sink::to(&mut out).put::<JsonForm>(&[&answer, &"\n"]))? {
                return Ok(code);
            }
        }
        // A program may wait for the answer before it sends the next post.
        if let Some(code) = output_failed(out.flush())? {
            return Ok(code);
        }
    }
    Ok(ExitCode::from(if failed { 2 } else { 0 }))
}

/// A line of standard input; `None` for a line that exceeds the maximum length.
type Input = Option<Vec<u8>>;

/// Reads the lines of standard input in a thread. Lines are read ahead as long as together they have no more bytes
/// than the maximum length of one line.
fn read_ahead(longest: u64) -> Ahead {
    let (give, lines) = sync_channel(BUNDLE);
    let held = Arc::new(Held::default());
    let counted = Arc::clone(&held);
    std::thread::spawn(move || {
        let mut input = io::stdin().lock();
        loop {
            let read = next_line(&mut input, longest);
            if let Ok(Some(Some(line))) = &read {
                counted.add(line.len(), longest);
            }
            let (message, is_last) = match read {
                Ok(None) => break,
                Ok(Some(line)) => (Ok(line), false),
                Err(error) => (Err(error), true),
            };
            // If the receiver is gone, the job has ended.
            if give.send(message).is_err() || is_last {
                break;
            }
        }
    });
    Ahead { lines, held }
}

/// The lines that were read ahead.
struct Ahead {
    lines: Receiver<io::Result<Input>>,
    held: Arc<Held>,
}

/// The number of bytes that were read ahead.
#[derive(Default)]
struct Held {
    bytes: Mutex<u64>,
    fewer: Condvar,
}

impl Held {
    /// Adds bytes; waits while the total would exceed `most`, unless nothing else is held.
    fn add(&self, bytes: usize, most: u64) {
        let held = self.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        let is_full = |held: &mut u64| *held > 0 && *held + bytes as u64 > most;
        let mut held = self.fewer.wait_while(held, is_full).unwrap_or_else(PoisonError::into_inner);
        *held += bytes as u64;
    }

    fn take(&self, bytes: usize) {
        *self.bytes.lock().unwrap_or_else(PoisonError::into_inner) -= bytes as u64;
        self.fewer.notify_one();
    }
}

/// The next line; `None` at the end of the input.
fn next_line(input: &mut impl BufRead, longest: u64) -> io::Result<Option<Input>> {
    let mut line = Vec::new();
    if input.by_ref().take(longest + 1).read_until(b'\n', &mut line)? == 0 {
        return Ok(None);
    }
    if line.len() as u64 <= longest || line.ends_with(b"\n") {
        return Ok(Some(Some(line)));
    }
    drop(line);
    input.skip_until(b'\n')?;
    Ok(Some(None))
}

/// The lines that are available, at least one; `None` at the end.
fn next_bundle(ahead: &Ahead) -> Option<io::Result<Vec<Input>>> {
    let first = ahead.lines.recv().ok()?;
    let bundle = std::iter::once(first).chain(ahead.lines.try_iter().take(BUNDLE - 1));
    let taken = bundle.inspect(|line| {
        if let Ok(Some(line)) = line {
            ahead.held.take(line.len());
        }
    });
    Some(taken.collect())
}

/// Turns input lines into answers.
struct PipeJob<'a> {
    finder: Finder<'a>,
    options: MigrationOptions,
    /// By the proxy templates of the sites.
    migrations: HashMap<Vec<String>, Migration>,
    task: Task,
}

/// A record with its post; `None` if its path is excluded.
struct ResolvedRecord {
    record: PipedPost,
    post: Option<PostFile>,
}

impl PipeJob<'_> {
    fn answers(&mut self, bundle: &[Input], number: usize) -> Result<Vec<Value>, Trouble> {
        let mut records: Vec<Result<ResolvedRecord, Value>> = Vec::with_capacity(bundle.len());
        for (line, at) in bundle.iter().zip(number + 1..) {
            let Some(line) = line else {
                records.push(Err(
                    json!({ "line": at, "error": "the line is longer than `--max-line-size` allows" }),
                ));
                continue;
            };
            records.push(match serde_json::from_slice::<PipedPost>(line) {
                Ok(record) if record.path.as_os_str().len() > LONGEST_PATH => {
                    Err(json!({ "line": at, "error": "the path is too long" }))
                }
                Ok(record) => match self.post_file(&record) {
                    Ok(post) => Ok(ResolvedRecord { record, post }),
                    // Other posts may have configs that can be used.
                    Err(trouble) if self.finder.is_unusable(parent(&record.path)) => {
                        let path = record.path.to_string_lossy();
                        Err(json!({ "line": at, "path": path, "error": trouble.full_text() }))
                    }
                    Err(trouble) => return Err(trouble),
                },
                Err(error) => Err(json!({ "line": at, "error": error.to_string() })),
            });
        }
        Ok(parallel::map(&records, |record| match record {
            Ok(record) => self.answer(record),
            Err(error) => error.clone(),
        }))
    }

    fn post_file(&mut self, record: &PipedPost) -> Result<Option<PostFile>, Trouble> {
        let post = self.finder.post_at(&record.path)?;
        if let Some(post) = &post {
            let templates = post.site.proxy_templates();
            if !self.migrations.contains_key(templates) {
                self.migrations.insert(templates.to_vec(), migration_of(&self.options, templates)?);
            }
        }
        Ok(post)
    }

    fn answer(&self, record: &ResolvedRecord) -> Value {
        let ResolvedRecord { record, post } = record;
        let mut answer = record.more.clone();
        answer.insert("path".to_owned(), json!(record.path.to_string_lossy()));
        let Some(post) = post else {
            answer.insert("findings".to_owned(), json!([]));
            return Value::Object(answer);
        };
        let (mut text, mut moved) = (None, 0);
        let migration = &self.migrations[post.site.proxy_templates()];
        if !migration.moves_nothing() {
            let plan = || migration.plan(&post.context(), &record.text);
            match catch_unwind(AssertUnwindSafe(plan)) {
                Ok(planned) => (text, moved) = (planned.text, planned.moves.len()),
                Err(_) => return json!({ "path": record.path, "error": "internal error in postmend" }),
            }
        }
        let before = text.as_deref().unwrap_or(&record.text);
        let examined = examine::examine(post, before.as_bytes(), &self.task);
        let mut findings = report::values(&post.path, &examined);
        findings.extend(contested(post, before, &record.contested));
        let claims = examined.claims.iter();
        let site = || self.finder.site_name(post.site_number);
        let claims = claims.map(|(rule, claim)| json!({ "rule": rule, "key": claim.key, "site": site() }));
        answer.insert("claims".to_owned(), claims.collect());
        answer.insert("fixed".to_owned(), json!(examined.fixed.len()));
        answer.insert("moved".to_owned(), json!(moved));
        let after = if examined.before.is_some() { Some(examined.text) } else { text };
        answer.insert("text".to_owned(), json!(after));
        answer.insert("findings".to_owned(), Value::Array(findings));
        Value::Object(answer)
    }
}

/// The findings of rules that compare posts, as `check` reports them for files.
fn contested(post: &PostFile, text: &str, contests_of_post: &[Contested]) -> Vec<Value> {
    let others: Vec<&Path> = contests_of_post.iter().map(|contested| contested.other.as_path()).collect();
    let contests = contests_of_post.iter().enumerate();
    let contests = contests
        .filter_map(|(other, contested)| Some(Contest { rule: rule_info(&contested.rule)?.name, other }));
    let contests: Vec<Contest> = contests.collect();
    if contests.is_empty() {
        return Vec::new();
    }
    let examined: Examined = examine::contested_in(post, text, &contests, &others);
    report::values(&post.path, &examined)
}
