//! The command line of postmend.

mod args;
mod baseline;
mod config;
mod examine;
mod fetch;
mod git;
mod ignored;
mod limits;
mod lsp;
mod merge;
mod migrate;
mod model;
mod named;
mod paths;
mod pipe;
mod posts;
mod project;
mod report;
mod rules;
mod run;
mod shard;
mod site;
mod store;
mod terminal;
mod trouble;
mod usage;
mod watch;

use args::{Arguments, CheckArguments, Command, ConfigCommand, FixArguments, RulesCommand, UndoArguments};
use clap::{CommandFactory, Parser};
use examine::examine;
use postmend_engine::disk::{create_new, make_folders};
use postmend_engine::print::{as_it_is, line, say};
use postmend_rules::Safety;
use run::{Mending, Task};
use std::io;
use std::path::Path;
use std::process::ExitCode;
use store::Store;
use terminal::{counted, output_failed, tell, tell_all};
use trouble::Trouble;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What a config to start from says.
const STARTING_CONFIG: &str = include_str!("starting_config.toml");

fn main() -> ExitCode {
    // A panic inside a post is caught and told as a finding of that post.
    std::panic::set_hook(Box::new(|_| {}));
    let arguments = Arguments::parse();
    let done = match arguments.command {
        Command::Check(CheckArguments { run, watch: true }) => watch::watch(&run),
        Command::Check(CheckArguments { run, watch: false }) => examine(&run, &Task::Check),
        Command::Fix(FixArguments { run, review, diff, live_text, break_hard_links, only }) => {
            let asked = if review { Safety::Review } else { Safety::Safe };
            examine(&run, &Task::Fix(Mending { asked, only, write: !diff, live_text, break_hard_links }))
        }
        Command::Migrate(arguments) => migrate::migrate(*arguments),
        Command::Baseline(arguments) => baseline::baseline(&arguments),
        Command::Merge(arguments) => merge::merge(&arguments),
        Command::Pipe(arguments) => pipe::pipe(&arguments),
        Command::Lsp(arguments) => lsp::lsp(&arguments),
        Command::Undo(UndoArguments { run, folder }) => undo(&folder, run),
        Command::Explain { rule } => rules::explain(&rule),
        Command::Rules { command: None } => rules::list(),
        Command::Rules { command: Some(RulesCommand::Test { folder }) } => rules::test(&folder),
        Command::Init => init(),
        Command::Config(ConfigCommand::Show { path }) => config::show(&path),
        Command::Config(ConfigCommand::Schema) => schema(),
        Command::Completions { shell } => completions(shell),
        Command::Man { folder } => man(&folder),
    };
    done.unwrap_or_else(|trouble| {
        tell(&trouble);
        ExitCode::from(2)
    })
}

/// Takes a run back.
fn undo(folder: &Path, asked: Option<u32>) -> Result<ExitCode, Trouble> {
    let store = Store::of(folder)?;
    let number = store.chosen(asked)?;
    let undone = store::undo(&store, number)?;
    tell_all(&undone.troubles);
    let removed = match undone.removed {
        0 => String::new(),
        count => format!(", removed {} that it had made", counted(count, "file")),
    };
    say(format_args!("run {number}: restored {}{removed}", counted(undone.restored, "post")));
    if !undone.troubles.is_empty() {
        say(format_args!("{} could not be restored", counted(undone.troubles.len(), "file")));
        return Ok(ExitCode::from(2));
    }
    Ok(ExitCode::SUCCESS)
}

fn schema() -> Result<ExitCode, Trouble> {
    output_failed(as_it_is(config::schema().as_bytes()))?;
    Ok(ExitCode::SUCCESS)
}

fn completions(shell: clap_complete::Shell) -> Result<ExitCode, Trouble> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "postmend", &mut script);
    output_failed(as_it_is(&script))?;
    Ok(ExitCode::SUCCESS)
}

fn man(folder: &Path) -> Result<ExitCode, Trouble> {
    let trouble = |error| Trouble::with_path("write", folder, &error);
    named::place(folder)?;
    make_folders(folder).map_err(trouble)?;
    clap_mangen::generate_to(Arguments::command(), folder).map_err(trouble)?;
    Ok(ExitCode::SUCCESS)
}

fn init() -> Result<ExitCode, Trouble> {
    let path = Path::new(config::FILE_NAME);
    create_new(path, STARTING_CONFIG.as_bytes()).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => {
            Trouble::new(format!("{} exists already", path.display()), "change it, or move it away first")
        }
        _ => Trouble::with_path("write", path, &error),
    })?;
    output_failed(line(format_args!("wrote {}", path.display())))?;
    Ok(ExitCode::SUCCESS)
}
