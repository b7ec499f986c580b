//! The command line of postmend.

mod args;
mod commands;
mod diff;
mod features;
mod habits;
mod left_out;
mod print;
mod progress_bar;
mod run;
mod summary;
mod terminal;

use args::{Arguments, Command};
use clap::CommandFactory;
use std::process::ExitCode;

#[cfg(feature = "mimalloc")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // A panic inside a post is caught and reported as a finding of that post, so nothing is printed here.
    std::panic::set_hook(Box::new(|_| {}));
    let done = habits::arguments().and_then(|arguments| match arguments.command {
        Command::Check(arguments) => commands::check::check(&arguments),
        Command::Fix(arguments) => commands::fix::fix(arguments),
        Command::Migrate(arguments) => commands::migrate::migrate(*arguments),
        Command::Baseline(arguments) => commands::baseline::baseline(&arguments),
        Command::Merge(arguments) => commands::merge::merge(&arguments),
        Command::Pipe(arguments) => commands::pipe::pipe(&arguments),
        Command::Lsp(arguments) => commands::lsp::lsp(&arguments),
        Command::Undo(arguments) => commands::undo::undo(&arguments),
        Command::Explain { rule } => commands::rules::explain(&rule),
        Command::Rules { command } => commands::rules::rules(command.as_ref()),
        Command::Init => commands::init::init(),
        Command::Config(command) => commands::config::config(&command),
        Command::Completions { shell } => commands::completions::completions(shell, Arguments::command()),
        Command::Man { folder } => commands::man::man(&folder, Arguments::command()),
    });
    done.unwrap_or_else(|trouble| {
        terminal::print_trouble(&trouble);
        ExitCode::from(2)
    })
}
