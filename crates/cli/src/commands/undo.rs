//! `postmend undo`: restores the files that a run changed.

use crate::print::eprint_line;
use crate::terminal::{print_all, print_notes};
use clap::Args;
use postmend_engine::plural::counted;
use postmend_engine::store::{self, Store};
use postmend_engine::trouble::Trouble;
use std::path::PathBuf;
use std::process::ExitCode;

/// Arguments of `undo`.
#[derive(Debug, Args)]
pub struct UndoArguments {
    /// The number of the run; the last one by default
    #[arg(value_name = "RUN")]
    pub run: Option<u32>,
    /// A folder of the project
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    pub folder: PathBuf,
}

/// Runs `postmend undo`.
///
/// # Errors
/// There is no such run, or another one is active.
pub fn undo(arguments: &UndoArguments) -> Result<ExitCode, Trouble> {
    let store = Store::of(&arguments.folder)?;
    let number = store.find_run(arguments.run)?;
    let undone = store::undo(&store, number)?;
    print_notes(&store);
    print_all(&undone.troubles);
    let removed = match undone.removed {
        0 => String::new(),
        count => format!(", removed {} that it created", counted(count, "file")),
    };
    eprint_line(format_args!("run {number}: restored {}{removed}", counted(undone.restored, "file")));
    if !undone.troubles.is_empty() {
        eprint_line(format_args!("{} could not be restored", counted(undone.troubles.len(), "file")));
        return Ok(ExitCode::from(2));
    }
    Ok(ExitCode::SUCCESS)
}
