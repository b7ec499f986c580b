//! Terminal handling that all commands share: threads, colour, errors, a closed pipe.

use crate::args::posts::{ColorChoice, PostArguments};
use crate::print::{eprint_line, is_error_colored, print_rendered};
use postmend_engine::report::graphical_handler;
use postmend_engine::store::Store;
use postmend_engine::trouble::Trouble;
use std::io;
use std::process::ExitCode;

/// A closed pipe ends the output with exit code 1 and no message; any other error is a trouble.
pub fn output_failed(written: io::Result<()>) -> Result<Option<ExitCode>, Trouble> {
    match written {
        Ok(()) => Ok(None),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(Some(ExitCode::from(1))),
        Err(error) => Err(Trouble::new(format!("cannot write the report: {error}"), "check the output")),
    }
}

/// Sets up colour and threads according to the arguments.
///
/// # Errors
/// The threads cannot be started.
pub fn start(arguments: &PostArguments) -> Result<(), Trouble> {
    choose_color(arguments.color);
    start_threads(arguments.jobs)
}

/// Sets up the thread pool; 0 means one thread per core.
///
/// # Errors
/// The threads cannot be started.
pub fn start_threads(jobs: usize) -> Result<(), Trouble> {
    rayon::ThreadPoolBuilder::new()
        .num_threads(jobs)
        .build_global()
        .map_err(|error| Trouble::new(format!("cannot start threads: {error}"), "try `--jobs 1`"))
}

fn choose_color(choice: ColorChoice) {
    let choice = match choice {
        ColorChoice::Auto => anstream::ColorChoice::Auto,
        ColorChoice::Always => anstream::ColorChoice::Always,
        ColorChoice::Never => anstream::ColorChoice::Never,
    };
    choice.write_global();
}

/// Prints the messages about a project's store.
pub fn print_notes(store: &Store) {
    store.notes().iter().for_each(|note| eprint_line(format_args!("note: {note}")));
}

/// The maximum number of errors of a run that are printed in full.
const MOST_TROUBLES: usize = 20;

/// Prints the errors of a run; if there are too many, only the first ones and the number of the others.
pub fn print_all(troubles: &[Trouble]) {
    troubles.iter().take(MOST_TROUBLES).for_each(print_trouble);
    if let Some(more) = troubles.len().checked_sub(MOST_TROUBLES).filter(|more| *more > 0) {
        eprint_line(format_args!("  and {more} more errors"));
    }
}

/// Prints an error to standard error.
pub fn print_trouble(trouble: &Trouble) {
    let mut page = String::new();
    match graphical_handler(is_error_colored()).render_report(&mut page, trouble) {
        Ok(()) => print_rendered(&page),
        Err(_) => eprint_line(format_args!("{trouble}")),
    }
}

/// The width in columns if the output is not a terminal.
const WITHOUT_TERMINAL: usize = 120;

/// The width of the terminal in columns.
pub fn columns() -> usize {
    terminal_size::terminal_size().map_or(WITHOUT_TERMINAL, |(width, _)| usize::from(width.0))
}
